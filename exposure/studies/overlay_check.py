"""What an extension does to the data below it: rows added and replaced, and the figures that its rows make move."""

from __future__ import annotations

from typing import Any

from exposure.lp.baseline import Baseline
from exposure.model import TABLES, Network, Record, key_text, row_key
from exposure.response import close_once

WORTH_TELLING = 1e-3
"""Smallest share of itself by which a figure of the data below must move to be told: below it is spread over the whole chain."""

_FIGURES = {"recipes": "output", "lanes": "flow", "demand": "quantity"}
"""Tables whose quantities the baseline closes, and its name for them."""

Key = tuple[object, ...]


def rows_laid_over(net: Network) -> list[dict[str, Any]]:
    """Return, per extension and table, how many rows are new and how many took the place of a row below."""
    counts: dict[tuple[str, str], list[int]] = {}
    replaced = set(net.replaced)
    for table in TABLES:
        for row in getattr(net, table):
            if row.package:
                counts.setdefault((row.package, table), [0, 0])[f"{table} {key_text(table, row)}" in replaced] += 1
    return [
        {"extension": package, "table": table, "added": added, "replaced": taken}
        for (package, table), (added, taken) in counts.items()
    ]


def own_figures(net: Network) -> set[tuple[str, str]]:
    """Return table and key of every figure that an extension states and the baseline may move."""
    return {
        (table, _shown(table, row))
        for table in _FIGURES
        for row in getattr(net, table)
        if row.package and _stated(table, row) is not None
    }


def shifted(net: Network, below: Network) -> list[dict[str, Any]]:
    """Return the quantities of rows of the data below that are others once the extension is laid over, largest move first."""
    found = []
    before, now = _closed(below), _closed(net)
    for (table, key), (row, value) in now.items():
        was = before.get((table, key))
        if row.package or was is None:
            continue
        move = abs(value - was[1]) / max(value, was[1], 1e-12)
        if move > WORTH_TELLING:
            unit = f"{net.item[row.item].unit}/yr"  # type: ignore[attr-defined]
            told = {"table": table, "key": _shown(table, row), "unit": unit, "before": was[1], "now": value}
            found.append((move, told))
    return [told for _, told in sorted(found, key=lambda pair: -pair[0])]


def _closed(net: Network) -> dict[tuple[str, Key], tuple[Record, float]]:
    """Return each row that the baseline closes with its quantity, unit of the item per year."""
    baseline: Baseline = close_once(net)
    return {
        (table, row_key(table, row)): (row, float(value))
        for table, name in _FIGURES.items()
        for row, value in zip(getattr(net, table), getattr(baseline, name), strict=True)
    }


def _stated(table: str, row: Record) -> float | None:
    column = {"recipes": "output0", "lanes": "flow0", "demand": "quantity"}[table]
    value: float | None = getattr(row, column)
    return value


def _shown(table: str, row: Record) -> str:
    """Return the key of a row as the baseline tells it."""
    return "/".join(str(part) for part in row_key(table, row))
