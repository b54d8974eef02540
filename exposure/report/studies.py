"""The tables of studies as sheets: any tidy table becomes one, units named by column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from exposure.model import Network
from exposure.report.names import Names
from exposure.report.sheet import Column, Kind, Sheet
from exposure.studies.content_rules import content_rules

MOST_ROWS = 6_000
_MONTH = re.compile(r"\d{4}-\d{2}")


def study_sheet(
    name: str, title: str, answers: str, table: pd.DataFrame, *, units: Mapping[str, str] | None = None, note: str = "",
    names: Names | None = None, frozen: int = 1,
) -> Sheet:  # fmt: skip
    """Return one sheet for the table of a study, such as the quantiles or the tornado of an ensemble.

    Parameters
    ----------
    name, title, answers, note
        Sheet name (at most 31 characters), cell A1, the question that it answers, how to read it.
    table
        Tidy table; a column of ``YYYY-MM`` becomes months, true and false become yes and no, lists are joined.
    units
        Unit of each column that has one; it stands in the header. The unit ``share`` shows a fraction as per cent.
    names
        Names by id: ``item``, ``product``, ``region``, ``origin`` and ``destination`` are then shown by name, their ids last.
    """
    units, shown = units or {}, table.head(MOST_ROWS)
    columns, values = [], []
    for key in shown.columns:
        cells = [_plain(value) for value in shown[key].tolist()]
        columns.append(_column(str(key), cells, units.get(str(key), "")))
        values.append([_named(names, str(key), cell) for cell in cells])
    for key in [key for key in shown.columns if names and _by_name(str(key))]:
        columns.append(Column(f"{_words(str(key))} id", "text", 22))
        values.append([_plain(value) for value in shown[key].tolist()])
    left_out = f"{MOST_ROWS:,} of {len(table):,} rows; --json gives all" if len(table) > MOST_ROWS else ""
    return Sheet(
        name=name, title=title, answers=answers, columns=columns, rows=list(zip(*values, strict=True)),
        note=f"{note} {left_out}".strip(), frozen=frozen, left_out=left_out,
    )  # fmt: skip


def content_sheet(net: Network, controls: Sequence[str]) -> Sheet:
    """Return the shares of covered goods in each product that the content rules of some controls look at."""
    rules = sorted(
        {str(rule.control) for rule in net.control_scope if rule.mechanism == "content_rule"} & set(controls)
    )
    table = content_rules(net, controls=rules).rename(columns={"to": "destination"})
    table["by_tier"] = [", ".join(f"{share:.1%}" for share in tiers) for tiers in table["by_tier"]]
    return study_sheet(
        "Content rules", "Content rules: covered goods in each product, against the threshold",
        "Which products hold enough of the covered goods to be caught, wherever they ship from?", table,
        units=dict.fromkeys(("threshold", "share", "least", "most"), "share"), names=Names([net]), frozen=3,
        note="Look-through of the undisturbed world, as shares of a product's value. Least, most: by choice among usual suppliers.",
    )  # fmt: skip


def _plain(value: object) -> object:
    """Return a value that a cell takes."""
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(str(part) for part in value)
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, int | float | str) else str(value)


def _column(key: str, cells: Sequence[object], unit: str) -> Column:
    kind, width = _kind(cells, unit)
    label = "%" if unit == "share" else unit
    return Column(f"{_words(key)} ({label})" if label else _words(key), kind, width)


def _kind(cells: Sequence[object], unit: str) -> tuple[Kind, float]:
    known = [cell for cell in cells if cell is not None]
    if unit == "share":
        return "share", 12
    if known and all(isinstance(cell, str) and _MONTH.fullmatch(cell) for cell in known):
        return "month", 10
    if known and all(isinstance(cell, int) for cell in known):
        return "count", 10
    if known and all(isinstance(cell, int | float) for cell in known):
        return "amount", 14
    if set(known) <= {"yes", "no"}:
        return "flag", 9
    longest = max((len(str(cell)) for cell in known), default=0)
    return ("long", 70) if longest > 60 else ("text", 60)


def _words(key: str) -> str:
    return (key[:1].upper() + key[1:]).replace("_", " ").replace(" usd", "")


def _by_name(key: str) -> bool:
    return key in ("item", "product", "region", "origin", "destination")


def _named(names: Names | None, key: str, cell: object) -> object:
    if names is None or not _by_name(key) or cell is None:
        return cell
    return names.item(cell) if key in ("item", "product") else names.region(cell)
