"""The tables of an ensemble as a plain workbook: one sheet per table, text that stays text."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Font
from openpyxl.workbook import Workbook

from exposure.errors import OutputError
from exposure.io import write_atomically

if TYPE_CHECKING:
    from exposure.studies.ensemble.result import Ensemble

MOST_ROWS = 1_048_000
"""Rows that a sheet holds."""
MOST_COLUMNS = 16_000
BEGINNING = dt.datetime(2000, 1, 1)
"""Stated time of creation, so that the same draws give the same file."""
SHEETS = ("quantiles", "tornado", "information", "draws")
"""Tables in the workbook; the values drawn stay in the Parquet files."""


def write_workbook(answer: Ensemble, path: Path) -> Path:
    """Write the workbook whole or not at all, and return its path.

    Raises
    ------
    OutputError
        If the file cannot be written or a table does not fit on a sheet.
    """
    book = Workbook(write_only=True)
    book.properties = DocumentProperties(creator="exposure", created=BEGINNING, modified=BEGINNING)
    _sheet(book, "about", [("entry", "value"), *_about(answer)])
    for name in SHEETS:
        table = getattr(answer, name)
        if len(table) > MOST_ROWS or len(table.columns) > MOST_COLUMNS:
            message = f"{name} has {len(table):,} rows, more than a sheet holds; read the Parquet files instead"
            raise OutputError(message)
        _sheet(book, name, [tuple(table.columns), *table.itertuples(index=False, name=None)])
    stream = io.BytesIO()
    book.save(stream)
    data = _without_times(stream.getvalue())
    if path.parent.parent.is_dir():
        path.parent.mkdir(exist_ok=True)
    write_atomically(path, data)
    return path


def _without_times(data: bytes) -> bytes:
    """Return a workbook whose parts all carry the same stated time, so that the same draws give the same file."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(result, "w") as new:
        for part in old.infolist():
            content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2000-01-01T00:00:00Z", old.read(part.filename))
            entry = zipfile.ZipInfo(part.filename, BEGINNING.timetuple()[:6])
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
            new.writestr(entry, content)
    return result.getvalue()


def _about(answer: Ensemble) -> Iterable[tuple[str, object]]:
    for key, value in answer.record.items():
        yield key, value if isinstance(value, (int, float, str)) else str(value)


def _sheet(book: Workbook, name: str, rows: Iterable[tuple[object, ...]]) -> None:
    ws: Any = book.create_sheet(name)
    ws.freeze_panes = "B2"
    for k, row in enumerate(rows):
        ws.append([_cell(ws, value, head=k == 0) for value in row])


def _cell(ws: Any, value: object, *, head: bool) -> object:  # noqa: ANN401
    from exposure.report.safe import clean  # the one place that knows what harms a cell

    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    shown: Any = clean(value) if isinstance(value, str) else value
    cell: Any = WriteOnlyCell(ws, shown)
    if isinstance(value, str):
        cell.data_type = "s"  # never a formula, whatever it begins with
    elif not isinstance(value, bool):
        cell.number_format = "#,##0" if abs(float(str(value))) >= 1000 else "General"
    if head:
        cell.font = Font(bold=True)
    return cell
