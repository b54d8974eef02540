"""What is made and how: items, recipes, bills of materials, announced capacity."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from exposure.calendar import Month
from exposure.model.record import (
    Amount,
    Evidence,
    ItemId,
    MaybeAmount,
    Months,
    Number,
    RecipeId,
    RegionId,
    _blank_is_none,
)

Kind = Literal["material", "component", "product", "equipment", "software", "service", "people"]

_YES_NO = {"": True, "yes": True, "no": False}


def _yes_no(value: object) -> object:
    if isinstance(value, str):
        key = value.strip().lower()
        if key not in _YES_NO:
            message = "write yes or no"
            raise ValueError(message)
        return _YES_NO[key]
    return value


def _zero_if_blank(value: object) -> object:
    return 0 if isinstance(value, str) and value.strip() == "" else value


ZeroAmount = Annotated[Amount, BeforeValidator(_zero_if_blank)]
ZeroMonths = Annotated[Months, BeforeValidator(_zero_if_blank)]
MaybeMonth = Annotated[Month | None, BeforeValidator(_blank_is_none)]


class Item(Evidence):
    """Anything made or traded, in a unit of its own."""

    item: ItemId = Field(description="id, lower snake case", min_length=1)
    name: str = Field(description="name in reports", min_length=1)
    kind: Kind = Field(description="material, component, product, equipment, software, service or people")
    unit: str = Field(description="unit of every quantity of the item", min_length=1)
    price_usd: Amount = Field(description="USD per unit, baseline year")
    storable: Annotated[bool, BeforeValidator(_yes_no)] = Field(
        default=True, description="no: keeps no stock and travels without lead"
    )
    life_months: Annotated[Months | None, BeforeValidator(_blank_is_none)] = Field(
        default=None, description="months an installed unit stands; blank: consumed in use"
    )
    codes: str = Field(default="", description="HS, ECCN and Chinese control codes, as text")

    @property
    def keeps(self) -> bool:
        """True if a stock of it can be held."""
        return self.storable and self.kind not in ("service", "people")


class Recipe(Evidence):
    """How one item is made in one region; two recipes for one item in one region are technical substitutes."""

    recipe: RecipeId = Field(description="id, lower snake case", min_length=1)
    item: ItemId = Field(description="what it makes")
    region: RegionId = Field(description="where")
    output0: MaybeAmount = Field(default=None, description="baseline output, unit/yr; blank: derived by the baseline")
    capacity: MaybeAmount = Field(default=None, description="most it can make, unit/yr; blank: output0")
    extra_cost_usd: ZeroAmount = Field(default=0.0, description="USD per unit above the baseline")
    start_months: ZeroMonths = Field(default=0, description="months from the news to the first extra output")
    ramp_months: ZeroMonths = Field(default=0, description="months from first extra output to full headroom")


class BomLine(Evidence):
    """One input of a recipe; negative quantity: a by-product."""

    recipe: RecipeId = Field(description="recipe that uses it")
    input: ItemId = Field(description="item used; with a negative quantity, item made beside")
    quantity: Number = Field(description="units of input per unit of output, yield losses included")


class CapacityStep(Evidence):
    """Total capacity of a recipe from a month on: a plant that was announced."""

    recipe: RecipeId = Field(description="recipe whose capacity changes")
    month: Month = Field(description="first month with that capacity")
    capacity: Amount = Field(description="total capacity from that month, unit/yr")
    announced: MaybeMonth = Field(default=None, description="month it became known; blank: before the run")
