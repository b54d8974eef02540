"""The shape of the chain for the walk of contracts: who takes from which node, who supplies it, in which order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from exposure.lp.matrix import sum_by
from exposure.lp.world import World

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Party:
    """Takers or suppliers of a level's nodes at baseline levels: recipes first, then lanes, then final demand and renewals.

    ``pool``: which of the level's nodes; ``weight``: usual quantity (unit/month), both over all. ``recipe``, ``lane``: who the
    first and second part are. ``others``: for a recipe's taking, its other input nodes; ``inputs`` and ``outputs``: all nodes of
    each recipe (all three padded); ``near_node``, ``far_node``: where a lane starts and goes; ``now``: it arrives within the month.
    """

    pool: Ints
    weight: Floats
    recipe: Ints
    lane: Ints
    others: Ints
    inputs: Ints
    outputs: Ints
    near_node: Ints
    far_node: Ints
    now: Bools


@dataclass(frozen=True)
class Level:
    """Nodes that may be settled together once all levels before it are.

    ``circular``: they trade in circles within a month. ``renews``: equipment is renewed at some of them.
    ``usual_supply`` and ``usual_taking`` per node, unit/month.
    """

    nodes: Ints
    circular: bool
    renews: bool
    takers: Party
    suppliers: Party

    @cached_property
    def usual_taking(self) -> Floats:
        """Usual takings per node."""
        return sum_by(self.takers.pool, self.takers.weight, len(self.nodes))

    @cached_property
    def usual_supply(self) -> Floats:
        """Usual supply per node."""
        return sum_by(self.suppliers.pool, self.suppliers.weight, len(self.nodes))


@dataclass(frozen=True)
class Pools:
    """All levels from ore to product, and the nodes that each recipe uses and makes (padded with the number of nodes).

    ``fill_on_fill`` and its like (levels x nodes): True where the first kind of share in a level may move when the second kind
    moves at a node, so that a sweep looks only where something changed.
    """

    levels: tuple[Level, ...]
    inputs_of: Ints
    outputs_of: Ints
    fill_on_fill: Bools
    fill_on_call: Bools
    call_on_fill: Bools
    call_on_call: Bools


@dataclass(frozen=True)
class _Entry:
    node: int
    weight: float
    recipe: int = -1
    lane: int = -1
    others: tuple[int, ...] = ()


def pools_of(world: World) -> Pools:
    """Read takers, suppliers and levels off the baseline."""
    w, count = world, len(world.nodes)
    inputs: list[list[int]] = [[] for _ in w.make0]
    outputs: list[list[int]] = [[int(n)] for n in w.output_node]
    for p, n in zip(w.use_recipe, w.use_node, strict=True):
        inputs[p].append(int(n))
    for p, n in zip(w.by_recipe, w.by_node, strict=True):
        outputs[p].append(int(n))
    takers, suppliers = list(_takers(w, inputs)), list(_suppliers(w))
    levels = tuple(
        Level(
            nodes,
            circular,
            bool(np.isin(nodes, w.base_node).any()),
            _party(w, nodes, takers, inputs, outputs),
            _party(w, nodes, suppliers, inputs, outputs),
        )
        for nodes, circular in _levels(w, inputs, outputs)
    )
    by_takers, by_suppliers = (
        np.stack([_reach(w, party, inputs, outputs, kind) for party in parties])
        for parties, kind in (([lv.takers for lv in levels], "taker"), ([lv.suppliers for lv in levels], "supplier"))
    )
    return Pools(
        levels=levels,
        inputs_of=_padded(inputs, count),
        outputs_of=_padded(outputs, count),
        fill_on_fill=by_takers[:, 0] | by_suppliers[:, 0],
        fill_on_call=by_takers[:, 1] | by_suppliers[:, 1],
        call_on_fill=by_takers[:, 0] | by_suppliers[:, 0],
        call_on_call=by_takers[:, 1],
    )


def _reach(w: World, party: Party, inputs: list[list[int]], outputs: list[list[int]], kind: str) -> Bools:
    """Nodes whose fill (first row) or call (second row) shares bear on what the parties of a level may take or deliver."""
    seen = np.zeros((2, len(w.nodes)), dtype=bool)
    for p in np.unique(party.recipe):
        seen[0, inputs[p]] = True
        seen[1, outputs[p]] = True
    if kind == "supplier":
        seen[0, party.near_node] = True
    seen[1, party.far_node] = True
    return seen


def _takers(w: World, inputs: list[list[int]]) -> Iterator[_Entry]:
    for p, n, q in zip(w.use_recipe, w.use_node, w.use_quantity, strict=True):
        others = tuple(m for m in inputs[p] if m != n)
        yield _Entry(int(n), float(q * w.make0[p]), recipe=int(p), others=others)
    for lane, (n, flow) in enumerate(zip(w.origin, w.ship0, strict=True)):
        yield _Entry(int(n), float(flow), lane=lane)
    for n, quantity in zip(w.demand_node, w.demand - w.gap0, strict=True):
        yield _Entry(int(n), float(quantity))
    for n, quantity in zip(w.base_node, w.install0, strict=True):
        yield _Entry(int(n), float(quantity))


def _suppliers(w: World) -> Iterator[_Entry]:
    for p, (n, made) in enumerate(zip(w.output_node, w.make0, strict=True)):
        yield _Entry(int(n), float(made), recipe=p)
    for p, n, q in zip(w.by_recipe, w.by_node, w.by_quantity, strict=True):
        yield _Entry(int(n), float(q * w.make0[p]), recipe=int(p))
    for lane, (n, flow) in enumerate(zip(w.destination, w.ship0, strict=True)):
        yield _Entry(int(n), float(flow), lane=lane)


def _party(w: World, nodes: Ints, entries: list[_Entry], inputs: list[list[int]], outputs: list[list[int]]) -> Party:
    count = len(w.nodes)
    place = {int(n): k for k, n in enumerate(nodes)}
    mine = [entry for entry in entries if entry.node in place and entry.weight > 0]
    recipes = [entry for entry in mine if entry.recipe >= 0]
    lanes = np.array([entry.lane for entry in mine if entry.lane >= 0], dtype=np.int64)
    return Party(
        pool=np.array([place[entry.node] for entry in mine], dtype=np.int64),
        weight=np.array([entry.weight for entry in mine], dtype=np.float64),
        recipe=np.array([entry.recipe for entry in recipes], dtype=np.int64),
        lane=lanes,
        others=_padded([list(entry.others) for entry in recipes], count),
        inputs=_padded([inputs[entry.recipe] for entry in recipes], count),
        outputs=_padded([outputs[entry.recipe] for entry in recipes], count),
        near_node=w.origin[lanes],
        far_node=w.destination[lanes],
        now=w.lead[lanes] == 0,
    )


def _levels(w: World, used: list[list[int]], outputs: list[list[int]]) -> Iterator[tuple[Ints, bool]]:
    """Order the nodes from ore to product.

    Nodes that trade in circles within a month share a level of their own; inputs of one recipe never share one, else each would
    wait for the other to be short.
    """
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(w.nodes)))
    inputs = [(int(p), int(n)) for p, n in zip(w.use_recipe, w.use_node, strict=True)]
    inputs += [(int(p), int(w.base_node[e])) for p, e in zip(w.need_recipe, w.need_base, strict=True)]
    graph.add_edges_from((n, m) for p, n in inputs for m in outputs[p] if n != m)
    lanes = np.flatnonzero((w.lead == 0) & (w.ship0 > 0))
    graph.add_edges_from((int(w.origin[k]), int(w.destination[k])) for k in lanes)
    condensed = nx.condensation(graph)
    for generation in nx.topological_generations(condensed):
        groups = [sorted(condensed.nodes[c]["members"]) for c in sorted(generation)]
        for plain in _apart(sorted(group[0] for group in groups if len(group) == 1), used):
            yield np.array(plain, dtype=np.int64), False
        for group in groups:
            if len(group) > 1:
                yield np.array(group, dtype=np.int64), True


def _apart(nodes: list[int], used: list[list[int]]) -> list[list[int]]:
    """Split nodes, in order, into as few lists as a greedy pass finds, no two inputs of one recipe in one list."""
    rivals: dict[int, set[int]] = {n: set() for n in nodes}
    for inputs in used:
        here = [n for n in inputs if n in rivals]
        for n in here:
            rivals[n].update(here)
    lists: list[list[int]] = []
    for n in nodes:
        home = next((group for group in lists if not rivals[n].intersection(group)), None)
        if home is None:
            lists.append([n])
        else:
            home.append(n)
    return lists


def _padded(rows: list[list[int]], filler: int) -> Ints:
    width = max((len(row) for row in rows), default=0)
    return np.array([row + [filler] * (width - len(row)) for row in rows], dtype=np.int64).reshape(len(rows), width)
