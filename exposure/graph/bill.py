"""The bill of materials as arrays: who makes what, where it goes in, and the renewals of what stands installed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exposure.graph.makers import Maker
from exposure.model import Network, NodeId
from exposure.units import MONTHS_PER_YEAR

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Bill:
    """Makers (M): a recipe with one of its outputs, and ``each``, the units of it that a run makes. Inputs (U): units per run.

    ``idle`` (N): renewals of equipment whose recipe does not run, unit/yr by node.
    """

    nodes: tuple[NodeId, ...]
    makers: tuple[Maker, ...]
    maker_recipe: Ints
    maker_node: Ints
    each: Floats
    use_recipe: Ints
    use_node: Ints
    use_quantity: Floats
    idle: Floats


def bill_of(net: Network, output: Floats, capacity: Floats) -> Bill:
    """Collect makers and inputs; ``output`` and ``capacity`` in unit/yr by recipe.

    An installed item counts with the renewals of its base over the output: the base is quantity x capacity x (1 + cover /
    life), of which 12 / life is renewed in a year.
    """
    nodes = _nodes(net)
    at = {node: n for n, node in enumerate(nodes)}
    made = list(_made(net))
    uses, idle = _uses(net, at, output, capacity)
    return Bill(
        nodes=nodes,
        makers=tuple(maker for maker, _, _ in made),
        maker_recipe=ints(p for _, p, _ in made),
        maker_node=ints(at[item, net.recipe[recipe].region] for (recipe, item), _, _ in made),
        each=np.array([units for _, _, units in made], dtype=float),
        use_recipe=ints(p for p, _, _ in uses),
        use_node=ints(n for _, n, _ in uses),
        use_quantity=np.array([quantity for _, _, quantity in uses], dtype=float),
        idle=idle,
    )


def _made(net: Network) -> Iterable[tuple[Maker, int, float]]:
    for p, recipe in enumerate(net.recipes):
        yield (recipe.recipe, recipe.item), p, 1.0
        for line in net.bom_of[recipe.recipe]:
            if line.quantity < 0:
                yield (recipe.recipe, line.input), p, -line.quantity


def _uses(
    net: Network, at: dict[NodeId, int], output: Floats, capacity: Floats
) -> tuple[list[tuple[int, int, float]], Floats]:
    cover = {(row.item, row.region): row.cover_months or 0.0 for row in net.stocks}
    place = {row.recipe: p for p, row in enumerate(net.recipes)}
    uses: list[tuple[int, int, float]] = []
    idle = np.zeros(len(at))
    for line in net.bom:
        p, node = place[line.recipe], (line.input, net.recipe[line.recipe].region)
        life = net.item[line.input].life_months
        if line.quantity <= 0:
            continue
        if life is None:
            uses.append((p, at[node], line.quantity))
            continue
        renewed = line.quantity * capacity[p] * (1 + cover.get(node, 0.0) / life) * MONTHS_PER_YEAR / life
        if output[p] > 0:
            uses.append((p, at[node], renewed / output[p]))
        else:
            idle[at[node]] += renewed
    return uses, idle


def _nodes(net: Network) -> tuple[NodeId, ...]:
    found = {(row.item, row.region) for row in net.recipes}
    found |= {(line.input, net.recipe[line.recipe].region) for line in net.bom}
    found |= {(row.item, row.origin) for row in net.lanes} | {(row.item, row.destination) for row in net.lanes}
    found |= {(row.item, row.region) for row in net.demand}
    return tuple(sorted(found))


def ints(values: Iterable[int]) -> Ints:
    """Return whole numbers as an array."""
    return np.fromiter(values, dtype=np.int64)
