"""How a scenario workbook looks: a title, advice, headers, quiet text, and yellow cells that are the analyst's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from exposure.io.workbook.bytes import put, put_number
from exposure.io.workbook.spec import HEADER_ROW

INK, ACCENT, OWN = "1F2A37", "1F4E79", "FFF8DC"


class Looks:
    """Fonts and fills of one workbook, made once."""

    def __init__(self) -> None:
        edge = Side("thin", color="8FB0CF")
        self.body = Font(name="Calibri", size=11, color=INK)
        self.strong = Font(name="Calibri", size=11, bold=True, color=INK)
        self.quiet = Font(name="Calibri", size=10, italic=True, color="5B6673")
        self.title = Font(name="Calibri", size=16, bold=True, color=ACCENT)
        self.head_font = Font(name="Calibri", size=10, bold=True, color="FFFFFF")
        self.head_fill = PatternFill("solid", fgColor=ACCENT)
        self.own_fill = PatternFill("solid", fgColor=OWN)
        self.box = Border(left=edge, right=edge, top=edge, bottom=edge)
        self.top = Alignment(horizontal="left", vertical="top", indent=1)
        self.wrap = Alignment(horizontal="left", vertical="top", wrap_text=True, indent=1)
        self.centre = Alignment(horizontal="center", vertical="top")
        self.right = Alignment(horizontal="right", vertical="top", indent=1)
        self.open = Protection(locked=False)

    def head(
        self, sheet: Worksheet, title: str, advice: Sequence[str], widths: Sequence[float], headers: Sequence[str] = (),
        frozen: str = "A",
    ) -> None:  # fmt: skip
        """Write title, advice and headers, and set up widths, panes and printing."""
        put(sheet.cell(1, 1), title)
        sheet.cell(1, 1).font = self.title
        for row, text in enumerate(advice[:2], start=2):
            put(sheet.cell(row, 1), text)
            sheet.cell(row, 1).font = self.quiet
        for column, header in enumerate(headers, start=1):
            cell: Any = sheet.cell(HEADER_ROW, column)
            put(cell, header)
            cell.font, cell.fill, cell.alignment = self.head_font, self.head_fill, self.centre
        for column, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(column)].width = width
        if headers:
            sheet.freeze_panes = f"{frozen}{HEADER_ROW + 1}"
            sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
        sheet.sheet_view.showGridLines = False
        sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = "landscape", 9, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]

    def text(self, cell: Any, text: str, *, bold: bool = False, wrap: bool = False) -> None:  # noqa: ANN401
        """Write text of ours."""
        put(cell, text)
        if text:
            cell.font, cell.alignment = self.strong if bold else self.body, self.wrap if wrap else self.top

    def number(self, cell: Any, text: str) -> None:  # noqa: ANN401
        """Write a number of ours."""
        put_number(cell, text)
        if text:
            cell.font, cell.alignment = self.body, self.right

    def own(self, cell: Any, text: str, *, centre: bool = False, wrap: bool = False) -> None:  # noqa: ANN401
        """Write a cell that is the analyst's."""
        put_number(cell, text)
        cell.font, cell.fill, cell.border, cell.protection = self.strong, self.own_fill, self.box, self.open
        cell.alignment = self.centre if centre else self.wrap if wrap else self.top
