"""One solved plan, seen by positions and months: what every table is read from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from exposure.calendar import Calendar
from exposure.lp.columns import Family
from exposure.lp.statement import Layout
from exposure.lp.world import World
from exposure.policy import Limits
from exposure.response.plan import Plan

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

TINY = 1e-7
"""A share of a node's throughput below which a quantity is nothing."""


@dataclass(frozen=True)
class View:
    """A plan with its world, its calendar and the limits that held in each month.

    ``allowed`` is the most that each lane may carry,
    ``headroom`` is what recipes may make above the baseline, ``free_headroom`` the same without the rules that hold back growth.
    ``first`` and ``end`` bound the reported periods. Arrays are positions x all periods, natural units per month.
    """

    world: World
    calendar: Calendar
    statement: Layout
    plan: Plan
    limits: Limits
    allowed: Floats
    headroom: Floats
    free_headroom: Floats
    first: int
    end: int

    @property
    def reported(self) -> slice:
        """Reported periods."""
        return slice(self.first, self.end)

    @cached_property
    def months(self) -> list[str]:
        """Reported months as text."""
        return [str(self.calendar[t]) for t in range(self.first, self.end)]

    def part(self, family: Family, count: int) -> Floats:
        """Values of one family over all positions of its kind."""
        block = self.statement.columns[family]
        values = np.zeros((count, self.calendar.periods))
        values[block.members] = self.plan.point[block.grid]
        return values

    def price(self, family: Family, count: int) -> Floats:
        """USD that one unit more of a column's upper limit would save; zeros for contracts."""
        block = self.statement.columns[family]
        values = np.zeros((count, self.calendar.periods))
        if self.plan.reduced is not None:
            values[block.members] = np.maximum(-self.plan.reduced[block.grid], 0.0)
        return values

    @cached_property
    def make(self) -> Floats:
        """Output of each recipe."""
        count = len(self.world.make0)
        return self.part("make_usual", count) + self.part("make_extra", count)

    @cached_property
    def ship(self) -> Floats:
        """Shipments of each lane, by month of shipping."""
        return self.ship_usual + self.ship_extra

    @cached_property
    def ship_usual(self) -> Floats:
        """Usual part of shipments."""
        return self.part("ship_usual", len(self.world.ship0))

    @cached_property
    def ship_extra(self) -> Floats:
        """Extra part of shipments."""
        return self.part("ship_extra", len(self.world.ship0))

    @cached_property
    def stock(self) -> Floats:
        """Stock of each node at the end of each month."""
        count = len(self.world.nodes)
        return self.part("stock_usual", count) + self.part("stock_extra", count)

    @cached_property
    def discard(self) -> Floats:
        """What each node throws away, goods that were turned away on arrival included."""
        count = len(self.world.nodes)
        return self.part("discard_usual", count) + self.part("discard_extra", count) + self.part("refused", count)

    @cached_property
    def install(self) -> Floats:
        """Units installed per node."""
        e = len(self.world.base_node)
        by_node = np.zeros((len(self.world.nodes), self.calendar.periods))
        by_node[self.world.base_node] = self.part("install_usual", e) + self.part("install_extra", e)
        return by_node

    @cached_property
    def waiting(self) -> Floats:
        """Units waiting at the end of each month, per demand row."""
        return self.part("waiting", len(self.world.demand))

    @cached_property
    def unmet(self) -> Floats:
        """Demand lost beyond the baseline gap, per demand row: at once, or put off and never caught up.

        What waits after the last month is lost and shown in the month in which it was put off, the latest first.
        """
        count = len(self.world.demand)
        lost = self.part("unmet_extra", count)
        postponed = self.part("postponed", count)
        left = self.waiting[:, -1].copy()
        for t in range(self.calendar.periods - 1, -1, -1):
            share = np.minimum(left, postponed[:, t])
            lost[:, t] += share
            left -= share
        return np.where(lost < TINY * self.world.demand[:, None], 0.0, lost)

    @cached_property
    def served(self) -> Floats:
        """Units handed over in the month, catching up included."""
        w, count = self.world, len(self.world.demand)
        short = self.part("unmet_usual", count) + self.part("unmet_extra", count) + self.part("postponed", count)
        return w.demand[:, None] - short + self.part("caught_up", count)

    @cached_property
    def scarcity(self) -> Floats:
        """USD that one more unit in a node and month would save; zeros for contracts."""
        rows = self.statement.rows_of("balance")
        if self.plan.dual is None:
            return np.zeros(rows.shape)
        return np.maximum(self.plan.dual[rows], 0.0)

    def arrivals(self, shipped: Floats) -> Floats:
        """Shift shipments to the month of arrival; what was under way at the start arrives as usual."""
        w = self.world
        arrived = np.empty_like(shipped)
        for lead in np.unique(w.lead):
            lanes = w.lead == lead
            arrived[lanes, lead:] = shipped[lanes, : self.calendar.periods - lead]
            arrived[lanes, :lead] = w.ship0[lanes, None]
        return arrived

    def size(self) -> Floats:
        """Throughput of each node, never zero."""
        return np.maximum(self.world.throughput, 1e-9)
