"""Regions: countries, blocs, and the firms or end uses inside them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from exposure.model.record import Record, RegionId, Share, _blank_is_none


class Region(Record):
    """A country or bloc, or (``within`` another) a firm, an end use, a group of users with their own stock."""

    region: RegionId = Field(description="id, such as CN or US/defence", min_length=1)
    name: str = Field(description="name in reports", min_length=1)
    within: RegionId = Field(default=RegionId(""), description="parent region; blank for a country or bloc")
    owner: RegionId = Field(
        default=RegionId(""), description="firm (a region) that owns a part of it; blank: none listed"
    )
    owner_share: Annotated[Share | None, BeforeValidator(_blank_is_none)] = Field(
        default=None, description="share that the owner holds"
    )
    note: str = Field(default="", description="what is meant")
