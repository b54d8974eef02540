"""The sides of each item's mass balance over the world, summed from an outcome's tables over the months that can be balanced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from exposure.calendar import Month
from exposure.model import Network

SIDES = ("before", "made", "by_products", "arrived", "shipped", "used", "served", "after")
"""What stood and what moved, in the order of the sheet."""

Ints = np.ndarray[tuple[int], np.dtype[np.int64]]
Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
Span = tuple[Ints, Ints]
"""First and last month of each row of a table that counts, as numbers of months from the first reported one."""


@dataclass(frozen=True)
class Windows:
    """Months over which each item is balanced, late enough that every arrival was shipped in a reported month.

    ``begin`` and ``end`` count months from ``first``; an item whose longest lead is as long as the report begins after its
    end. ``lead`` is the lead (months) by item, origin and destination.
    """

    items: tuple[str, ...]
    first: Month
    months: int
    begin: Ints
    end: Ints
    lead: Mapping[tuple[str, str, str], int]

    @classmethod
    def of(cls, net: Network, months: list[str]) -> Windows:
        """Start each item's window after its longest lead."""
        items = tuple(str(row.item) for row in net.items)
        at = {item: k for k, item in enumerate(items)}
        first, last = Month.parse(months[0]), Month.parse(months[-1])
        begin = np.ones(len(items), dtype=np.int64)
        for lane in net.lanes:
            begin[at[lane.item]] = max(begin[at[lane.item]], lane.lead_months)
        lead = {(str(row.item), str(row.origin), str(row.destination)): row.lead_months for row in net.lanes}
        return cls(items, first, last - first + 1, begin, np.full(len(items), last - first), lead)


def sides(net: Network, plan: Windows, tables: Mapping[str, pd.DataFrame]) -> dict[str, list[Floats]]:
    """Return for each response the sides of all items, each an array in the order of ``plan.items`` (units)."""
    responses = sorted({str(level) for table in tables.values() for level in table["response"].unique()})
    sums = {level: {side: np.zeros(len(plan.items)) for side in SIDES} for level in responses}
    read = _Reader(plan, {level: k for k, level in enumerate(responses)})
    for side, level, item, units in (
        *read.stocks(tables["stocks"]),
        *read.flows(tables["shipments"]),
        read.within(tables["loss"], "served", tables["loss"]["served"]),
        *read.making(net, tables["production"]),
    ):
        known = item >= 0
        for k, name in enumerate(responses):
            own = known & (level == k)
            sums[name][side] += np.bincount(item[own], units[own], len(plan.items))
    return {level: [parts[side] for side in SIDES] for level, parts in sums.items()}


Part = tuple[str, Ints, Ints, Floats]
"""A side, and for each of its rows the response, the item (-1: none) and the units."""


@dataclass(frozen=True)
class _Reader:
    """Reads tables as numbers: responses, items and months by their place."""

    plan: Windows
    levels: Mapping[str, int]

    def codes(self, column: pd.Series[Any], places: Mapping[str, int]) -> Ints:
        """Return the place of each value, -1 for one that has none."""
        codes, values = pd.factorize(column)
        return np.array([places.get(str(value), -1) for value in values] or [-1], dtype=np.int64)[codes]

    def items(self, column: pd.Series[Any]) -> Ints:
        """Return the place of each item."""
        return self.codes(column, {item: k for k, item in enumerate(self.plan.items)})

    def months(self, column: pd.Series[Any]) -> Ints:
        """Return months as numbers from the first reported one."""
        return self.codes(column, {str(self.plan.first + k): k for k in range(self.plan.months)})

    def within(self, table: pd.DataFrame, side: str, units: pd.Series[Any]) -> Part:
        """Return the rows whose month lies in their item's window."""
        item = self.items(table["item"])
        inside = self.months(table["month"]) >= self.plan.begin[item]
        return side, self.codes(table["response"], self.levels), np.where(inside, item, -1), _numbers(units)

    def stocks(self, table: pd.DataFrame) -> Iterable[Part]:
        """Yield stocks at the end of the month before the window and of its last month."""
        item, month = self.items(table["item"]), self.months(table["month"])
        level, stock = self.codes(table["response"], self.levels), _numbers(table["stock"])
        for side, wanted in (("before", self.plan.begin - 1), ("after", self.plan.end)):
            yield side, level, np.where(month == wanted[item], item, -1), stock

    def flows(self, table: pd.DataFrame) -> Iterable[Part]:
        """Yield what was shipped in the window, and what arrived in it, shipped its lead before."""
        units = _numbers(table["usual"]) + _numbers(table["extra"])
        item, level = self.items(table["item"]), self.codes(table["response"], self.levels)
        month, begin, end = self.months(table["month"]), self.plan.begin[item], self.plan.end[item]
        yield "shipped", level, np.where(month >= begin, item, -1), units
        ends = zip(*(table[name].tolist() for name in ("item", "origin", "destination")), strict=True)
        arrival = month + np.array([self.plan.lead.get(lane, 0) for lane in ends], dtype=np.int64)
        yield "arrived", level, np.where((arrival >= begin) & (arrival <= end), item, -1), units

    def making(self, net: Network, table: pd.DataFrame) -> Iterable[Part]:
        """Yield what recipes made, what they made beside it, and what they used; installed equipment is not used up."""
        units = _numbers(table["usual"]) + _numbers(table["extra"])
        recipes = {str(row.recipe): k for k, row in enumerate(net.recipes)}
        recipe, level = self.codes(table["recipe"], recipes), self.codes(table["response"], self.levels)
        month = self.months(table["month"])
        yield "made", level, np.where(month >= self.plan.begin[item := self.items(table["item"])], item, -1), units
        # what each recipe makes from each month on, so that an input's window picks its sum
        made = np.zeros((len(self.levels), len(recipes), self.plan.months + 1))
        known = (recipe >= 0) & (month >= 0)
        np.add.at(made, (level[known], recipe[known], month[known]), units[known])
        onward = made[:, :, ::-1].cumsum(axis=2)[:, :, ::-1]
        place = {item: k for k, item in enumerate(self.plan.items)}
        lines = [line for line in net.bom if net.item[line.input].life_months is None]
        of = np.array([recipes[str(line.recipe)] for line in lines], dtype=np.int64)
        into = np.array([place[str(line.input)] for line in lines], dtype=np.int64)
        quantity = np.array([line.quantity for line in lines], dtype=float)
        start = np.minimum(self.plan.begin[into], self.plan.months)
        for k in range(len(self.levels)):
            moved = onward[k, of, start] * quantity
            yield "used", np.full(len(lines), k), into, np.maximum(moved, 0.0)
            yield "by_products", np.full(len(lines), k), into, np.maximum(-moved, 0.0)


def _numbers(column: pd.Series[Any]) -> Floats:
    return np.asarray(column.to_numpy(dtype=float))
