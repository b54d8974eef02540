"""Where things go: lanes between regions, stocks held, final demand."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from exposure.model.goods import ZeroAmount, ZeroMonths, _zero_if_blank
from exposure.model.record import Amount, Evidence, ItemId, MaybeAmount, RegionId, Share

DEFAULT_LANE_GROWTH = 0.25
"""Headroom of a lane whose ``max_flow`` is blank, as a share of its baseline flow (design: flow0 x 1.25)."""


def _one_if_blank(value: object) -> object:
    return 1 if isinstance(value, str) and value.strip() == "" else value


def _late_if_blank(value: object) -> object:
    return 0.01 if isinstance(value, str) and value.strip() == "" else value


class Lane(Evidence):
    """Trade of one item from one region to another."""

    item: ItemId = Field(description="what travels")
    origin: RegionId = Field(description="from")
    destination: RegionId = Field(description="to")
    flow0: MaybeAmount = Field(default=None, description="baseline flow, unit/yr; blank: derived by the baseline")
    max_flow: MaybeAmount = Field(default=None, description="most it can carry, unit/yr; blank: flow0 x 1.25")
    lead_months: ZeroMonths = Field(default=0, description="months under way")
    extra_cost_usd: ZeroAmount = Field(default=0.0, description="USD per unit above the baseline")

    @property
    def key(self) -> tuple[ItemId, RegionId, RegionId]:
        """Item, origin, destination."""
        return self.item, self.origin, self.destination


class Stock(Evidence):
    """What a region holds of an item at the start; shared by all who use the item there."""

    item: ItemId = Field(description="what is held")
    region: RegionId = Field(description="where")
    quantity: MaybeAmount = Field(default=None, description="units held; or give cover_months")
    cover_months: MaybeAmount = Field(default=None, description="months of baseline use; or give quantity")
    reserve: ZeroAmount = Field(default=0.0, description="units that may not be drawn")


class Demand(Evidence):
    """Final demand: what is lost when it is not served is the damage."""

    item: ItemId = Field(description="what is wanted")
    region: RegionId = Field(description="by whom")
    quantity: MaybeAmount = Field(default=None, description="unit/yr; blank: derived by the baseline")
    value_usd: Amount = Field(description="USD of output lost per unit not served")
    value_added_usd: MaybeAmount = Field(
        default=None, description="of it value added; blank: value less one level of bill of materials at prices"
    )
    priority: Annotated[int, BeforeValidator(_one_if_blank), BeforeValidator(lambda v: int(v) if v else v)] = Field(
        default=1, ge=1, le=99, description="class of service when somebody directs; 1 is served first"
    )
    deferrable: Annotated[Share, BeforeValidator(_zero_if_blank)] = Field(
        default=0.0, description="share that waits instead of being lost"
    )
    late_cost: Annotated[Share, BeforeValidator(_late_if_blank)] = Field(
        default=0.01, description="share of value lost per month of waiting"
    )
