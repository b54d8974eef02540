"""What a scenario workbook holds, read off `Scenario` and `Override`: template, reader and messages share it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args, get_origin

from exposure.model import Scenario

SCHEMA = "exposure scenario workbook"
DATA_SCHEMA = "exposure data workbook"
VERSION = 1
"""Version of the sheets; a workbook of another one is refused with advice."""

START, SCENARIO, CONTROLS, FIGURES, CHANGES, LISTS, HIDDEN = (
    "Start here", "Scenario", "Controls", "Figures", "Other changes", "Lists", "_schema",
)  # fmt: skip
HEADER_ROW = 4
"""Row of the column headers of every table: title, two lines of advice and the headers."""

FIELDS: tuple[str, ...] = tuple(name for name in Scenario.model_fields if name not in ("controls", "set"))
"""Fields of a scenario that stand on its first sheet, one a row."""

KEY_FIELDS = ("item", "region", "recipe", "input", "origin", "destination", "control")
"""Fields that pick rows and have a column of their own on the sheet of other changes."""

FIELD_HEADERS = ("Field", "Your value", "Default", "Unit or choices", "Range", "What it means")
CONTROL_HEADERS = ("Use", "Control", "Title", "Imposer", "Status", "Announced", "Effective", "Ends")
FIGURE_HEADERS = ("What", "Base value", "Low", "High", "Unit", "Your value", "Figure (address)", "Source")
CHANGE_HEADERS = ("table", "column", *KEY_FIELDS, "more fields", "Your value")
BLANK = "blank"
"""What an analyst writes to empty a cell of the data."""
BLANK_ROWS = 60
"""Rows with drop-downs that stand ready for other changes."""


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field of a scenario as the workbook shows it."""

    name: str
    default: str
    unit: str
    range: str
    meaning: str


def field_rows() -> tuple[FieldRow, ...]:
    """Return name, default, unit, range and meaning of each field, from the pydantic model."""
    rows = []
    for name in FIELDS:
        field = Scenario.model_fields[name]
        limits = {key: getattr(part, key) for part in field.metadata for key in ("ge", "le") if hasattr(part, key)}
        choices = " | ".join(get_args(field.annotation)) if get_origin(field.annotation) is Literal else ""
        unit = "months" if field.annotation is int else "month, such as 2026-11" if name == "start" else "text"
        span = f"{limits['ge']} to {limits['le']}" if limits else ""
        default = "" if field.default is None else str(field.default)
        rows.append(FieldRow(name, default, choices or unit, span, field.description or ""))
    return tuple(rows)
