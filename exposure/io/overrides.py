"""Changed figures in one line, as the command line's ``--set`` takes them."""

from __future__ import annotations

import re

from exposure.errors import Finding, InputError, nearest
from exposure.io.columns import columns
from exposure.model import KEYS, TABLES, Override

_FORM = "write table.key.column=value, such as stocks.ndfeb_hot:US.cover_months=6"
_PARTS = re.compile(r"(?P<table>[^.=]+)\.(?P<key>.+?)\.(?P<column>[^.=,:/]+)=(?P<value>.*)", re.DOTALL)
_CLOSED = ("facts",)


def parse_override(text: str) -> Override:
    """Read ``table.key.column=value``.

    The key is the table's key fields joined by ``:`` (``stocks.ndfeb_hot:US.cover_months=6``), or some fields by name
    (``stocks.item=ndfeb_hot,region=US.cover_months=6``; fewer fields change more rows), or ``*`` for every row. A rule
    of ``control_scope`` may leave out its ``from``.

    Raises
    ------
    InputError
        If the text has another form, or a table, column or field does not exist.
    """
    match = _PARTS.fullmatch(text.strip())
    if not match:
        raise InputError(Finding(_FORM, file="--set", value=text))
    table = match["table"].strip()
    if table not in TABLES or table in _CLOSED:
        raise InputError(Finding(f"no such table{_nearest_table(table)}", file="--set", field="table", value=table))
    override = Override(
        table=table, column=match["column"].strip(), value=match["value"].strip(), **_where(table, match["key"].strip())
    )
    findings = override_findings(override, file="--set")
    if findings:
        raise InputError(findings)
    return override


def _where(table: str, key: str) -> dict[str, str]:
    if key == "*":
        return {}
    if "=" in key:
        return dict(_named(part) for part in key.split(","))
    fields, parts = KEYS[table], [part.strip() for part in key.split(":")]
    least = len(fields) - 1 if table == "control_scope" else len(fields)
    if not least <= len(parts) <= len(fields):
        form, named = ":".join(fields), f"{table}.{fields[0]}=ID.column=value"
        message = f"the key of {table} is {form}; give all parts, or name the fields that you give: {named}"
        raise InputError(Finding(message, file="--set", field="key", value=key))
    return dict(zip(fields, parts, strict=False))


def _named(part: str) -> tuple[str, str]:
    name, equals, value = part.partition("=")
    if not equals:
        message = "fields of a key are written name=value and separated by commas"
        raise InputError(Finding(message, file="--set", field="key", value=part))
    return name.strip(), value.strip()


def _nearest_table(table: str) -> str:
    return nearest(table, [name for name in TABLES if name not in _CLOSED])


def override_findings(override: Override, *, file: str, row: int | None = None) -> list[Finding]:
    """Check what can be checked without data: the table, the column and the fields that pick rows exist."""
    table = override.table
    if table not in TABLES or table in _CLOSED:
        return [Finding(f"no such table{_nearest_table(table)}", file, row, "table", table)]
    names = [column.name for column in columns(table)]
    findings = []
    if override.column not in names:
        message = f"no such column in {table}{nearest(override.column, names)}"
        findings.append(Finding(message, file, row, "column", override.column))
    for name, value in override.where.items():
        if name not in names:
            message = f"no such field in {table}{nearest(name, names)}"
            findings.append(Finding(message, file, row, name, value))
    return findings
