"""A sheet before it is a sheet: title, question, columns and rows, without any formatting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from openpyxl.chart._chart import ChartBase
from openpyxl.utils import get_column_letter

NOTE_LINES = 3
HEADER_ROW = 5 + NOTE_LINES
"""Row of the column headers on every sheet: title, question, data, note and the way back stand above it."""

NO_ROWS = "(no rows)"

Kind = Literal["text", "long", "month", "date", "amount", "money", "price", "number", "count", "share", "flag", "input"]
"""What a column holds; it decides number format and alignment. ``long`` is text that wraps,
``input`` a number or text as it was typed, which wraps too."""
WRAPPING: tuple[Kind, ...] = ("long", "input")


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
    columns: list[Column]
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

    def fit(self) -> None:
        """Narrow the columns of short text to what they hold: their widths are the most that a table may take."""
        for k, values in enumerate(zip(*self.body, strict=True)):
            column = self.columns[k]
            if column.kind in ("text", "input"):
                longest = max((len(_shown(value)) for value in set(values)), default=0)
                self.columns[k] = replace(
                    column, width=min(column.width, max(longest + 3, _header_width(column.header)))
                )

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


def _shown(value: object) -> str:
    return value.text if isinstance(value, Link) else str(value)


def _header_width(header: str) -> int:
    """Return the width in which a header stands in at most two lines, its filter button beside it."""
    longest = max((len(word) for word in header.split()), default=0)
    return max(longest, (len(header) + 1) // 2) + 5
