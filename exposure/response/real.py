"""Back to the real world: a plan for a part of it that tells caught goods from clean ones.

Variants of each recipe, lane and node are summed; what lies outside the part is at its baseline.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from exposure.lp.columns import Columns
from exposure.lp.groups import Groups
from exposure.lp.part import Part
from exposure.lp.statement import Layout, Statement
from exposure.lp.variants import PSEUDO, Variants
from exposure.model import ControlId
from exposure.policy import Growth, Limits
from exposure.response.plan import Plan, no_limits

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Real:
    """The way from the columns of a statement with variants to those of the real world.

    ``recipe_of`` (-1: none), ``lane_of``, ``node_of``: position in the real world of each row of the world stated.
    """

    variants: Variants
    statement: Statement
    part: Part
    layout: Layout
    recipe_of: Ints
    lane_of: Ints
    node_of: Ints

    @classmethod
    def of(cls, variants: Variants, statement: Statement, part: Part) -> Real:
        """Lay out the columns of the real world: whatever any variant can do."""
        v, real = statement.columns, part.whole
        pseudo = variants.recipe_of == PSEUDO
        recipe_of = np.where(pseudo, PSEUDO, part.recipes[variants.recipe_of])
        lane_of = part.lanes[variants.lane_of]
        grows, carries = np.zeros(len(real.make0), dtype=np.bool_), np.zeros(len(real.ship0), dtype=np.bool_)
        recipes = recipe_of[v["make_extra"].members]
        grows[recipes[recipes != PSEUDO]] = True
        carries[lane_of[v["ship_extra"].members]] = True
        groups = Groups(
            quotas=tuple(tuple(dict.fromkeys(lane_of[list(q)].tolist())) for q in v.groups.quotas),
            refusals=tuple(dict.fromkeys(lane_of[list(v.groups.refusals)].tolist())),
        )
        columns = Columns(real, v.periods, grows, groups, carries)
        keys = {
            "balance": [(n, t) for n in range(len(real.nodes)) for t in range(v.periods)],
            "quota": [(q, t) for q in range(len(groups.quotas)) for t in range(v.periods)],
        }
        layout = Layout(columns, keys, {"balance": 0, "quota": len(keys["balance"])})
        net = variants.world.network
        where = [real.node_index[net.real_item(item), region] for item, region in variants.world.nodes]
        node_of = np.array(where, dtype=np.int64)
        return cls(variants, statement, part, layout, recipe_of, lane_of, node_of)

    def plan(self, plan: Plan) -> Plan:
        """Sum a plan over variants; a price is that of the variant of which one unit more would save most."""
        columns = self.layout.columns
        point, cost = columns.baseline(), np.zeros(columns.size)
        reduced = None if plan.reduced is None else np.zeros(columns.size)
        pairs = list(self._pairs())
        for there, _ in pairs:
            point[there] = 0.0
        for there, here in pairs:
            np.add.at(point, there.ravel(), plan.point[here].ravel())
        for there, here in self._pairs(priced=True):
            cost[there] = np.maximum(cost[there], plan.cost[here])
            if reduced is not None and plan.reduced is not None:
                np.minimum.at(reduced, there.ravel(), plan.reduced[here].ravel())
        if reduced is not None and plan.dual is not None:
            self._add_shared(reduced, plan.dual)
        return replace(plan, point=point, cost=cost, reduced=reduced, dual=self._dual(plan))

    def _add_shared(self, reduced: Floats, dual: Floats) -> None:
        """Put the price of the capacity that variants share on the real recipe's or lane's own columns."""
        groups, shared = self.statement.columns.groups, self.statement.rows_of("origin_variants")
        for k, (row, members) in enumerate(zip(shared, [*groups.recipes, *groups.lanes], strict=False)):
            is_recipe = k < len(groups.recipes)
            position = (self.recipe_of if is_recipe else self.lane_of)[members[0]]
            extra = self.layout.columns["make_extra" if is_recipe else "ship_extra"]
            if int(position) not in extra.slot:
                continue
            reduced[extra.row(int(position))] += np.minimum(dual[row], 0.0)
            if is_recipe and int(position) in self.layout.columns["make_usual"].slot:
                reduced[self.layout.columns["make_usual"].row(int(position))] = 0.0

    def columns_of(self, family: str, position: int) -> Ints:
        """Return the columns of the statement that make up one real recipe's or lane's column family, variants x periods."""
        block = self.statement.columns[family]
        kind = family.partition("_")[0]
        of, swapped = (
            (self.recipe_of, self.variants.instead) if kind == "make" else (self.lane_of, self.variants.lane_instead)
        )
        columns: Ints = block.grid[(of[block.members] == position) & ~swapped[block.members]]
        return columns

    def shared_rows(self, family: str, position: int) -> Ints:
        """Return the rows in which the variants of a real recipe or lane share its capacity, rows x periods."""
        groups, rows = self.statement.columns.groups, self.statement.rows_of("origin_variants")
        first = len(groups.recipes)
        if family.startswith("make"):
            places = [k for k, m in enumerate(groups.recipes) if self.recipe_of[m[0]] == position]
        else:
            places = [first + k for k, m in enumerate(groups.lanes) if self.lane_of[m[0]] == position]
        return np.asarray(rows[places])

    def _pairs(self, *, priced: bool = False) -> Iterator[tuple[Ints, Ints]]:
        """Columns of the real world and those summed into them, family by family, members x periods.

        ``priced``: only columns whose own price and cost mean the same in the real world.
        """
        for family, block in self.statement.columns.blocks.items():
            kind = family.partition("_")[0]
            real = self._position(kind, block.members)
            swapped = np.zeros(len(real), dtype=np.bool_)
            if family in ("make_extra", "ship_extra"):
                of = self.variants.instead if kind == "make" else self.variants.lane_instead
                swapped = of[block.members]
            for chosen, name in ((~swapped, family), (swapped, f"{kind}_usual")):
                chosen = chosen & (real != PSEUDO)
                if chosen.any() and not (priced and name != family):
                    slot = self.layout.columns[name].slot
                    rows = np.array([slot[int(r)] for r in real[chosen]], dtype=np.int64)
                    yield self.layout.columns[name].grid[rows], block.grid[chosen]

    def _position(self, kind: str, members: Ints) -> Ints:
        of = {
            "make": self.recipe_of, "ship": self.lane_of, "stock": self.node_of, "discard": self.node_of, "refused": self.node_of,
            "install": self.part.bases, "installed": self.part.bases,
        }.get(kind, self.part.demands)  # fmt: skip
        return of[members]

    def _dual(self, plan: Plan) -> Floats | None:
        """Prices of balances (of the dearest variant) and quotas."""
        if plan.dual is None:
            return None
        balance, quota = self.layout.rows_of("balance"), self.layout.rows_of("quota")
        dual = np.full(balance.size + quota.size, -np.inf)
        for node, rows in zip(self.node_of, self.statement.rows_of("balance"), strict=True):
            dual[balance[node]] = np.maximum(dual[balance[node]], plan.dual[rows])
        dual[np.isneginf(dual)] = 0.0
        dual[quota] = plan.dual[self.statement.rows_of("quota")]
        return dual

    def limits(self, limits: Limits) -> Limits:
        """Sum limits over variants: shares by usual flow; open to extra flow where any variant is."""
        w, lanes, lane_of = self.variants.world, self.part.lanes, self.variants.lane_of
        main = _first(lane_of, len(lanes))
        found = no_limits(self.part.whole, limits.extra.shape[1])
        extra = np.zeros((len(lanes), limits.extra.shape[1]), dtype=np.bool_)
        np.logical_or.at(extra, lane_of, limits.extra)
        early = slice(0, limits.landing.shape[1])
        found.share[lanes] = _mean(limits.share, w.ship0, lane_of, main)
        found.extra[lanes] = extra
        found.tariff[lanes] = limits.tariff[main]
        found.revenue_share[lanes] = limits.revenue_share[main]
        found.landing[lanes, early] = _mean(limits.landing, w.ship0, lane_of, main)
        found.landing_tariff[lanes, early] = limits.landing_tariff[main]
        quotas = tuple(
            replace(quota, lanes=members)
            for quota, members in zip(limits.quotas, self.layout.columns.groups.quotas, strict=True)
        )
        cause: dict[tuple[int, int], dict[ControlId, None]] = {}
        for (lane, t), controls in limits.cause.items():
            cause.setdefault((int(self.lane_of[lane]), t), {}).update(dict.fromkeys(controls))
        causes = {key: tuple(controls) for key, controls in cause.items()}
        return replace(found, quotas=quotas, cause=causes, growth=self._growth(limits.growth))

    def allowed(self, limits: Limits) -> Floats:
        """Return the most that each real lane may carry, unit/month, lanes x periods: what its variants may, up to its capacity."""
        w, real, lanes = self.variants.world, self.part.whole, self.part.lanes
        each = w.ship0[:, None] * limits.share + np.where(limits.extra, w.ship_room[:, None], 0.0)
        most = (real.ship0 + real.ship_room)[:, None]
        total = np.repeat(most, each.shape[1], axis=1)
        total[lanes] = 0.0
        np.add.at(total, self.lane_of, each)
        return np.minimum(total, most)

    def headroom(self, headroom: Floats) -> Floats:
        """Return what each real recipe may make above its baseline, recipes x periods; nothing where no control is heard of."""
        found = np.zeros((len(self.part.whole.make0), headroom.shape[1]))
        found[self.part.recipes] = headroom[self._main_recipes]
        return found

    def _growth(self, growth: Growth) -> Growth:
        main, recipes = self._main_recipes, self.part.recipes
        real_of = {int(p): int(recipes[k]) for k, p in enumerate(main)}
        found = Growth.free(len(self.part.whole.make0), growth.share.shape[1])
        found.share[recipes], found.delay[recipes] = growth.share[main], growth.delay[main]
        cause = {(real_of[p], t): controls for (p, t), controls in growth.cause.items() if p in real_of}
        since = {real_of[p]: month for p, month in growth.since.items() if p in real_of}
        return replace(found, cause=cause, since=since)

    @property
    def _main_recipes(self) -> Ints:
        """Position of the recipe that stands for each real one of the part."""
        return _first(self.variants.recipe_of, len(self.part.recipes))


def _first(position_of: Ints, count: int) -> Ints:
    """First position of each of ``count`` real rows."""
    first = np.full(count, -1, dtype=np.int64)
    for position in range(len(position_of) - 1, -1, -1):
        if position_of[position] != PSEUDO:
            first[position_of[position]] = position
    return first


def _mean(share: Floats, weight: Floats, group: Ints, main: Ints) -> Floats:
    """Average by usual flow over the variants of each lane; the first variant's where nothing flows."""
    total, whole = np.zeros((len(main), share.shape[1])), np.zeros(len(main))
    np.add.at(total, group, share * weight[:, None])
    np.add.at(whole, group, weight)
    alike = np.ones(len(main), dtype=np.bool_)
    np.logical_and.at(alike, group, (share == share[main][group]).all(axis=1))
    mean = np.divide(total, whole[:, None], out=share[main].copy(), where=whole[:, None] > 0)
    return np.where(alike[:, None], share[main], mean)
