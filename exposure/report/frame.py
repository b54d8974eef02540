"""What stands round the cells of a sheet: widths, table, frozen headers, links, print set-up, charts."""

from __future__ import annotations

import math
import re
from typing import Any

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableStyleInfo

from exposure.report.cells import BACK, FRONT
from exposure.report.safe import clean
from exposure.report.sheet import HEADER_ROW, Link, Picture, Sheet
from exposure.report.styles import BAD, GOOD, NOTICE

LONGEST_ADDRESS = 2_000
"""Characters of a web address that a spreadsheet still opens."""
PRINTED = 150
"""Rows of a table that are printed."""
ONE_PAGE = 24
"""Rows that fit on a page even if they are tall; a longer table repeats its headers on each."""
A4_PAGE, A3_PAGE = 215.0, 345.0
"""Widths in characters that fit on one landscape page and can still be read."""
CHART_WIDTH = 120.0
CM_PER_ROW = 0.53
"""Height of a row of one line (cm)."""
A3, A4 = 8, 9
NO_WORD = re.compile(r"[^A-Za-z0-9]")


def add_frame(book: Workbook, sheet: Sheet, about: str = "") -> None:
    """Add a worksheet without cells: everything that a sheet is besides; ``about`` stands at the foot of its pages."""
    ws: Any = book.create_sheet(sheet.name)
    for k, column in enumerate(sheet.columns, start=1):
        ws.column_dimensions[get_column_letter(k)].width = column.width
    _table(ws, sheet)
    _links(ws, sheet)
    _colours(ws, sheet)
    _print(ws, sheet, about)
    ws.freeze_panes = f"{get_column_letter(sheet.frozen + 1)}{sheet.first_row}"
    ws.sheet_view.showGridLines = False
    ws.sheet_view.zoomScale = 90
    for picture in sheet.pictures:
        ws.add_chart(picture.chart, picture.anchor)


def _table(ws: Any, sheet: Sheet) -> None:  # noqa: ANN401
    name = "".join(part for word in sheet.name.split() if (part := NO_WORD.sub("", word).capitalize()))
    last = get_column_letter(len(sheet.columns))
    table: Any = Table(displayName=f"{name}Table", ref=f"A{HEADER_ROW}:{last}{sheet.last_row}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    table._initialise_columns()
    for column, named in zip(sheet.columns, table.tableColumns, strict=True):
        named.name = clean(column.header)
    ws.add_table(table)


def _links(ws: Any, sheet: Sheet) -> None:  # noqa: ANN401
    """Hang links on cells; openpyxl writes those with them, and the cells' text comes from `cells`."""
    if sheet.name not in FRONT:
        _link(ws.cell(HEADER_ROW - 1, 1), BACK)
    for k, values in enumerate(zip(*sheet.body, strict=True), start=1):
        if Link in set(map(type, values)):
            for r, value in enumerate(values, start=sheet.first_row):
                if isinstance(value, Link):
                    _link(ws.cell(r, k), value)


def _link(cell: Any, link: Link) -> None:  # noqa: ANN401
    if link.sheet:
        cell.hyperlink = Hyperlink(
            ref=cell.coordinate, location=f"'{link.sheet}'!{link.cell}", display=clean(link.text)[:200]
        )
    elif link.url.startswith(("https://", "http://")) and len(link.url) <= LONGEST_ADDRESS:
        cell.hyperlink = clean(link.url).replace("\n", "")


def _colours(ws: Any, sheet: Sheet) -> None:  # noqa: ANN401
    """Colour PASS, FAIL and NOTE, and set off the headline level on the summary."""
    heads = [column.header for column in sheet.columns]
    if "Result" in heads:
        letter = sheet.letter("Result")
        for word, colour in (("PASS", GOOD), ("FAIL", BAD), ("NOTE", NOTICE)):
            cells = f"{letter}{sheet.first_row}:{letter}{sheet.last_row}"
            _when(ws, cells, f'${letter}{sheet.first_row}="{word}"', Font(bold=True, color=colour))
    if "Differs" in heads:
        differs = sheet.letter("Differs")
        cells = f"A{sheet.first_row}:{get_column_letter(len(heads))}{sheet.last_row}"
        _when(ws, cells, f'${differs}{sheet.first_row}="yes"', Font(bold=True))
    if sheet.name == "Cover":
        _when(ws, "A4", 'ISERROR(SEARCH("pass",$A$4))', Font(bold=True, color=BAD))
    if "Response" in heads and len(sheet.rows) <= PRINTED:
        level = sheet.letter("Response")
        cells = f"A{sheet.first_row}:{get_column_letter(len(heads))}{sheet.last_row}"
        _when(ws, cells, f'${level}{sheet.first_row}="voluntary"', Font(bold=True))


def _when(ws: Any, cells: str, formula: str, font: Font) -> None:  # noqa: ANN401
    ws.conditional_formatting.add(cells, Rule(type="expression", dxf=DifferentialStyle(font=font), formula=[formula]))


def _print(ws: Any, sheet: Sheet, about: str) -> None:  # noqa: ANN401
    """Set landscape pages as wide as the table, its headers on each, and no more of a long table than one would read.

    Ids stand in the last columns for those who trace a figure; paper leaves them out.
    """
    shown = len(sheet.columns)
    while shown > 1 and sheet.columns[shown - 1].header.lower().endswith(" id"):
        shown -= 1
    width = sum(column.width for column in sheet.columns[:shown])
    last = sheet.last_row if len(sheet.body) <= 1.2 * PRINTED else HEADER_ROW + PRINTED
    if _beside(sheet):
        width += CHART_WIDTH
    else:
        bottom = max([last, *(_bottom(picture) for picture in sheet.pictures)])
        ws.print_area = f"A1:{get_column_letter(shown)}{bottom}"
    pages = 1 if sheet.pictures else max(1, math.ceil(width / A3_PAGE))
    ws.page_setup.orientation = "landscape"
    ws.page_setup.paperSize = A4 if width <= A4_PAGE else A3
    ws.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = pages, 0
    if len(sheet.body) > ONE_PAGE:
        ws.print_title_rows = f"1:{HEADER_ROW}"
    if pages > 1 and sheet.frozen:
        ws.print_title_cols = f"A:{get_column_letter(sheet.frozen)}"
    ws.oddFooter.left.text, ws.oddFooter.right.text = f"{_plain(about)} | &A", "Page &P of &N"
    if last < sheet.last_row:
        ws.oddFooter.center.text = f"First {PRINTED} of {len(sheet.body):,} rows; the workbook holds all"
    ws.page_margins.left = ws.page_margins.right = 0.4
    ws.page_margins.top, ws.page_margins.bottom, ws.page_margins.footer = 0.5, 0.75, 0.3


def _beside(sheet: Sheet) -> bool:
    """Return True if a chart stands beside the table, and not below it."""
    return any(not re.fullmatch(r"A\d+", picture.anchor) for picture in sheet.pictures)


def _bottom(picture: Picture) -> int:
    """Return the last row that a chart covers."""
    return int(picture.anchor.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) + math.ceil(picture.chart.height / CM_PER_ROW)


def _plain(text: str) -> str:
    """Return text for a footer, in which an ampersand starts a code."""
    return clean(text).replace("\n", " ").replace("&", "&&")[:80]
