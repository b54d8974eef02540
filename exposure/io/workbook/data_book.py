"""A data package in one workbook, one sheet per table, and back with the same hashes.

Each sheet is the table as it stands in its CSV file: headers in row 1, the same columns, rows in the same order. A number
stands as a number where that gives its text back, all else as text. In ``capacity`` the months may also run across.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from exposure.errors import Finding, InputError, OutputError
from exposure.io.columns import columns
from exposure.io.files import read_limited, sha256, write_atomically
from exposure.io.manifest import MANIFEST, manifest_text, read_manifest
from exposure.io.package import Reading, read_folder
from exposure.io.text import decode
from exposure.io.workbook.bytes import fixed_bytes, put, put_number
from exposure.io.workbook.grid import Grid, bad_cell, read_grids
from exposure.io.workbook.spec import DATA_SCHEMA, HIDDEN, VERSION
from exposure.io.writing import quoted, table_text
from exposure.model import TABLES, Network

_MONTH = re.compile(r"(\d{4}-\d{2})(-01)?")
_WIDE = {"note": 60, "title": 60, "name": 34, "source": 28}


def data_workbook(texts: Mapping[str, str], keys: Mapping[str, Any]) -> bytes:
    """Return the workbook of CSV texts by table; ``keys`` are those of the manifest (name, title, licence)."""
    stated = {name: value for name, value in keys.items() if name != "resources"}
    book = Workbook(write_only=True)
    for table, text in texts.items():
        _write_table(book.create_sheet(table), text)
    hidden = book.create_sheet(HIDDEN)
    hidden.sheet_state = "veryHidden"
    for row in (
        ("schema", DATA_SCHEMA),
        ("version", str(VERSION)),
        ("manifest", json.dumps(stated, ensure_ascii=False)),
    ):
        hidden.append(list(row))
    return fixed_bytes(book)


def export_package(path: Path | str, folder: Path) -> None:
    """Write the tables of a folder as they stand there, cell by cell, so that the way back gives the same bytes.

    Raises
    ------
    InputError
        If a file of the folder cannot be read.
    OutputError
        If the workbook cannot be written, or a text does not fit a cell.
    """
    texts: dict[str, str] = {}
    for table in TABLES:
        if (folder / f"{table}.csv").exists():
            text, findings = decode(read_limited(folder / f"{table}.csv"), f"{table}.csv")
            if findings:
                raise InputError(findings)
            texts[table] = text
    if not texts:
        raise InputError(Finding("no table of a data package in this folder", file=folder.name))
    manifest, _ = read_manifest(folder)
    write_atomically(path, data_workbook(texts, {"name": folder.resolve().name, **manifest.keys}))


def export_network(path: Path | str, net: Network) -> None:
    """Write the tables of a network, such as one chain of it.

    Raises
    ------
    OutputError
        If the workbook cannot be written, or a text does not fit a cell.
    """
    texts = {table: table_text(table, getattr(net, table)) for table in TABLES if getattr(net, table)}
    write_atomically(path, data_workbook(texts, {"name": net.name, "baseline_year": net.baseline_year}))


def _write_table(sheet: Any, text: str) -> None:  # noqa: ANN401
    rows = list(csv.reader(io.StringIO(text, newline="")))
    types = {column.name: column.type for column in columns(sheet.title)}
    header = rows[0] if rows else []
    for k, name in enumerate(header, start=1):
        sheet.column_dimensions[get_column_letter(k)].width = _WIDE.get(name, 16)
    sheet.freeze_panes = "B2"
    bold = Font(bold=True)
    numeric = [types.get(name) in ("number", "integer") or name == "value" for name in header]
    for k, row in enumerate(rows):
        cells = []
        for value, is_number in zip(row, [*numeric, *[False] * len(row)], strict=False):
            cell = WriteOnlyCell(sheet)
            (put_number if is_number and k else put)(cell, value)
            if not k:
                cell.font = bold
            cells.append(cell if value != "" else None)
        sheet.append(cells)


def read_data_workbook(path: Path | str) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Return the CSV files of a data workbook by name, and the keys of its manifest.

    Raises
    ------
    InputError
        With every fault of the workbook as a workbook; what its rows say is checked like any package.
    """
    path = Path(path)
    grids = read_grids(path, needs="a workbook from exposure data export")
    hidden = grids.get(HIDDEN)
    if hidden is None or hidden.text(1, 2) != DATA_SCHEMA:
        message = "not a data workbook; write one with: exposure data export OUT.xlsx"
        raise InputError(Finding(message, file=path.name))
    if hidden.text(2, 2) != str(VERSION):
        message = f"made by another version (sheets {hidden.text(2, 2)}, this tool reads {VERSION}); export it anew"
        raise InputError(Finding(message, file=path.name))
    findings = [fault for grid in grids.values() for fault in _faults(path, grid)]
    if findings:
        raise InputError(findings)
    files = {f"{name}.csv": _csv(grid) for name, grid in grids.items() if not name.startswith("_")}
    try:
        keys = json.loads(hidden.text(3, 2) or "{}")
    except ValueError:
        keys = {}
    return files, keys if isinstance(keys, dict) else {}


def is_data_workbook(path: Path | str) -> bool:
    """Return True for a workbook from ``exposure data export``; False for all else, unreadable files included."""
    try:
        hidden = read_grids(path).get(HIDDEN)
    except InputError:
        return False
    return hidden is not None and hidden.text(1, 2) == DATA_SCHEMA


def _faults(path: Path, grid: Grid) -> list[Finding]:
    found = [(place, bad_cell(cell)) for place, cell in grid.cells.items()]
    faults = [Finding(text, path.name, place[0], cell=grid.address(*place)) for place, text in found if text]
    merged = [f"cells {ref} are merged; unmerge them, so that each row has its own value" for ref in grid.merged]
    return faults + [Finding(text, path.name, cell=grid.address(1, 1)) for text in merged]


def _csv(grid: Grid) -> bytes:
    width = max((column for _, column in grid.cells), default=0)
    types = {column.name: column.type for column in columns(grid.name)} if grid.name in TABLES else {}
    rows = [[_cell(grid, row, column, types) for column in range(1, width + 1)] for row in range(1, grid.last_row + 1)]
    if grid.name == "capacity" and rows and "month" not in rows[0]:
        rows = _months_down(rows)
    lines = [",".join(quoted(cell) for cell in row) for row in rows if row[:1]]
    return ("\n".join(lines) + "\n").encode() if lines else b""


def _cell(grid: Grid, row: int, column: int, types: Mapping[str, str]) -> str:
    cell = grid.cells.get((row, column))
    if cell is None:
        return ""
    is_month = types.get(grid.text(1, column)) == "yearmonth"
    return cell.text[:7] if cell.kind == "date" and is_month else cell.text


def _months_down(rows: list[list[str]]) -> list[list[str]]:
    """Turn months that run across into one row a month; blank cells make no row."""
    months = {k: match[1] for k, name in enumerate(rows[0]) if (match := _MONTH.fullmatch(name.strip()))}
    if not months:
        return rows
    rest = [k for k in range(len(rows[0])) if k not in months]
    down = [["recipe", "month", "capacity", *(rows[0][k] for k in rest if rows[0][k] != "recipe")]]
    recipe = rows[0].index("recipe") if "recipe" in rows[0] else 0
    for row in rows[1:]:
        others = [row[k] for k in rest if rows[0][k] != "recipe"]
        down += [[row[recipe], month, row[k], *others] for k, month in months.items() if row[k] != ""]
    return down


def write_data_folder(path: Path | str, folder: Path | str) -> dict[str, str]:
    """Write a data workbook as a folder of CSV files and its manifest; return the hash of each file.

    Raises
    ------
    InputError
        If the workbook cannot be read.
    OutputError
        If the folder holds other tables already, or cannot be written.
    """
    files, keys = read_data_workbook(path)
    folder = Path(folder)
    spare = [f"{table}.csv" for table in TABLES if (folder / f"{table}.csv").exists() and f"{table}.csv" not in files]
    if spare:
        message = f'"{folder}" holds {spare[0]}, which the workbook does not; import into an empty folder'
        raise OutputError(message)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f'"{folder}" cannot be used as a folder ({error.strerror or error})'
        raise OutputError(message) from error
    known = {file: data for file, data in files.items() if file.removesuffix(".csv") in TABLES}
    for file, data in known.items():
        write_atomically(folder / file, data)
    write_atomically(folder / MANIFEST, manifest_text(keys, known, name=str(keys.get("name") or folder.resolve().name)))
    return {file: sha256(data) for file, data in known.items()}


def read_data_package(path: Path, *, package: str = "") -> Reading:
    """Read a data workbook like a folder, as an extension if ``package`` names one; findings stand at cells."""
    try:
        files, keys = read_data_workbook(path)
    except InputError as error:
        return Reading(path, package, findings=list(error.findings))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / re.sub(r"[^\w-]", "_", path.stem)
        folder.mkdir()
        for file, data in files.items():
            if re.fullmatch(r"[\w -]+\.csv", file):
                (folder / file).write_bytes(data)
        stated = str(keys.get("name") or path.stem)
        known = {file: data for file, data in files.items() if file.removesuffix(".csv") in TABLES}
        (folder / MANIFEST).write_text(manifest_text(keys, known, name=stated), encoding="utf-8")
        reading = read_folder(folder, package=package)
    reading.findings = [at_cell(path, finding) for finding in reading.findings]
    return reading


def at_cell(path: Path, finding: Finding) -> Finding:
    """Turn ``stocks.csv row 12, quantity`` into the cell of the workbook."""
    table = finding.file.rpartition("/")[2].removesuffix(".csv")
    if table not in TABLES or finding.row is None:
        return replace(finding, file=f"{path.name} > {table}")
    names = [column.name for column in columns(table)]
    letter = get_column_letter(names.index(finding.field) + 1) if finding.field in names else "A"
    return replace(finding, file=path.name, cell=f"{table}!{letter}{finding.row}")
