"""A sheet before it is a sheet: title, question, columns and rows, without any formatting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from openpyxl.chart._chart import ChartBase
from openpyxl.utils import get_column_letter

HEADER_ROW = 6
"""Row of the column headers on every sheet: title, question, data, note and the way back stand above it."""

NO_ROWS = "(no rows)"

Kind = Literal["text", "long", "month", "date", "amount", "money", "price", "number", "count", "share", "flag"]
"""What a column holds; it decides number format and alignment. ``long`` is text that wraps."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A live formula, and the value that it has when it is written (so that a previewer shows it too)."""

    text: str
    value: float | str


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads to a cell of this workbook (``sheet`` and ``cell``) or to an address on the web (``url``)."""

    text: str
    sheet: str = ""
    cell: str = "A1"
    url: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header, unit included, what it holds, and its width in characters."""

    header: str
    kind: Kind
    width: float = 12


@dataclass(frozen=True)
class Picture:
    """A chart beside a table: where it stands and, for a reader who cannot see it, what it shows."""

    chart: ChartBase
    anchor: str
    words: str


@dataclass
class Sheet:
    """One sheet with one table.

    Parameters
    ----------
    name
        Sheet name, at most 31 characters.
    title, answers
        Cell A1, and the line beneath: the question that the sheet answers.
    columns, rows
        The table. Cells are text, numbers, dates, booleans, None, `Formula` or `Link`.
    note
        What was left out, or how to read it.
    frozen
        Columns that stay in view.
    pictures
        Charts.
    """

    name: str
    title: str
    answers: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[object]]
    note: str | Formula = ""
    frozen: int = 0
    pictures: list[Picture] = field(default_factory=list)
    left_out: str = ""

    @property
    def body(self) -> Sequence[Sequence[object]]:
        """Rows to write: a table has at least one, so an empty one says so."""
        return self.rows or [(NO_ROWS, *[None] * (len(self.columns) - 1))]

    @property
    def first_row(self) -> int:
        """Number of the first row of the body."""
        return HEADER_ROW + 1

    @property
    def last_row(self) -> int:
        """Number of the last row of the body."""
        return HEADER_ROW + len(self.body)

    def letter(self, header: str) -> str:
        """Column letter of a header."""
        return get_column_letter([column.header for column in self.columns].index(header) + 1)

    def cell(self, row: int, header: str) -> str:
        """Address of a body cell without its sheet; ``row`` counts from 0."""
        return f"{self.letter(header)}{self.first_row + row}"

    def range(self, header: str) -> str:
        """Absolute range of a column's body, sheet included, for a formula."""
        letter = self.letter(header)
        return f"'{self.name}'!${letter}${self.first_row}:${letter}${self.last_row}"
