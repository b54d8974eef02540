"""Tiers: how many recipes lie between a good and what goes into it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from exposure.errors import InputError, nearest
from exposure.model import ItemId, Network, Recipe, RecipeId
from exposure.once import once


def tiers(net: Network, item: str, *, recipes: Collection[RecipeId] | None = None) -> dict[ItemId, int]:
    """Return every item upstream of a good with its tier: the fewest recipes between them (0 for the good itself).

    Parameters
    ----------
    net
        The network; a by-product needs what its recipe needs, an installed item counts as an input.
    item
        The good.
    recipes
        Recipes that count; all, substitutes included, if not given.

    Raises
    ------
    InputError
        If the item does not exist.
    """
    return _walk(_edges(net, recipes, up=True), [known_item(net, item)])


def distances(net: Network, items: Iterable[str], *, recipes: Collection[RecipeId] | None = None) -> dict[ItemId, int]:
    """Return every item that contains one of the given items at any depth, with the fewest recipes between them.

    This is the distance from a scoped item: 0 for the items themselves, 1 for what is made of them directly.
    """
    return _walk(_edges(net, recipes, up=False), [known_item(net, item) for item in items])


def known_item(net: Network, item: str) -> ItemId:
    """Return an item's id.

    Raises
    ------
    InputError
        If it does not exist, with the nearest one that does.
    """
    if ItemId(item) not in net.item:
        message = f'no item "{item}"{nearest(item, net.item)}'
        raise InputError(message)
    return ItemId(item)


def _edges(net: Network, recipes: Collection[RecipeId] | None, *, up: bool) -> dict[ItemId, set[ItemId]]:
    edges: dict[ItemId, set[ItemId]] = defaultdict(set)
    ends = once(net, "inputs and outputs", lambda: {recipe.recipe: _ends(net, recipe) for recipe in net.recipes})
    for recipe in ends if recipes is None else recipes:
        inputs, outputs = ends[recipe]
        for one in outputs if up else inputs:
            edges[one] |= inputs if up else outputs
    return edges


def _ends(net: Network, recipe: Recipe) -> tuple[set[ItemId], set[ItemId]]:
    """Return the inputs of a recipe, and what it makes, by-products included."""
    lines = net.bom_of[recipe.recipe]
    inputs = {line.input for line in lines if line.quantity > 0}
    return inputs, {recipe.item, *(line.input for line in lines if line.quantity < 0)}


def _walk(edges: dict[ItemId, set[ItemId]], start: list[ItemId]) -> dict[ItemId, int]:
    found = dict.fromkeys(sorted(start), 0)
    here = list(found)
    while here:
        tier = found[here[0]] + 1
        here = sorted({further for one in here for further in edges.get(one, ())} - found.keys())
        found |= dict.fromkeys(here, tier)
    return found
