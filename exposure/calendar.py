"""Months, the only clock of the model, and the days inside them."""

from __future__ import annotations

import calendar as _calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import total_ordering
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import core_schema

_MONTH = re.compile(r"(\d{4})-(\d{2})")


@total_ordering
@dataclass(frozen=True, slots=True)
class Month:
    """One calendar month, written ``2025-04``."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str | Month) -> Month:
        """Read ``YYYY-MM``.

        Raises
        ------
        ValueError
            If the text is not a month between 1900-01 and 2200-12.
        """
        if isinstance(text, Month):
            return text
        match = _MONTH.fullmatch(str(text).strip())
        if not match or not 1 <= int(match[2]) <= 12 or not 1900 <= int(match[1]) <= 2200:
            message = f'"{text}" is not a month; write it as 2025-04'
            raise ValueError(message)
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: dt.date) -> Month:
        """Return the month that holds a day."""
        return cls(day.year, day.month)

    @property
    def ordinal(self) -> int:
        """Months since year 0, so that months can be subtracted."""
        return self.year * 12 + self.month - 1

    @property
    def days(self) -> int:
        """Number of days in the month."""
        return _calendar.monthrange(self.year, self.month)[1]

    @property
    def first(self) -> dt.date:
        """First day."""
        return dt.date(self.year, self.month, 1)

    @property
    def last(self) -> dt.date:
        """Last day."""
        return dt.date(self.year, self.month, self.days)

    def __add__(self, months: int) -> Month:
        year, month = divmod(self.ordinal + months, 12)
        return Month(year, month + 1)

    def __sub__(self, other: Month) -> int:
        return self.ordinal - other.ordinal

    def __lt__(self, other: Month) -> bool:
        return self.ordinal < other.ordinal

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:  # noqa: ANN401
        return core_schema.no_info_plain_validator_function(
            cls.parse, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )


@dataclass(frozen=True, slots=True)
class Calendar:
    """The periods of one run: ``periods`` months from ``start``; index 0 is ``start``."""

    start: Month
    periods: int

    def __iter__(self) -> Iterator[Month]:
        return (self.start + t for t in range(self.periods))

    def __getitem__(self, t: int) -> Month:
        return self.start + t

    def index(self, month: Month) -> int:
        """Index of a month; negative before the start, ``periods`` or more after the end."""
        return month - self.start
