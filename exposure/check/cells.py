"""Rules for single cells: ranges, sizes, units, codes, and texts that a spreadsheet would take for formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exposure.check.place import error, notice
from exposure.errors import Finding, nearest
from exposure.model import PLACE, TABLES, Network
from exposure.model.main_number import MAIN, main_number
from exposure.units import UNITS

SMALLEST = 1e-12
"""A number nearer to zero than this is lost in the solver's tolerance; write 0."""

_HS = re.compile(r"(?:HS|HTS|HTSUS|CN HS)?\s*((?:\d+\.?)+)")
_WELL_FORMED = re.compile(r"\d{2}|\d{4}|\d{6}|\d{8}|\d{10}|\d{4}\.\d|\d{4}(\.?\d\d){1,3}")
_ROUNDING = 1e-9


def ranges_hold_their_number(net: Network) -> Iterator[Finding]:
    """Check that low is not above high, and the number itself lies between them."""
    for table in MAIN:
        for row in getattr(net, table):
            if row.low is None and row.high is None:
                continue
            if row.low is not None and row.high is not None and row.low > row.high:
                yield error(row, "low", f"above high ({row.high:.12g})")
                continue
            main = main_number(row)
            if main is None:
                continue
            column, value = main
            slack = _ROUNDING * abs(value)
            if row.low is not None and value < row.low - slack:
                yield error(row, "low", f"above {column} ({value:.12g}); the range must hold the number")
            if row.high is not None and value > row.high + slack:
                yield error(row, "high", f"below {column} ({value:.12g}); the range must hold the number")


def numbers_are_not_tiny(net: Network) -> Iterator[Finding]:
    """Check that a number other than zero is large enough for the solver to see."""
    for table, record in TABLES.items():
        if table in ("regions", "controls", "facts"):
            continue
        floats = [name for name, field in record.model_fields.items() if "float" in str(field.annotation)]
        for row in getattr(net, table):
            for name in floats:
                value = getattr(row, name)
                if value and abs(value) < SMALLEST:
                    yield error(row, name, f"nearer to zero than {SMALLEST:g}; write 0 or choose a smaller unit")


def units_are_known(net: Network) -> Iterator[Finding]:
    """Check that units of items are among those that the tool names; others are kept as text and never converted."""
    for item in net.items:
        if item.unit not in UNITS:
            yield notice(item, "unit", f"not a unit that the tool knows; kept as it is{nearest(item.unit, UNITS)}")


def codes_have_a_length(net: Network) -> Iterator[Finding]:
    """Check that customs codes have 2, 4, 6, 8 or 10 digits; a leading zero lost in a spreadsheet shows here."""
    for item in net.items:
        for part in re.split(r"[;,]", item.codes):
            match = _HS.fullmatch(part.strip())
            if match and not _WELL_FORMED.fullmatch(match[1].rstrip(".")):
                yield error(
                    item, "codes", f'"{part.strip()}" is no customs code; one has 4, 6, 8 or 10 digits: 2805.30'
                )


def formula_like_texts(net: Network) -> Iterator[Finding]:
    """Check that no text begins like a formula; here it is data, but a spreadsheet that opens the file would run it."""
    for table, record in TABLES.items():
        fields = record.model_fields.items()
        texts = [name for name, field in fields if name not in PLACE and "str" in str(field.annotation)]
        found = [(row, name) for row in getattr(net, table) for name in texts if _is_formula_like(getattr(row, name))]
        if found:
            row, name = found[0]
            more = f" (and {len(found) - 1} more cells)" if len(found) > 1 else ""
            yield notice(
                row, name, f"begins like a formula; kept as text, but beware of opening the file in Excel{more}"
            )


def _is_formula_like(text: str) -> bool:
    """Return True for ``=A1``, ``@SUM``, ``-2+3``; not for a number, nor for words after a sign."""
    if not text.startswith(("+", "-")):
        return text.startswith(("=", "@", "\t"))
    try:
        float(text)
    except ValueError:
        return " " not in text
    return False
