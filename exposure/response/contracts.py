"""Contracts: what happens when everybody keeps to usual suppliers and nobody plans.

Not an optimum but a walk, month by month. Each node has a *fill share* (what part of usual takings it can serve; everyone who is
usually served gets at most that part) and a *call share* (what part of usual supply it asks for). Goods run up the chain from
ore to product and settle the fill shares; orders run down from demand and settle the call shares, less what stock holds above its
usual level; a recipe makes what its scarcest input allows and hands back the rest. A few sweeps settle both. Usual lanes and
recipes only, no look-ahead, nothing postponed. The values satisfy every row of the programme.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from exposure.lp.columns import Columns
from exposure.lp.matrix import sum_by
from exposure.lp.world import World
from exposure.policy import Limits
from exposure.response.pools import Level, pools_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SWEEPS = 12
"""Most sweeps of goods and orders in a month; two or three do on most networks."""
SETTLED = 1e-12
"""Change of a share below which a sweep has settled."""
ROUNDS = 5000
"""Most rounds in which nodes that trade in circles settle among themselves."""
EDGE = 1e-10
"""A share this close to one is one: the rest is rounding."""


@dataclass
class _Month:
    """What is given in one month and the shares found for it."""

    free: Floats  # stock that may be drawn plus what arrives from earlier shipments, per node
    excess: Floats  # stock and goods under way above their usual level, per node
    lane: Floats  # allowed share per lane
    fill: Floats  # fill share per node, with a last entry of infinity for padding
    call: Floats  # call share per node, with a last entry of minus infinity for padding
    recipe: Floats  # ceiling per recipe from installed equipment
    scale: Floats  # per node, what part of what was sent to a node that keeps nothing is really made


class Walk:
    """The walk of contracts over one world."""

    def __init__(self, world: World) -> None:
        self.w = world
        self.pools = pools_of(world)
        w = world
        supply = sum_by(self.pools.supplier_node, self.pools.supplier_weight, len(w.nodes))
        taking = sum_by(self.pools.taker_node, self.pools.taker_weight, len(w.nodes))
        self.rounding = taking + w.discard0 - supply
        usual_call = np.divide(taking - self.rounding, supply, out=np.ones_like(supply), where=supply > 0)
        self.usual_call = np.append(np.clip(usual_call, 0.0, 1.0), -np.inf)
        self.usual_recipe_call = self.usual_call[self.pools.outputs_of].max(axis=1, initial=-np.inf)

    def run(self, v: Columns, point: Floats, start: int, limits: Limits) -> Floats:
        """Walk from the state in which ``point`` stands at the start of a period, to the last period.

        Parameters
        ----------
        v, point
            Columns of the programme and their values; those before ``start`` are kept.
        start
            First period to walk.
        limits
            What lanes may carry, as known.

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
        for t in range(start, v.periods):
            month = self._given(t, held, shipped, lane_share[:, t])
            expiring = np.where(t < w.life, w.base0 / w.life, 0.0)
            expiring += np.array([installs[e, t - life] if t >= life else 0.0 for e, life in enumerate(w.life)])
            self._settle(month, standing - expiring)
            taken = self._takings(month)
            make, ship = self._makes(month), self._ships(month)
            shipped[:, t] = ship
            served = np.minimum(month.fill[w.demand_node], 1.0)
            install = w.install0 * month.fill[w.base_node]
            standing = standing - expiring + install
            installs[:, t] = install
            left = self._left(month, held, make, ship, taken)
            thrown = np.where(w.joint, np.maximum(left - np.where(w.keeps, w.stock0, 0.0), 0.0), 0.0)
            held = np.where(w.keeps, left - thrown, 0.0)
            self._write(v, point, t, make, ship, held, thrown, served, install, standing, waiting)
        return point

    def _given(self, t: int, held: Floats, shipped: Floats, lane_share: Floats) -> _Month:
        w = self.w
        count = len(w.nodes)
        arriving, coming, usual = np.zeros(count), np.zeros(count), np.zeros(count)
        for lane in self._leads:
            lead = int(w.lead[lane])
            sent = [shipped[lane, s] if s >= 0 else w.ship0[lane] for s in range(t - lead, t)]
            arriving[w.destination[lane]] += sent[0]
            coming[w.destination[lane]] += sum(sent)
            usual[w.destination[lane]] += lead * w.ship0[lane]
        position = held + coming - w.stock0 - usual
        size = np.maximum(w.throughput, w.stock0)
        return _Month(
            free=np.where(w.keeps, held - w.reserve, 0.0) + arriving + self.rounding - w.discard0,
            excess=np.where(position > EDGE * size, position, 0.0),
            lane=lane_share,
            fill=np.append(np.ones(count), np.inf),
            call=np.append(np.ones(count), -np.inf),
            recipe=np.ones(len(w.make0)),
            scale=np.ones(count),
        )

    @cached_property
    def _leads(self) -> Ints:
        return np.flatnonzero((self.w.lead > 0) & (self.w.ship0 > 0))

    def _settle(self, month: _Month, standing: Floats) -> None:
        """Sweep goods up and orders down until the shares settle, then once more so that no pool is overdrawn."""
        pools = self.pools
        for _ in range(SWEEPS):
            before = month.fill[:-1].copy(), month.call[:-1].copy()
            for level, takers in zip(pools.levels, pools.takers_by_level, strict=True):
                self._fill_level(month, level, takers, standing)
            for k in range(len(pools.levels) - 1, -1, -1):
                self._call_level(month, pools.levels[k], pools.suppliers_by_level[k], pools.takers_by_level[k])
            moved = max(np.max(np.abs(month.fill[:-1] - before[0])), np.max(np.abs(month.call[:-1] - before[1])))
            if moved < SETTLED:
                break
        for level, takers in zip(pools.levels, pools.takers_by_level, strict=True):
            self._fill_level(month, level, takers, standing, only_down=True)
        self._cut_back(month)

    def _fill_level(
        self, month: _Month, level: Level, takers: Ints, standing: Floats, *, only_down: bool = False
    ) -> None:
        rounds = ROUNDS if level.circular else 1
        for _ in range(rounds):
            before = month.fill[level.nodes].copy()
            available = month.free[level.nodes] + self._supply(month)[level.nodes]
            share = _water_fill(
                self.pools.taker_node[takers],
                self.pools.taker_weight[takers],
                self._ceilings(month, takers),
                level.nodes,
                available,
                len(self.w.nodes),
            )
            month.fill[level.nodes] = np.minimum(before, share) if only_down or level.circular else share
            if np.max(np.abs(month.fill[level.nodes] - before), initial=0.0) < 1e-15:
                break
        self._equipment(month, standing)

    def _equipment(self, month: _Month, standing: Floats) -> None:
        """Bound recipes by what stands installed, all users of a base in the same proportion."""
        w = self.w
        if not len(w.base_node):
            return
        here = np.maximum(standing + w.install0 * month.fill[w.base_node], 0.0)
        need = sum_by(w.need_base, 12 * w.need_quantity * w.make0[w.need_recipe], len(w.base_node))
        share = np.minimum(1.0, np.divide(here, need, out=np.ones_like(here), where=need > 0))
        month.recipe[:] = 1.0
        np.minimum.at(month.recipe, w.need_recipe, share[w.need_base])

    def _call_level(self, month: _Month, level: Level, suppliers: Ints, takers: Ints) -> None:
        """Ask usual suppliers for what takers could use, less what is held above the usual level."""
        if not len(suppliers):
            return
        pools = self.pools
        wanted = sum_by(
            pools.taker_node[takers],
            pools.taker_weight[takers] * np.minimum(1.0, self._ceilings(month, takers)), len(self.w.nodes))
        rounds = 60 if level.circular else 1
        for _ in range(rounds):
            before = month.call[level.nodes].copy()
            called = np.maximum(wanted - month.excess - self.rounding, 0.0)[level.nodes]
            recipe, lane = pools.supplier_recipe[suppliers], pools.supplier_lane[suppliers]
            able = np.where(recipe >= 0, self._recipe_fill(month)[recipe], self._lane_fill(month)[lane])
            month.call[level.nodes] = _water_fill(
                pools.supplier_node[suppliers],
                pools.supplier_weight[suppliers],
                able,
                level.nodes,
                called,
                len(self.w.nodes),
            )
            if not level.circular:
                break
            wanted = sum_by(
                pools.taker_node[takers],
                pools.taker_weight[takers] * np.minimum(1.0, self._ceilings(month, takers)), len(self.w.nodes))
            if np.max(np.abs(month.call[level.nodes] - before)) < SETTLED:
                break

    def _recipe_fill(self, month: _Month) -> Floats:
        """Share of usual output that a recipe's scarcest input and its equipment allow."""
        scarcest: Floats = np.min(month.fill[self.pools.inputs_of], axis=1, initial=np.inf)
        return np.minimum(month.recipe, scarcest)

    def _recipe_call(self, month: _Month) -> Floats:
        """Share of usual output that is called for: by the output that is called for most (usual surplus is no call)."""
        return _ratio(month.call[self.pools.outputs_of].max(axis=1, initial=-np.inf), self.usual_recipe_call)

    def _lane_call(self, month: _Month, lane: Ints | slice = slice(None)) -> Floats:
        node = self.w.destination[lane]
        return _ratio(month.call[node], self.usual_call[node])

    def _lane_fill(self, month: _Month) -> Floats:
        return np.minimum(month.lane, month.fill[self.w.origin])

    def _recipe_share(self, month: _Month) -> Floats:
        return np.minimum(self._recipe_fill(month), self._recipe_call(month))

    def _lane_share(self, month: _Month) -> Floats:
        return np.minimum(self._lane_fill(month), self._lane_call(month))

    def _makes(self, month: _Month) -> Floats:
        return self.w.make0 * self._recipe_share(month) * month.scale[self.w.output_node]

    def _ships(self, month: _Month) -> Floats:
        return self.w.ship0 * self._lane_share(month) * month.scale[self.w.destination]

    def _supply(self, month: _Month) -> Floats:
        """What is made and arrives within the month, per node."""
        w = self.w
        make, ship = self._makes(month), self._ships(month)
        count = len(w.nodes)
        supply = sum_by(w.output_node, make, count)
        supply += sum_by(w.by_node, w.by_quantity * make[w.by_recipe], count)
        return supply + sum_by(w.destination, np.where(w.lead == 0, ship, 0.0), count)

    def _ceilings(self, month: _Month, takers: Ints) -> Floats:
        """What each taker could take of its usual taking if this node had plenty."""
        pools = self.pools
        recipe, lane = pools.taker_recipe[takers], pools.taker_lane[takers]
        others = month.fill[pools.other_inputs[takers]].min(axis=1, initial=np.inf)
        by_recipe = np.minimum(np.minimum(others, month.recipe[recipe]), self._recipe_call(month)[recipe])
        by_lane = np.minimum(month.lane[lane], self._lane_call(month, lane)) if len(self.w.ship0) else 1.0
        return np.where(recipe >= 0, by_recipe, np.where(lane >= 0, by_lane, 1.0))

    def _takings(self, month: _Month) -> Floats:
        w, count = self.w, len(self.w.nodes)
        make, ship = self._makes(month), self._ships(month)
        taken = sum_by(w.use_node, w.use_quantity * make[w.use_recipe], count)
        taken += sum_by(w.origin, ship, count)
        taken += sum_by(w.demand_node, (w.demand - w.gap0) * month.fill[w.demand_node], count)
        return taken + sum_by(w.base_node, w.install0 * month.fill[w.base_node], count)

    def _left(self, month: _Month, held: Floats, make: Floats, ship: Floats, taken: Floats) -> Floats:
        """Return what is left in each node before anything is thrown away; exactly what was there if nothing moved."""
        w = self.w
        arriving = month.free - np.where(w.keeps, held - w.reserve, 0.0) - self.rounding + w.discard0
        change = arriving + self._supply(month) - taken + self.rounding
        size = np.maximum(np.maximum(w.throughput, held), 1e-300)
        change = np.where(np.abs(change - w.discard0) < EDGE * size, w.discard0, change)
        return np.maximum(np.where(w.keeps, held, 0.0) + change, np.where(w.keeps, w.reserve, 0.0))

    def _cut_back(self, month: _Month) -> None:
        """Make less of what can neither be kept nor thrown away, products first, so that nothing is left over."""
        w = self.w
        if bool(np.all(w.keeps | w.joint)):
            return
        for level in reversed(self.pools.levels):
            nodes = level.nodes[~(w.keeps | w.joint)[level.nodes]]
            for _ in range(200 if level.circular else 1):
                if not len(nodes):
                    break
                supply = self._supply(month)[nodes]
                surplus = supply - self._takings(month)[nodes] + self.rounding[nodes]
                over = surplus > EDGE * np.maximum(supply, 1e-300)
                if not over.any():
                    break
                month.scale[nodes] *= np.where(over, 1 - surplus / np.where(supply > 0, supply, 1.0), 1.0)

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


def _ratio(call: Floats, usual: Floats) -> Floats:
    """Call share as a share of the usual one, at most 1; where nothing is usually called for, all is usual surplus and stays."""
    ratio = np.divide(call, usual, out=np.ones_like(call), where=usual > 0)
    return np.where(ratio > 1 - EDGE, 1.0, ratio)


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


def _water_fill(owner: Ints, weight: Floats, ceiling: Floats, nodes: Ints, amount: Floats, count: int) -> Floats:
    """Find per node the largest share s <= 1 with  sum over its members of weight x min(ceiling, s)  <=  amount.

    Newton on a concave piecewise linear function, from the left: it ends after as many steps as there are distinct ceilings.
    """
    goal = np.zeros(count)
    goal[nodes] = amount
    share = np.zeros(count)
    for _ in range(64):
        level = share[owner]
        open_weight = sum_by(owner, np.where(ceiling > level, weight, 0.0), count)
        reached = sum_by(owner, weight * np.minimum(ceiling, level), count)
        step = np.divide(goal - reached, open_weight, out=np.full(count, np.inf), where=open_weight > 0)
        new = np.clip(share + np.maximum(step, 0.0), 0.0, 1.0)
        if np.max(np.abs(new - share)[nodes], initial=0.0) <= 1e-16:
            break
        share = new
    return np.where(share > 1 - EDGE, 1.0, share)[nodes]
