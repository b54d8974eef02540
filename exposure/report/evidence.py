"""The sheets *Sources*, *Estimates* and *Baseline*: where the numbers come from, and what had to move."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pandas as pd

from exposure.model import ESTIMATE, KEYS, TABLES, Evidence, Network
from exposure.model.main_number import main_number
from exposure.model.record import Record
from exposure.report.results import Results
from exposure.report.sheet import Column, Link, Sheet


def key_of(table: str, row: Record) -> str:
    """Key of a row in one line, such as ``ndfeb_hot CN US``."""
    fields = {(field.alias or name): name for name, field in type(row).model_fields.items()}
    parts = (getattr(row, fields[key]) for key in KEYS[table])
    return " ".join(str(part) for part in parts if part not in (None, ""))


def _rows(net: Network) -> Iterator[tuple[str, Record]]:
    for table in TABLES:
        if table != "facts":
            yield from ((table, row) for row in getattr(net, table))


def _named(row: Record) -> list[str]:
    parts = (part.strip() for part in str(getattr(row, "source", "")).replace(",", ";").split(";"))
    return [part for part in parts if part]


def users(net: Network) -> dict[str, list[str]]:
    """Return, for each fact that a row names, the rows that use it."""
    found: dict[str, list[str]] = defaultdict(list)
    for table, row in _rows(net):
        for name in _named(row):
            if name in net.fact:
                found[name].append(f"{table}: {key_of(table, row)}")
    return found


def sources_sheet(results: Results) -> Sheet:
    """Return the facts that the data use: publisher, date, address, confidence, and the rows that rest on them."""
    columns = [
        Column("Fact", "text", 10),
        Column("Quantity", "text", 44),
        Column("Value as published", "number", 16),
        Column("Low", "number", 10),
        Column("High", "number", 10),
        Column("Unit", "text", 14),
        Column("Geography", "text", 18),
        Column("Period", "text", 12),
        Column("Publisher", "text", 26),
        Column("Published", "text", 12),
        Column("Confidence", "text", 11),
        Column("Address", "text", 36),
        Column("Rows that use it", "count", 10),
        Column("Used by", "text", 50),
        Column("Document", "text", 50),
        Column("Note", "text", 60),
    ]
    rows: dict[str, tuple[object, ...]] = {}
    known: set[str] = set()
    for net in results.networks:
        known |= set(net.fact)
        by_fact = users(net)
        for fact in net.facts:
            if fact.fact in rows or fact.fact not in by_fact:
                continue
            used = by_fact[fact.fact]
            rows[fact.fact] = (
                fact.fact, fact.quantity, _figure(fact.value), _figure(fact.low), _figure(fact.high), fact.unit, fact.geography,
                fact.period, fact.publisher, fact.published, fact.confidence, Link(fact.url, url=fact.url) if fact.url else "",
                len(used), "; ".join(used), fact.source, fact.note,
            )  # fmt: skip
    unused = len(known) - len(rows)
    return Sheet(
        name="Sources",
        title="Sources: the facts that the data rest on",
        answers="Which published figure stands behind which row of the data?",
        columns=columns,
        rows=[rows[fact] for fact in sorted(rows)],
        note=f"{unused:,} facts that no row uses are left out." if unused else "",
        frozen=1,
        left_out=f"{unused:,} facts that no row uses" if unused else "",
    )


def _figure(text: str) -> object:
    """Read a published figure as a number where it is one."""
    try:
        return float(text)
    except ValueError:
        return text


def estimates_sheet(results: Results) -> Sheet:
    """Return the rows whose number no fact carries, or not alone."""
    columns = [
        Column("Table", "text", 14),
        Column("Row", "text", 44),
        Column("Column of the number (units: column names)", "text", 20),
        Column("Number", "amount", 14),
        Column("Low", "amount", 12),
        Column("High", "amount", 12),
        Column("Source", "text", 26),
        Column("How the number was set, and what would replace it", "long", 100),
    ]
    rows: dict[tuple[str, str], tuple[object, ...]] = {}
    for net in results.networks:
        for table, row in _rows(net):
            if isinstance(row, Evidence) and ESTIMATE in _named(row):
                key, stated = key_of(table, row), main_number(row)
                rows.setdefault(
                    (table, key), (table, key, *(stated or ("", None)), row.low, row.high, row.source, row.note)
                )
    return Sheet(
        name="Estimates",
        title="Estimates: numbers that no fact carries alone",
        answers="Which numbers are judgement, within what range, and what would replace them?",
        columns=columns,
        rows=list(rows.values()),
        frozen=2,
    )


def baseline_sheet(results: Results) -> Sheet:
    """Return the figures that had to move so that the undisturbed world closes."""
    columns = [
        Column("Scenario", "text", 24),
        Column("Table", "text", 12),
        Column("Row", "text", 40),
        Column("Unit", "text", 14),
        Column("Figure", "amount", 14),
        Column("Model", "amount", 14),
        Column("Low", "amount", 14),
        Column("High", "amount", 14),
        Column("Moved by (widths of the range)", "amount", 14),
        Column("Left its range", "flag", 10),
        Column("Source", "text", 30),
    ]
    rows: list[tuple[object, ...]] = []
    for label, table in _moved(results):
        for record in table.to_dict("records"):
            names = [record.get(key) for key in ("table", "key", "unit")]
            numbers = [record.get(key) for key in ("figure", "model", "low", "high", "widths")]
            left = "yes" if str(record.get("left_range")) == "True" else "no"
            rows.append((label, *names, *numbers, left, record.get("source")))
    return Sheet(
        name="Baseline",
        title="Baseline: figures that had to move",
        answers="Sources never balance: which figures does the undisturbed world hold instead, and how far off are they?",
        columns=columns,
        rows=rows,
        note="Largest correction first; (all) stands for every scenario. Widths: half of the range from low to high.",
        frozen=3,
    )


def _moved(results: Results) -> list[tuple[str, pd.DataFrame]]:
    """Return the corrections once, if all scenarios share them, else scenario by scenario."""
    found = [(label, outcome.baseline_moved) for label, outcome in zip(results.labels, results.outcomes, strict=True)]
    first = found[0][1]
    if all(table is first or table.equals(first) for _, table in found):
        return [("(all)", first)]
    return found
