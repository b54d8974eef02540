"""Names and units of what tables call by id, and phrases for prose."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from exposure.model import ItemId, Network, RegionId

PROPER = frozenset({"Ascend", "Chinese", "Dutch", "Google", "Huawei", "Japanese", "Korean", "Nvidia"})
"""First words of item names that keep their capital."""

WITH_ARTICLE = ("United", "European Union", "Rest of", "Netherlands", "Philippines", "world")
"""Starts of region names that prose puts "the" before."""


UNITS = {
    "output0": "{unit} a year", "capacity": "{unit} a year", "flow0": "{unit} a year", "max_flow": "{unit} a year",
    "quantity": "{unit}", "cover_months": "months of use", "price_usd": "USD per {unit}", "value_usd": "USD per {unit}",
    "extra_cost_usd": "USD per {unit}", "reserve": "{unit}", "start_months": "months", "ramp_months": "months",
    "lead_months": "months", "life_months": "months", "days": "days",
}  # fmt: skip
"""Units of the columns of the data files, with the item's own unit to be filled in."""


def unit_of(column: str, unit: str) -> str:
    """Return the unit of a column of the data files for an item of some unit; blank where it has none."""
    return UNITS.get(column, "").replace("{unit}", unit)


class Names:
    """Names by id, over every network of a workbook; an unknown id stands for itself."""

    def __init__(self, networks: Iterable[Network]) -> None:
        self.items: dict[str, str] = {}
        self.units: dict[str, str] = {}
        self.regions: dict[str, str] = {}
        for net in dict.fromkeys(map(id, nets := list(networks))):
            self._learn(next(known for known in nets if id(known) == net))

    def _learn(self, net: Network) -> None:
        self.items |= {str(row.item): row.name for row in net.items}
        self.units |= {str(row.item): row.unit for row in net.items}
        self.regions |= {str(row.region): row.name for row in net.regions}

    def item(self, ident: object) -> str:
        """Name of an item."""
        return self.items.get(str(ident), str(ident))

    def unit(self, ident: object) -> str:
        """Unit of an item."""
        return self.units.get(str(ident), "")

    def region(self, ident: object) -> str:
        """Name of a region; a scope such as ``*`` or ``!CN`` in words."""
        text = str(ident)
        if text in ("*", ""):
            return "all"
        if text.startswith("!"):
            return f"all but {self.region(text[1:])}"
        return self.regions.get(text, text)

    def scope_item(self, ident: object) -> str:
        """Name of an item in a rule's scope."""
        return "all items" if str(ident) in ("*", "") else self.item(ident)

    def goods(self, ident: object) -> str:
        """Item inside a sentence: the first letter small, unless the first word is a name or an acronym."""
        name = self.scope_item(ident)
        first = name.split(" ", 1)[0]
        rest = first[1:]
        plain = rest == rest.lower() and rest != "" and not rest[0].isdigit() and first not in PROPER
        return name[0].lower() + name[1:] if plain else name

    def place(self, ident: object) -> str:
        """Region inside a sentence, with its article."""
        name = self.region(ident)
        return f"the {name}" if name.startswith(WITH_ARTICLE) else name


def country(net: Network, region: str) -> str:
    """Return the country or bloc of a region; an unknown region stands for itself."""
    return str(net.country(cast("RegionId", region))) if region in net.ancestors else region


def upstream(net: Network, item: str) -> set[str]:
    """Return the items that go into an item at any depth, itself included."""
    inputs: dict[ItemId, set[ItemId]] = {}
    for recipe in net.recipes:
        lines = net.bom_of[recipe.recipe]
        inputs.setdefault(recipe.item, set()).update(line.input for line in lines if line.quantity > 0)
        for line in lines:
            if line.quantity < 0:  # a by-product needs what its main product needs
                inputs.setdefault(line.input, set()).add(recipe.item)
    found, waiting = {cast("ItemId", item)}, [cast("ItemId", item)]
    while waiting:
        new = inputs.get(waiting.pop(), set()) - found
        found |= new
        waiting.extend(sorted(new))
    return {str(one) for one in found}
