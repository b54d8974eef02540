"""What the months after the report cost, and what they change in it: the most that a coarser tail could spare, and put wrong."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from benchmarks import machine
from benchmarks.clock import number
from benchmarks.recorded import level_by_level, responder_of
from exposure.lp.world import World
from exposure.model import RESPONSES, Scenario
from exposure.response.plan import Plan, Responder
from exposure.response.run import horizon

TAILS = (6, 3, 2, 1)
LONGEST = 12
"""Tail that the others are compared with."""


def tail(world: World, scenario: Scenario, say: Callable[[str], None], tails: Sequence[int] = TAILS) -> list[str]:
    """Return a table of tails: processor seconds of a warm what-if, and how far losses are from those with a tail of a year."""
    lost, _, _ = _answered(world, scenario, LONGEST)
    lines = [
        "## What the tail costs", "",
        f"{scenario.name}, warm, levels one after the other. *Moves*: how far the loss over the reported months is from that with",
        f"a tail of {LONGEST} months, and the loss of the product, place and month that differs most, as a share of the whole.", "",
        "The tail is not coarser than the reported months. Months can be one period, exactly, only where limits do not change and",
        "nothing is on its way from month to month: then the mean of the months is a plan too. Here goods travel a month or two,",
        "plants ramp, orders wait and are caught up, and stock is refilled as late as the tail allows, so each month counts. The",
        "last row is the most that a tail of one period of six months could spare.", "",
        machine.run_line(), "",
        "| tail (months) | columns | CPU s | contracts moves | voluntary moves | planner moves | one loss moves most (voluntary) |",
        "|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for months in tails:
        say(f"tail: {months}")
        found, columns, seconds = _answered(world, scenario, months)
        moves = []
        for response in RESPONSES:
            whole, other = lost[response].sum(), found[response].sum()
            moves.append(f"{100 * (other - whole) / whole:+.2g} %" if whole else "-")
        whole = lost["voluntary"].sum()
        most = np.abs(found["voluntary"] - lost["voluntary"]).max() / whole if whole else 0.0
        lines.append(f"| {months} | {columns:,} | {number(seconds)} | {' | '.join(moves)} | {100 * most:.2g} % |")
    return [*lines, ""]


def _answered(world: World, scenario: Scenario, months: int) -> tuple[dict[str, np.ndarray], int, float]:
    """Return the loss (USD, demands x reported months) of each level, the columns, and processor seconds of the second time."""
    case = scenario.model_copy(update={"tail": months})
    when = horizon(world.network, case)
    found: dict[str, np.ndarray] = {}
    for _ in range(2):
        began = time.thread_time()
        responder = responder_of(world, case)
        plans = level_by_level(responder)
        seconds = time.thread_time() - began
        found = {response: _lost(responder, plan)[:, when.first : when.end] for response, plan in plans.items()}
    return found, responder.statement.columns.size, seconds


def _lost(responder: Responder, plan: Plan) -> np.ndarray:
    block = responder.statement.columns["unmet_extra"]
    return np.asarray(plan.point[block.grid] * responder.world.value[block.members][:, None])
