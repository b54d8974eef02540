"""The number of a row that its ``low`` and ``high`` speak of."""

from __future__ import annotations

from exposure.model.controls import SWITCHES, Rule
from exposure.model.network import TABLES
from exposure.model.record import Record

MAIN: dict[str, tuple[str, ...]] = {
    "items": ("price_usd",),
    "recipes": ("output0", "capacity"),
    "bom": ("quantity",),
    "capacity": ("capacity",),
    "lanes": ("flow0", "max_flow"),
    "stocks": ("quantity", "cover_months"),
    "demand": ("quantity", "value_usd"),
    "control_scope": ("value",),
}
"""Columns that ``low`` and ``high`` may speak of, the first that is filled and not 0."""

_TABLE_OF = {record: table for table, record in TABLES.items()}


def main_number(row: Record) -> tuple[str, float] | None:
    """Return column and value of the number that ``low`` and ``high`` of a row speak of, if it is stated."""
    stated: tuple[str, float] | None = None
    for column in MAIN.get(_TABLE_OF[type(row)], ()):
        value = _number(row, column)
        if value is not None and (stated is None or stated[1] == 0):
            stated = (column, value)
    return stated


def _number(row: Record, column: str) -> float | None:
    if isinstance(row, Rule):
        try:
            return row.number if row.value and row.mechanism not in SWITCHES else None
        except ValueError:
            return None
    value = getattr(row, column)
    return float(value) if isinstance(value, (int, float)) else None
