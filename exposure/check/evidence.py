"""Where every number comes from: facts, estimates, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict

from exposure.check.ids import listed
from exposure.check.place import error, file_of, notice, table_of
from exposure.errors import Finding, counted, nearest
from exposure.model import ESTIMATE, TABLES, Evidence, FactId, Network
from exposure.model.main_number import main_number
from exposure.model.record import Record

NUMBERS: dict[str, tuple[str, ...]] = {
    "items": ("price_usd", "life_months"),
    "recipes": ("output0", "capacity", "extra_cost_usd", "start_months", "ramp_months"),
    "bom": ("quantity",),
    "capacity": ("capacity",),
    "lanes": ("flow0", "max_flow", "lead_months", "extra_cost_usd"),
    "stocks": ("quantity", "cover_months", "reserve"),
    "demand": ("quantity", "value_usd", "value_added_usd", "deferrable"),
    "control_scope": ("value", "days"),
}
"""Columns of each table whose numbers need a source."""


class CoverageRow(TypedDict):
    """How well one table is sourced, in rows and numbers stated."""

    table: str
    rows: int
    numbers: int
    with_facts: int
    estimates: int
    without_source: int


def numbers_stated(row: Record) -> int:
    """Count the numbers that a row states; blanks and defaults of 0 are not stated."""
    if table_of(row) == "control_scope":
        return int(main_number(row) is not None) + int(bool(getattr(row, "days", 0)))
    count = 0
    for column in NUMBERS.get(table_of(row), ()):
        value = getattr(row, column)
        is_default = value == 0 and type(row).model_fields[column].default == 0
        count += value is not None and not is_default
    return count


def is_sourced(row: Evidence) -> bool:
    """Return True if a row names a fact or says that it is an estimate."""
    return ESTIMATE in listed(row.source) or bool(row.fact_ids)


def sources_are_named(net: Network) -> Iterator[Finding]:
    """Check that every number names a fact or the word estimate; an analyst's own package may leave it out."""
    without = [row for row in _evidence(net) if numbers_stated(row) and not is_sourced(row)]
    own = [row for row in without if not _ships_with_the_tool(net, row)]
    for row in without:
        if _ships_with_the_tool(net, row):
            yield error(row, "source", f'must name a fact or say "{ESTIMATE}"')
    if own:
        count = sum(numbers_stated(row) for row in own)
        first = f"first: {file_of(own[0])} {'another row' if own[0].line is None else f'row {own[0].line}'}"
        yield Finding(
            f"{counted(count, 'number')} in {counted(len(own), 'row')} without a source ({first})", severity="notice"
        )


def _ships_with_the_tool(net: Network, row: Record) -> bool:
    return net.built_in and not row.package


def sources_exist(net: Network) -> Iterator[Finding]:
    """Check that every fact that a source names is in the facts table."""
    unknown = [(row, fact) for row in _evidence(net) for fact in row.fact_ids if fact not in net.fact]
    own = [(row, fact) for row, fact in unknown if not _ships_with_the_tool(net, row)]
    for row, fact in unknown:
        if _ships_with_the_tool(net, row):
            yield error(row, "source", f'no row of facts.csv has the id "{fact}"{nearest(fact, net.fact)}')
    if own:
        row, fact = own[0]
        more = f" (and {len(own) - 1} more)" if len(own) > 1 else ""
        yield notice(row, "source", f'no row of facts.csv has the id "{fact}"{more}')


def estimates_are_explained(net: Network) -> Iterator[Finding]:
    """Check that an estimate of the built-in package says in its note how it was made."""
    for row in _evidence(net):
        bare = numbers_stated(row) and is_sourced(row) and row.is_estimate and not row.note
        if bare and _ships_with_the_tool(net, row):
            yield notice(row, "note", "an estimate says what it rests on and what would replace it")


def controls_are_sourced(net: Network) -> Iterator[Finding]:
    """Check that each control of the built-in package says where its dates come from."""
    for control in net.controls:
        if not control.source and _ships_with_the_tool(net, control):
            yield notice(control, "source", "blank; name where title and dates come from")


def coverage(net: Network) -> tuple[CoverageRow, ...]:
    """Count, per table and in total, the numbers carried by facts, by estimates and by nothing."""
    rows = [_coverage_row(net, table) for table in NUMBERS]
    total = CoverageRow(
        table="total",
        rows=sum(row["rows"] for row in rows),
        numbers=sum(row["numbers"] for row in rows),
        with_facts=sum(row["with_facts"] for row in rows),
        estimates=sum(row["estimates"] for row in rows),
        without_source=sum(row["without_source"] for row in rows),
    )
    return (*rows, total)


def _coverage_row(net: Network, table: str) -> CoverageRow:
    rows: tuple[Evidence, ...] = getattr(net, table)
    counts = [(numbers_stated(row), row) for row in rows]
    with_facts = sum(count for count, row in counts if row.fact_ids)
    estimates = sum(count for count, row in counts if is_sourced(row) and not row.fact_ids)
    numbers = sum(count for count, _ in counts)
    return CoverageRow(
        table=table,
        rows=len(rows),
        numbers=numbers,
        with_facts=with_facts,
        estimates=estimates,
        without_source=numbers - with_facts - estimates,
    )


def unused_facts(net: Network) -> tuple[FactId, ...]:
    """Return the facts that no row of the model and no control names, in file order."""
    used: set[str] = {fact for row in _evidence(net) for fact in row.fact_ids}
    used |= {fact for control in net.controls for fact in listed(control.source)}
    return tuple(row.fact for row in net.facts if row.fact not in used)


def _evidence(net: Network) -> Iterator[Evidence]:
    for table, record in TABLES.items():
        if issubclass(record, Evidence):
            yield from getattr(net, table)
