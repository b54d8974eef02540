"""The shape of the chain for the walk of contracts: who takes from which node, who supplies it, in which order."""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from exposure.lp.world import World

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Level:
    """Nodes that may be settled together once all levels before it are: positions, and whether trade runs in circles."""

    nodes: Ints
    circular: bool


@dataclass(frozen=True)
class Pools:
    """Takers and suppliers of every node at baseline levels.

    Takers (K): ``taker_node``, ``taker_weight`` (usual taking, unit/month) and what they are: ``taker_recipe``,
    ``taker_lane`` or neither (final demand, renewals), -1 where not. ``other_inputs``: for a recipe's taking, its other input
    nodes, padded with N. Suppliers (S) likewise. ``inputs_of``, ``outputs_of``: nodes of each recipe, padded with N.
    """

    levels: tuple[Level, ...]
    taker_node: Ints
    taker_weight: Floats
    taker_recipe: Ints
    taker_lane: Ints
    other_inputs: Ints
    supplier_node: Ints
    supplier_weight: Floats
    supplier_recipe: Ints
    supplier_lane: Ints
    inputs_of: Ints
    outputs_of: Ints
    takers_by_level: tuple[Ints, ...]
    suppliers_by_level: tuple[Ints, ...]


def pools_of(world: World) -> Pools:
    """Read takers, suppliers and levels off the baseline."""
    w, count = world, len(world.nodes)
    inputs: list[list[int]] = [[] for _ in w.make0]
    outputs: list[list[int]] = [[int(n)] for n in w.output_node]
    for p, n in zip(w.use_recipe, w.use_node, strict=True):
        inputs[p].append(int(n))
    for p, n in zip(w.by_recipe, w.by_node, strict=True):
        outputs[p].append(int(n))
    takers: list[tuple[int, float, int, int, list[int]]] = [
        (int(n), float(q * w.make0[p]), int(p), -1, [m for m in inputs[p] if m != n])
        for p, n, q in zip(w.use_recipe, w.use_node, w.use_quantity, strict=True)
    ]
    takers += [(int(n), float(f), -1, lane, []) for lane, (n, f) in enumerate(zip(w.origin, w.ship0, strict=True))]
    takers += [(int(n), float(q), -1, -1, []) for n, q in zip(w.demand_node, w.demand - w.gap0, strict=True)]
    takers += [(int(n), float(q), -1, -1, []) for n, q in zip(w.base_node, w.install0, strict=True)]
    takers = [taker for taker in takers if taker[1] > 0]
    suppliers: list[tuple[int, float, int, int]] = [
        (int(n), float(m), p, -1) for p, (n, m) in enumerate(zip(w.output_node, w.make0, strict=True))
    ]
    suppliers += [
        (int(n), float(q * w.make0[p]), int(p), -1)
        for p, n, q in zip(w.by_recipe, w.by_node, w.by_quantity, strict=True)
    ]
    suppliers += [(int(n), float(f), -1, lane) for lane, (n, f) in enumerate(zip(w.destination, w.ship0, strict=True))]
    suppliers = [supplier for supplier in suppliers if supplier[1] > 0]
    levels = _levels(world)
    level_of = np.zeros(count, dtype=np.int64)
    for k, level in enumerate(levels):
        level_of[level.nodes] = k
    taker_node, supplier_node = _column(takers, 0), _column(suppliers, 0)
    return Pools(
        levels=levels,
        taker_node=taker_node,
        taker_weight=np.array([t[1] for t in takers]),
        taker_recipe=_column(takers, 2),
        taker_lane=_column(takers, 3),
        other_inputs=_padded([t[4] for t in takers], count),
        supplier_node=supplier_node,
        supplier_weight=np.array([s[1] for s in suppliers]),
        supplier_recipe=_column(suppliers, 2),
        supplier_lane=_column(suppliers, 3),
        inputs_of=_padded(inputs, count),
        outputs_of=_padded(outputs, count),
        takers_by_level=_by_level(level_of[taker_node], len(levels)),
        suppliers_by_level=_by_level(level_of[supplier_node], len(levels)),
    )


def _levels(w: World) -> tuple[Level, ...]:
    """Order the nodes from ore to product; nodes that trade in circles within a month share a level of their own."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(w.nodes)))
    outputs = [(int(p), int(n)) for p, n in enumerate(w.output_node)]
    outputs += [(int(p), int(n)) for p, n in zip(w.by_recipe, w.by_node, strict=True)]
    inputs = [(int(p), int(n)) for p, n in zip(w.use_recipe, w.use_node, strict=True)]
    inputs += [(int(p), int(w.base_node[e])) for p, e in zip(w.need_recipe, w.need_base, strict=True)]
    made_by: dict[int, list[int]] = {}
    for p, n in outputs:
        made_by.setdefault(p, []).append(n)
    graph.add_edges_from((n, m) for p, n in inputs for m in made_by[p])
    lanes = np.flatnonzero((w.lead == 0) & (w.ship0 > 0))
    graph.add_edges_from((int(w.origin[k]), int(w.destination[k])) for k in lanes)
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))
    condensed = nx.condensation(graph)
    levels: list[Level] = []
    for generation in nx.topological_generations(condensed):
        groups = [sorted(condensed.nodes[c]["members"]) for c in sorted(generation)]
        plain = sorted(group[0] for group in groups if len(group) == 1)
        if plain:
            levels.append(Level(np.array(plain, dtype=np.int64), circular=False))
        levels += [Level(np.array(g, dtype=np.int64), circular=True) for g in groups if len(g) > 1]
    return tuple(levels)


def _column(rows: list[tuple[int, float, int, int, list[int]]] | list[tuple[int, float, int, int]], k: int) -> Ints:
    return np.array([row[k] for row in rows], dtype=np.int64)


def _padded(rows: list[list[int]], filler: int) -> Ints:
    width = max((len(row) for row in rows), default=0)
    return np.array([row + [filler] * (width - len(row)) for row in rows], dtype=np.int64).reshape(len(rows), width)


def _by_level(level: Ints, count: int) -> tuple[Ints, ...]:
    return tuple(np.flatnonzero(level == k) for k in range(count))
