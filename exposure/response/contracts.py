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

from exposure.lp.arrival import turned_away
from exposure.lp.columns import Columns
from exposure.lp.matrix import sum_by
from exposure.lp.world import World
from exposure.policy import Limits
from exposure.response.pools import Level, Party, pools_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SWEEPS = 8
"""Most sweeps of goods and orders in a month that hand back what is not used; three or four do on most networks."""
ROUNDING = 1e-11
"""Shortage of a pool, as a share of usual takings, that is only rounding (also where nobody takes anything)."""
SETTLED = 1e-8
"""Change of a share below which it has settled."""
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
        supply, taking = np.zeros(len(w.nodes)), np.zeros(len(w.nodes))
        for level in self.pools.levels:
            supply[level.nodes], taking[level.nodes] = level.usual_supply, level.usual_taking
        self.rounding = taking + w.discard0 - supply
        usual_call = np.divide(taking - self.rounding, supply, out=np.ones_like(supply), where=supply > 0)
        self.usual_call = np.append(np.clip(usual_call, 0.0, 1.0), -np.inf)
        self.usual_call = np.where(self.usual_call > 1 - EDGE, 1.0, self.usual_call)
        self.usual_free = np.where(w.keeps, w.stock0 - w.reserve, 0.0) + self.rounding
        np.add.at(self.usual_free, w.destination[w.lead > 0], w.ship0[w.lead > 0])
        usual_recipe_call = self.usual_call[self.pools.outputs_of].max(axis=1, initial=-np.inf)
        self.recipe_call_unit, self.recipe_call_base = _inverse(usual_recipe_call)
        self.call_unit, self.call_base = _inverse(self.usual_call)

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
            fill=np.append(np.ones(count), np.inf),
            call=self.usual_call.copy(),
            recipe=np.ones(len(w.make0)),
            scale=np.ones(count),
        )

    @cached_property
    def _leads(self) -> list[tuple[int, Ints]]:
        """Lanes by lead."""
        w = self.w
        return [(int(lead), np.flatnonzero((w.lead == lead) & (w.ship0 > 0))) for lead in np.unique(w.lead) if lead > 0]

    def _settle(self, month: _Month, standing: Floats) -> None:
        """Sweep goods up and orders down until the shares settle, then once more so that no pool is overdrawn.

        The first sweeps hand back what a recipe cannot use; should shares still swing, later sweeps only lower them.
        """
        levels, pools = self.pools.levels, self.pools
        self._equipment(month, standing)
        fill_due, call_due = self._first_due(month)
        for sweep in range(2 * SWEEPS):
            only_down = sweep >= SWEEPS
            for k in range(len(levels)):
                if fill_due[k]:
                    fill_due[k] = False
                    able = month.recipe
                    moved = self._fill_level(month, levels[k], standing, only_down=only_down)
                    if month.recipe is not able:
                        fill_due[:] = call_due[:] = True
                    fill_due |= pools.fill_on_fill[:, moved].any(axis=1)
                    call_due |= pools.call_on_fill[:, moved].any(axis=1)
            for k in range(len(levels) - 1, -1, -1):
                if call_due[k]:
                    call_due[k] = False
                    moved = self._call_level(month, levels[k], only_down=only_down)
                    fill_due |= pools.fill_on_call[:, moved].any(axis=1)
                    call_due |= pools.call_on_call[:, moved].any(axis=1)
            if not (fill_due.any() or call_due.any()):
                break
        for level in levels:
            if (
                np.min(month.fill[level.nodes]) < 1
                or np.min(month.call[level.nodes] - self.usual_call[level.nodes]) < 0
            ):
                self._fill_level(month, level, standing, only_down=True)
        self._cut_back(month)

    def _first_due(self, month: _Month) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return the levels where the month differs from the undisturbed world: only these need a first look."""
        w, pools = self.w, self.pools
        size = np.maximum(w.throughput, w.stock0)
        nodes = (month.free < self.usual_free - ROUNDING * size) | (month.excess > 0)
        lanes = month.lane < 1
        nodes[w.origin[lanes]] = True
        nodes[w.destination[lanes]] = True
        short = np.flatnonzero(month.recipe < 1)
        nodes[w.output_node[short]] = True
        for reached in (pools.inputs_of[short], pools.outputs_of[short]):
            nodes[reached[reached < len(nodes)]] = True
        touched = np.array([bool(nodes[level.nodes].any()) for level in pools.levels])
        return touched, touched.copy()

    def _fill_level(self, month: _Month, level: Level, standing: Floats, *, only_down: bool) -> Ints:
        """Settle the fill shares of a level: what its nodes have, shared by all usual takers; return the nodes that moved."""
        takers, nodes = level.takers, level.nodes
        begun = month.fill[nodes]
        if level.circular and not only_down:
            month.fill[nodes] = 1.0
        for _ in range(ROUNDS if level.circular else 1):
            before = month.fill[nodes]
            available = month.free[nodes] + self._supply(month, level)
            share = _water_fill(
                takers.pool, takers.weight, self._ceilings(month, takers), available, level.usual_taking
            )
            month.fill[nodes] = np.minimum(before, share) if only_down or level.circular else share
            if not level.circular or (before - month.fill[nodes]).max() < (1e-15 if only_down else SETTLED):
                break
        if level.renews:
            self._equipment(month, standing)
        return np.asarray(nodes[np.abs(month.fill[nodes] - begun) > SETTLED])

    def _equipment(self, month: _Month, standing: Floats) -> None:
        """Bound recipes by what stands installed, all users of a base in the same proportion."""
        w = self.w
        here = np.maximum(standing + w.install0 * month.fill[w.base_node], 0.0)
        need = sum_by(w.need_base, 12 * w.need_quantity * w.make0[w.need_recipe], len(w.base_node))
        share = np.minimum(1.0, np.divide(here, need, out=np.ones_like(here), where=need > 0))
        able = np.ones(len(w.make0))
        np.minimum.at(able, w.need_recipe, share[w.need_base])
        if np.abs(able - month.recipe).max(initial=0.0) > EDGE:
            month.recipe = able

    def _call_level(self, month: _Month, level: Level, *, only_down: bool) -> Ints:
        """Settle the call shares of a level: usual suppliers are asked for what takers could use, less what is held above usual.

        Returns the nodes that moved.
        """
        suppliers, takers, nodes = level.suppliers, level.takers, level.nodes
        begun = month.call[nodes]
        for _ in range(ROUNDS if level.circular else 1):
            before = month.call[nodes]
            ceiling = np.minimum(self._ceilings(month, takers), 1.0)
            wanted = np.bincount(takers.pool, takers.weight * ceiling, len(nodes))
            called = np.maximum(wanted - month.excess[nodes] - self.rounding[nodes], 0.0)
            able = self._able(month, suppliers)
            share = _water_fill(suppliers.pool, suppliers.weight, able, called, level.usual_supply)
            month.call[nodes] = np.minimum(before, share) if only_down else share
            if not level.circular or np.abs(month.call[nodes] - before).max() < SETTLED:
                break
        return np.asarray(nodes[np.abs(month.call[nodes] - begun) > SETTLED])

    def _able(self, month: _Month, party: Party) -> Floats:
        """Share of its usual quantity that each supplier could deliver, whatever is called for."""
        lanes = np.minimum(month.lane[party.lane], month.fill[party.near_node])
        return np.concatenate([self._fills(month, party), lanes]) if len(party.recipe) else lanes

    def _supply(self, month: _Month, level: Level) -> Floats:
        """What is made and arrives within the month, per node of a level."""
        party = level.suppliers
        share = self._able(month, party)
        recipes = len(party.recipe)
        if recipes:
            share[:recipes] = np.minimum(share[:recipes], self._calls(month, party))
        share[recipes:] = np.minimum(share[recipes:], self._lane_call(month, party.far_node)) * party.now
        return sum_by(party.pool, party.weight * share, len(level.nodes))

    def _fills(self, month: _Month, party: Party) -> Floats:
        """Share of usual output that the scarcest input and the equipment of each recipe of a party allow."""
        return np.minimum(month.recipe[party.recipe], _least(month.fill, party.inputs))

    def _calls(self, month: _Month, party: Party) -> Floats:
        """Share of usual output that is called for of each recipe of a party."""
        most = np.maximum(month.call[party.outputs].max(axis=1), 0.0)
        return _snapped(most * self.recipe_call_unit[party.recipe] + self.recipe_call_base[party.recipe])

    def _recipe_fill(self, month: _Month) -> Floats:
        """Share of usual output that a recipe's scarcest input and its equipment allow."""
        return np.minimum(month.recipe, _least(month.fill, self.pools.inputs_of))

    def _recipe_call(self, month: _Month) -> Floats:
        """Share of usual output that is called for: by the output that is called for most (usual surplus is no call)."""
        most = np.maximum(month.call[self.pools.outputs_of].max(axis=1, initial=-np.inf), 0.0)
        return _snapped(most * self.recipe_call_unit + self.recipe_call_base)

    def _lane_call(self, month: _Month, node: Ints) -> Floats:
        return _snapped(month.call[node] * self.call_unit[node] + self.call_base[node])

    def _ceilings(self, month: _Month, party: Party) -> Floats:
        """What each taker could take of its usual taking if this node had plenty."""
        ceiling = np.ones(len(party.pool))
        recipes, lanes = len(party.recipe), len(party.lane)
        if recipes:
            own = np.minimum(month.recipe[party.recipe], self._calls(month, party))
            ceiling[:recipes] = np.minimum(_least(month.fill, party.others), own)
        if lanes:
            called = self._lane_call(month, party.far_node)
            ceiling[recipes : recipes + lanes] = np.minimum(month.lane[party.lane], called)
        return ceiling

    def _makes(self, month: _Month) -> Floats:
        share = np.minimum(self._recipe_fill(month), self._recipe_call(month))
        return self.w.make0 * share * month.scale[self.w.output_node]

    def _ships(self, month: _Month) -> Floats:
        share = np.minimum(
            np.minimum(month.lane, month.fill[self.w.origin]), self._lane_call(month, self.w.destination)
        )
        return self.w.ship0 * share * month.scale[self.w.destination]

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
        return taken + sum_by(w.base_node, w.install0 * month.fill[w.base_node], count)

    def _left(self, month: _Month, held: Floats, make: Floats, ship: Floats, taken: Floats) -> Floats:
        """Return what is left in each node before anything is thrown away; exactly what was there if nothing moved."""
        w = self.w
        arriving = month.free - np.where(w.keeps, held - w.reserve, 0.0) - self.rounding
        change = arriving + self._supplies(make, ship) - taken + self.rounding
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
                make, ship = self._makes(month), self._ships(month)
                supply = self._supplies(make, ship)[nodes]
                surplus = supply - self._takings(month, make, ship)[nodes] + self.rounding[nodes]
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


def _inverse(usual: Floats) -> tuple[Floats, Floats]:
    """Return unit and base with  call x unit + base  the call as a share of the usual one.

    Where nothing is usually called for, all is usual surplus and stays: the share is 1.
    """
    some = usual > 0
    return np.divide(1.0, usual, out=np.zeros_like(usual), where=some), np.where(some, 0.0, 1.0)


def _least(share: Floats, nodes: Ints) -> Floats:
    """Return the smallest share over the nodes of each row."""
    least: Floats = share[nodes].min(axis=1, initial=np.inf)
    return least


def _snapped(share: Floats) -> Floats:
    share[share > 1 - EDGE] = 1.0
    return share


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


def _water_fill(pool: Ints, weight: Floats, ceiling: Floats, amount: Floats, usual: Floats) -> Floats:
    """Find per pool the largest share s <= 1 with  sum over its members of weight x min(ceiling, s)  <=  amount.

    Newton on a concave piecewise linear function, from the left: it ends after as many steps as there are distinct ceilings.
    ``usual``: sum of the weights per pool.
    """
    count = len(amount)
    whole = np.bincount(pool, weight * np.minimum(ceiling, 1.0), count)
    enough = whole <= amount + ROUNDING * usual
    share = enough.astype(np.float64)
    if enough.all():
        return share
    while True:
        level = share[pool]
        open_weight = np.bincount(pool, weight * (ceiling > level), count)
        reached = np.bincount(pool, weight * np.minimum(ceiling, level), count)
        step = np.divide(amount - reached, open_weight, out=np.zeros(count), where=open_weight > 0)
        new = np.where(enough, 1.0, np.minimum(share + np.maximum(step, 0.0), 1.0))
        if (new - share).max() <= 1e-15:
            break
        share = new
    share[share > 1 - EDGE] = 1.0
    return share
