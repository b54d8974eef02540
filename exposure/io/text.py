"""From the bytes of a CSV file to its cells as text, or to a sentence that says what kind of file it is instead."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass, field

from exposure.errors import Finding

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "this is an Excel workbook or a zip archive, not a CSV file; save the sheet as CSV UTF-8"),
    (b"\xd0\xcf\x11\xe0", "this is an old or password-protected Office file, not a CSV file; save it as CSV UTF-8"),
    (b"%PDF", "this is a PDF, not a CSV file"),
    (codecs.BOM_UTF16_LE, "the text is UTF-16; save it as CSV UTF-8"),
    (codecs.BOM_UTF16_BE, "the text is UTF-16; save it as CSV UTF-8"),
)


@dataclass
class Sheet:
    """The cells of one CSV file as text: its header and its rows with their numbers (the header is row 1)."""

    file: str
    header: list[str] = field(default_factory=list)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)


def decode(data: bytes, file: str) -> tuple[str, list[Finding]]:
    """Read bytes as UTF-8, with or without byte order mark; anything else is named and refused, never guessed."""
    for signature, message in _SIGNATURES:
        if data.startswith(signature):
            return "", [Finding(message, file=file)]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return "", [_not_utf8(data, error, file)]
    if text.count("\0") * 10 > len(text):
        return "", [Finding("the text looks like UTF-16; save it as CSV UTF-8", file=file)]
    if text.lstrip()[:15].lower().startswith(("<!doctype", "<html", "<?xml")):
        return "", [Finding("this is a web page or XML, not a CSV file", file=file)]
    return text, []


def _not_utf8(data: bytes, error: UnicodeDecodeError, file: str) -> Finding:
    row = data.count(b"\n", 0, error.start) + 1
    try:
        seen = data[error.start : error.start + 1].decode("cp1252")
    except UnicodeDecodeError:
        return Finding("the text is not UTF-8; save it as CSV UTF-8", file=file, row=row)
    message = f'the text is not UTF-8 but perhaps Windows-1252 (first at "{seen}"); save it as CSV UTF-8'
    return Finding(message, file=file, row=row)


def parse(text: str, file: str) -> tuple[Sheet, list[Finding]]:
    """Split text into cells; quoted commas and line breaks stay inside their cell, blank rows are left out.

    A row's number counts rows as a spreadsheet does, so a cell with line breaks does not shift the rows below it.
    """
    sheet, findings = Sheet(file), list[Finding]()
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    row = 0
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            message = f"cannot be read from here on ({error}); look for a quotation mark that is not closed or doubled"
            findings.append(Finding(message, file=file, row=row + 1))
            break
        if cells is None:
            break
        row += 1
        if not any(cell.strip() for cell in cells):
            continue
        if not sheet.header:
            sheet.header = [cell.strip() for cell in cells]
            findings += _wrong_separator(sheet.header, file)
            if findings:
                break
        else:
            sheet.rows.append((row, cells))
    if not sheet.header and not findings:
        findings.append(Finding("the file is empty; a header row and rows are needed", file=file))
    return sheet, findings


def _wrong_separator(header: list[str], file: str) -> list[Finding]:
    if len(header) > 1:
        return []
    for separator, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if separator in header[0]:
            message = f"cells are separated by {word}; save the file with commas, and numbers with decimal points"
            return [Finding(message, file=file, row=1)]
    return []
