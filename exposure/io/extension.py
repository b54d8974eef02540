"""An analyst's own rows laid over a data package: new keys are added, and a row that says so takes another's place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from exposure.errors import Finding, OutputError, nearest
from exposure.io.files import read_limited, write_atomically
from exposure.io.manifest import MANIFEST
from exposure.io.package import Reading, built_in_path
from exposure.io.table import REPLACES, TableRead
from exposure.model import KEYS, Record, key_text, row_key
from exposure.model.faults import shown

Key = tuple[object, ...]

KEPT = {
    "items": (("unit", "other rows count in it"),),
    "recipes": (("item", "its bill of materials is for that"), ("region", "its inputs come there")),
}
"""Columns of a table that a replacing row keeps, and why."""

EXAMPLE = "kessler"
"""Folder of the example among those that the tool ships: an invented maker of lift motors in Germany."""


def write_example(folder: Path | str) -> list[str]:
    """Write the tables of the example, as a start for one's own; return their file names.

    Raises
    ------
    OutputError
        If the folder holds files already, or cannot be written.
    """
    folder = Path(folder)
    try:
        if folder.is_dir() and any(folder.iterdir()):
            message = f'"{folder}" holds files already, which may be your work; choose another folder'
            raise OutputError(message)
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f'"{folder}" cannot be used as a folder ({error.strerror or error})'
        raise OutputError(message) from error
    paths = sorted((built_in_path() / "examples" / EXAMPLE).glob("*.csv"))
    for path in paths:
        write_atomically(folder / path.name, read_limited(path))
    return [path.name for path in paths]


def laid_over(base: Reading, extensions: Iterable[Reading]) -> Reading:
    """Return one reading of a package and what is laid over it, in order, with the findings of all.

    A row whose key no row below has is added. One whose key stands below already is refused, unless its column
    ``replaces`` says yes: then it takes the whole place of that row, blank cells included. A row that says yes and finds
    nothing to replace is refused too, with the nearest key.
    """
    whole = replace(base, tables=dict(base.tables), hashes=dict(base.hashes), findings=list(base.findings))
    for one in extensions:
        whole.findings += [*one.findings, *_other_year(base, one)]
        whole.hashes |= one.hashes
        whole.modified += one.modified
        whole.extensions += (one.package,)
        for table, read in one.tables.items():
            below = whole.tables.get(table) or TableRead(table, header_is_sound=True)
            whole.tables[table] = _merged(below, read, whole)
    return whole


def _merged(below: TableRead, over: TableRead, whole: Reading) -> TableRead:
    """Return the rows of both; what contradicts becomes a finding of the whole, what is replaced is noted there."""
    rows = list(below.records)
    places: dict[Key, int] = {row_key(over.table, row): k for k, row in enumerate(rows)}
    for row in over.records:
        place = places.get(row_key(over.table, row))
        is_replacing = row.line in over.replacing
        if place is None and is_replacing:
            whole.findings.append(_replaces_nothing(over, row, rows))
        if place is None or rows[place].package == row.package:  # a key that stands twice in one file is told as such
            places.setdefault(row_key(over.table, row), len(rows))
            rows.append(row)
        elif is_replacing:
            whole.findings += _other_meaning(over, row, rows[place])
            rows[place] = row
            whole.replaced += (f"{over.table} {key_text(over.table, row)}",)
        else:
            whole.findings.append(_stands_already(over, row, rows[place]))
    return TableRead(
        over.table,
        records=tuple(rows),
        bad_rows=below.bad_rows + over.bad_rows,
        header_is_sound=below.header_is_sound and over.header_is_sound,
    )


def _stands_already(over: TableRead, row: Record, below: Record) -> Finding:
    name = f"{below.package}/{over.table}.csv" if below.package else f"{over.table}.csv of the data below"
    cure = f"write yes in a column {REPLACES} to put this row in its place, or choose another id"
    if row == below:
        message = (
            f"{key_text(over.table, row)} stands already, cell for cell, in row {below.line} of {name}; delete it here"
        )
    else:
        message = f"{key_text(over.table, row)} stands already in row {below.line} of {name}; {cure}"
    return _finding(over, row, KEYS[over.table][0], message)


def _other_meaning(over: TableRead, row: Record, below: Record) -> list[Finding]:
    """Refuse a replacing row under which other rows of the data would come to mean something else."""
    return [
        _finding(over, row, column, f'must stay "{stated}", as in the row that it replaces: {why}')
        for column, why in KEPT.get(over.table, ())
        if getattr(row, column) != (stated := getattr(below, column))
    ]


def _replaces_nothing(over: TableRead, row: Record, rows: Sequence[Record]) -> Finding:
    known = [key_text(over.table, other) for other in rows]
    message = (
        f"nothing to replace: no row has the key {key_text(over.table, row)}{nearest(key_text(over.table, row), known)}"
    )
    return _finding(over, row, REPLACES, message, "yes")


def _finding(over: TableRead, row: Record, column: str, message: str, value: str = "") -> Finding:
    cell = value or shown(getattr(row, column))
    return Finding(message, f"{over.package}/{over.table}.csv", row.line, column, cell)


def _other_year(base: Reading, extension: Reading) -> list[Finding]:
    """Tell an extension whose figures were made for another baseline year."""
    year, own = (reading.manifest.text("baseline_year") for reading in (base, extension))
    if not own or own == year:
        return []
    message = f"figures of {own} laid over a baseline of {year or 'no stated year'}; rates are taken as they are"
    return [Finding(message, f"{extension.package}/{MANIFEST}", None, "baseline_year", own, "notice")]
