"""Regions: countries, blocs, and the firms or end uses inside them."""

from __future__ import annotations

from pydantic import Field

from exposure.model.record import Record, RegionId


class Region(Record):
    """A country or bloc, or (``within`` another) a firm, an end use, a group of users with their own stock."""

    region: RegionId = Field(description="id, such as CN or US/defence", min_length=1)
    name: str = Field(description="name in reports", min_length=1)
    within: RegionId = Field(default=RegionId(""), description="parent region; blank for a country or bloc")
    note: str = Field(default="", description="what is meant")
