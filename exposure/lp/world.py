"""The network as numbers per month: nodes, lanes, recipes, demands, each with its baseline level."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from exposure.lp.baseline import Baseline
from exposure.lp.matrix import sum_by
from exposure.model import Network, NodeId, RecipeId
from exposure.units import MONTHS_PER_YEAR

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class World:
    """The undisturbed world, per month. Array positions follow the order of the network's tables.

    Nodes (N): ``nodes``, ``keeps`` (a stock can be held), ``joint`` (its goods may be thrown away), ``stock0``, ``reserve``,
    ``throughput`` (all that leaves it in a baseline month), ``discard0``.
    Recipes (P): ``output_node``, ``make0``, ``headroom`` (capacity above baseline), ``make_cost`` (USD per extra unit).
    Uses (U): recipe, node, quantity per unit of output; the same for by-products and for installed items.
    Lanes (L): ``origin``, ``destination`` (nodes), ``ship0``, ``ship_room``, ``lead``, ``ship_cost``, ``price`` (USD/unit).
    Demands (B): ``demand_node``, ``demand``, ``gap0``, ``value``, ``value_added``, ``priority``, ``deferrable``, ``late_cost``.
    Installed nodes (E): ``base_node``, ``base0`` (units standing), ``life`` (months).
    """

    network: Network
    baseline: Baseline
    nodes: tuple[NodeId, ...]
    keeps: Bools
    joint: Bools
    stock0: Floats
    reserve: Floats
    throughput: Floats
    discard0: Floats
    output_node: Ints
    make0: Floats
    headroom: Floats
    make_cost: Floats
    use_recipe: Ints
    use_node: Ints
    use_quantity: Floats
    by_recipe: Ints
    by_node: Ints
    by_quantity: Floats
    need_recipe: Ints
    need_base: Ints
    need_quantity: Floats
    base_node: Ints
    base0: Floats
    life: Ints
    origin: Ints
    destination: Ints
    ship0: Floats
    ship_room: Floats
    lead: Ints
    ship_cost: Floats
    price: Floats
    demand_node: Ints
    demand: Floats
    gap0: Floats
    value: Floats
    value_added: Floats
    priority: Ints
    deferrable: Floats
    late_cost: Floats

    @cached_property
    def node_index(self) -> dict[NodeId, int]:
        """Position of each node."""
        return {node: n for n, node in enumerate(self.nodes)}

    @cached_property
    def install0(self) -> Floats:
        """Renewals in a baseline month, per installed node (units/month): an even share of the base."""
        return self.base0 / self.life

    @cached_property
    def base_need0(self) -> Floats:
        """Units that must stand for the output of a baseline month, per installed node."""
        needed = MONTHS_PER_YEAR * self.need_quantity * self.make0[self.need_recipe]
        return sum_by(self.need_base, needed, len(self.base_node))


def world_of(net: Network, baseline: Baseline) -> World:
    """Turn a network and its closed baseline into arrays per month."""
    nodes = nodes_of(net)
    at = {node: n for n, node in enumerate(nodes)}
    recipe_at = {row.recipe: p for p, row in enumerate(net.recipes)}
    flow = baseline.flow / MONTHS_PER_YEAR
    make = baseline.output / MONTHS_PER_YEAR
    capacity = baseline.capacity / MONTHS_PER_YEAR
    uses, bys, needs = _bill(net, at, recipe_at)
    base_nodes = sorted({n for _, n, _ in needs})
    base_at = {n: e for e, n in enumerate(base_nodes)}
    life = np.array([net.item[nodes[n][0]].life_months or 1 for n in base_nodes], dtype=np.int64)
    base0 = _installed_bases(net, nodes, base_nodes, needs, baseline.capacity)
    demand = baseline.quantity / MONTHS_PER_YEAR
    gap = baseline.gap / MONTHS_PER_YEAR
    leaving = np.zeros(len(nodes))
    np.add.at(leaving, [at[row.item, row.origin] for row in net.lanes], flow)
    np.add.at(leaving, [at[row.item, row.region] for row in net.demand], demand - gap)
    np.add.at(leaving, [n for _, n, _ in uses], [q * make[p] for p, _, q in uses])
    np.add.at(leaving, base_nodes, base0 / life)
    throughput = leaving + baseline.discard / MONTHS_PER_YEAR
    stock0, reserve = _stocks(net, at, leaving)
    joint = np.zeros(len(nodes), dtype=bool)
    for p, n, _ in bys:
        joint[n] = True
        joint[at[net.recipes[p].item, net.recipes[p].region]] = True
    return World(
        network=net,
        baseline=baseline,
        nodes=nodes,
        keeps=np.array([net.item[item].keeps for item, _ in nodes], dtype=bool),
        joint=joint,
        stock0=stock0,
        reserve=reserve,
        throughput=throughput,
        discard0=baseline.discard / MONTHS_PER_YEAR,
        output_node=_ints(at[row.item, row.region] for row in net.recipes),
        make0=make,
        headroom=np.maximum(capacity - make, 0.0),
        make_cost=_floats(row.extra_cost_usd for row in net.recipes),
        use_recipe=_ints(p for p, _, _ in uses),
        use_node=_ints(n for _, n, _ in uses),
        use_quantity=_floats(q for _, _, q in uses),
        by_recipe=_ints(p for p, _, _ in bys),
        by_node=_ints(n for _, n, _ in bys),
        by_quantity=_floats(q for _, _, q in bys),
        need_recipe=_ints(p for p, _, _ in needs),
        need_base=_ints(base_at[n] for _, n, _ in needs),
        need_quantity=_floats(q for _, _, q in needs),
        base_node=_ints(base_nodes),
        base0=base0,
        life=life,
        origin=_ints(at[row.item, row.origin] for row in net.lanes),
        destination=_ints(at[row.item, row.destination] for row in net.lanes),
        ship0=flow,
        ship_room=np.maximum(baseline.max_flow / MONTHS_PER_YEAR - flow, 0.0),
        lead=_ints(row.lead_months for row in net.lanes),
        ship_cost=_floats(row.extra_cost_usd for row in net.lanes),
        price=_floats(net.item[row.item].price_usd for row in net.lanes),
        demand_node=_ints(at[row.item, row.region] for row in net.demand),
        demand=demand,
        gap0=gap,
        value=_floats(row.value_usd for row in net.demand),
        value_added=_floats(value_added(net, d) for d in range(len(net.demand))),
        priority=_ints(row.priority for row in net.demand),
        deferrable=_floats(row.deferrable for row in net.demand),
        late_cost=_floats(row.late_cost for row in net.demand),
    )


def value_added(net: Network, d: int) -> float:
    """Return USD of value added per unit of a demand row: as stated, or value less one level of inputs at prices.

    Where no recipe of the package makes the item, the whole value counts.
    """
    row = net.demand[d]
    if row.value_added_usd is not None:
        return row.value_added_usd
    recipes = net.makers_of.get(row.item, ())
    recipes = tuple(r for r in recipes if r.region in net.ancestors[row.region]) or recipes
    if not recipes:
        return row.value_usd
    inputs = sum(
        line.quantity * net.item[line.input].price_usd
        for line in net.bom_of[recipes[0].recipe]
        if net.item[line.input].life_months is None
    )
    return max(0.0, row.value_usd - inputs)


def nodes_of(net: Network) -> tuple[NodeId, ...]:
    """Return every node of a network, sorted."""
    found = {(row.item, row.region) for row in net.recipes}
    found |= {(line.input, net.recipe[line.recipe].region) for line in net.bom}
    found |= {(row.item, row.origin) for row in net.lanes} | {(row.item, row.destination) for row in net.lanes}
    found |= {(row.item, row.region) for row in net.demand} | {(row.item, row.region) for row in net.stocks}
    return tuple(sorted(found))


Triple = tuple[int, int, float]


def _bill(
    net: Network, at: dict[NodeId, int], recipe_at: Mapping[RecipeId, int]
) -> tuple[list[Triple], list[Triple], list[Triple]]:
    """Split the bill of materials into what is used up, what comes beside, and what must stand installed."""
    uses: list[Triple] = []
    bys: list[Triple] = []
    needs: list[Triple] = []
    for line in net.bom:
        p = recipe_at[line.recipe]
        node = at[line.input, net.recipes[p].region]
        if line.quantity < 0:
            bys.append((p, node, -line.quantity))
        elif net.item[line.input].life_months is not None and line.recipe not in net.serving:
            needs.append((p, node, line.quantity))
        elif line.quantity > 0:
            uses.append((p, node, line.quantity))
    return uses, bys, needs


def _installed_bases(
    net: Network, nodes: tuple[NodeId, ...], base_nodes: list[int], needs: list[Triple], capacity: Floats
) -> Floats:
    """Units standing at the start: quantity x capacity (unit/yr) x (1 + cover / life)."""
    cover = {(row.item, row.region): row.cover_months or 0.0 for row in net.stocks}
    required: dict[int, float] = defaultdict(float)
    for p, n, quantity in needs:
        required[n] += quantity * capacity[p]
    return np.array(
        [required[n] * (1 + cover.get(nodes[n], 0.0) / (net.item[nodes[n][0]].life_months or 1)) for n in base_nodes]
    )


def _stocks(net: Network, at: dict[NodeId, int], leaving: Floats) -> tuple[Floats, Floats]:
    stock, reserve = np.zeros(len(at)), np.zeros(len(at))
    for row in net.stocks:
        n = at[row.item, row.region]
        if net.item[row.item].life_months is not None:
            stock[n] = row.quantity or 0.0
        else:
            stock[n] = row.quantity if row.quantity is not None else (row.cover_months or 0.0) * leaving[n]
        reserve[n] = min(row.reserve, stock[n])
    return stock, reserve


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)


def _floats(values: Iterable[float]) -> Floats:
    return np.fromiter(values, dtype=np.float64)
