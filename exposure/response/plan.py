"""How the world responds: stages of knowledge, each solved from the state that the one before left."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property, reduce

import numpy as np
from numpy.typing import NDArray

from exposure.calendar import Calendar
from exposure.lp.columns import Columns, Family
from exposure.lp.limits import bounds_of
from exposure.lp.matrix import Bounds, sum_by
from exposure.lp.objective import damage
from exposure.lp.part import Part
from exposure.lp.reach import Reach, Reached
from exposure.lp.session import Solution, SolverName, open_session
from exposure.lp.statement import Statement
from exposure.lp.tiebreak import PRICED, settle
from exposure.lp.twins import Twins
from exposure.lp.variants import Variants
from exposure.lp.world import World
from exposure.model import RESPONSES, Response
from exposure.once import once
from exposure.policy import Growth, Limits, Stage
from exposure.response.contracts import Walk
from exposure.response.headroom import ALL_KNOWN, headroom

Floats = NDArray[np.float64]

SMALL = 10_000
"""Columns below which the levels are answered one after the other: two threads would cost more than they spare."""
SNAP = 1e-8
"""Distance from a limit (solver units) below which a value stands at the limit."""
DIGITS = 9
"""Digits of a value in solver units that are kept: beyond them solvers differ, and the next stage starts from here."""
LEADING: tuple[Response, ...] = ("planner", "voluntary", "contracts")
"""Order in which the levels begin: the voluntary level starts from what the planner leaves."""
TRIFLE = 0.1
"""Share of a node's usual throughput that lanes which leave it must be able to carry, for its reserve to be in danger."""
LITTLE = 0.125
"""Pivots, per row, up to which the news of a stage are little."""
SLACK = 1e-9
"""Slack of a bound taken from the walk of contracts (solver units)."""


@dataclass(frozen=True)
class Decision:
    """One stage's solve for least damage, kept so that it can be asked again with a limit moved.

    It decided the periods from ``start`` to before ``end``. ``bounds`` and ``cost`` are in solver units, ``money`` is USD per unit
    of that cost.
    """

    start: int
    end: int
    reach: Reach
    bounds: Bounds
    cost: Floats
    money: float
    best: Reached


@dataclass(frozen=True)
class Plan:
    """What one response level does: values of all columns, and prices where the programme sets them.

    ``reduced`` (per column) and ``dual`` (per row) are USD per unit, each month from the stage that decided it; they are None
    for contracts, which have no prices. ``damage_usd`` is the value of the objective by column, and ``sunk_usd``: tariffs on
    goods that were under way before the first month, which no plan can change. ``decisions``: the solves behind it.
    """

    response: Response
    point: Floats
    reduced: Floats | None
    dual: Floats | None
    cost: Floats
    solves: tuple[str, ...] = field(default=())
    sunk_usd: float = 0.0
    decisions: tuple[Decision, ...] = field(default=(), repr=False)

    @property
    def damage_usd(self) -> float:
        """Damage over all periods, tail included."""
        return float(np.sum(self.cost * self.point)) + self.sunk_usd


@dataclass(frozen=True)
class Solved:
    """The two optima of a stage: of least damage, and the one answer among those."""

    best: Reached
    settled: Reached


class Relay:
    """What the planner's solves leave, stage by stage, for a level that runs beside it and starts from there."""

    def __init__(self, stages: int) -> None:
        self.best: list[Future[Reached]] = [Future() for _ in range(stages)]
        self.settled: list[Future[Reached]] = [Future() for _ in range(stages)]

    def leave(self, stage: int, solved: Solved) -> None:
        """Leave the optima of a stage, as far as they are not there yet."""
        for left, found in ((self.best[stage], solved.best), (self.settled[stage], solved.settled)):
            if not left.done():
                left.set_result(found)

    def fail(self, error: BaseException) -> None:
        """Tell whoever waits that no more will come."""
        for left in (*self.best, *self.settled):
            if not left.done():
                left.set_exception(error)


@dataclass
class Responder:
    """Everything that one scenario's three levels share."""

    world: World
    calendar: Calendar
    statement: Statement
    solver: SolverName
    stages: Sequence[Stage]
    news: dict[int, int]
    variants: Variants
    part: Part
    knows_all_plants: bool = False
    """True with perfect foresight: plants announced later are known too."""

    def __post_init__(self) -> None:
        self.walk = once(self.world, "walk", lambda: Walk(self.world))
        self.base = self.statement.columns.baseline()

    @cached_property
    def _leavable(self) -> NDArray[np.bool_]:
        """Nodes whose reserve could be shipped away: lanes that leave them carry more than a trifle of their throughput."""
        w = self.world
        return sum_by(w.origin, w.ship0 + w.ship_room, len(w.nodes)) > TRIFLE * w.throughput

    def plans(self, responses: Sequence[Response] = RESPONSES) -> list[Plan]:
        """Return the plan of each response level, in order; they run side by side.

        The voluntary plan of a stage starts from the basis of the planner's, whose programme differs by a few bounds.
        """
        hints = Relay(len(self.stages)) if {"voluntary", "planner"} <= set(responses) else None
        in_order = sorted(responses, key=LEADING.index)
        # one of several processes: the others are busy too
        alone = multiprocessing.parent_process() is not None or self.statement.columns.size < SMALL
        if alone:
            found = {response: self.plan(response, hints) for response in in_order}
        else:
            # the planner soon ends; contracts, which no solver carries, come after it
            with ThreadPoolExecutor(2) as pool:
                sent = {response: pool.submit(self.plan, response, hints) for response in in_order}
                found = {response: plan.result() for response, plan in sent.items()}
        return [found[response] for response in responses]

    def plan(self, response: Response, hints: Relay | None = None) -> Plan:
        """Return the plan of one response level; ``hints``: bases left by the planner for the voluntary level."""
        try:
            leave, hear = (hints, None) if response == "planner" else (None, hints)
            plan = self.contracts() if response == "contracts" else self.solved(response, leave=leave, hear=hear)
        except BaseException as error:
            if hints is not None and response == "planner":
                hints.fail(error)
            raise
        sunk = duty_on_landing(self.world, limits_that_held(self.world, self.stages, self.calendar.periods))
        return replace(plan, sunk_usd=float(sunk.sum()))

    def contracts(self) -> Plan:
        """Walk through all stages."""
        v = self.statement.columns
        point = self.base
        cost = np.zeros(v.size)
        for stage, end in self._spans():
            point = self._walked(point, stage, end)
            self._keep_cost(cost, stage, end)
        return Plan("contracts", point, None, None, cost)

    def _walked(self, point: Floats, stage: Stage, end: int) -> Floats:
        """Walk by what is known in a stage; with a single stage, contracts and the bound of the voluntary level are one walk."""

        def walk() -> Floats:
            return self.walk.run(self.statement.columns, point, stage.period, stage.limits, end)

        return once(self, "walked", walk) if len(self.stages) == 1 else walk()

    def solved(self, response: Response, *, leave: Relay | None = None, hear: Relay | None = None) -> Plan:
        """Solve each stage from the state in which the one before left the world.

        ``leave``: where to leave the optima of each stage; ``hear``: optima of like stages to start from.
        """
        statement = self.statement
        damage_session = open_session(statement.matrix, self.solver, guided=hear is not None)
        reach = Reach(statement, damage_session, open_session(statement.matrix, self.solver))
        ahead = self._ahead(reach.twins) if len(self.stages) > 1 else None
        point = self.base
        cost = np.zeros(len(point))
        reduced, dual = np.zeros(len(point)), np.zeros(statement.matrix.shape[0])
        methods: list[str] = []
        decisions: list[Decision] = []
        before: Stage | None = None
        solved: Solved | None = None
        money = 1.0
        for k, (stage, end) in enumerate(self._spans()):
            if before is None or solved is None or not self._needless(stage, before, solved.best.solution):
                before = stage
                bounds = bounds_of(statement, stage.limits, self.headroom(stage.period), start=stage.period, past=point)
                if response == "voluntary":
                    self._no_worse_than_contracts(bounds, point, stage)
                charge = damage(statement.columns, stage.limits.rate)
                money = self._money(charge)
                solver_cost = charge * statement.column_scale / money
                if response == "planner":
                    self._serve_by_priority(reach, bounds, solver_cost)
                if ahead is not None:
                    reach.ahead = ahead & (statement.columns.period >= stage.period)
                inner = statement.to_solver(bounds)
                heard = hear.best[k].result() if hear else None
                own = solved if solved and (heard is None or self._little_news(heard)) else None
                best = reach.solve(inner, solver_cost, start=own.best if own else heard)
                if leave is not None:
                    leave.best[k].set_result(best)
                like = own.settled if own else hear.settled[k].result() if hear else None
                solved = Solved(best, settle(reach, inner, best, start=like))
                methods += [solved.best.solution.method, solved.settled.solution.method]
                point = _natural(reach, bounds, solved.settled)
                decisions.append(Decision(stage.period, end, reach, inner, solver_cost, money, best))
            else:
                decisions[-1] = replace(decisions[-1], end=end)
                solved = replace(solved, best=replace(solved.best, pivots=0))
            if leave is not None:
                leave.leave(k, solved)
            self._keep_cost(cost, stage, end)
            self._keep_prices(reduced, dual, solved.best.solution, money, stage.period, end)
        return Plan(response, point, reduced, dual, cost, tuple(methods), decisions=tuple(decisions))

    def _little_news(self, like: Reached) -> bool:
        """Return True if another level, on from its own last solve, took few pivots: then this one does well to go on likewise."""
        basis = like.solution.basis
        return basis is None or like.pivots < LITTLE * len(basis.rows)

    def _ahead(self, twins: Twins) -> NDArray[np.bool_]:
        """Return the columns that can move in some stage; an extra part only where it is not always one column with the usual."""
        v, known = self.statement.columns, [stage.limits for stage in self.stages]
        room = reduce(np.maximum, (self.headroom(stage.period) for stage in self.stages))
        extra = reduce(np.maximum, (limits.extra for limits in known))
        widest, narrowest = (
            bounds_of(
                self.statement,
                replace(known[0], share=reduce(pick, (limits.share for limits in known)), extra=extra),
                room,
                start=0,
                past=self.base,
            )
            for pick in (np.maximum, np.minimum)
        )
        free = widest.lower < widest.upper
        free[twins.that_cost_the_same(narrowest, damage(v, known[0].rate)).extra] = False
        return free

    def headroom(self, known: int, *, ruled: bool = True) -> Floats:
        """Return the most that each recipe may make above its baseline, recipes x periods, as known in a period.

        ``ruled``: count the rules that hold back growth; without them it is what the recipes could make.
        """
        return once(self, ("headroom", known, ruled), lambda: self._headroom(known, ruled=ruled))

    def _headroom(self, known: int, *, ruled: bool) -> Floats:
        w, periods = self.world, self.calendar.periods
        believed = [stage.limits.growth for stage in self.stages if stage.period <= known] if ruled else []
        growth = believed[-1] if believed else Growth.free(len(w.make0), periods)
        return headroom(w, self.calendar, self.news, growth, known=ALL_KNOWN if self.knows_all_plants else known)

    def headroom_that_held(self, *, ruled: bool = True) -> Floats:
        """Return the headroom of each recipe in each month, by the stage that decided it; ``ruled`` as in `headroom`."""
        held = np.zeros((len(self.world.make0), self.calendar.periods))
        for stage, end in self._spans():
            held[:, stage.period : end] = self.headroom(stage.period, ruled=ruled)[:, stage.period : end]
        return held

    def _spans(self) -> Iterator[tuple[Stage, int]]:
        starts = [stage.period for stage in self.stages] + [self.calendar.periods]
        yield from zip(self.stages, starts[1:], strict=True)

    def _money(self, charge: Floats) -> float:
        """USD per solver unit of cost: the dearest column costs a thousand."""
        return float(np.max(charge * self.statement.column_scale, initial=0.0)) / 1e3 or 1.0

    def _no_worse_than_contracts(self, bounds: Bounds, point: Floats, stage: Stage) -> None:
        """Bound unmet demand from above, usual stock and installed equipment from below by contracts walked from this state.

        The floor under stock holds where lanes leave that carry more than a trifle, since it is there to keep a region's reserve
        from being shipped away. Elsewhere only the region's own makers can draw it, and a floor would forbid them to: in contracts
        the idle stock of a plant that stands still for want of another input stays full. The floor under equipment keeps makers of
        tools from stopping because their users could live off what they have for longer than the horizon.
        """
        v, scale = self.statement.columns, self.statement.column_scale
        walked = self._walked(point, stage, self.calendar.periods)
        later = slice(stage.period, None)
        lost = v["unmet_extra"].grid[:, later]
        bounds.upper[lost] = np.minimum(bounds.upper[lost], walked[lost] + SLACK * scale[lost])
        kept = v["stock_usual"].grid[self._leavable[v["stock_usual"].members]][:, later]
        bounds.lower[kept] = np.maximum(bounds.lower[kept], walked[kept] - SLACK * scale[kept])
        # equipment without slack: what is short of it stays short, and that would add up by the stage
        standing = v["installed"].grid[:, later]
        bounds.lower[standing] = np.maximum(bounds.lower[standing], walked[standing])
        rows = self.statement.rows_of("shortfall")[:, later] if len(v["waiting"].members) else None
        if rows is not None:
            slots = [v["unmet_extra"].slot[int(b)] for b in v["waiting"].members]
            unmet = v["unmet_extra"].grid[slots][:, later]
            bounds.row_upper[rows] = walked[unmet] + SLACK * scale[unmet]

    def _serve_by_priority(self, reach: Reach, bounds: Bounds, solver_cost: Floats) -> None:
        """For each class in order, solve with later classes worth nothing, then cap its shortfall month by month."""
        v, statement = self.statement.columns, self.statement
        classes = sorted(set(self.world.priority.tolist()))
        for rank in classes[:-1]:
            cost = solver_cost.copy()
            for family in ("unmet_extra", "waiting"):
                block = v[family]
                cost[block.grid[self.world.priority[block.members] > rank]] = 0.0
            inner = statement.to_solver(bounds)
            best = reach.solve(inner, cost).solution
            point = best.value * statement.column_scale
            block = v["unmet_extra"]
            columns = block.grid[self.world.priority[block.members] == rank]
            capped = point[columns] + SLACK * statement.column_scale[columns]
            bounds.upper[columns] = np.minimum(bounds.upper[columns], capped)
            queue = v["waiting"]
            if len(queue.members):
                mine = self.world.priority[queue.members] == rank
                rows = statement.rows_of("shortfall")[mine]
                slots = [block.slot[int(b)] for b in queue.members[mine]]
                short = point[block.grid[slots]] + point[v["postponed"].grid[mine]]
                finite = np.isfinite(bounds.row_upper[rows])
                slack = SLACK * statement.column_scale[block.grid[slots]]
                bounds.row_upper[rows] = np.where(finite, np.minimum(bounds.row_upper[rows], short + slack), np.inf)

    def _needless(self, stage: Stage, before: Stage, best: Solution) -> bool:
        """Return True if a stage brings only the news of plants whose output would save nothing: the plan stays the best one."""
        if stage.limits is not before.limits:
            return False
        block = self.statement.columns["make_extra"]
        more = self.headroom(stage.period) > self.headroom(before.period)
        more[:, : stage.period] = False
        worth = best.reduced[block.grid] < -PRICED
        return not bool((worth & more[block.members]).any())

    def _keep_cost(self, cost: Floats, stage: Stage, end: int) -> None:
        v = self.statement.columns
        charge = damage(v, stage.limits.rate)
        for block in v.blocks.values():
            decided = block.grid[:, stage.period : end]
            cost[decided] = charge[decided]
        for family in ("ship_usual", "ship_extra"):  # goods at sea pay the tariff that they find on arrival
            columns = at_sea(v, family, stage.period)
            cost[columns] = charge[columns]

    def _keep_prices(self, reduced: Floats, dual: Floats, best: Solution, money: float, start: int, end: int) -> None:
        statement = self.statement
        column_price = best.reduced * money / statement.column_scale
        row_price = best.dual * money / statement.row_scale
        for block in statement.columns.blocks.values():
            decided = block.grid[:, start:end]
            reduced[decided] = column_price[decided]
        for equation, keys in statement.row_keys.items():
            if keys:
                rows = statement.rows_of(equation)[:, start:end]
                dual[rows] = row_price[rows]


def at_sea(v: Columns, family: Family, period: int) -> NDArray[np.int64]:
    """Return the columns of a family of shipments that left before a period and arrive in it or later."""
    block, lead = v[family], v.world.lead[v[family].members]
    left = np.arange(v.periods)[None, :]
    return block.grid[(left < period) & (left + lead[:, None] >= period)]


def _natural(reach: Reach, bounds: Bounds, settled: Reached) -> Floats:
    """Return values in natural units; what stands at a limit, or was never reached, stands there to the last digit."""
    statement, value = reach.statement, settled.solution.value
    inner = statement.to_solver(bounds)
    point = np.round(np.maximum(value, 0.0), DIGITS) * statement.column_scale
    at_lower = np.abs(value - inner.lower) <= SNAP
    at_upper = np.abs(value - inner.upper) <= SNAP
    point[at_lower] = bounds.lower[at_lower]
    point[at_upper] = bounds.upper[at_upper]
    point[np.abs(point) <= SNAP * statement.column_scale] = 0.0
    held = np.clip(statement.columns.baseline(), bounds.lower, bounds.upper)
    return np.where(reach.inside(settled.nodes) & (bounds.lower < bounds.upper), point, held)


def no_limits(world: World, periods: int) -> Limits:
    """Return the limits of a world without controls."""
    return Limits.free(
        lanes=len(world.ship0),
        recipes=len(world.make0),
        periods=periods,
        longest_lead=int(world.lead.max(initial=0)),
    )


def duty_on_landing(world: World, limits: Limits) -> Floats:
    """Return the tariff on goods that were under way before the first period, USD, lanes x periods of arrival."""
    longest = limits.landing.shape[1]
    under_way = np.arange(longest)[None, :] < world.lead[:, None]
    return np.where(under_way, (world.ship0 * world.price)[:, None] * limits.landing * limits.landing_tariff, 0.0)


def limits_that_held(world: World, stages: Sequence[Stage], periods: int) -> Limits:
    """Put together what really held: each month by the stage that decided it."""
    held = no_limits(world, periods)
    quotas = stages[0].limits.quotas if stages else ()
    caps = [np.full(periods, np.inf) for _ in quotas]
    starts = [stage.period for stage in stages] + [periods]
    for stage, end in zip(stages, starts[1:], strict=True):
        span = slice(stage.period, end)
        held.share[:, span] = stage.limits.share[:, span]
        held.extra[:, span] = stage.limits.extra[:, span]
        held.revenue_share[:, span] = stage.limits.revenue_share[:, span]
        held.landing[:, span] = stage.limits.landing[:, span]
        held.landing_tariff[:, span] = stage.limits.landing_tariff[:, span]
        arriving = np.arange(periods)[None, :] + world.lead[:, None] >= stage.period  # goods at sea pay what they find
        held.tariff[arriving] = stage.limits.tariff[arriving]
        held.growth.share[:, span] = stage.limits.growth.share[:, span]
        held.growth.delay[:, span] = stage.limits.growth.delay[:, span]
        for cap, quota in zip(caps, stage.limits.quotas, strict=True):
            cap[span] = quota.cap[span]
        for cause, believed in ((held.cause, stage.limits.cause), (held.growth.cause, stage.limits.growth.cause)):
            cause.update({key: value for key, value in believed.items() if stage.period <= key[1] < end})
    named = tuple(replace(quota, cap=cap) for quota, cap in zip(quotas, caps, strict=True))
    return replace(held, quotas=named)
