"""Supply risk by the formula of the European Commission's lists of critical raw materials.

Source: Study on the review of the list of Critical Raw Materials, criticality assessments (European Commission 2017,
https://doi.org/10.2873/876644): supply risk

    SR = [HHI(WGI,t) world x IR/2 + HHI(WGI,t) sourcing x (1 - IR/2)] x (1 - EoL-RIR) x SI

is critical from 1.0 on. The report names the factors; the scaling of the governance indicators to 0-10 was inferred by
recomputing its published results. SR ranks structural exposure; it does not foretell controls, and is no input of their
severity.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from exposure.errors import InputError
from exposure.graph.chain import Chain
from exposure.graph.concentration import Shares, seen_shares, world_shares
from exposure.graph.explosion import known_region
from exposure.graph.tiers import known_item
from exposure.model import RegionId

CRITICAL = 1.0
"""Supply risk from which the Commission calls a material critical (if it is also important enough: EI of 2.8 or more)."""
GOVERNANCE_MEAN = 0.0
"""Governance of a place without a figure: the mean of the world, which the indicators are scaled to."""
AT_HOME, RESTRICTED, OPEN = 0.8, 1.1, 1.0
"""Trade factor t: supply within the Union, supply under an export restriction, any other."""


def scaled_governance(mean: float) -> float:
    """Return W, governance on 0-10 with 10 the worst: (2.5 - mean of the six World Bank indicators) x 2.

    >>> scaled_governance(-0.363)
    5.726
    """
    return (2.5 - mean) * 2


def weighted_concentration(
    shares: Mapping[RegionId, float],
    governance: Mapping[RegionId, float],
    trade: Mapping[RegionId, float] | None = None,
) -> float:
    """Return HHI(WGI,t) = sum over countries of share^2 x W x t, 0 to 10 (11 under restrictions).

    Parameters
    ----------
    shares
        Share of each country, 0-1.
    governance
        Mean of the six governance indicators, about -2.5 to 2.5; a country without one counts as `GOVERNANCE_MEAN`.
    trade
        Trade factor t of each country, 1 if not given.
    """
    factors = trade or {}
    return sum(
        share**2 * scaled_governance(governance.get(country, GOVERNANCE_MEAN)) * factors.get(country, OPEN)
        for country, share in shares.items()
    )


def supply_risk(
    world: float, sourcing: float | None, *, import_reliance: float, recycling: float = 0.0, substitution: float = 1.0
) -> float:
    """Return supply risk SR of one material at one stage.

    Parameters
    ----------
    world, sourcing
        HHI(WGI,t) of world supply and of the importer's sourcing, 0-10; without the latter world supply stands for both.
    import_reliance
        IR, 0-1; a negative one (a net exporter) counts as 0, one above 1 as 1.
    recycling
        End-of-life recycling input rate, 0-1.
    substitution
        Substitution index for supply risk, 0-1 (1: no substitute).

    Raises
    ------
    InputError
        If a share lies outside 0-1.
    """
    for name, share in (("recycling", recycling), ("substitution", substitution)):
        if not 0 <= share <= 1:
            message = f"{name} {share:g}: write a share between 0 and 1"
            raise InputError(message)
    half = min(max(import_reliance, 0.0), 1.0) / 2
    mixed = world if sourcing is None else world * half + sourcing * (1 - half)
    return mixed * (1 - recycling) * substitution


@dataclass(frozen=True, slots=True)
class Risk:
    """Supply risk of an item for a region with all that it is made of."""

    world: float
    sourcing: float
    import_reliance: float
    risk: float
    unknown: tuple[RegionId, ...]
    """Countries without a governance figure, counted as the world's mean."""


def import_reliance(chain: Chain, item: str, region: str) -> float:
    """Return IR of a country: net imports / (own make + net imports); 0 for a net exporter or where nothing is made or arrives."""
    known, place = known_item(chain.net, item), known_region(chain, region)
    country = chain.net.country(place) if place else None
    inside = [i == known and chain.country[n] == country for n, (i, _) in enumerate(chain.nodes)]
    made = sum(float(chain.made[m]) for m, n in enumerate(chain.maker_node) if inside[n])
    net = 0.0
    for origin, destination, flow in zip(chain.origin, chain.destination, chain.flow, strict=True):
        net += float(flow) * (int(inside[destination]) - int(inside[origin]))
    return max(0.0, net / (made + net)) if made + net > 0 else 0.0


def supply_risk_of(
    chain: Chain,
    item: str,
    region: str,
    governance: Mapping[RegionId, float],
    *,
    restricted: Collection[RegionId] = (),
    recycling: float = 0.0,
    substitution: float = 1.0,
) -> Risk:
    """Return the supply risk of an item for an importing region, with the network's own shares.

    World shares are those of what is made; sourcing shares look through the countries that only passed goods on. A region of
    several countries (the rest of the world) counts as one supplier, which overstates its concentration.

    Parameters
    ----------
    chain
        Who supplies whom.
    item, region
        The item, and who imports it (its country is meant).
    governance
        Mean of the six governance indicators by country.
    restricted
        Countries that restrict exports of the item (t = 1.1); the importer itself counts with t = 0.8.
    recycling, substitution
        As in `supply_risk`.

    Raises
    ------
    InputError
        If an id is unknown or none of the item is made or used there.
    """
    place = known_region(chain, region)
    home = chain.net.country(place) if place else RegionId(region)
    world, seen = world_shares(chain, item), seen_shares(chain, item, home)
    trade = dict.fromkeys(restricted, RESTRICTED) | {home: AT_HOME}
    reliance = import_reliance(chain, item, home)
    parts = [weighted_concentration(shares, governance, trade) for shares in (world, seen)]
    value = supply_risk(*parts, import_reliance=reliance, recycling=recycling, substitution=substitution)
    unknown = sorted({*_countries(world), *_countries(seen)} - governance.keys())
    return Risk(parts[0], parts[1], reliance, value, tuple(unknown))


def _countries(shares: Shares) -> Collection[RegionId]:
    return [country for country, share in shares.items() if share > 0]
