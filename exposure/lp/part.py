"""A part of the world that no bill of materials joins to the rest: a control on ethane needs no month of rare earths.

Items are joined where one goes into the other. What is not joined, by any chain, to an item that a scenario touches stays at the
baseline: no balance, lane, plant or news leads there. So the programme is stated on the joined items alone, as a world of its own
with the same numbers, and its rows know where they stand in the whole world.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from exposure.lp.baseline import Baseline
from exposure.lp.world import World
from exposure.model import ItemId, Network
from exposure.once import once

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

MOST = 0.7
"""Share of the world's nodes above which it is not cut: little would be spared."""


@dataclass(frozen=True)
class Part:
    """A part of the whole world, with the position in the whole of each of its nodes, recipes, lanes, demands and bases."""

    whole: World
    world: World
    nodes: Ints
    recipes: Ints
    lanes: Ints
    demands: Ints
    bases: Ints


def joined_items(net: Network) -> dict[ItemId, int]:
    """Return for each item the number of the group of items that some chain of bills of materials joins it to."""
    return once(net, "joined items", lambda: _joined_items(net))


def _joined_items(net: Network) -> dict[ItemId, int]:
    graph = nx.Graph()
    graph.add_nodes_from(row.item for row in net.items)
    graph.add_edges_from((net.recipe[line.recipe].item, line.input) for line in net.bom)
    return {item: k for k, items in enumerate(nx.connected_components(graph)) for item in items}


def part_of(world: World, items: Iterable[ItemId]) -> Part:
    """Return the part of a world that some items are joined to; the whole where that is most of it.

    A part whose demand has a gap in the baseline counts as touched: new plants may close the gap.
    """
    group = joined_items(world.network)
    open_gaps = {world.nodes[n][0] for n in world.demand_node[world.gap0 > 0]}
    touched = frozenset(group[item] for item in (*items, *open_gaps))
    return once(world, ("part", touched), lambda: _part(world, group, touched))


def whole(world: World) -> Part:
    """Return a whole world as the part of itself."""
    counts = (len(world.nodes), len(world.make0), len(world.ship0), len(world.demand), len(world.base0))
    return Part(world, world, *(np.arange(count) for count in counts))


def _part(world: World, group: dict[ItemId, int], touched: frozenset[int]) -> Part:
    w = world
    here = np.array([group[item] in touched for item, _ in w.nodes], dtype=np.bool_)
    if here.sum() > MOST * len(here):
        return whole(w)
    nodes, bases = np.flatnonzero(here), np.flatnonzero(here[w.base_node])
    recipes, lanes = np.flatnonzero(here[w.output_node]), np.flatnonzero(here[w.origin])
    demands = np.flatnonzero(here[w.demand_node])
    return Part(w, _world(w, nodes, recipes, lanes, demands, bases), nodes, recipes, lanes, demands, bases)


def _world(w: World, nodes: Ints, recipes: Ints, lanes: Ints, demands: Ints, bases: Ints) -> World:
    node, recipe = _places(nodes, len(w.nodes)), _places(recipes, len(w.make0))
    base = _places(bases, len(w.base_node))
    use, by, need = (recipe[of] >= 0 for of in (w.use_recipe, w.by_recipe, w.need_recipe))
    return replace(
        w,
        network=_network(w.network, frozenset(w.nodes[n][0] for n in nodes)),
        baseline=_baseline(w.baseline, nodes, recipes, lanes, demands),
        nodes=tuple(w.nodes[n] for n in nodes),
        **{name: getattr(w, name)[nodes] for name in ("keeps", "joint", "stock0", "reserve", "throughput", "discard0")},
        **{name: getattr(w, name)[recipes] for name in ("make0", "headroom", "make_cost")},
        **{name: getattr(w, name)[lanes] for name in ("ship0", "ship_room", "lead", "ship_cost", "price")},
        **{
            name: getattr(w, name)[demands]
            for name in ("demand", "gap0", "value", "value_added", "priority", "deferrable", "late_cost")
        },
        **{name: getattr(w, name)[bases] for name in ("base0", "life")},
        output_node=node[w.output_node[recipes]],
        use_recipe=recipe[w.use_recipe[use]],
        use_node=node[w.use_node[use]],
        use_quantity=w.use_quantity[use],
        by_recipe=recipe[w.by_recipe[by]],
        by_node=node[w.by_node[by]],
        by_quantity=w.by_quantity[by],
        need_recipe=recipe[w.need_recipe[need]],
        need_base=base[w.need_base[need]],
        need_quantity=w.need_quantity[need],
        base_node=node[w.base_node[bases]],
        origin=node[w.origin[lanes]],
        destination=node[w.destination[lanes]],
        demand_node=node[w.demand_node[demands]],
    )


def _places(kept: Ints, count: int) -> Ints:
    """Return the place among those kept of each of ``count`` positions, -1 where it is not kept."""
    places = np.full(count, -1, dtype=np.int64)
    places[kept] = np.arange(len(kept))
    return places


def _network(net: Network, items: frozenset[ItemId]) -> Network:
    """Return the rows of some items; items, regions, controls and facts stay whole, so that rules may name them."""
    recipes = tuple(row for row in net.recipes if row.item in items)
    ids = frozenset(row.recipe for row in recipes)
    fields = {name: getattr(net, name) for name in type(net).model_fields}
    kept = {
        "recipes": recipes,
        "bom": tuple(row for row in net.bom if row.recipe in ids),
        "capacity": tuple(row for row in net.capacity if row.recipe in ids),
        "lanes": tuple(row for row in net.lanes if row.item in items),
        "stocks": tuple(row for row in net.stocks if row.item in items),
        "demand": tuple(row for row in net.demand if row.item in items),
    }
    return Network.model_construct(**{**fields, **kept})


def _baseline(base: Baseline, nodes: Ints, recipes: Ints, lanes: Ints, demands: Ints) -> Baseline:
    return replace(
        base,
        output=base.output[recipes],
        capacity=base.capacity[recipes],
        flow=base.flow[lanes],
        max_flow=base.max_flow[lanes],
        quantity=base.quantity[demands],
        gap=base.gap[demands],
        discard=base.discard[nodes],
    )
