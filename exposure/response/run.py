"""Run a scenario: close the baseline, state the programme, walk and solve, read the tables."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from itertools import pairwise
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from exposure.calendar import Calendar, Month
from exposure.check import check_scenario
from exposure.errors import InputError
from exposure.lp.baseline import Baseline, close
from exposure.lp.groups import Groups
from exposure.lp.part import Part, part_of
from exposure.lp.session import SolverName, solver_name
from exposure.lp.statement import Statement, state
from exposure.lp.variants import Variants, with_variants
from exposure.lp.world import World, world_of
from exposure.model import RESPONSES, ItemId, Network, Response, Scenario
from exposure.model.content import Family
from exposure.model.controls import RATES, SWITCHES
from exposure.once import once
from exposure.policy import Stage, arrival_stops, clauses, families, first_news, in_force, news, stages
from exposure.response import tables as read
from exposure.response.outcome import TABLE_NAMES, Outcome
from exposure.response.plan import Plan, Responder, limits_that_held
from exposure.response.prices import with_intervals
from exposure.response.real import Real
from exposure.response.tables.limits import ADDRESS

Stater = Callable[[World, int, Groups, NDArray[np.bool_]], Statement]
"""States the programme of a world: periods, what rules may switch on, recipes that may make more than the baseline."""


@dataclass(frozen=True)
class Horizon:
    """The months of one run: all periods, and the reported ones among them."""

    calendar: Calendar
    first: int
    end: int


def horizon(net: Network, scenario: Scenario) -> Horizon:
    """Place the reported months, the warm-up before them for older controls, and the tail after them."""
    news_month = first_news(net, scenario)
    start = scenario.start or _first_month(net, scenario, news_month)
    begin = start
    if news_month is not None and news_month < start:
        begin = max(news_month, start + -scenario.warm_up)
    first = start - begin
    return Horizon(Calendar(begin, first + scenario.months + scenario.tail), first, first + scenario.months)


LEAD_IN = 6
"""Most months between the start and the first effect, where news came earlier and no start is given."""


def _first_month(net: Network, scenario: Scenario, news_month: Month | None) -> Month:
    """Start with the news or, where the first rule takes effect much later, half a year before it does."""
    if news_month is None:
        announced = [Month.of(net.control[control].announced) for control in scenario.controls]
        return min(announced, default=Month(2025, 1))
    rules = [rule for control in scenario.controls for rule in net.rules_of[control] if rule.mechanism not in SWITCHES]
    biting = [rule for rule in rules if rule.mechanism not in RATES or rule.number > 0]  # a duty may begin at zero
    effect = min(Month.of(rule.from_ or net.control[rule.control].effective) for rule in biting or rules)
    return max(news_month, effect + -LEAD_IN)


def run(
    net: Network,
    scenario: Scenario,
    *,
    response: Literal["all"] | Response = "all",
    solver: SolverName = "highs",
    prices: int = 0,
) -> Outcome:
    """Answer a scenario: what stops, where, from which month, worth how much; what fills the gap; which limit binds.

    Parameters
    ----------
    net
        The network; the scenario's changed figures are laid over it.
    scenario
        Controls, dates, foresight.
    response
        ``all`` three levels, or one of ``contracts``, ``voluntary``, ``planner``.
    solver
        ``highs`` or, as a second opinion, ``cbc``.
    prices
        Of how many limits per level the price is an interval from two re-solves; those that hold back most come first.

    Raises
    ------
    InputError
        If the scenario names what the network does not have; all faults at once.
    SolverError
        If a solve ends without an optimum.
    """
    began = time.perf_counter()
    faults = [finding for finding in check_scenario(net, scenario) if finding.severity == "error"]
    if faults:
        raise InputError(faults)
    net = net.with_values(scenario.set)
    world = world_once(net)
    when = horizon(net, scenario)
    responder = prepare(world, scenario, when.calendar, solver)
    wanted: Sequence[Response] = RESPONSES if response == "all" else (response,)
    plans = list(responder.plans(wanted))
    real = Real.of(responder.variants, responder.statement, responder.part)
    truly = limits_that_held(responder.world, responder.stages, when.calendar.periods)
    held, allowed = real.limits(truly), real.allowed(truly)
    room, free_room = (real.headroom(responder.headroom_that_held(ruled=ruled)) for ruled in (True, False))
    parts = [
        _tables(
            read.View(
                world, when.calendar, real.layout, real.plan(plan), held, allowed, room, free_room, when.first, when.end
            ),
            scenario,
        )
        for plan in plans
    ]
    for part, plan in zip(parts, plans, strict=True):
        if prices and plan.decisions:
            part["limits"] = with_intervals(part["limits"], plan, real, prices)
        part["limits"] = part["limits"].drop(columns=ADDRESS)
    tables = {name: _stacked([part[name] for part in parts]) for name in TABLE_NAMES}
    return Outcome(
        scenario=scenario,
        network=net,
        tables=tables,
        controls=pd.DataFrame(in_force(with_closed_flows(world, net), scenario, when.calendar)),
        baseline_moved=pd.DataFrame(list(world.baseline.moved)),
        record=_record(responder, plans, scenario, when.end - when.first, time.perf_counter() - began),
    )


def close_once(net: Network) -> Baseline:
    """Close the baseline of a network, once for each network object."""
    return once(net, "baseline", lambda: close(net))


def world_once(net: Network) -> World:
    """Return the undisturbed world of a network, worked out once for each network object."""
    return once(net, "world", lambda: world_of(net, close_once(net)))


def prepare(
    world: World, scenario: Scenario, calendar: Calendar, solver: SolverName, *, stated: Stater | None = None
) -> Responder:
    """State the programme for a scenario on the part of the world that it touches; ``stated`` as in `prepare_part`."""
    part = part_of(world, touched_items(world.network, scenario))
    return prepare_part(part, scenario, calendar, solver, stated=stated)


def prepare_part(
    part: Part, scenario: Scenario, calendar: Calendar, solver: SolverName, *, stated: Stater | None = None
) -> Responder:
    """State the programme for a scenario on a part of the world, goods told apart where its rules ask for it.

    ``stated``: what states it, where that is not done from nothing.
    """
    variants = variants_once(part.world, families(part.world.network, scenario, calendar))
    world, net = variants.world, variants.network
    known: tuple[Stage, ...] = stages(with_closed_flows(world, net), scenario, calendar)
    groups = Groups(
        quotas=tuple(quota.lanes for quota in known[0].limits.quotas) if known else (),
        refusals=arrival_stops(net, scenario),
        recipes=variants.sharing(variants.recipe_of),
        lanes=variants.sharing(variants.lane_of),
        swaps=variants.swaps,
        lane_swaps=variants.lane_swaps,
        instead=frozenset(np.flatnonzero(variants.instead).tolist()),
        lane_instead=frozenset(np.flatnonzero(variants.lane_instead).tolist()),
    )
    place = {row.recipe: p for p, row in enumerate(net.recipes)}
    heard = {place[recipe]: t for recipe, t in news(net, scenario, calendar).items()}
    heard |= dict.fromkeys(variants.pseudo.tolist(), 0)
    statement = (stated or state_once)(world, calendar.periods, groups, may_grow(world))
    foreseen = scenario.foresight == "perfect"
    known = known if foreseen else _with_plants(known, world, calendar, heard)
    return Responder(world, calendar, statement, solver, known, heard, variants, part, knows_all_plants=foreseen)


def variants_once(world: World, looked_for: Mapping[Family, Mapping[int, tuple[int, ...]]]) -> Variants:
    """Return a world with goods told apart, rewritten once for each set of rules that look for goods of an origin."""
    key = tuple((family, tuple(rules.items())) for family, rules in looked_for.items())
    return once(world, ("variants", key), lambda: with_variants(world, looked_for))


def state_once(world: World, periods: int, groups: Groups, makes_extra: NDArray[np.bool_]) -> Statement:
    """Return the programme of a world, stated once for each set of rules that need rows of their own.

    A horizon no longer than one stated before is cut from it.
    """
    stated: dict[Groups, Statement] = once(world, "stated", dict)
    if groups not in stated or stated[groups].columns.periods < periods:
        stated[groups] = state(world, periods, groups=groups, makes_extra=makes_extra)
    longest = stated[groups]
    return longest if longest.columns.periods == periods else once(longest, periods, lambda: longest.until(periods))


def may_grow(world: World) -> NDArray[np.bool_]:
    """Return the recipes that may make more than the baseline at some time: those with headroom or an announced plant."""
    place = {row.recipe: p for p, row in enumerate(world.network.recipes)}
    grows: NDArray[np.bool_] = world.headroom > 0
    grows[[place[step.recipe] for step in world.network.capacity]] = True
    return grows


def touched_items(net: Network, scenario: Scenario) -> frozenset[ItemId]:
    """Return the items of all lanes and recipes that a rule of the scenario covers."""
    found = clauses(net, scenario)
    lanes = {net.lanes[lane].item for clause in found for lane in clause.lanes}
    return frozenset(lanes | {net.recipes[p].item for clause in found for p in clause.recipes})


def with_closed_flows(world: World, net: Network) -> Network:
    """Return a network of a world with the flows of its closed baseline: a quota leaves the days before it at that flow."""
    return once(net, "closed flows", lambda: _with_closed_flows(world, net))


def _with_closed_flows(world: World, net: Network) -> Network:
    flows = zip(net.lanes, world.baseline.flow.tolist(), strict=True)
    lanes = tuple(lane.model_copy(update={"flow0": flow}) for lane, flow in flows)
    fields = {name: getattr(net, name) for name in type(net).model_fields}
    return Network.model_construct(**{**fields, "lanes": lanes})


def _with_plants(
    known: tuple[Stage, ...], world: World, calendar: Calendar, heard: Mapping[int, int]
) -> tuple[Stage, ...]:
    """Add a stage for each month in which a plant is announced after the first news: same limits, more to make."""
    if not known:
        return known
    recipes = {world.network.recipes[p].recipe for p in heard}
    told = {
        calendar.index(s.announced)
        for s in world.network.capacity
        if s.announced and s.recipe in recipes and calendar.index(s.month) < calendar.periods
    }
    new = {t for t in told if known[0].period < t < calendar.periods} - {stage.period for stage in known}
    added = [Stage(t, max((s for s in known if s.period < t), key=lambda s: s.period).limits) for t in new]
    return tuple(sorted([*known, *added], key=lambda stage: stage.period))


def _stacked(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Put the rows of all levels under each other; levels without rows say nothing about column types."""
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else parts[0]


def _tables(view: read.View, scenario: Scenario) -> dict[str, pd.DataFrame]:
    costs = read.costs(view)
    made = {
        "summary": read.summary(view, costs),
        "loss": read.loss(view),
        "costs": costs,
        "shipments": read.shipments(view),
        "production": read.production(view),
        "stocks": read.stocks(view),
        "gap": read.gap(view),
        "limits": read.limits(view),
        "why": read.why(view),
    }
    for table in made.values():
        table.insert(0, "scenario", scenario.name)
        table.insert(1, "response", view.plan.response)
    return made


def _in_order(plans: Sequence[Plan]) -> bool:
    """Return True if damage falls from contracts to voluntary to planner, as it must with one class and perfect foresight."""
    damage = {plan.response: plan.damage_usd for plan in plans}
    order = [damage[response] for response in RESPONSES if response in damage]
    return all(high >= low - 1e-6 * abs(high) for high, low in pairwise(order))


def _ranking(plans: Sequence[Plan]) -> str:
    """Say whether the levels are in order."""
    if len(plans) < 2:
        return f"one level alone: {plans[0].response}"
    if _in_order(plans):
        return "damage falls from contracts to voluntary to planner"
    return "damage does not fall from contracts to voluntary to planner: knowledge in stages is a bet, and a priority is a rank"


def _record(
    responder: Responder, plans: Sequence[Plan], scenario: Scenario, months: int, seconds: float
) -> dict[str, object]:
    net = responder.part.whole.network
    rows, columns = responder.statement.matrix.shape
    return {
        "scenario": scenario.name,
        "version": version("exposure"),
        "python": platform.python_version(),
        "pulp": version("pulp"),
        "pandas": version("pandas"),
        "solver": solver_name(responder.solver),
        "status": "Optimal" if any(plan.solves for plan in plans) else "no solve needed",
        "methods": ", ".join(sorted({m for plan in plans for m in plan.solves})),
        "solves": sum(len(plan.solves) for plan in plans),
        "stages": ", ".join(str(responder.calendar[stage.period]) for stage in responder.stages),
        "rows": rows,
        "columns": columns,
        "entries": len(responder.statement.matrix.value),
        "first_month": str(responder.calendar.start),
        "months_with_tail": responder.calendar.periods,
        "foresight": scenario.foresight,
        "ranking": _ranking(plans),
        "levels_in_order": _in_order(plans),
        "stake_usd": float(np.sum(responder.part.whole.demand * responder.part.whole.value)) * months,
        "damage_with_tail_usd": {plan.response: plan.damage_usd for plan in plans},
        "data": net.name,
        "baseline_year": net.baseline_year,
        "hashes": dict(net.hashes),
        "modified_data": list(net.modified),
        "replaced_rows": list(net.replaced),
        "seconds": round(seconds, 3),
    }
