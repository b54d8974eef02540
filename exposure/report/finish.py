"""The last touch to a workbook's bytes: rows put into their frames, fixed dates, words for charts.

openpyxl stamps the time of saving into the file, describes no chart and keeps no texts apart. A workbook is a zip of XML
parts, so all are set here, and the same outcomes give the same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr

from exposure.report.safe import clean

ZIP_DATE = (1980, 1, 1, 0, 0, 0)
"""Date of every part in the archive: the earliest that a zip file can hold."""

LEVEL = 3
"""Level of compression: higher ones take twice the time for a file a tenth smaller."""

_SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
_DRAWING = re.compile(r"xl/drawings/drawing(\d+)\.xml")
_STAMP = re.compile(r"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
_ROWS = re.compile(r"<sheetData\s*/>|<sheetData>.*?</sheetData>", re.DOTALL)
_SIZE = re.compile(r'<dimension ref="[^"]*"')
_CHART = re.compile(r'<((?:\w+:)?cNvPr) id="(\d+)" name="Chart (\d+)"')
_TYPE = (
    b'<Override PartName="/xl/sharedStrings.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)
_RELATION = (
    b'<Relationship Id="rIdTexts" Target="sharedStrings.xml" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/>'
)


@dataclass(frozen=True)
class Filling:
    """What openpyxl does not write.

    ``rows`` and ``sizes`` (``A1:F20``) of the sheets in order, and ``strings``, the part with their texts; ``words`` of the
    charts of each drawing, drawings counted from 1 in the order of their sheets; ``created``, the time of creation that the
    document declares (UTC).
    """

    rows: Sequence[str]
    strings: str
    sizes: Sequence[str]
    words: Mapping[int, Sequence[str]] = field(default_factory=dict)
    created: dt.datetime = dt.datetime(1980, 1, 1)


def finished(data: bytes, filling: Filling) -> bytes:
    """Return the workbook that openpyxl saved with its rows, its words and fixed dates."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(result, "w") as new:
        parts = {name: _part(name, old.read(name), filling) for name in old.namelist()}
        for name, content in {**parts, "xl/sharedStrings.xml": filling.strings.encode()}.items():
            entry = zipfile.ZipInfo(name, ZIP_DATE)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
            new.writestr(entry, content, compresslevel=LEVEL)
    return result.getvalue()


def _part(name: str, content: bytes, filling: Filling) -> bytes:
    if match := _SHEET.fullmatch(name):
        k = int(match[1]) - 1
        frame = _SIZE.sub(f'<dimension ref="{filling.sizes[k]}"', content.decode(), count=1)
        before, after = _ROWS.split(frame, maxsplit=1)
        return f"{before}<sheetData>{filling.rows[k]}</sheetData>{after}".encode()
    if match := _DRAWING.fullmatch(name):
        words = filling.words.get(int(match[1]), ())
        return _CHART.sub(lambda chart: _described(chart, words), content.decode()).encode()
    if name == "[Content_Types].xml":
        return content.replace(b"</Types>", _TYPE + b"</Types>")
    if name == "xl/_rels/workbook.xml.rels":
        return content.replace(b"</Relationships>", _RELATION + b"</Relationships>")
    if name == "docProps/core.xml":
        stamp = filling.created.strftime("%Y-%m-%dT%H:%M:%SZ")
        return _STAMP.sub(lambda match: f"{match[1]}{stamp}{match[2]}", content.decode()).encode()
    return content


def _described(chart: re.Match[str], words: Sequence[str]) -> str:
    tag, ident, number = chart.groups()
    k = int(number) - 1
    told = f" descr={quoteattr(clean(words[k]))}" if 0 <= k < len(words) else ""
    return f'<{tag} id="{ident}" name="Chart {number}"{told}'
