"""Rows of the exposure tables: a generator for each, over what was asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from exposure.graph import (
    CRITICAL,
    Chain,
    explode,
    hhi,
    origin_shares,
    seen_shares,
    supply_risk_of,
    tiers,
    without_largest,
    world_shares,
)
from exposure.model import ItemId, Network, RegionId

WORLD = "*"
"""Stands for the world in the column ``region``, as in the scope of a rule."""
GOVERNANCE = "governance: mean of six Worldwide Governance Indicators"
"""What `facts.csv` calls the governance figure of a country, which its ``geography`` names."""
RESTRICTIONS = ("ban", "licence", "quota")
"""Mechanisms that count as an export restriction in supply risk."""
KILOGRAMS: Mapping[str, float] = {"t": 1000.0, "t REO": 1000.0, "kg": 1.0}
"""Kilograms in a unit of mass."""
RISKED = ("material", "component")
"""Kinds of items whose supply risk is told: the formula was made for raw materials."""

Row = tuple[object, ...]


@dataclass(frozen=True)
class Study:
    """Rows of the tables for what was asked."""

    net: Network
    chain: Chain
    item: str | None
    product: str | None

    def explosion(self, region: str | None) -> Iterator[Row]:
        """Units of each item made on account of one unit of each product, by place of use."""
        for product in self._products():
            unit = self.net.item[product].unit
            for place in self._places(product, region):
                for row in explode(self.chain, product, None if place == WORLD else place):
                    if self.item in (None, row.item):
                        own = self.net.item[row.item].unit
                        kilograms = row.quantity * KILOGRAMS[own] if own in KILOGRAMS else None
                        yield product, place, row.tier, row.item, row.quantity, f"{own} per {unit}", kilograms

    def origins(self, region: str | None) -> Iterator[Row]:
        """Who made each item that is in each product, by place of use."""
        for product in self._products():
            unit = self.net.item[product].unit
            for place in self._places(product, region):
                upstream = tiers(self.net, self.item) if self.item else {}
                for row in origin_shares(self.chain, product, None if place == WORLD else place, along=self.item):
                    counted = row.item if not self.item or row.item in upstream else ItemId(self.item)
                    yield (
                        product, place, self.item or "", row.tier, row.item, row.origin, row.share, row.quantity,
                        f"{self.net.item[counted].unit} of {counted} per {unit}",
                    )  # fmt: skip

    def concentration(self, region: str | None) -> Iterator[Row]:
        """Concentration and N-1 ratios of each item, for the world and each country that uses it."""
        for item in self._items():
            for place in (WORLD, *self._users(item, region)):
                where = None if place == WORLD else place
                shares = world_shares(self.chain, item) if where is None else seen_shares(self.chain, item, where)
                left = without_largest(self.chain, item, where)
                if not shares or left is None:
                    continue
                largest = next(iter(shares))
                yield (
                    item, place, hhi(shares), largest, shares[largest], len(shares), left.largest, left.share, left.demand,
                    f"{self.net.item[item].unit}/yr", left.without, left.with_spare,
                )  # fmt: skip

    def supply_risk(self, region: str | None) -> Iterator[Row]:
        """The EU formula for each material and component, for each country that uses it."""
        known = governance(self.net)
        for item in (item for item in self._items() if self.net.item[item].kind in RISKED):
            restricted = restricted_origins(self.net, item)
            for place in self._users(item, region):
                risk = supply_risk_of(self.chain, item, place, known, restricted=restricted)
                yield (
                    item, place, risk.world, risk.sourcing, risk.import_reliance, risk.risk, risk.risk >= CRITICAL,
                    ", ".join(restricted), ", ".join(risk.unknown),
                )  # fmt: skip

    def tiers(self) -> Iterator[Row]:
        """Recipes between each product and what goes into it."""
        for product in self._products():
            for item, tier in tiers(self.net, product).items():
                if self.item in (None, item):
                    yield product, item, tier

    def _products(self) -> list[ItemId]:
        """The product asked for, or all that final users want and that can be made: of kind product, if there are such."""
        if self.product:
            return [ItemId(self.product)]
        wanted = sorted(
            {item for (item, _), units in zip(self.chain.nodes, self.chain.served, strict=True) if units > 0}
        )
        wanted = [item for item in wanted if self.item != item]
        products = [item for item in wanted if self.net.item[item].kind == "product"] or wanted
        if not self.item:
            return products
        return [item for item in products if any(row.item == self.item for row in explode(self.chain, item))]

    def _places(self, product: ItemId, region: str | None) -> Sequence[str]:
        """The region asked for, or the world and whoever uses the product: countries or, for a product asked for, every region."""
        if region:
            return [region]
        amount = self.chain.inflow if self.product else self.chain.used
        pools = [
            node[1]
            for node, units, taken in zip(self.chain.nodes, amount, self.chain.taken, strict=True)
            if node[0] == product and units > 0 and taken > 0
        ]
        places = {*pools} if self.product else {self.net.country(place) for place in pools}
        if self.item and self.product:
            places = {place for place in places if self._holds(product, place)}
        return [WORLD, *sorted(places)]

    def _holds(self, product: ItemId, place: RegionId) -> bool:
        return any(row.item == self.item for row in explode(self.chain, product, place))

    def _items(self) -> list[ItemId]:
        """Items whose supply is asked about: all that are made, or those upstream of the item or product asked for."""
        made = {item for (_, item), units in zip(self.chain.makers, self.chain.made, strict=True) if units > 0}
        asked = self.item or self.product
        return sorted(made & tiers(self.net, asked).keys() if asked else made)

    def _users(self, item: ItemId, region: str | None) -> list[RegionId]:
        """Countries that use an item, or that of the region asked for if it does."""
        users = {
            country
            for (one, _), country, units, taken in zip(
                self.chain.nodes, self.chain.country, self.chain.used, self.chain.taken, strict=True
            )
            if one == item and units > 0 and taken > 0
        }
        return sorted(users & {self.net.country(RegionId(region))} if region else users)


def governance(net: Network) -> dict[RegionId, float]:
    """Return the governance figure of each country whose name or id a fact of that kind gives as its geography."""
    ids = {row.name: row.region for row in net.regions} | {row.region: row.region for row in net.regions}
    return {
        ids[fact.geography]: float(fact.value)
        for fact in net.facts
        if fact.quantity == GOVERNANCE and fact.geography in ids
    }


def restricted_origins(net: Network, item: ItemId) -> list[RegionId]:
    """Return the countries that now restrict exports of an item: by a ban, licence or quota of a control in force."""
    rules = [
        rule
        for rule in net.control_scope
        if rule.mechanism in RESTRICTIONS and rule.item in (item, "*") and rule.origin in net.region
        if rule.control in net.control and net.control[rule.control].status == "in_force"
    ]
    return sorted({net.country(RegionId(rule.origin)) for rule in rules})
