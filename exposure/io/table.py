"""One table: from the bytes of a CSV file to records, with every fault of the file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from pydantic import ValidationError

from exposure.errors import Finding, nearest
from exposure.io.columns import Column, columns
from exposure.io.text import Sheet, decode, parse
from exposure.model import KEYS, NEEDED, TABLES, Record
from exposure.model.faults import fault_message, shown

MOST_FINDINGS = 500
"""Findings told per file; the rest is counted."""

REPLACES = "replaces"
"""Column of an extension: ``yes`` puts the row in the place of the one that has its key already."""

_TOTALS = {"total", "totals", "sum", "subtotal", "sub-total", "grand total"}
_REPLACES = Column(REPLACES, REPLACES, "string", "", "yes: takes the place of the row with this key", False)
_CLOSE = 0.75
_FREE_TEXT = {"note", "name", "title"}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass
class TableRead:
    """What one file gave: its good records, the raw cells of its bad rows, and every finding.

    In an extension (``package`` is its name), ``replacing`` holds the lines that say so in the column ``replaces``.
    """

    table: str
    package: str = ""
    replacing: set[int] = field(default_factory=set)
    records: tuple[Record, ...] = ()
    bad_rows: list[dict[str, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    header_is_sound: bool = False

    def fault(self, message: str, *, row: int | None = None, column: str = "", value: str = "") -> None:
        """Add an error."""
        self.findings.append(Finding(message, f"{self.table}.csv", row, column, shown(value)))

    def notice(self, message: str, *, row: int | None = None, column: str = "", value: str = "") -> None:
        """Add a notice."""
        self.findings.append(Finding(message, f"{self.table}.csv", row, column, shown(value), "notice"))


def read_table(table: str, data: bytes, *, package: str = "") -> TableRead:
    """Read the CSV file of one table from its bytes; ``package`` names the extension that it belongs to."""
    read = TableRead(table, package)
    text, findings = decode(data, f"{table}.csv")
    sheet = Sheet(f"{table}.csv")
    if not findings:
        sheet, findings = parse(text, f"{table}.csv")
    read.findings += findings
    if not sheet.header:
        return read
    places = _read_header(read, sheet.header)
    if not read.header_is_sound:
        return read
    if not sheet.rows:
        _no_rows(read)
    _read_rows(read, sheet, places)
    if len(read.findings) > MOST_FINDINGS:
        more = len(read.findings) - MOST_FINDINGS
        read.findings = [*read.findings[:MOST_FINDINGS], Finding(f"and {more} more findings", f"{table}.csv")]
    return read


def is_close(name: str, other: str) -> bool:
    """Return True if two names are so alike that one is probably a misspelling of the other."""
    one, two = (text.lower().replace(" ", "_").replace("-", "_") for text in (name, other))
    return one == two or SequenceMatcher(None, one, two).ratio() >= _CLOSE


def _no_rows(read: TableRead) -> None:
    if read.table in NEEDED and not read.package:
        read.fault("no rows; a network without them would seem to run no risk")
    else:
        read.notice("no rows")


def _read_header(read: TableRead, header: Sequence[str]) -> dict[int, Column]:
    """Return the column of each place in a row; unknown places are left out."""
    known = {column.name: column for column in (*columns(read.table), *([_REPLACES] if read.package else []))}
    places: dict[int, Column] = {}
    first: dict[str, int] = {}
    for place, name in enumerate(header):
        if name and name in first:
            message = f"two columns have this name (columns {first[name] + 1} and {place + 1}); keep one"
            read.fault(message, row=1, column=name)
        first.setdefault(name, place)
        if name in known:
            places[place] = known[name]
    absent = [name for name in known if name not in first]
    unknown = [name for name in first if name and name not in known]
    _report_missing(read, absent, unknown, known)
    _report_unknown(read, absent, unknown)
    read.header_is_sound = not any(finding.severity == "error" for finding in read.findings)
    return places


def _report_missing(read: TableRead, absent: list[str], unknown: list[str], known: dict[str, Column]) -> None:
    for name in absent:
        if known[name].required:
            hint = nearest(name, unknown).replace("did you mean", "is it")
            read.fault(f"the column is missing{hint}", row=1, column=name)


def _report_unknown(read: TableRead, absent: list[str], unknown: list[str]) -> None:
    for name in unknown:
        close = [other for other in absent if is_close(name, other)]
        if close:
            read.fault(f"no such column{nearest(name, close)}", row=1, column=name)
        else:
            read.notice("the column is not known and was not read", row=1, column=name)


def _read_rows(read: TableRead, sheet: Sheet, places: dict[int, Column]) -> None:
    records: list[Record] = []
    padded: list[tuple[int, str, str]] = []
    for row, cells in sheet.rows:
        raw = {column.name: cells[place] for place, column in places.items() if place < len(cells)}
        values = {name: cell.strip() for name, cell in raw.items()}
        if values != raw:
            padded += [(row, name, raw[name]) for name in raw if _is_padded(name, raw[name])]
        record = _record(read, row, cells, values, len(sheet.header))
        if record is None:
            read.bad_rows.append(values)
        else:
            records.append(record)
    read.records = tuple(records)
    if padded:
        row, column, value = padded[0]
        more = f" (and {len(padded) - 1} more cells)" if len(padded) > 1 else ""
        read.notice(f"spaces at the ends were dropped{more}", row=row, column=column, value=value)


def _is_padded(name: str, cell: str) -> bool:
    return name not in _FREE_TEXT and cell != cell.strip() != ""


def _record(read: TableRead, row: int, cells: list[str], values: dict[str, str], width: int) -> Record | None:
    """Return the record of one row, or None after its faults were told."""
    if _wrong_width(read, row, cells, width) or _totals_row(read, row, values) or _control_character(read, row, values):
        return None
    filled = {name: cell for name, cell in values.items() if cell}
    if not _replacing(read, row, filled.pop(REPLACES, "")):
        return None
    try:
        return TABLES[read.table].model_validate({**filled, "line": row, "package": read.package})
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_input=False):
            column = str(fault["loc"][0]) if fault["loc"] else ""
            cell = values.get(column, "")
            read.fault(fault_message(fault, cell, TABLES[read.table]), row=row, column=column, value=cell)
        return None


def _replacing(read: TableRead, row: int, cell: str) -> bool:
    """Note a row that takes the place of another; False after telling a cell that says neither yes nor no."""
    if cell.lower() not in ("", "yes", "no"):
        read.fault(f"must be yes, no or blank{nearest(cell, ['yes', 'no'])}", row=row, column=REPLACES, value=cell)
        return False
    if cell.lower() == "yes":
        read.replacing.add(row)
    return True


def _wrong_width(read: TableRead, row: int, cells: list[str], width: int) -> bool:
    if len(cells) == width or (len(cells) > width and not any(cell.strip() for cell in cells[width:])):
        return False
    hint = "a comma inside a cell needs quotation marks round the cell" if len(cells) > width else "cells are missing"
    read.fault(f"{len(cells)} cells where the header has {width}; {hint}", row=row)
    return True


def _totals_row(read: TableRead, row: int, values: dict[str, str]) -> bool:
    column = next((name for name in KEYS[read.table] if values.get(name)), "")
    if not column or values[column].lower().rstrip(":") not in _TOTALS:
        return False
    read.fault("this looks like a totals row; delete it", row=row, column=column, value=values[column])
    return True


def _control_character(read: TableRead, row: int, values: dict[str, str]) -> bool:
    faulty = [name for name, cell in values.items() if _CONTROL.search(cell)]
    for name in faulty:
        read.fault("holds a character that is not text (a control character); delete it", row=row, column=name)
    return bool(faulty)
