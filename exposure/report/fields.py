"""The vocabulary of columns: which column of an outcome's table becomes which column of a sheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from exposure.report.results import Results
from exposure.report.sheet import Column, Kind

CELLS = 90_000
"""Most cells of the body of one sheet: beyond it a workbook is slow to write and slower to open."""

Reader = Callable[[Results, list[Any]], list[Any]]


@dataclass(frozen=True, slots=True)
class Field:
    """One column: ``source`` in the table, ``header`` on the sheet, and how values are read (as they are, if None)."""

    source: str
    header: str
    kind: Kind
    width: float = 12
    read: Reader | None = None


def _item(results: Results, ids: list[Any]) -> list[Any]:
    return [results.names.item(i) if i else "" for i in ids]


def _unit(results: Results, ids: list[Any]) -> list[Any]:
    return [f"{unit}/month" if (unit := results.names.unit(i)) else "" for i in ids]


def _stock_unit(results: Results, ids: list[Any]) -> list[Any]:
    return [results.names.unit(i) for i in ids]


def _region(results: Results, ids: list[Any]) -> list[Any]:
    return [results.names.region(i) if i else "" for i in ids]


def _scaled(results: Results, amounts: list[Any]) -> list[Any]:
    return [amount / results.money.factor for amount in amounts]


def _yes_no(results: Results, flags: list[Any]) -> list[Any]:
    return ["" if pd.isna(flag) else "yes" if flag else "no" for flag in flags]


SCENARIO = Field("scenario", "Scenario", "text", 27)
RESPONSE = Field("response", "Response", "text", 12)
ITEM = Field("item", "Item", "text", 58, _item)
REGION = Field("region", "Region", "text", 48, _region)
ORIGIN = Field("origin", "Origin", "text", 24, _region)
DESTINATION = Field("destination", "Destination", "text", 38, _region)
MONTH = Field("month", "Month", "month", 9)
UNIT = Field("item", "Unit", "text", 19, _unit)
STOCK_UNIT = Field("item", "Unit", "text", 14, _stock_unit)
RECIPE_ID = Field("recipe", "Recipe id", "text", 32)
ITEM_ID = Field("item", "Item id", "text", 25)
REGION_ID = Field("region", "Region id", "text", 18)
ORIGIN_ID = Field("origin", "Origin id", "text", 12)
DESTINATION_ID = Field("destination", "Destination id", "text", 18)


def quantity(source: str, header: str) -> Field:
    """Return a column of quantities; the row's own column *Unit* says of what."""
    return Field(source, header, "amount", 13)


def money(source: str, header: str, results: Results) -> Field:
    """Return a column of money in the workbook's unit, which its header names."""
    return Field(source, f"{header} ({results.money.unit})", "money", 14, _scaled)


def flag(source: str, header: str) -> Field:
    """Return a column of yes and no."""
    return Field(source, header, "flag", 9, _yes_no)


def columns_of(fields: Sequence[Field]) -> list[Column]:
    """Return the sheet's columns."""
    return [Column(field.header, field.kind, field.width) for field in fields]


def rows_of(results: Results, frame: pd.DataFrame, fields: Sequence[Field]) -> list[tuple[object, ...]]:
    """Return the sheet's rows."""
    read = [_values(results, frame, field) for field in fields]
    return list(zip(*read, strict=True))


def _values(results: Results, frame: pd.DataFrame, field: Field) -> list[Any]:
    values: list[Any] = frame[field.source].tolist()
    return field.read(results, values) if field.read else values


def largest(frame: pd.DataFrame, weight: pd.Series[Any], columns: int, cells: int = CELLS) -> tuple[pd.DataFrame, str]:
    """Keep the rows that a sheet has room for: the heaviest of each scenario and response, in their old order.

    Room that a short group does not need goes to the others. Returns the rows kept, and a sentence with both counts where
    any was left out.
    """
    room = cells // max(columns, 1)
    if len(frame) <= room:
        return frame, ""
    groups = [frame["scenario"], frame["response"]]
    each = _share(frame.groupby(["scenario", "response"], sort=False).size().tolist(), room)
    rank = weight.abs().groupby(groups, sort=False).rank(method="first", ascending=False)
    kept = frame[rank <= each]
    note = f"{len(kept):,} of {len(frame):,} rows: the {each:,} that weigh most of each scenario and response; --json gives all"
    return kept.reset_index(drop=True), note


def _share(sizes: list[int], room: int) -> int:
    """Return the most rows that every group may have so that all fit."""
    left = room
    for k, size in enumerate(sorted(sizes)):
        each = left // (len(sizes) - k)
        if size > each:
            return max(1, each)
        left -= size
    return max(sizes, default=0)
