"""A sheet becomes cells: text stays text, months become dates, numbers stay numbers.

The rows are written as XML here, since a cell takes openpyxl fifteen times as long; it also means that nothing but a
`Formula` can ever become a live one. openpyxl makes everything round them (see ``frame.py``).
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

from exposure.calendar import Month
from exposure.report.safe import clean, looks_live
from exposure.report.sheet import HEADER_ROW, Column, Formula, Kind, Link, Sheet
from exposure.report.styles import SIZED, Styles

FIRST_DAY = dt.date(1899, 12, 30)
"""Day 0 of a spreadsheet's calendar."""
LINE_HEIGHT = 15.0
LETTERS = 1.15
"""Letters of running text that stand in the width of one digit, the unit of column widths."""
TALLEST = 405.0

BACK = Link("Back to Contents", sheet="Contents")
FRONT = ("Cover", "Contents")
"""Sheets that need no way back."""


def sheet_data(sheet: Sheet, styles: Styles, data_line: str) -> str:
    """Return the rows of a sheet as the inside of its ``sheetData`` element."""
    rows = [*_head(sheet, styles, data_line), _header_row(sheet, styles)]
    plain = [styles.body[column.kind] for column in sheet.columns]
    quoted = [styles.quoted[column.kind] for column in sheet.columns]
    kinds = [column.kind for column in sheet.columns]
    letters = [get_column_letter(k) for k in range(1, len(kinds) + 1)]
    for r, row in enumerate(sheet.body, start=sheet.first_row):
        cells = [
            _cell(f"{letter}{r}", value, kind, _sized(styles, value, kind, style), live, styles.link)
            for value, letter, kind, style, live in zip(row, letters, kinds, plain, quoted, strict=True)
            if value is not None and value != ""
        ]
        rows.append(_row(r, "".join(cells), _height(row, sheet.columns)))
    return "".join(rows)


def _head(sheet: Sheet, styles: Styles, data_line: str) -> Iterator[str]:
    note = styles.verdict if isinstance(sheet.note, Formula) else styles.answers
    lines: list[tuple[object, int]] = [
        (sheet.title, styles.title),
        (sheet.answers, styles.answers),
        (data_line, styles.quiet),
        (sheet.note, note),
        ("" if sheet.name in FRONT else BACK, styles.link),
    ]
    for r, (value, style) in enumerate(lines, start=1):
        if value:
            yield _row(r, _cell(f"A{r}", value, "text", style, style, styles.link), 24.0 if r == 1 else 0.0)


def _header_row(sheet: Sheet, styles: Styles) -> str:
    cells, tallest = [], 1
    for k, column in enumerate(sheet.columns, start=1):
        header = clean(column.header)
        cells.append(_text(f"{get_column_letter(k)}{HEADER_ROW}", header, styles.header))
        tallest = max(tallest, sum(1 for _ in _lines(header, column.width - 3)))
    return _row(HEADER_ROW, "".join(cells), 4 + 13.5 * tallest)


def _row(r: int, cells: str, height: float = 0.0) -> str:
    size = f' ht="{height:g}" customHeight="1"' if height else ""
    return f'<row r="{r}"{size}>{cells}</row>'


def _height(row: Sequence[object], columns: Sequence[Column]) -> float:
    """Height of a row with wrapping text; 0 where one line is enough."""
    lines = 1
    for column, value in zip(columns, row, strict=True):
        if column.kind == "long" and isinstance(value, str) and len(value) > LETTERS * column.width - 4:
            lines = max(lines, sum(1 for part in value.split("\n") for _ in _lines(part, LETTERS * column.width - 4)))
    return min(TALLEST, LINE_HEIGHT * lines) if lines > 1 else 0.0


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


def _cell(address: str, value: object, kind: Kind, style: int, live: int, link: int) -> str:
    """Return one cell; ``live`` is the style of text that would become a formula if somebody typed it again."""
    if isinstance(value, Link):
        return _text(address, value.text, link)
    if isinstance(value, Formula):
        return _formula(address, value, style)
    if isinstance(value, str):
        if kind == "month" and (serial := _serial(value)):
            return f'<c r="{address}" s="{style}"><v>{serial}</v></c>'
        return _text(address, value, live if looks_live(value) else style)
    number = _number(value)
    return f'<c r="{address}" s="{style}"><v>{number}</v></c>' if number else ""


def _sized(styles: Styles, value: object, kind: Kind, style: int) -> int:
    """Return the style of a quantity by its size, any other as it is."""
    if kind not in SIZED:
        return style
    if isinstance(value, Formula) and isinstance(value.value, float | int):
        return styles.of_size(max(abs(value.value), 0.01))
    return styles.of_size(value) if isinstance(value, float | int) else style


def _text(address: str, value: str, style: int) -> str:
    return f'<c r="{address}" s="{style}" t="inlineStr"><is>{_inline(value)}</is></c>'


@lru_cache(maxsize=65_536)
def _inline(value: str) -> str:
    text = clean(value)
    keep = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f"<t{keep}>{escape(text)}</t>"


def _formula(address: str, formula: Formula, style: int) -> str:
    """Return a live formula with the value that it has, so that viewers that do not calculate show it too."""
    code = escape(formula.text.removeprefix("="))
    if isinstance(formula.value, str):
        return f'<c r="{address}" s="{style}" t="str"><f>{code}</f><v>{escape(formula.value)}</v></c>'
    return f'<c r="{address}" s="{style}"><f>{code}</f><v>{_number(formula.value) or 0}</v></c>'


@lru_cache(maxsize=4096)
def _serial(text: str) -> int:
    """Return the first day of a month as a spreadsheet counts days; 0 for text that is no month."""
    return (Month.parse(text).first - FIRST_DAY).days if re.fullmatch(r"\d{4}-\d{2}", text) else 0


def _number(value: object) -> str:
    """Write a number with 12 digits, so that the last bits of a sum do not decide the bytes of a file; missing is blank."""
    number = float(value)  # type: ignore[arg-type]
    return f"{number + 0.0:.12g}" if math.isfinite(number) else ""
