"""Contracts: what happens when everybody keeps to usual suppliers and nobody plans.

Not an optimum but a walk, month by month. Goods run up the chain from ore to product and settle what part of usual takings each
node can serve; orders run down from demand, less what stock holds above its usual level; a recipe makes what its scarcest input
allows and hands back the rest (`exposure.response.shares`). Usual lanes and recipes only, no look-ahead, nothing postponed. The
values satisfy every row of the programme.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from exposure.lp.arrival import turned_away
from exposure.lp.columns import Columns
from exposure.lp.matrix import sum_by
from exposure.lp.world import World
from exposure.policy import Limits
from exposure.response.pools import pools_of
from exposure.response.shares import EDGE, ROUNDING, Shares, Usual

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass
class _Month:
    """What is given in one month and the shares found for it."""

    free: Floats  # stock that may be drawn plus what arrives from earlier shipments, per node
    excess: Floats  # stock and goods under way above their usual level, per node
    lane: Floats  # allowed share per lane
    fill: Floats  # fill share per node
    recipe: Floats  # share of usual output per recipe
    ship: Floats  # share of usual flow per lane
    scale: Floats  # per node, what part of what was sent to a node that keeps nothing is really made


class Walk:
    """The walk of contracts over one world."""

    def __init__(self, world: World) -> None:
        self.w = w = world
        self.pools = pools_of(world)
        supply = np.array([pool.supply for pool in self.pools.pools])
        taking = np.array([pool.taking for pool in self.pools.pools])
        self.rounding = taking + w.discard0 - supply
        call = np.divide(taking - self.rounding, supply, out=np.ones_like(supply), where=supply > 0)
        call = np.clip(call, 0.0, 1.0)
        call = np.where(call > 1 - EDGE, 1.0, call)
        self.usual_free = np.where(w.keeps, w.stock0 - w.reserve, 0.0) + self.rounding
        np.add.at(self.usual_free, w.destination[w.lead > 0], w.ship0[w.lead > 0])
        self.usual = self._usual(call)

    def _usual(self, call: Floats) -> Usual:
        w = self.w
        recipe_call = np.array([max(call[n] for n in nodes) for nodes in self.pools.outputs])
        call_unit, call_base = _inverse(call)
        recipe_unit, recipe_base = _inverse(recipe_call)
        users: list[list[int]] = [[] for _ in w.base_node]
        needs: list[list[int]] = [[] for _ in w.make0]
        for p, e in zip(w.need_recipe.tolist(), w.need_base.tolist(), strict=True):
            users[e].append(p)
            needs[p].append(e)
        bases = zip(w.install0.tolist(), w.base_need0.tolist(), map(tuple, users), strict=True)
        return Usual(
            call=call.tolist(), call_unit=call_unit.tolist(), call_base=call_base.tolist(),
            recipe_unit=recipe_unit.tolist(), recipe_base=recipe_base.tolist(), rounding=self.rounding.tolist(),
            needs=tuple(map(tuple, needs)), bases=tuple(bases),
        )  # fmt: skip

    def run(self, v: Columns, point: Floats, start: int, limits: Limits, end: int | None = None) -> Floats:
        """Walk from the state in which ``point`` stands at the start of a period.

        Parameters
        ----------
        v, point
            Columns of the programme and their values; those before ``start`` are kept.
        start
            First period to walk.
        limits
            What lanes may carry, as known.
        end
            First period not walked; by default all are.

        Returns
        -------
        A new point whose values from ``start`` on are the walk's.
        """
        w = self.w
        point = point.copy()
        shipped = _totals(v, point, "ship_usual", "ship_extra", len(w.ship0))
        stock = _totals(v, point, "stock_usual", "stock_extra", len(w.nodes))
        installs = _totals(v, point, "install_usual", "install_extra", len(w.base_node))
        waiting = point[v["waiting"].grid[:, start - 1]] if start > 0 else np.zeros(len(v["waiting"].members))
        standing = point[v["installed"].grid[:, start - 1]] if start > 0 else w.base0.copy()
        held = stock[:, start - 1].copy() if start > 0 else w.stock0.copy()
        lane_share = _with_quotas(w, limits)
        away = turned_away(w, v.groups.refusals, shipped, limits, start)
        for t in range(start, v.periods if end is None else end):
            month = self._given(t, held, shipped, lane_share[:, t], away[:, t])
            expiring = np.where(t < w.life, w.base0 / w.life, 0.0)
            expiring += np.array([installs[e, t - life] if t >= life else 0.0 for e, life in enumerate(w.life)])
            self._settle(month, standing - expiring)
            self._cut_back(month)
            make, ship = self._makes(month), self._ships(month)
            taken = self._takings(month, make, ship)
            shipped[:, t] = ship
            served = np.minimum(month.fill[w.demand_node], 1.0)
            install = w.install0 * month.fill[w.base_node]
            standing = standing - expiring + install
            installs[:, t] = install
            left = self._left(month, held, make, ship, taken)
            thrown = np.where(w.joint, np.maximum(left - np.where(w.keeps, w.stock0, 0.0), 0.0), 0.0)
            held = np.where(w.keeps, left - thrown, 0.0)
            self._write(v, point, t, make, ship, held, thrown, served, install, standing, waiting)
            point[v["refused"].grid[:, t]] = away[v["refused"].members, t]
        return point

    def _given(self, t: int, held: Floats, shipped: Floats, lane_share: Floats, away: Floats) -> _Month:
        w = self.w
        count = len(w.nodes)
        arriving, coming, usual = np.zeros(count), np.zeros(count), np.zeros(count)
        for lead, lanes in self._leads:
            sent = np.stack([shipped[lanes, s] if s >= 0 else w.ship0[lanes] for s in range(t - lead, t)])
            np.add.at(arriving, w.destination[lanes], sent[0])
            np.add.at(coming, w.destination[lanes], sent.sum(axis=0))
            np.add.at(usual, w.destination[lanes], lead * w.ship0[lanes])
        position = held + coming - w.stock0 - usual
        size = np.maximum(w.throughput, w.stock0)
        return _Month(
            free=np.where(w.keeps, held - w.reserve, 0.0) + arriving - away + self.rounding,
            excess=np.where(position > EDGE * size, position, 0.0),
            lane=lane_share,
            fill=np.ones(count),
            recipe=np.ones(len(w.make0)),
            ship=np.ones(len(w.ship0)),
            scale=np.ones(count),
        )

    @cached_property
    def _leads(self) -> list[tuple[int, Ints]]:
        """Lanes by lead; those without a usual flow too, on which goods may be under way when a stage starts."""
        lead = self.w.lead
        return [(int(months), np.flatnonzero(lead == months)) for months in np.unique(lead) if months > 0]

    def _settle(self, month: _Month, standing: Floats) -> None:
        """Settle the shares of a month."""
        w = self.w
        size = np.maximum(w.throughput, w.stock0)
        differs = (month.free < self.usual_free - ROUNDING * size) | (month.excess > 0)
        limited = (month.lane < 1) & (w.ship0 > 0)
        differs[w.origin[limited]] = True
        differs[w.destination[limited]] = True
        shares = Shares(
            self.pools, self.usual, month.free.tolist(), month.excess.tolist(), month.lane.tolist(), standing.tolist()
        )
        shares.settle(np.flatnonzero(differs).tolist())
        month.fill = np.array(shares.fill)
        month.recipe = np.array(shares.recipe_shares())
        called = np.array(shares.lane_calls())
        month.ship = np.minimum(np.minimum(month.lane, month.fill[w.origin]), called[w.destination])

    def _makes(self, month: _Month) -> Floats:
        return np.asarray(self.w.make0 * month.recipe * month.scale[self.w.output_node])

    def _ships(self, month: _Month) -> Floats:
        return np.asarray(self.w.ship0 * month.ship * month.scale[self.w.destination])

    def _supplies(self, make: Floats, ship: Floats) -> Floats:
        """What is made and arrives within the month, per node."""
        w, count = self.w, len(self.w.nodes)
        supply = sum_by(w.output_node, make, count)
        supply += sum_by(w.by_node, w.by_quantity * make[w.by_recipe], count)
        return supply + sum_by(w.destination, np.where(w.lead == 0, ship, 0.0), count)

    def _takings(self, month: _Month, make: Floats, ship: Floats) -> Floats:
        w, count = self.w, len(self.w.nodes)
        taken = sum_by(w.use_node, w.use_quantity * make[w.use_recipe], count)
        taken += sum_by(w.origin, ship, count)
        taken += sum_by(w.demand_node, (w.demand - w.gap0) * month.fill[w.demand_node], count)
        return np.asarray(taken + sum_by(w.base_node, w.install0 * month.fill[w.base_node], count))

    def _left(self, month: _Month, held: Floats, make: Floats, ship: Floats, taken: Floats) -> Floats:
        """Return what is left in each node before anything is thrown away; exactly what was there if nothing moved."""
        w = self.w
        arriving = month.free - np.where(w.keeps, held - w.reserve, 0.0) - self.rounding
        change = arriving + self._supplies(make, ship) - taken + self.rounding
        size = np.maximum(np.maximum(w.throughput, held), 1e-300)
        change = np.where(np.abs(change - w.discard0) < EDGE * size, w.discard0, change)
        return np.asarray(np.maximum(np.where(w.keeps, held, 0.0) + change, np.where(w.keeps, w.reserve, 0.0)))

    def _cut_back(self, month: _Month) -> None:
        """Make less of what can neither be kept nor thrown away, products first, so that nothing is left over."""
        unkept = np.flatnonzero(~(self.w.keeps | self.w.joint))
        if not self._surplus(month, unkept)[1].any():
            return
        for nodes, circular in self._unkept:
            for _ in range(200 if circular else 1):
                part, over = self._surplus(month, nodes)
                if not over.any():
                    break
                month.scale[nodes] *= np.where(over, 1 - part, 1.0)

    def _surplus(self, month: _Month, nodes: Ints) -> tuple[Floats, NDArray[np.bool_]]:
        """Return what part of its supply is left over at each node, and whether that is more than rounding."""
        make, ship = self._makes(month), self._ships(month)
        supply = self._supplies(make, ship)[nodes]
        surplus = supply - self._takings(month, make, ship)[nodes] + self.rounding[nodes]
        return surplus / np.where(supply > 0, supply, 1.0), surplus > EDGE * np.maximum(supply, 1e-300)

    @cached_property
    def _unkept(self) -> list[tuple[Ints, bool]]:
        """Nodes whose goods can neither be kept nor thrown away, level by level, products first."""
        kept = self.w.keeps | self.w.joint
        levels = zip(reversed(self.pools.levels), reversed(self.pools.circular), strict=True)
        found = [(np.array([n for n in nodes if not kept[n]], dtype=np.int64), circular) for nodes, circular in levels]
        return [(nodes, circular) for nodes, circular in found if len(nodes)]

    def _write(
        self, v: Columns, point: Floats, t: int, make: Floats, ship: Floats, held: Floats, thrown: Floats,
        served: Floats, install: Floats, standing: Floats, waiting: Floats,
    ) -> None:  # fmt: skip
        w = self.w
        short = (w.demand - w.gap0) * (1 - served)
        usual_stock, usual_thrown = np.minimum(held, w.stock0), np.minimum(thrown, w.discard0)
        for family, values in (
            ("make_usual", make), ("make_extra", np.zeros_like(make)),
            ("ship_usual", ship), ("ship_extra", np.zeros_like(ship)),
            ("stock_usual", usual_stock), ("stock_extra", held - usual_stock),
            ("discard_usual", usual_thrown), ("discard_extra", thrown - usual_thrown),
            ("unmet_usual", w.gap0), ("unmet_extra", short),
            ("install_usual", install), ("install_extra", np.zeros_like(install)), ("installed", standing),
            ("postponed", np.zeros_like(w.demand)), ("caught_up", np.zeros_like(w.demand)),
        ):  # fmt: skip
            block = v[family]
            point[block.grid[:, t]] = values[block.members]
        point[v["waiting"].grid[:, t]] = waiting


def _inverse(usual: Floats) -> tuple[Floats, Floats]:
    """Return unit and base with  call x unit + base  the call as a share of the usual one.

    Where nothing is usually called for, all is usual surplus and stays: the share is 1.
    """
    some = usual > 0
    return np.divide(1.0, usual, out=np.zeros_like(usual), where=some), np.where(some, 0.0, 1.0)


def _totals(v: Columns, point: Floats, usual: str, extra: str, count: int) -> Floats:
    """Usual plus extra parts of a family, positions x periods."""
    total = np.zeros((count, v.periods))
    for family in (usual, extra):
        block = v[family]
        total[block.members] += point[block.grid]
    return total


def _with_quotas(w: World, limits: Limits) -> Floats:
    """Allowed share of each lane, quotas shared by its lanes in proportion to usual flows."""
    share = np.minimum(limits.share, 1.0)
    for quota in limits.quotas:
        lanes = np.array(quota.lanes, dtype=np.int64)
        usual = (w.ship0[lanes, None] * share[lanes]).sum(axis=0)
        factor = np.where(usual > quota.cap, np.divide(quota.cap, usual, out=np.ones_like(usual), where=usual > 0), 1.0)
        share = share.copy()
        share[lanes] *= factor
    return share
