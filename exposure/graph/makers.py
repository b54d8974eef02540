"""Who made what stands at a node: look-through over the lanes, exact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from exposure.errors import InputError
from exposure.graph.exact import exact, solve
from exposure.model import ItemId, Network, NodeId, Recipe, RecipeId

Amounts = Sequence[float] | NDArray[np.float64]
"""Numbers in the order of a table of the network."""

Maker = tuple[RecipeId, ItemId]
"""A recipe and which of its outputs is meant: its own item, or a by-product."""

NOTHING = 1e-9
"""Share of an item's largest amount below which one is the rounding of whoever closed the baseline."""


def made_by(net: Network, recipe: Recipe) -> dict[ItemId, Fraction]:
    """Return what one unit of a recipe's run makes: one of its own item, and its by-products (units of each)."""
    made = {recipe.item: Fraction(1)}
    for line in net.bom_of[recipe.recipe]:
        if line.quantity < 0:
            made[line.input] = made.get(line.input, Fraction(0)) - exact(line.quantity)
    return made


class Makers:
    """The makers of what stands at each node of a closed baseline; an item is looked through when first asked for.

    What leaves a node has the mix of what came into it, so for every node n of an item

        makers[n] = (own make + sum over lanes from o of flow x makers[o]) / (own make + sum over lanes of flow)

    a linear system where trade goes both ways.

    Parameters
    ----------
    net
        The network.
    output, flow
        Closed baseline, unit/yr, in the order of ``net.recipes`` and ``net.lanes``.
    """

    def __init__(self, net: Network, output: Amounts, flow: Amounts) -> None:
        self._made: dict[NodeId, dict[Maker, Fraction]] = defaultdict(dict)
        self._lanes: dict[ItemId, list[tuple[NodeId, NodeId, Fraction]]] = defaultdict(list)
        largest: dict[ItemId, float] = defaultdict(float)
        items = [*(row.item for row in net.recipes), *(row.item for row in net.lanes)]
        for item, units in zip(items, [*output, *flow], strict=True):
            largest[item] = max(largest[item], units)
        for recipe, units in zip(net.recipes, output, strict=True):
            if units > NOTHING * largest[recipe.item]:
                for item, each in made_by(net, recipe).items():
                    self._made[item, recipe.region][recipe.recipe, item] = each * exact(units)
        for lane, units in zip(net.lanes, flow, strict=True):
            if units > NOTHING * largest[lane.item]:
                ends = (lane.item, lane.origin), (lane.item, lane.destination)
                self._lanes[lane.item].append((*ends, exact(units)))
        self._known: dict[ItemId, dict[NodeId, dict[Maker, Fraction]]] = {}

    def at(self, node: NodeId) -> dict[Maker, Fraction]:
        """Return who made what stands at a node, as shares that sum to one.

        Raises
        ------
        InputError
            If nothing reaches the node in the baseline.
        """
        if node[0] not in self._known:
            self._known[node[0]] = self._looked_through(node[0])
        found = self._known[node[0]].get(node, {})
        if not found:
            message = f"{node[0]} in {node[1]}: nothing is made or arrives there in the baseline, so nobody made it"
            raise InputError(message)
        return found

    def _looked_through(self, item: ItemId) -> dict[NodeId, dict[Maker, Fraction]]:
        made = {node: makers for node, makers in self._made.items() if node[0] == item}
        supplied = self._supplied(item, set(made))
        arrived: dict[NodeId, dict[NodeId, Fraction]] = defaultdict(dict)
        for origin, destination, units in self._lanes[item]:
            if origin in supplied:
                arrived[destination][origin] = arrived[destination].get(origin, Fraction(0)) + units
        own: dict[NodeId, dict[Maker, Fraction]] = {}
        shares: dict[NodeId, dict[NodeId, Fraction]] = {}
        for node in sorted(supplied):
            here, there = made.get(node, {}), arrived.get(node, {})
            total = sum(here.values(), Fraction(0)) + sum(there.values(), Fraction(0))
            own[node] = {maker: units / total for maker, units in here.items()}
            shares[node] = {origin: units / total for origin, units in there.items()}
        return solve(shares, own)

    def _supplied(self, item: ItemId, reached: set[NodeId]) -> set[NodeId]:
        """Nodes that goods reach from a maker; flows that only go round between the others were made by nobody."""
        while True:
            further = {destination for origin, destination, _ in self._lanes[item] if origin in reached} - reached
            if not further:
                return reached
            reached = reached | further
