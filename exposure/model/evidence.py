"""Facts: single published figures, each with publisher, date and address."""

from __future__ import annotations

from pydantic import Field

from exposure.model.record import FactId, Record


class Fact(Record):
    """One published figure; ``value`` may be text (a date, a range in words)."""

    fact: FactId = Field(description="id, such as RE-001", min_length=1)
    quantity: str = Field(default="", description="what is measured")
    value: str = Field(default="", description="the figure as published")
    low: str = Field(default="", description="low end seen in other sources")
    high: str = Field(default="", description="high end seen in other sources")
    unit: str = Field(default="", description="unit of the figure")
    geography: str = Field(default="", description="where it holds")
    period: str = Field(default="", description="when it holds")
    source: str = Field(default="", description="title of the document")
    publisher: str = Field(default="", description="who published it")
    published: str = Field(default="", description="when")
    url: str = Field(default="", description="where it can be read")
    confidence: str = Field(default="", description="high, medium or low")
    note: str = Field(default="", description="how it was read, what contradicts it")
