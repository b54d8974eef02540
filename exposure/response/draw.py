"""One draw: a scenario answered with some figures of the data changed, without reading or stating anything again.

A figure that the closed baseline does not hold (severity, stocks, what may be made or carried beyond usual flows, costs, values)
changes right-hand sides, bounds and costs alone: the matrix stays, and only numbers are laid over it. A figure that the baseline
holds (a bill of materials, an output, a flow, demand) closes it anew and states the programme anew.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exposure.calendar import Calendar
from exposure.lp.baseline import ceilings, close
from exposure.lp.columns import Columns
from exposure.lp.groups import Groups
from exposure.lp.part import part_of, whole
from exposure.lp.reach import linked_parts
from exposure.lp.session import SolverName
from exposure.lp.statement import Statement, state
from exposure.lp.world import World, world_of
from exposure.model import RESPONSES, Network, Record, Response, Scenario
from exposure.model.content import KINDS
from exposure.model.controls import SWITCHES, Rule
from exposure.model.goods import CapacityStep, Recipe
from exposure.model.trade import Lane, Stock
from exposure.once import once
from exposure.policy import families
from exposure.response import tables as read
from exposure.response.plan import Responder, limits_that_held
from exposure.response.real import Real
from exposure.response.run import (
    Horizon,
    horizon,
    may_grow,
    prepare,
    prepare_part,
    state_once,
    touched_items,
    variants_once,
    world_once,
)
from exposure.response.tables.money import summary_alone

Floats = NDArray[np.float64]

MEASURES = (
    "loss_usd", "cost_usd", "of_which_transfers_usd", "damage_usd", "loss_value_added_usd", "loss_in_tail_usd",
)  # fmt: skip
"""Figures of the summary that a draw keeps, USD over the reported months (the last one: over the tail)."""
MONTHS = ("first_loss_month", "worst_month", "recovered_month")
"""Months of the summary that a draw keeps, as text or None."""

WHOLE = frozenset({"start_months", "ramp_months", "lead_months", "life_months", "priority"})
"""Columns that hold whole numbers."""


@dataclass(frozen=True)
class Change:
    """A figure of the data with another value: table, position of its row, column, number."""

    table: str
    row: int
    column: str
    value: float


@dataclass(frozen=True)
class Answered:
    """What one response level comes to: ``summary`` by name of its figure, and ``loss`` in USD per demand row."""

    summary: Mapping[str, Any]
    loss: Floats


def with_changes(net: Network, changes: Iterable[Change]) -> Network:
    """Return a network with changed figures; the values are not checked again, so they must be such as the column takes."""
    by_table: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        by_table[change.table].append(change)
    fields = {name: getattr(net, name) for name in type(net).model_fields}
    for table, some in by_table.items():
        rows = list(fields[table])
        for change in some:
            rows[change.row] = rows[change.row].model_copy(update=_update(change))
        fields[table] = tuple(rows)
    return Network.model_construct(**fields)


def _update(change: Change) -> dict[str, Any]:
    value: Any = round(change.value) if change.column in WHOLE else float(change.value)
    if change.table == "control_scope" and change.column == "value":
        value = repr(value)
    update = {change.column: value}
    other = {"quantity": "cover_months", "cover_months": "quantity"}.get(change.column)
    if change.table == "stocks" and other:
        update[other] = None
    return update


def enters_baseline(net: Network, scenario: Scenario, table: str, row: Record, column: str) -> bool:
    """Return True if a figure is one that the closed baseline, or the shape of the programme, depends on.

    Parameters
    ----------
    net, scenario
        What is asked, of which network.
    table, row, column
        Where the figure stands.
    """
    if isinstance(row, Rule):
        return column not in ("value", "days") or row.mechanism in KINDS or row.mechanism in SWITCHES
    if isinstance(row, Stock):
        return net.item[row.item].life_months is not None
    if isinstance(row, Recipe) and column == "capacity":
        needs = any(net.item[line.input].life_months is not None for line in net.bom_of[row.recipe])
        return row.output0 != 0 or needs
    if isinstance(row, Lane) and column == "max_flow":
        return row.flow0 != 0
    if table == "items":
        told_apart = any(rule.mechanism in KINDS for control in scenario.controls for rule in net.rules_of[control])
        return column != "price_usd" or told_apart
    if isinstance(row, CapacityStep):
        return column != "capacity"
    free = {"recipes": ("extra_cost_usd", "start_months", "ramp_months"), "lanes": ("extra_cost_usd",),
            "demand": ("value_usd", "value_added_usd", "late_cost")}  # fmt: skip
    return column not in free.get(table, ())


class Prepared:
    """A scenario over a network, closed and stated once, to be answered with changed figures.

    Parameters
    ----------
    net, scenario
        The scenario's own changed figures are laid over the network first.
    widest
        For each figure that may change, its largest value: the programme is stated with every column that any draw may need.
    solver
        ``highs`` or ``cbc``.
    """

    def __init__(
        self, net: Network, scenario: Scenario, widest: Sequence[Change] = (), *, solver: SolverName = "highs"
    ) -> None:
        self.net = net.with_values(scenario.set)
        self.scenario, self.solver = scenario, solver
        self.part = part_of(world_once(self.net), touched_items(self.net, scenario))
        self.when: Horizon = horizon(self.net, scenario)
        room = [c for c in widest if c.table != "control_scope" and not self.closes_anew(c)]
        self._wide = self._world(with_changes(self.part.world.network, self._in_part(room)))
        self._stated: dict[tuple[int, Groups], _Stated] = {}

    @property
    def calendar(self) -> Calendar:
        """Months of the run, warm-up and tail included."""
        return self.when.calendar

    def closes_anew(self, change: Change) -> bool:
        """Return True if the closed baseline depends on the changed figure."""
        row = getattr(self.net, change.table)[change.row]
        return enters_baseline(self.net, self.scenario, change.table, row, change.column)

    def responder(self, changes: Sequence[Change]) -> Responder:
        """Return what answers the scenario with some figures changed."""
        if any(self.closes_anew(change) for change in changes):
            net = with_changes(self.net, changes)
            return prepare(world_of(net, close(net)), self.scenario, self.calendar, self.solver)
        world = self._world(with_changes(self.part.world.network, self._in_part(changes)))
        part = replace(self.part, world=world)
        return prepare_part(part, self.scenario, self.calendar, self.solver, stated=self._laid_over)

    def _in_part(self, changes: Iterable[Change]) -> list[Change]:
        """Return the changes of rows of the part that the scenario touches, at their places there; the others change nothing."""
        places = {table: self._places(table) for table in {change.table for change in changes}}
        return [replace(c, row=places[c.table][c.row]) for c in changes if c.row in places[c.table]]

    def _places(self, table: str) -> dict[int, int]:
        """Return the place in the part's table of each row of the whole one that is there."""
        here = {id(row): place for place, row in enumerate(getattr(self.part.world.network, table))}
        return {k: here[id(row)] for k, row in enumerate(getattr(self.net, table)) if id(row) in here}

    def _world(self, net: Network) -> World:
        """Return the world of a part's network whose changed figures the closed flows do not depend on."""
        flows = self.part.world.baseline
        capacity, max_flow = ceilings(net, flows.output, flows.flow)
        return world_of(net, replace(flows, capacity=capacity, max_flow=max_flow))

    def _laid_over(self, world: World, periods: int, groups: Groups, makes_extra: NDArray[np.bool_]) -> Statement:
        """Return the programme of a changed world: the one stated once, with other numbers, where it has all columns needed."""
        key = periods, groups
        if key not in self._stated:
            self._stated[key] = self._state_wide(periods, groups)
        stated = self._stated[key]
        if not stated.holds(world, makes_extra):
            return state(world, periods, groups=groups, makes_extra=makes_extra)
        return stated.over(world)

    def _state_wide(self, periods: int, groups: Groups) -> _Stated:
        world = variants_once(self._wide, families(self._wide.network, self.scenario, self.calendar)).world
        return _Stated.of(state_once(world, periods, groups, may_grow(world)))


@dataclass(frozen=True)
class _Stated:
    """A programme stated once, and the linked part of the network to which each node belongs."""

    statement: Statement
    part: NDArray[np.int64]

    @classmethod
    def of(cls, statement: Statement) -> _Stated:
        return cls(statement, linked_parts(statement))

    def holds(self, world: World, makes_extra: NDArray[np.bool_]) -> bool:
        """Return True if every column that a world needs is there, and its nodes, recipes and lanes are the same."""
        columns, old = self.statement.columns, self.statement.columns.world
        alike = old.nodes == world.nodes and len(old.make0) == len(world.make0)
        if not alike or len(old.ship0) != len(world.ship0):
            return False
        needed = {
            "make_extra": makes_extra,
            "ship_extra": world.ship_room > 0,
            "stock_usual": world.keeps & (world.stock0 > 0),
        }
        return all(bool(np.isin(np.flatnonzero(need), columns[name].members).all()) for name, need in needed.items())

    def over(self, world: World) -> Statement:
        """Return the programme with the numbers of another world: each row that holds exactly is met by that world's baseline."""
        statement = self.statement
        columns: Columns = copy.copy(statement.columns)
        columns.__dict__.pop("_once", None)  # what was worked out belongs to the other world
        columns.world = world
        matrix = statement.matrix
        activity = matrix.times(columns.baseline() / statement.column_scale)
        exact = matrix.row_lower == matrix.row_upper
        made = replace(
            statement,
            columns=columns,
            matrix=replace(
                matrix,
                row_lower=np.where(exact, activity, matrix.row_lower),
                row_upper=np.where(exact, activity, matrix.row_upper),
            ),
        )
        once(made, "parts", lambda: self.part)
        return made


def answer_draw(prepared: Prepared, changes: Sequence[Change]) -> dict[Response, Answered]:
    """Answer a scenario with some figures changed, as `exposure.run` does on the network with these figures.

    The answer depends on the changes alone, never on what was answered before.

    Raises
    ------
    SolverError
        If a solve ends without an optimum.
    """
    responder = prepared.responder(changes)
    plans = responder.plans(RESPONSES)
    part = responder.part
    real = Real.of(responder.variants, responder.statement, whole(responder.variants.real))
    truly = limits_that_held(responder.world, responder.stages, prepared.calendar.periods)
    held, none = real.limits(truly), np.zeros((0, 0))
    world, when = responder.variants.real, prepared.when
    found: dict[Response, Answered] = {}
    for plan in plans:
        view = read.View(
            world, when.calendar, real.layout, real.plan(plan), held, none, none, none, when.first, when.end
        )
        summary = summary_alone(view)
        loss = np.zeros(len(part.whole.demand))
        loss[part.demands] = (view.unmet * world.value[:, None])[:, view.reported].sum(axis=1)
        found[plan.response] = Answered({name: summary[name] for name in (*MEASURES, *MONTHS)}, loss)
    return found
