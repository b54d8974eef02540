"""A sheet becomes cells: text stays text, months become dates, numbers stay numbers.

The rows are written as XML here, since a cell takes openpyxl fifteen times as long; it also means that nothing but a
`Formula` can ever become a live one. openpyxl makes everything round them (see ``frame.py``).
"""

from __future__ import annotations

import datetime as dt
import math
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

from exposure.calendar import Month
from exposure.report.safe import clean, looks_live
from exposure.report.sheet import HEADER_ROW, NOTE_LINES, WRAPPING, Column, Formula, Kind, Link, Sheet
from exposure.report.styles import SIZED, Styles

FIRST_DAY = dt.date(1899, 12, 30)
"""Day 0 of a spreadsheet's calendar."""
LINE_HEIGHT = 15.0
LETTERS = 1.2
"""Letters of running text that stand in the width of one digit, the unit of column widths."""
TALLEST = 405.0
NOTHING = 3.0
"""Height of a line of the head that has no text."""
RULED = 1_000
"""Most rows of a table whose blank cells are ruled too; for longer ones the lines cost more than they help."""
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

BACK = Link("Back to Contents", sheet="Contents")
FRONT = ("Cover", "Contents")
"""Sheets that need no way back."""


class Strings:
    """Texts of a workbook, each kept once; a cell names its text by number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        """Return the number of a text, which is cleaned first."""
        return self._numbers.setdefault(clean(text), len(self._numbers))

    def xml(self) -> str:
        """Return the texts as the part of the file that holds them."""
        items = "".join(f"<si>{_inline(text)}</si>" for text in self._numbers)
        return f'{_DECLARED}<sst xmlns="{_MAIN}" uniqueCount="{len(self._numbers)}">{items}</sst>'


@dataclass(frozen=True)
class Ink:
    """What cells are written with: the styles and the texts of a workbook, and the line that every sheet carries."""

    styles: Styles
    strings: Strings
    data_line: str


def sheet_data(sheet: Sheet, ink: Ink) -> str:
    """Return the rows of a sheet as the inside of its ``sheetData`` element."""
    body = sheet.body
    columns = list(zip(*body, strict=True))
    first = sheet.first_row
    cells = [
        _cells(f'<c r="{get_column_letter(k)}', values, column, first, ink)
        for k, (column, values) in enumerate(zip(sheet.columns, columns, strict=True), start=1)
    ]
    heights = _heights(sheet.columns, columns, len(body))
    rows = [
        f'<row r="{r}"{height}>{"".join(row)}</row>'
        for r, (height, row) in enumerate(zip(heights, zip(*cells, strict=True), strict=True), start=first)
    ]
    return "".join([*_head(sheet, ink), _header_row(sheet, ink), *rows])


def _cells(start: str, values: Sequence[object], column: Column, first: int, ink: Ink) -> list[str]:
    """Return the cells of one column; what follows the address is made once for all cells with the same value."""
    blank = f'" s="{ink.styles.body[column.kind]}"/>' if len(values) <= RULED else ""
    tails: dict[object, str] = {None: blank, "": blank}
    made = []
    for r, value in enumerate(values, start=first):
        tail = tails.get(value)
        if tail is None:
            tail = tails[value] = _tail(value, column.kind, ink)
        made.append(f"{start}{r}{tail}" if tail else "")
    return made


def _head(sheet: Sheet, ink: Ink) -> Iterator[str]:
    """Yield title, question, data, up to three lines of note, and the way back."""
    styles = ink.styles
    note = [sheet.note] if isinstance(sheet.note, Formula) else note_lines(sheet)
    lines: list[tuple[object, int]] = [
        (sheet.title, styles.title),
        (sheet.answers, styles.answers),
        (ink.data_line, styles.quiet),
        *((line, styles.verdict if isinstance(line, Formula) else styles.answers) for line in note),
        *[("", 0)] * (NOTE_LINES - len(note)),
        ("" if sheet.name in FRONT else BACK, styles.link),
    ]
    for r, (value, style) in enumerate(lines, start=1):
        tail = _written(value, style, ink) if value else ""
        yield _row(r, f'<c r="A{r}{tail}' if tail else "", 24.0 if r == 1 else LINE_HEIGHT if tail else NOTHING)


def note_lines(sheet: Sheet) -> list[str]:
    """Break a note into at most three lines, as wide as the table but never too narrow to read."""
    text = clean(sheet.note)
    if not text:
        return []
    width = max(90, LETTERS * min(sum(column.width for column in sheet.columns), 190.0), len(text) / NOTE_LINES + 12)
    return textwrap.wrap(text, int(width))


def _header_row(sheet: Sheet, ink: Ink) -> str:
    cells, tallest = [], 1
    for k, column in enumerate(sheet.columns, start=1):
        header = clean(column.header)
        cells.append(f'<c r="{get_column_letter(k)}{HEADER_ROW}{_text(header, ink.styles.header, ink)}')
        tallest = max(tallest, sum(1 for _ in _lines(header, column.width - 3)))
    return _row(HEADER_ROW, "".join(cells), 6 + 13.5 * tallest)


def _row(r: int, cells: str, height: float) -> str:
    return f'<row r="{r}" ht="{height:g}" customHeight="1">{cells}</row>'


def _heights(columns: Sequence[Column], values: Sequence[Sequence[object]], rows: int) -> list[str]:
    """Return the height of each row: one line, or as many as its longest wrapping text takes."""
    lines = [1] * rows
    for column, cells in zip(columns, values, strict=True):
        if column.kind in WRAPPING:
            known: dict[object, int] = {}
            for k, value in enumerate(cells):
                if value not in known:
                    known[value] = _line_count(value, LETTERS * column.width - 3)
                lines[k] = max(lines[k], known[value])
    sizes = {count: f' ht="{min(TALLEST, LINE_HEIGHT * count):g}" customHeight="1"' for count in set(lines)}
    return [sizes[count] for count in lines]


def _line_count(value: object, width: float) -> int:
    if not isinstance(value, str):
        return 1
    return sum(1 if len(part) <= width else sum(1 for _ in _lines(part, width)) for part in value.split("\n"))


def _lines(text: str, width: float) -> Iterator[str]:
    """Break text at spaces as a cell of some width does."""
    line = ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > max(width, 4):
            yield line
            line = word
        else:
            line = f"{line} {word}".strip()
    yield line


def _tail(value: object, kind: Kind, ink: Ink) -> str:
    """Return a cell of the body from the end of its address on, nothing for a blank one."""
    if value is None or value == "":
        return ""
    styles = ink.styles
    style = styles.body[kind]
    if isinstance(value, str):
        if kind == "month" and (serial := _serial(value)):
            return f'" s="{style}"><v>{serial}</v></c>'
        return _text(value, styles.quoted[kind] if looks_live(value) else style, ink)
    if kind == "money" and isinstance(value, int):
        style = styles.body["count"]
    if kind in SIZED:
        shown = value.value if isinstance(value, Formula) else value
        if isinstance(shown, float | int):
            style = styles.of_size(max(abs(shown), 0.01) if isinstance(value, Formula) else shown)
    return _written(value, style, ink)


def _written(value: object, style: int, ink: Ink) -> str:
    if isinstance(value, Link):
        return _text(value.text, ink.styles.link, ink)
    if isinstance(value, Formula):
        return _formula(value, style)
    if isinstance(value, str):
        return _text(value, style, ink)
    number = _number(value)
    return f'" s="{style}"><v>{number}</v></c>' if number else ""


def _text(value: str, style: int, ink: Ink) -> str:
    return f'" s="{style}" t="s"><v>{ink.strings.number(value)}</v></c>'


def _inline(text: str) -> str:
    keep = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f"<t{keep}>{escape(text)}</t>"


def _formula(formula: Formula, style: int) -> str:
    """Return a live formula with the value that it has, so that viewers that do not calculate show it too."""
    code = escape(formula.text.removeprefix("="))
    if isinstance(formula.value, str):
        return f'" s="{style}" t="str"><f>{code}</f><v>{escape(formula.value)}</v></c>'
    return f'" s="{style}"><f>{code}</f><v>{_number(formula.value) or 0}</v></c>'


@lru_cache(maxsize=4096)
def _serial(text: str) -> int:
    """Return the first day of a month as a spreadsheet counts days; 0 for text that is no month."""
    return (Month.parse(text).first - FIRST_DAY).days if re.fullmatch(r"\d{4}-\d{2}", text) else 0


def _number(value: object) -> str:
    """Write a number with 12 digits, so that the last bits of a sum do not decide the bytes of a file; missing is blank."""
    number = float(value)  # type: ignore[arg-type]
    return f"{number + 0.0:.12g}" if math.isfinite(number) else ""
