"""A figure or a row of the data: what it is, what the baseline and a scenario make of it, what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from exposure.check import main_number
from exposure.errors import Finding, InputError, nearest
from exposure.io import columns, parse_override
from exposure.model import Evidence, Network, Record, Scenario, key_text
from exposure.response import close_once
from exposure.studies.amounts import exact
from exposure.studies.answer import MOST, Answer, range_of, sources_of, unit_of

CLOSED = {("recipes", "output0"): "output", ("lanes", "flow0"): "flow", ("demand", "quantity"): "quantity"}
"""Columns whose quantities the baseline closes, and its name for them."""

_TEXTS = ("low", "high", "source", "note")


def explain_data(net: Network, ident: str, scenario: Scenario) -> Answer:
    """Explain ``table.key.column``, or all that a row ``table.key`` states.

    Raises
    ------
    InputError
        If no row has that key, or the table no such column, with the nearest address that exists.
    """
    table, _, key = ident.partition(".")
    rows: tuple[Record, ...] = getattr(net, table)
    whole = [row for row in rows if key_text(table, row).rstrip(":") == key]
    if whole:
        return _row(net, table, whole[0], scenario)
    try:
        where = parse_override(f"{ident}=0")
    except InputError as error:
        if "." in key:
            raise InputError([replace(found, file="explain") for found in error.findings]) from None
        known = [f"{table}.{key_text(table, row)}" for row in rows]
        message = f"write table.key.column, such as stocks.ndfeb_hot:US.cover_months{nearest(ident, known)}"
        raise InputError(Finding(message, file="explain", value=ident)) from None
    names = {column.name: column.field for column in columns(table)}
    fits = where.where.items()
    chosen = [row for row in rows if all(str(getattr(row, names[name])) == value for name, value in fits)]
    if not chosen:
        known = [f"{table}.{key_text(table, row)}.{where.column}" for row in rows]
        raise InputError(Finding(f"no row of {table} fits{nearest(ident, known)}", file="explain", value=ident))
    answer = Answer(f"figure {ident}")
    described = next(column.description for column in columns(table) if column.name == where.column)
    for row in chosen[:MOST]:
        lines = [*_lines(net, table, row, where.column, scenario), f"what it is: {described}", *sources_of(net, row)]
        answer.add(f"{table} {key_text(table, row)}", lines)
    if len(chosen) > MOST:
        answer.add("and", [f"{len(chosen) - MOST} more rows"])
    return answer


def _row(net: Network, table: str, row: Record, scenario: Scenario) -> Answer:
    """Tell every filled cell of a row."""
    place = f" of {row.package}" if row.package else ""
    answer = Answer(f"row {key_text(table, row)} of {table}{place}")
    lines: list[str] = []
    for column in columns(table):
        value = getattr(row, column.field)
        if column.name not in _TEXTS and (value not in (None, "") or (table, column.name) in CLOSED):
            lines += _lines(net, table, row, column.name, scenario)
    answer.add("states", lines, most=None)
    answer.add("rests on", sources_of(net, row))
    return answer


def _lines(net: Network, table: str, row: Record, column: str, scenario: Scenario) -> list[str]:
    """Return a cell as stated, as the closed baseline has it, and as the scenario makes it, each where it differs."""
    field = next(one.field for one in columns(table) if one.name == column)
    value, unit = getattr(row, field), unit_of(net, row, column)
    is_main = (main_number(row) or ("", 0))[0] == column
    spread = range_of(row) if is_main and isinstance(row, Evidence) else ""
    lines = [f"{column} = {_value(value, unit)}{spread}"]
    position = next(k for k, other in enumerate(getattr(net, table)) if other is row)
    lines += _closed(net, table, position, column, value, unit)
    new = getattr(getattr(net.with_values(scenario.set), table)[position], field)
    return [*lines, f"the scenario makes it {_value(new, unit)}"] if new != value else lines


def _closed(net: Network, table: str, position: int, column: str, value: object, unit: str) -> Iterator[str]:
    """Yield what the closed baseline has instead of a figure that it derived or had to move."""
    if (table, column) not in CLOSED:
        return
    closed = float(getattr(close_once(net), CLOSED[table, column])[position])
    if value is None:
        yield f"derived by the baseline: {exact(closed)} {unit}"
    elif isinstance(value, float) and abs(closed - value) > 1e-6 * value:
        yield f"moved to {exact(closed)} {unit}, so that every node closes (exposure check)"


def _value(value: object, unit: str) -> str:
    """Return a cell with its unit; numbers with thousands apart, never rounded."""
    if value is None or value == "":
        return "blank"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,.12g} {unit}".rstrip() if isinstance(value, float) else f"{value} {unit}".rstrip()
