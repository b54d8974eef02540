"""The day axis of a run: which days each month holds, and averages over them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from exposure.calendar import Calendar

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

OPEN = dt.date.max.toordinal()
"""Day number that stands for an open end."""


@dataclass(frozen=True)
class Days:
    """Every day of ``months`` months from the start of a calendar; day numbers are ``date.toordinal()``."""

    calendar: Calendar
    months: int

    @cached_property
    def edges(self) -> Ints:
        """Number of the first day of each month, and of the day after the last, shape (months + 1,)."""
        return np.array([(self.calendar.start + t).first.toordinal() for t in range(self.months + 1)], dtype=np.int64)

    @cached_property
    def numbers(self) -> Ints:
        """Number of every day, shape (days,)."""
        return np.arange(self.edges[0], self.edges[-1], dtype=np.int64)

    def of(self, month: int) -> slice:
        """Return the slice of the day axis that a month takes."""
        return slice(int(self.edges[month] - self.edges[0]), int(self.edges[month + 1] - self.edges[0]))

    def between(self, first: int, last: int) -> Bools:
        """Return which days lie from ``first`` to ``last``, both included."""
        return (self.numbers >= first) & (self.numbers <= last)

    def mean(self, by_day: npt.NDArray[np.generic]) -> Floats:
        """Average a day series over each month, shape (days,) to (months,); a steady month keeps its value exactly."""
        values, starts = by_day.astype(np.float64), self.edges[:-1] - self.edges[0]
        lowest, highest = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
        return np.where(lowest == highest, lowest, np.add.reduceat(values, starts) / np.diff(self.edges))

    def is_steady(self, by_day: Floats) -> Bools:
        """Tell for each month whether all its days have one value."""
        starts = self.edges[:-1] - self.edges[0]
        steady: Bools = np.minimum.reduceat(by_day, starts) == np.maximum.reduceat(by_day, starts)
        return steady

    def any(self, by_day: Bools) -> Bools:
        """Tell for each month whether any of its days is marked."""
        marked: Bools = np.logical_or.reduceat(by_day, self.edges[:-1] - self.edges[0])
        return marked


def overlap_mean(shipped: Floats, arrived: Floats) -> float:
    """Average of the smaller of two day series of months of different length, both stretched to one month.

    ``shipped`` has n days and ``arrived`` m days; each day of the first is cut into m parts and each of the second into
    n, so that a month under one series alone keeps that series' own average.
    """
    return float(np.minimum(np.repeat(shipped, len(arrived)), np.repeat(arrived, len(shipped))).mean())
