"""Where the time of one warm what-if goes: processor seconds of each part, without what it calls of the others."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

from benchmarks import machine
from benchmarks.recorded import level_by_level, responder_of
from exposure.lp.reach import Reach
from exposure.lp.session import HighsSession
from exposure.lp.world import World
from exposure.model import Scenario
from exposure.response.contracts import Walk
from exposure.response.plan import Responder

PARTS: Sequence[tuple[str, type, str]] = (
    ("HiGHS runs", HighsSession, "_run"),
    ("limits and costs handed over, answers read back", HighsSession, "solve"),
    ("reach: what to load, prices of what is held", Reach, "solve"),
    ("walk of contracts", Walk, "run"),
    ("limits, faces, plans in natural units", Responder, "plan"),
)
"""Parts by the function that does them."""
PREPARED = "rules, stages, news; the programme where it is not there yet"


def parts_of(world: World, scenario: Scenario, repeats: int) -> dict[str, float]:
    """Return seconds of each part of a what-if, the mean of some after a first one, level by level without threads."""
    seconds: dict[str, float] = defaultdict(float)
    running: list[list[float]] = []

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401
            began, inside = time.thread_time(), [0.0]
            running.append(inside)
            try:
                return function(*arguments, **options)
            finally:
                running.pop()
                took = time.thread_time() - began
                seconds[name] += took - inside[0]
                if running:
                    running[-1][0] += took

        return call

    def answer() -> None:
        level_by_level(prepare(world, scenario))

    with ExitStack() as stack:
        prepare = timed(PREPARED, responder_of)
        for name, owner, function in PARTS:
            stack.enter_context(patch.object(owner, function, timed(name, getattr(owner, function))))
        answer()
        seconds.clear()
        for _ in range(repeats):
            answer()
    return {name: seconds[name] / repeats for name in (PREPARED, *(part[0] for part in PARTS))}


def profile(world: World, cases: Sequence[tuple[Scenario, int]], say: Callable[[str], None]) -> list[str]:
    """Return a table of the parts of several what-ifs."""
    found = []
    for scenario, repeats in cases:
        say(f"profile: {scenario.name}")
        found.append(parts_of(world, scenario, repeats))
    names = " | ".join(scenario.name for scenario, _ in cases)
    lines = [
        "## Where the time goes", "",
        "One warm what-if, three levels one after the other; processor milliseconds of each part without the others.", "",
        machine.run_line(), "",
        f"| | {names} |",
        "|---|" + "---|" * len(cases),
    ]  # fmt: skip
    lines += [f"| {part} | {' | '.join(f'{1e3 * one[part]:,.1f}' for one in found)} |" for part in found[0]]
    lines.append(f"| all | {' | '.join(f'{1e3 * sum(one.values()):,.1f}' for one in found)} |")
    share = " | ".join(f"{100 * one['HiGHS runs'] / sum(one.values()):.0f} %" for one in found)
    return [
        *lines, f"| of it HiGHS | {share} |", "",
        "What can be gained without another way to solve is the rest, of which the floor above has no walk of contracts.", "",
    ]  # fmt: skip
