"""Where a finding points: file, row and column of a record."""

from __future__ import annotations

from exposure.errors import Finding, Severity
from exposure.model import TABLES, Record

_TABLE_OF = {record: table for table, record in TABLES.items()}


def table_of(row: Record) -> str:
    """Return the table that a record belongs to."""
    return _TABLE_OF[type(row)]


def field_of(row: Record, column: str) -> object:
    """Return a cell of a record by its column name in the file."""
    return getattr(row, "from_" if column == "from" else column)


def error(row: Record, column: str, message: str) -> Finding:
    """Return an error at one cell."""
    return _finding(row, column, message, "error")


def notice(row: Record, column: str, message: str) -> Finding:
    """Return a notice at one cell."""
    return _finding(row, column, message, "notice")


def _finding(row: Record, column: str, message: str, severity: Severity) -> Finding:
    value = field_of(row, column)
    text = "" if value is None else f"{value:.12g}" if isinstance(value, float) else str(value)
    return Finding(message, file_of(row), row.line, column, text, severity)


def file_of(row: Record) -> str:
    """Return the file that a record came from: ``stocks.csv``, or ``my_company/stocks.csv`` in an extension."""
    return f"{row.package}/{table_of(row)}.csv" if row.package else f"{table_of(row)}.csv"


def line_of(row: Record) -> str:
    """Return ``row 12``, with its file if that is one of an extension; ``another row`` if it came from no file."""
    if row.line is None:
        return "another row"
    return f"row {row.line} of {file_of(row)}" if row.package else f"row {row.line}"
