"""How cells look: one style per kind of column, made once for a workbook."""

from __future__ import annotations

from typing import Any

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.workbook import Workbook

from exposure.report.money import Money
from exposure.report.sheet import WRAPPING, Kind

INK, ACCENT, RULE = "1F2A37", "1F4E79", "B8C4D0"
LINK, QUIET = "0563C1", "5B6673"
GOOD, BAD, NOTICE = "00664B", "B33C00", "7A5C00"
"""Colours told apart by colour-blind readers, dark enough to read; words carry the meaning."""

SIZES = ((1000.0, '#,##0;-#,##0;"–"'), (0.01, '#,##0.00;-#,##0.00;"–"'), (0.0, '0.0E+00;-0.0E+00;"–"'))
"""Formats of quantities by their size, since units run from a kilogram of lutetium to a million cars."""
SIZED: tuple[Kind, ...] = ("amount", "price")
_FORMATS: dict[Kind, str] = {
    "text": "@",
    "long": "@",
    "flag": "@",
    "input": "General",
    "month": "yyyy\\-mm",
    "date": "yyyy\\-mm\\-dd",
    "amount": SIZES[1][1],
    "price": SIZES[1][1],
    "number": "General",
    "count": "#,##0",
    "share": "0.0%",
}
_LEFT = ("text", "long", "input")
_CENTRED = ("month", "date", "flag")


class Styles:
    """Styles of one workbook, by the number under which its cells name them; ``quoted`` marks text as text for good."""

    def __init__(self, book: Workbook, money: Money) -> None:
        self._cell: Any = book.worksheets[0].cell(1, 1)
        money_format = '#,##0.0;-#,##0.0;"–"' if money.factor > 1 else '#,##0;-#,##0;"–"'
        self.body = {kind: self._body(kind, code) for kind, code in {**_FORMATS, "money": money_format}.items()}
        self.quoted = {kind: self._body(kind, _FORMATS.get(kind, "General"), quote=True) for kind in self.body}
        self._sized = [(least, self._body("amount", code)) for least, code in SIZES]
        self.link = self._made(
            font=Font(name="Calibri", size=11, color=LINK, underline="single"),
            alignment=_top("left"),
            border=Border(bottom=Side("hair", color=RULE)),
        )
        self.title = self._made(font=Font(name="Calibri", size=16, bold=True, color=ACCENT))
        self.answers = self._made(font=Font(name="Calibri", size=11, color=INK))
        self.quiet = self._made(font=Font(name="Calibri", size=9, italic=True, color=QUIET))
        self.verdict = self._made(font=Font(name="Calibri", size=11, bold=True, color=INK))
        self.header = self._made(
            font=Font(name="Calibri", size=10, bold=True, color="FFFFFF"),
            fill=PatternFill("solid", fgColor=ACCENT),
            alignment=Alignment(horizontal="center", vertical="center", wrap_text=True),
            border=Border(bottom=Side("thin", color=INK)),
        )

    def of_size(self, value: float) -> int:
        """Return the style of a quantity: whole numbers for large ones, two decimals, or powers of ten for tiny ones."""
        size = abs(value)
        return next(style for least, style in self._sized if size >= least) if size else self._sized[1][1]

    def _body(self, kind: Kind, number_format: str, quote: bool = False) -> int:
        where = "left" if kind in _LEFT else "center" if kind in _CENTRED else "right"
        code = "General" if number_format == "@" else number_format
        line = Border(bottom=Side("hair", color=RULE))
        return self._made(
            number_format=code, alignment=_top(where, kind in WRAPPING), border=line, quotePrefix=int(quote)
        )

    def _made(self, **looks: Any) -> int:  # noqa: ANN401
        self._cell.style = "Normal"
        self._cell.quotePrefix = 0
        for name, value in looks.items():
            setattr(self._cell, name, value)
        return int(self._cell.style_id)


def _top(where: str, wrap: bool = False) -> Alignment:
    return Alignment(horizontal=where, vertical="top", wrap_text=wrap, indent=0 if where == "center" else 1)
