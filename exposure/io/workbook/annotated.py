"""A copy of a workbook with its faulty cells marked: red fill, and a comment that says what is wrong."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from exposure.errors import Finding
from exposure.io.files import read_limited, write_atomically
from exposure.io.workbook.bytes import fixed_bytes

RED = PatternFill("solid", fgColor="FFB3A7")


def annotated_path(path: Path) -> Path:
    """Return where the marked copy of a workbook goes: beside it, never over it."""
    return path.with_name(f"{path.stem}.checked.xlsx")


def write_annotated(path: Path, findings: Iterable[Finding]) -> Path | None:
    """Write the marked copy; None where no finding has a cell.

    Raises
    ------
    OutputError
        If the copy cannot be written.
    """
    told: dict[tuple[str, str], list[str]] = {}
    for finding in findings:
        sheet, _, cell = finding.cell.rpartition("!")
        if cell and finding.severity == "error":
            told.setdefault((sheet, cell), []).append(finding.message)
    if not told:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(read_limited(path)))
    for (sheet, cell), messages in told.items():
        target = book[sheet][cell]
        target.fill = RED
        target.comment = Comment("; ".join(messages), "exposure", height=90, width=320)
    book.active = list(book.sheetnames).index(next(iter(told))[0])
    copy = annotated_path(path)
    write_atomically(copy, fixed_bytes(book))
    return copy
