"""Concentration and N-1: on how few countries a good hangs, and what is left without the largest of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from exposure.graph.bill import Floats
from exposure.graph.chain import Chain
from exposure.graph.explosion import SHOWN, known_region
from exposure.graph.tiers import known_item
from exposure.model import ItemId, RegionId

Shares = dict[RegionId, float]
"""Share of each country, largest first."""


def hhi(shares: Mapping[RegionId, float]) -> float:
    """Return the Herfindahl-Hirschman index: the sum of squared shares, 0-1 (1: a single country).

    >>> round(hhi({"CN": 0.9, "JP": 0.1}), 12)
    0.82
    """
    return float(sum(share**2 for share in shares.values()))


def world_shares(chain: Chain, item: str) -> Shares:
    """Return each country's share of what the world makes of an item (empty if none is made); by-products count."""
    return _shares(_made_by_country(chain, known_item(chain.net, item)))


def seen_shares(chain: Chain, item: str, region: str) -> Shares:
    """Return which country made what a region uses of an item, looking through the countries that passed it on."""
    product = known_item(chain.net, item)
    made = chain.made_in(chain.wanted(product, known_region(chain, region)))
    shares = _shares(_by_country(chain, made, _makers_of(chain, product)))
    return {country: share for country, share in shares.items() if share > SHOWN}


@dataclass(frozen=True, slots=True)
class Remainder:
    """What is left of supply if its largest supplier stops.

    ``without`` and ``with_spare`` are supply without the largest / demand: as in the baseline, and with the spare capacity of
    the others (above 1: they could do it alone, as far as their own capacity goes). ``supply`` and ``demand`` in unit/yr.
    """

    largest: RegionId
    share: float
    supply: float
    demand: float
    without: float
    with_spare: float


def without_largest(chain: Chain, item: str, region: str | None = None) -> Remainder | None:
    """Return the N-1 ratio of an item, for the world by maker or for a country by immediate supplier.

    ratio = (supply - supply of the largest) / demand, with demand all that is taken. For the world, suppliers are the
    countries that make the item; spare is the capacity above baseline of their running recipes and what they throw away. For
    a country, suppliers are its own makers and the countries that ship to it; spare is the room of those lanes. Neither asks
    whether inputs suffice, nor counts recipes that do not run: it is a first-order figure, the programme gives the rest.

    Parameters
    ----------
    chain
        Who supplies whom, with capacity and room if spare is wanted.
    item
        The item.
    region
        Country, or a region within (its country is meant); the world without one.

    Returns
    -------
    Remainder or None
        None if none of the item is made or taken there.

    Raises
    ------
    InputError
        If an id is unknown.
    """
    known, place = known_item(chain.net, item), known_region(chain, region)
    here = np.zeros(len(chain.nodes), dtype=bool)
    here[chain.pools(known)] = True
    makes = here[chain.maker_node]
    if place is None:
        supply, spare = _made_by_country(chain, known), _by_country(chain, chain.spare, makes & (chain.made > 0))
        for n in np.flatnonzero(here):
            if supply.get(chain.country[n]):
                spare[chain.country[n]] += float(chain.thrown_away[n])
        demand = float(chain.used[here].sum())
        return _remainder(supply, spare, demand)
    country = chain.net.country(place)
    inside = np.zeros(len(chain.nodes), dtype=bool)
    inside[[n for n in chain.pools(known) if chain.country[n] == country]] = True
    at_home = inside[chain.maker_node]
    supply = _by_country(chain, chain.made, at_home)
    spare = _by_country(chain, chain.spare, at_home & (chain.made > 0))
    arriving = inside[chain.destination] & ~inside[chain.origin] & (chain.flow > 0)
    for k in np.flatnonzero(arriving):
        supply[chain.country[chain.origin[k]]] += float(chain.flow[k])
        spare[chain.country[chain.origin[k]]] += float(chain.room[k])
    leaving = inside[chain.origin] & ~inside[chain.destination]
    return _remainder(supply, spare, float(chain.used[inside].sum() + chain.flow[leaving].sum()))


def _remainder(supply: dict[RegionId, float], spare: dict[RegionId, float], demand: float) -> Remainder | None:
    total = sum(supply.values())
    if total <= 0 or demand <= 0:
        return None
    largest = min(supply, key=lambda country: (-supply[country], country))
    rest = sum(units for country, units in supply.items() if country != largest)
    more = sum(units for country, units in spare.items() if country != largest)
    return Remainder(largest, supply[largest] / total, total, demand, rest / demand, (rest + more) / demand)


def _made_by_country(chain: Chain, item: ItemId) -> dict[RegionId, float]:
    return _by_country(chain, chain.made, _makers_of(chain, item))


def _makers_of(chain: Chain, item: ItemId) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.isin(chain.maker_node, chain.pools(item))


def _by_country(
    chain: Chain, amount: Floats, chosen: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> dict[RegionId, float]:
    total: dict[RegionId, float] = defaultdict(float)
    for m in np.flatnonzero(chosen & (amount > 0)):
        total[chain.country[chain.maker_node[m]]] += float(amount[m])
    return total


def _shares(amounts: Mapping[RegionId, float]) -> Shares:
    total = sum(amounts.values())
    ordered = sorted(amounts.items(), key=lambda pair: (-pair[1], pair[0]))
    return {country: amount / total for country, amount in ordered} if total > 0 else {}
