"""The shape of the chain for the walk of contracts: who takes from which node, who supplies it, in which order.

Plain tuples and lists: the walk settles one node at a time, and only those where something changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import networkx as nx

from exposure.lp.world import World


class Use(NamedTuple):
    """A recipe that takes from a node: usual quantity (unit/month), and the other nodes that it takes from."""

    weight: float
    recipe: int
    others: tuple[int, ...]


class Lane(NamedTuple):
    """A lane from or into a node: usual flow (unit/month), the node at the other end, and whether goods arrive within the month."""

    weight: float
    lane: int
    far: int
    now: bool


class Make(NamedTuple):
    """A recipe that delivers to a node, with its usual quantity (unit/month)."""

    weight: float
    recipe: int


@dataclass(frozen=True)
class Pool:
    """One node: its usual takers and suppliers.

    ``plain``: usual takings of final demand and renewals (unit/month), which nothing else holds back. ``taking``, ``supply``: sums.
    ``near``: nodes whose takings or supply depend on what this one can serve. ``asked``: nodes whose takings depend on what this
    one calls for, ``beside``: nodes whose supply does. ``sent_to``, ``sent_from``: nodes at the other ends of its lanes.
    """

    uses: tuple[Use, ...]
    sends: tuple[Lane, ...]
    plain: float
    makes: tuple[Make, ...]
    receives: tuple[Lane, ...]
    taking: float
    supply: float
    near: tuple[int, ...]
    asked: tuple[int, ...]
    beside: tuple[int, ...]
    sent_to: tuple[int, ...]
    sent_from: tuple[int, ...]


@dataclass(frozen=True)
class Pools:
    """All nodes, and the order in which they can be settled from ore to product.

    ``levels``: nodes that may be settled together once all levels before are; ``circular``: they trade in circles within a month.
    ``level_of`` each node. ``inputs`` and ``outputs``: nodes of each recipe, equipment not among them. ``users`` and ``makers``:
    recipes that take from and deliver to each node. ``bases`` of each node: positions of installed equipment; ``base_node``: the
    node of each.
    """

    pools: tuple[Pool, ...]
    levels: tuple[tuple[int, ...], ...]
    circular: tuple[bool, ...]
    level_of: tuple[int, ...]
    inputs: tuple[tuple[int, ...], ...]
    outputs: tuple[tuple[int, ...], ...]
    users: tuple[tuple[int, ...], ...]
    makers: tuple[tuple[int, ...], ...]
    bases: tuple[tuple[int, ...], ...]
    base_node: tuple[int, ...]


def pools_of(world: World) -> Pools:
    """Read takers, suppliers and levels off the baseline."""
    w, count = world, len(world.nodes)
    inputs: list[list[int]] = [[] for _ in w.make0]
    outputs: list[list[int]] = [[int(n)] for n in w.output_node]
    for p, n in zip(w.use_recipe.tolist(), w.use_node.tolist(), strict=True):
        inputs[p].append(n)
    for p, n in zip(w.by_recipe.tolist(), w.by_node.tolist(), strict=True):
        outputs[p].append(n)
    levels, circular = zip(*_levels(w, inputs, outputs), strict=True) if count else ((), ())
    level_of = [0] * count
    for k, nodes in enumerate(levels):
        for n in nodes:
            level_of[n] = k
    bases: list[list[int]] = [[] for _ in range(count)]
    for e, n in enumerate(w.base_node.tolist()):
        bases[n].append(e)
    return Pools(
        pools=_pools(w, inputs, outputs),
        levels=levels,
        circular=circular,
        level_of=tuple(level_of),
        inputs=tuple(map(tuple, inputs)),
        outputs=tuple(map(tuple, outputs)),
        users=_turned(inputs, count),
        makers=_turned(outputs, count),
        bases=tuple(map(tuple, bases)),
        base_node=tuple(w.base_node.tolist()),
    )


def _pools(w: World, inputs: list[list[int]], outputs: list[list[int]]) -> tuple[Pool, ...]:
    count = len(w.nodes)
    uses: list[list[Use]] = [[] for _ in range(count)]
    makes: list[list[Make]] = [[] for _ in range(count)]
    sends: list[list[Lane]] = [[] for _ in range(count)]
    receives: list[list[Lane]] = [[] for _ in range(count)]
    plain = [0.0] * count
    for p, n, q in zip(w.use_recipe.tolist(), w.use_node.tolist(), w.use_quantity.tolist(), strict=True):
        uses[n].append(Use(q * float(w.make0[p]), p, tuple(m for m in inputs[p] if m != n)))
    for p, n in enumerate(w.output_node.tolist()):
        makes[n].append(Make(float(w.make0[p]), p))
    for p, n, q in zip(w.by_recipe.tolist(), w.by_node.tolist(), w.by_quantity.tolist(), strict=True):
        makes[n].append(Make(q * float(w.make0[p]), p))
    ends = zip(w.origin.tolist(), w.destination.tolist(), w.ship0.tolist(), (w.lead == 0).tolist(), strict=True)
    for lane, (origin, destination, flow, now) in enumerate(ends):
        sends[origin].append(Lane(flow, lane, destination, now))
        receives[destination].append(Lane(flow, lane, origin, now))
    for nodes, amounts in ((w.demand_node, w.demand - w.gap0), (w.base_node, w.install0)):
        for n, amount in zip(nodes.tolist(), amounts.tolist(), strict=True):
            plain[n] += amount
    return tuple(
        _pool(
            tuple(entry for entry in uses[n] if entry.weight > 0),
            tuple(entry for entry in sends[n] if entry.weight > 0),
            plain[n],
            tuple(entry for entry in makes[n] if entry.weight > 0),
            tuple(entry for entry in receives[n] if entry.weight > 0),
            n,
            inputs,
            outputs,
        )
        for n in range(count)
    )


def _pool(
    uses: tuple[Use, ...], sends: tuple[Lane, ...], plain: float, makes: tuple[Make, ...], receives: tuple[Lane, ...],
    node: int, inputs: list[list[int]], outputs: list[list[int]],
) -> Pool:  # fmt: skip
    near = {m for use in uses for m in (*use.others, *outputs[use.recipe])} | {lane.far for lane in sends}
    asked = {m for make in makes for m in inputs[make.recipe]} | {lane.far for lane in receives}
    beside = {m for make in makes for m in outputs[make.recipe]} | {node}
    return Pool(
        uses, sends, plain, makes, receives,
        taking=sum(use.weight for use in uses) + sum(lane.weight for lane in sends) + plain,
        supply=sum(make.weight for make in makes) + sum(lane.weight for lane in receives),
        near=tuple(sorted(near)),
        asked=tuple(sorted(asked)),
        beside=tuple(sorted(beside)),
        sent_to=tuple(lane.far for lane in sends),
        sent_from=tuple(lane.far for lane in receives),
    )  # fmt: skip


def _turned(nodes_of: list[list[int]], count: int) -> tuple[tuple[int, ...], ...]:
    """Recipes of each node, from the nodes of each recipe."""
    recipes: list[list[int]] = [[] for _ in range(count)]
    for p, nodes in enumerate(nodes_of):
        for n in dict.fromkeys(nodes):
            recipes[n].append(p)
    return tuple(map(tuple, recipes))


def _levels(w: World, used: list[list[int]], outputs: list[list[int]]) -> Iterator[tuple[tuple[int, ...], bool]]:
    """Order the nodes from ore to product.

    Nodes that trade in circles within a month share a level of their own; inputs of one recipe never share one, else each would
    wait for the other to be short.
    """
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(w.nodes)))
    inputs = [(int(p), int(n)) for p, n in zip(w.use_recipe, w.use_node, strict=True)]
    inputs += [(int(p), int(w.base_node[e])) for p, e in zip(w.need_recipe, w.need_base, strict=True)]
    graph.add_edges_from((n, m) for p, n in inputs for m in outputs[p] if n != m)
    lanes = (w.lead == 0) & (w.ship0 > 0)
    graph.add_edges_from(zip(w.origin[lanes].tolist(), w.destination[lanes].tolist(), strict=True))
    condensed = nx.condensation(graph)
    for generation in nx.topological_generations(condensed):
        groups = [sorted(condensed.nodes[c]["members"]) for c in sorted(generation)]
        for plain in _apart(sorted(group[0] for group in groups if len(group) == 1), used):
            yield tuple(plain), False
        for group in groups:
            if len(group) > 1:
                yield tuple(group), True


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
