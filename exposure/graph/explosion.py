"""Bill-of-materials explosion and origin shares: what a unit of a product takes at every tier, and which country made it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from exposure.errors import InputError, nearest
from exposure.graph.bill import Floats
from exposure.graph.chain import Chain
from exposure.graph.tiers import known_item, tiers
from exposure.model import ItemId, RecipeId, RegionId

SHOWN = 1e-9
"""Share of an item's total below which an origin is rounding."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """Units of an upstream item made per unit of a product, and how many recipes lie between them."""

    item: ItemId
    tier: int
    quantity: float


@dataclass(frozen=True, slots=True)
class Origin:
    """Share of an upstream item, as it is in a product, that a country made, with its units per unit of product."""

    item: ItemId
    tier: int
    origin: RegionId
    share: float
    quantity: float


def explode(chain: Chain, item: str, region: str | None = None) -> tuple[Requirement, ...]:
    """Return the units of every item that are made for one unit of a product, at all tiers.

    requirement[i] = sum over makers of i of their share in their pool x what passes through that pool, with (see `chain`)
    passing = (1 - factor x asked)^-1 x factor x wanted. Goods passed on from region to region are counted once, where they
    were made. A loop of returning scrap counts every round; installed items count as renewals.

    Parameters
    ----------
    chain
        Who supplies whom.
    item, region
        The product, and where it is used (that region and all within it); the world's average without a region.

    Returns
    -------
    tuple of Requirement
        The product itself first (tier 0), then by tier and id; quantities in the item's unit per unit of the product (the
        product's own is above 1 if some of it goes into itself).

    Raises
    ------
    InputError
        If an id is unknown or nothing of the product is made, arrives or is used there.
    """
    product = known_item(chain.net, item)
    made = chain.made_for(chain.wanted(product, known_region(chain, region)))
    return tuple(
        Requirement(each, tier, quantity)
        for each, tier, quantity in _by_tier(chain, product, made, _by_item(chain, made))
    )


def origin_shares(
    chain: Chain, item: str, region: str | None = None, *, along: str | None = None
) -> tuple[Origin, ...]:
    """Return which country made each item that is in a product, by look-through over lanes and recipes.

    Parameters
    ----------
    chain
        Who supplies whom.
    item, region
        The product, and where it is used; the world's average without a region.
    along
        An item to follow, such as ``dy_oxide``. Then the shares are those of *its* units only: downstream goods weigh by how
        much of it they carry (where was the magnet made that holds the car's dysprosium?), upstream goods are those that went
        into it (where was its ore mined?), and goods that carry none are left out. Without it, each item weighs by its own
        units.

    Returns
    -------
    tuple of Origin
        By tier, item, largest share first; the shares of one item sum to one. ``quantity`` is in units of the item per unit
        of the product or, for goods downstream of ``along``, in units of ``along``.

    Raises
    ------
    InputError
        If an id is unknown, the product does not stand there, or it holds nothing of ``along``.
    """
    product = known_item(chain.net, item)
    made = chain.made_in(chain.wanted(product, known_region(chain, region)))
    weight = made if along is None else _along(chain, made, known_item(chain.net, along))
    totals = _by_item(chain, weight)
    if along is not None and not totals.get(ItemId(along)):
        message = f"{item} in {region or 'the world'} holds no {along}"
        raise InputError(message)
    origins: dict[ItemId, dict[RegionId, float]] = defaultdict(lambda: defaultdict(float))
    for m in np.flatnonzero(weight > 0):
        n = chain.maker_node[m]
        origins[chain.nodes[n][0]][chain.country[n]] += float(weight[m])
    return tuple(
        Origin(each, tier, origin, units / total, units)
        for each, tier, total in _by_tier(chain, product, made, totals)
        for origin, units in sorted(origins[each].items(), key=lambda pair: (-pair[1], pair[0]))
        if units > SHOWN * total
    )


def _along(chain: Chain, made: Floats, followed: ItemId) -> Floats:
    """Units of the followed item by maker: carried by goods downstream, made here, or of what went into it upstream."""
    is_followed = np.array([item == followed for _, item in chain.makers], dtype=bool)
    held = np.zeros(len(chain.nodes))
    np.add.at(held, chain.maker_node[is_followed], chain.made_share[is_followed])
    carried = (held @ chain.held_per_unit) @ chain.taken_by_maker
    carried[is_followed] = 1.0
    down = made * carried
    up = chain.made_in(chain.taken_by_maker @ np.where(is_followed, made, 0.0))
    down[down <= SHOWN * float(made[is_followed].sum())] = 0.0
    carries = {chain.makers[m][1] for m in np.flatnonzero(down)}
    return np.where([item in carries for _, item in chain.makers], down, up)


def _by_item(chain: Chain, weight: Floats) -> dict[ItemId, float]:
    totals: dict[ItemId, float] = defaultdict(float)
    for m in np.flatnonzero(weight > 0):
        totals[chain.makers[m][1]] += float(weight[m])
    return totals


def _by_tier(
    chain: Chain, product: ItemId, made: Floats, totals: dict[ItemId, float]
) -> Iterable[tuple[ItemId, int, float]]:
    """Items with their tier and total, in order of tiers; tiers count recipes that work for the product."""
    working: set[RecipeId] = {chain.makers[m][0] for m in np.flatnonzero(made > 0)}
    found = tiers(chain.net, product, recipes=working)
    return sorted(
        ((item, found[item], total) for item, total in totals.items() if item in found),
        key=lambda row: (row[1], row[0]),
    )


def known_region(chain: Chain, region: str | None) -> RegionId | None:
    """Return a region's id, or None for the world.

    Raises
    ------
    InputError
        If it does not exist, with the nearest one that does.
    """
    if region is None:
        return None
    if RegionId(region) not in chain.net.region:
        message = f'no region "{region}"{nearest(region, chain.net.region)}'
        raise InputError(message)
    return RegionId(region)
