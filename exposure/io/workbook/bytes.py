"""A workbook's bytes: text that stays text, numbers that stay numbers, and no time stamps."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import Any

from openpyxl.utils.exceptions import IllegalCharacterError
from openpyxl.workbook import Workbook

from exposure.errors import OutputError
from exposure.io.writing import cell_text

CREATED = dt.datetime(1980, 1, 1)
"""Date of every part and of the document: the earliest that an archive can hold."""
LONGEST_TEXT = 32_767
_NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?", re.IGNORECASE)
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def put(cell: Any, text: str) -> None:  # noqa: ANN401
    """Write text into a cell as text, never as a formula; an empty one writes nothing.

    Raises
    ------
    OutputError
        If the text does not fit a cell or holds characters that a workbook cannot hold.
    """
    if text == "":
        return
    if len(text) > LONGEST_TEXT:
        message = f'a text of {len(text):,} characters does not fit a cell ("{text[:40]}...")'
        raise OutputError(message)
    try:
        cell.value = text
    except IllegalCharacterError:
        message = f"a text holds a control character, which no workbook can hold ({text[:40]!r})"
        raise OutputError(message) from None
    cell.data_type = "s"


def put_number(cell: Any, text: str) -> None:  # noqa: ANN401
    """Write text as a number if the number gives that same text back, else as text."""
    if _NUMBER.fullmatch(text) and cell_text(float(text)) == text:
        number = float(text)
        cell.value = int(number) if number.is_integer() else number
    else:
        put(cell, text)


def fixed_bytes(book: Workbook) -> bytes:
    """Return the bytes of a workbook, the same whenever its content is the same."""
    book.properties.creator = "exposure"
    saved, result = io.BytesIO(), io.BytesIO()
    book.save(saved)
    stamp = CREATED.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(result, "w") as new:
        for part in old.infolist():
            content = old.read(part.filename)
            if part.filename == "docProps/core.xml":
                content = _STAMP.sub(rb"\g<1>" + stamp + rb"\g<2>", content)
            entry = zipfile.ZipInfo(part.filename, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
            new.writestr(entry, content, compresslevel=6)
    return result.getvalue()
