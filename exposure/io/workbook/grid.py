"""A workbook as plain grids of cells, opened with care: sizes before reading, no entities, nothing run.

One pass over the XML gives what two passes of a spreadsheet library would: values, formulas that nobody calculated, hidden
rows and columns, merged cells. A date is known by its number format; a bare 45751 stays a number.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.datetime import from_excel

from exposure.errors import Finding, InputError
from exposure.io.files import read_limited

LARGEST_UNPACKED = 100_000_000
"""Bytes that all parts of a workbook may take together, told by the archive before anything is unpacked."""
MOST_PARTS = 2_000
"""Parts that a workbook may have."""

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ADDRESS = re.compile(r"([A-Z]{1,3})(\d{1,7})")

CellKind = Literal["text", "number", "bool", "error", "date", "uncalculated"]


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell: its value as text (a date as ``2025-04-04``) and what it is; ``uncalculated`` is a formula without value."""

    text: str
    kind: CellKind = "text"


@dataclass
class Grid:
    """One sheet: cells by (row, column), both counted from 1, and what of it is hidden or merged."""

    name: str
    hidden: bool = False
    cells: dict[tuple[int, int], GridCell] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[str] = field(default_factory=list)

    @property
    def last_row(self) -> int:
        """Number of the last row with a cell."""
        return max((row for row, _ in self.cells), default=0)

    def text(self, row: int, column: int) -> str:
        """Return a cell's text without spaces at its ends; blank where it has none."""
        cell = self.cells.get((row, column))
        return cell.text.strip() if cell else ""

    def address(self, row: int, column: int) -> str:
        """Return ``Sheet!B7``."""
        return f"{self.name}!{get_column_letter(column)}{row}"


def read_grids(path: Path | str, *, needs: str = "an Excel workbook (.xlsx)") -> dict[str, Grid]:
    """Read every sheet of a workbook, in order.

    Raises
    ------
    InputError
        If the file is no workbook, locked by a password, cut short, too large when unpacked, or holds a DTD or entities.
    """
    path = Path(path)
    data = read_limited(path)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_bombs(archive, path.name)
            return _Book(archive).grids()
    except DefusedXmlException:
        message = "the XML in this workbook declares a document type or entities, which no spreadsheet writes; not read"
    except (zipfile.BadZipFile, EOFError):
        message = _what_it_is(data, needs)
    except (KeyError, ParseError, ValueError, IndexError, RuntimeError, NotImplementedError, zipfile.error):
        message = "damaged or no workbook: its parts cannot be read; open it in a spreadsheet program and save it again"
    raise InputError(Finding(message, file=path.name))


def _refuse_bombs(archive: zipfile.ZipFile, file: str) -> None:
    parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    message = ""
    if len(parts) > MOST_PARTS:
        message = (
            f"{len(parts):,} parts, more than {MOST_PARTS:,}; this is no ordinary workbook, so it was not unpacked"
        )
    elif total > LARGEST_UNPACKED:
        message = f"would unpack to {total / 1e6:,.0f} MB, more than {LARGEST_UNPACKED / 1e6:g} MB; it was not unpacked"
    if message:
        raise InputError(Finding(message, file=file))


def _what_it_is(data: bytes, needs: str) -> str:
    if not data:
        return f"the file is empty; {needs} is needed"
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "password-protected, or of the old .xls format; save it as .xlsx without a password"
    if data.startswith(b"PK"):
        return "cut short: the file was not copied or saved to its end; fetch it again"
    if data.lstrip()[:15].lower().startswith((b"<!doctype", b"<html", b"<?xml", b"<table")):
        return "a web page or XML with the name of a workbook; open it and save it as .xlsx"
    if b"\0" not in data[:1000]:
        return "text (perhaps a .csv renamed), not a workbook; open it in a spreadsheet program and save it as .xlsx"
    return f"not a workbook; {needs} is needed"


class _Book:
    """The parts of one open workbook."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.left = LARGEST_UNPACKED
        self.strings = self._strings()
        self.dates = self._date_styles()

    def grids(self) -> dict[str, Grid]:
        book = self._part("xl/workbook.xml")
        targets = {rel.get("Id", ""): rel.get("Target", "") for rel in self._part("xl/_rels/workbook.xml.rels")}
        grids: dict[str, Grid] = {}
        for sheet in book.iter(f"{_MAIN}sheet"):
            target = targets[sheet.get(_REL, "")]
            name = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            if "/worksheets/" in name:
                grid = Grid(sheet.get("name", ""), hidden=sheet.get("state", "visible") != "visible")
                self._fill(grid, self._part(name))
                grids[grid.name] = grid
        return grids

    def _part(self, name: str) -> Element:
        """Parse one part; what the archive said of its size is not believed twice."""
        with self.archive.open(name) as stream:
            data = stream.read(self.left + 1)
        self.left -= len(data)
        if self.left < 0:
            message = "larger than the archive says"
            raise ValueError(message)
        root: Element = fromstring(data, forbid_dtd=True)
        return root

    def _strings(self) -> list[str]:
        if "xl/sharedStrings.xml" not in self.archive.namelist():
            return []
        return [_joined(entry) for entry in self._part("xl/sharedStrings.xml").iter(f"{_MAIN}si")]

    def _date_styles(self) -> set[str]:
        if "xl/styles.xml" not in self.archive.namelist():
            return set()
        root = self._part("xl/styles.xml")
        own = {f.get("numFmtId", ""): f.get("formatCode", "") for f in root.iter(f"{_MAIN}numFmt")}
        formats = {str(number): code for number, code in BUILTIN_FORMATS.items()} | own
        looks: Any = root.find(f"{_MAIN}cellXfs")
        styles = enumerate(looks if looks is not None else ())
        return {str(k) for k, xf in styles if is_date_format(formats.get(xf.get("numFmtId", "0"), ""))}

    def _fill(self, grid: Grid, root: Element) -> None:
        for column in root.iter(f"{_MAIN}col"):
            if column.get("hidden") in ("1", "true"):
                grid.hidden_columns |= set(
                    range(int(column.get("min", "1")), min(int(column.get("max", "1")), 200) + 1)
                )
        grid.merged = [merge.get("ref", "") for merge in root.iter(f"{_MAIN}mergeCell")]
        for row in root.iter(f"{_MAIN}row"):
            if row.get("hidden") in ("1", "true"):
                grid.hidden_rows.add(int(row.get("r", "0")))
            for cell in row:
                match = _ADDRESS.fullmatch(cell.get("r", ""))
                read = self._cell(cell) if match else None
                if match and read is not None:
                    grid.cells[int(match[2]), column_index_from_string(match[1])] = read

    def _cell(self, cell: Element) -> GridCell | None:
        kind, value = cell.get("t", "n"), cell.findtext(f"{_MAIN}v")
        if kind == "inlineStr":
            inline = cell.find(f"{_MAIN}is")
            text = _joined(inline) if inline is not None else ""
            return GridCell(text) if text else None
        if value is None or (value == "" and kind != "str"):
            return GridCell("", "uncalculated") if cell.find(f"{_MAIN}f") is not None else None
        if kind == "s":
            return GridCell(self.strings[int(value)])
        if kind == "n":
            return self._number(value, cell.get("s", "0"))
        if kind == "b":
            return GridCell("yes" if value == "1" else "no", "bool")
        return GridCell(value, "error" if kind == "e" else "text")

    def _number(self, value: str, style: str) -> GridCell:
        number = float(value)
        if style in self.dates and 1 <= number < 2_958_466:
            return GridCell(str(from_excel(int(number)).date()), "date")
        whole = number.is_integer() and abs(number) < 1e16
        return GridCell(str(int(number)) if whole else repr(number), "number")


def _joined(entry: Element) -> str:
    """Return the text of a string, its formatted runs joined, without phonetic hints."""
    runs = [run for run in entry if run.tag in (f"{_MAIN}t", f"{_MAIN}r")]
    text = "".join((run.text if run.tag == f"{_MAIN}t" else run.findtext(f"{_MAIN}t")) or "" for run in runs)
    return re.sub(r"_x([0-9A-F]{4})_", lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def bad_cell(cell: GridCell) -> str:
    """Say why a cell has no value that could be read; empty for a good cell."""
    if cell.kind == "uncalculated":
        return "formula not calculated; open and save the workbook in a spreadsheet program"
    if cell.kind == "error":
        return "is a spreadsheet's error value: mend the formula and save again"
    return ""
