"""The main job: every announced control alone, each side's package, the whole, and the open branches."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Literal, TypedDict, Unpack, cast

from exposure.calendar import Month
from exposure.errors import ExposureError
from exposure.lp.session import SolverName
from exposure.model import Control, Network, Response, Scenario
from exposure.model.controls import SWITCHES
from exposure.response import Outcome, run, world_once

ANNOUNCED = ("in_force", "suspended", "lifted")
"""Statuses of controls that were really imposed; threats and branches are run only in episodes or when asked for."""

PACKAGE_MONTHS = 18
"""Reported months of a package, the last being that of the latest announcement; a branch is reported from its own start."""
TAIL = 3
"""Months of a package solved after the reported ones: half the usual tail, since it is long."""
WARM_UP = 3
"""Months that run before the report of a package; older controls count as known for that long."""

Result = Outcome | ExposureError


def main_job(net: Network, episodes: Sequence[Scenario] = ()) -> list[Scenario]:
    """Return the scenarios of the main job, in the order of the report.

    Parameters
    ----------
    net
        The network.
    episodes
        Named scenarios of the package. Without any, each side's controls, all together and each branch are made up here.

    Notes
    -----
    A control that only switches others (a suspension) moves nothing alone, so it appears in packages and episodes only.
    Controls alone and episodes are answered as they would be if run by themselves; packages made up here have a shorter tail and
    warm-up.
    """
    real = [control for control in net.controls if control.status in ANNOUNCED and net.rules_of[control.control]]
    alone = [
        Scenario(name=control.control, title=control.title, controls=(control.control,))
        for control in sorted(real, key=lambda c: (c.announced, c.control))
        if any(rule.mechanism not in SWITCHES for rule in net.rules_of[control.control])
    ]
    return alone + (list(episodes) or _packages(net, real))


def _packages(net: Network, real: Sequence[Control]) -> list[Scenario]:
    """Return each side's package, the whole, and the whole with each branch."""
    if not real:
        return []
    start = max(Month.of(control.announced) for control in real) + 1 + -PACKAGE_MONTHS
    packages = [
        _package(name, title, [c for c in real if _side(c) in sides], start=start)
        for name, title, sides in (
            ("China package", "every Chinese control, with suspensions", {"CN"}),
            ("US package", "every US control and tariff, with their ends", {"US"}),
            ("All controls", "everything announced by anybody, with suspensions", {_side(c) for c in real}),
        )
    ]
    branches = [
        _package(f"Branch {c.control}", c.title, [*real, c], start=Month.of(c.effective))
        for c in net.controls
        if c.status == "branch" and net.rules_of[c.control]
    ]
    return [package for package in packages + branches if package.controls]


class How(TypedDict, total=False):
    """Options of `exposure.run` that hold for every scenario."""

    response: Literal["all"] | Response
    solver: SolverName
    prices: int


def run_all(
    net: Network,
    scenarios: Sequence[Scenario],
    *,
    workers: int = 1,
    tell: Callable[[Scenario, Result], None] = lambda scenario, result: None,
    **how: Unpack[How],
) -> list[Result]:
    """Run scenarios one after the other or on several processes; one that fails does not lose the rest.

    Of several scenarios each keeps the flows, stocks and demands of items that it moves: the others are the baseline.

    Returns an outcome, or the error that stopped it, for each scenario, in order. ``tell`` hears each as it ends.
    ``how``: options of `exposure.run`.
    """
    world_once(net)
    results: list[Result] = []
    for scenario, result in zip(scenarios, _answers(net, scenarios, how, workers), strict=True):
        tell(scenario, result)
        results.append(result)
    return results


def _answers(net: Network, scenarios: Sequence[Scenario], how: How, workers: int) -> Iterator[Result]:
    """Yield the answer to each scenario, in order."""
    if len(scenarios) < 2:
        yield from (_attempt(net, scenario, how) for scenario in scenarios)
        return
    if workers < 2:
        yield from (_kept(_attempt(net, scenario, how)) for scenario in scenarios)
        return
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else None
    context = multiprocessing.get_context(method)
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(net,)) as pool:
        send = partial(pool.submit, partial(_sent, how=how))
        largest_first = sorted(range(len(scenarios)), key=lambda k: -len(scenarios[k].controls))
        sent = {k: send(scenarios[k]) for k in largest_first}
        for k, scenario in enumerate(scenarios):
            result = sent.pop(k).result()
            yield replace(result, network=net.with_values(scenario.set)) if isinstance(result, Outcome) else result


_HERE: dict[str, Network] = {}
"""The network of this process, where it is one of several: it would be large to send with each scenario."""


def _begin(net: Network) -> None:
    _HERE["network"] = net
    gc.freeze()  # what came with the fork stays: it need not be looked through, or copied, each time that rubbish is collected


def _sent(scenario: Scenario, *, how: How) -> Result:
    """Answer a scenario in a process of its own, and send the answer back without the network."""
    result = _kept(_attempt(_HERE["network"], scenario, how))
    return replace(result, network=cast("Network", None)) if isinstance(result, Outcome) else result


def _attempt(net: Network, scenario: Scenario, how: How) -> Result:
    try:
        return run(net, scenario, **how)
    except ExposureError as error:
        return error


def _kept(result: Result) -> Result:
    return result.of_moving_items() if isinstance(result, Outcome) else result


def _package(name: str, title: str, controls: Sequence[Control], *, start: Month) -> Scenario:
    ordered = sorted(controls, key=lambda c: (c.announced, c.control))
    ids = tuple(control.control for control in ordered)
    return Scenario(
        name=name, title=title, controls=ids, start=start, months=PACKAGE_MONTHS, warm_up=WARM_UP, tail=TAIL
    )


def _side(control: Control) -> str:
    """Side of a control by its id: CN-..., US-..., anything else belongs to neither."""
    return control.control.split("-")[0]
