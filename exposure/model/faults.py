"""One faulty cell in words: what is wrong with it, what is allowed, and what was probably meant."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel

from exposure.errors import nearest
from exposure.model.record import LARGEST

Fault = Mapping[str, Any]
"""One entry of pydantic's ``ValidationError.errors()``."""

LONGEST_SHOWN = 80
"""Characters of a cell that a finding repeats."""

_EXCEL_EPOCH = dt.date(1899, 12, 30)
_DATES = ("not a date", "not a month")
_PLACEHOLDERS = {"-", "--", "tbc", "tbd", "n/a", "na", "n.a.", "none", "null", "nan", "?", "x", "unknown"}


def shown(cell: object) -> str:
    """Return a cell as one short line for a finding."""
    text = str(cell).replace("\r", " ").replace("\n", " ")
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 3] + "..."


def fault_message(fault: Fault, cell: str, record: type[BaseModel]) -> str:
    """Say in one sentence what pydantic found wrong with a cell of a record, what is allowed, and what was probably meant."""
    kind, context, text = str(fault["type"]), fault.get("ctx", {}), cell.strip()
    if kind in ("missing", "string_too_short"):
        return "must not be blank"
    if kind == "literal_error":
        words = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        return f"must be one of {', '.join(words)}{nearest(text, words)}"
    if kind in ("greater_than_equal", "less_than_equal"):
        return _out_of_range(fault, text, record)
    if kind == "string_too_long":
        return f"longer than {context.get('max_length', 0)} characters"
    message = str(fault["msg"]).removeprefix("Value error, ")
    if kind in ("int_from_float", "int_parsing", "int_type") or message.startswith("invalid literal"):
        low, high = allowed_range(record, _field(fault))
        span = f" from {low:g} to {high:g}" if low is not None and high is not None else ""
        return f"must be a whole number{number_hint(text) or span}"
    if kind.startswith(("float_", "finite_")):
        return f"must be a plain number with a decimal point, no separators, no units{number_hint(text)}"
    if message.startswith("not a plain number"):
        return f"{message}{number_hint(text)}"
    if any(word in message for word in _DATES):
        return re.sub(r'^".*" is ', "", message, flags=re.DOTALL) + date_hint(text)
    return message


def _out_of_range(fault: Fault, text: str, record: type[BaseModel]) -> str:
    if text.lower().lstrip("+-") in ("nan", "inf", "infinity"):
        return "must be a finite number"
    low, high = allowed_range(record, _field(fault))
    if low is not None and high is not None and high < LARGEST:
        return f"must lie between {low:g} and {high:g}{number_hint(text)}"
    if fault["type"] == "greater_than_equal" and low == 0:
        return "must not be negative"
    end = f"at least {low:g}" if fault["type"] == "greater_than_equal" else f"at most {high:g}"
    return f"must be {end}{number_hint(text)}"


def _field(fault: Fault) -> str:
    return str(fault["loc"][0]) if fault["loc"] else ""


def allowed_range(record: type[BaseModel], name: str) -> tuple[float | None, float | None]:
    """Return the least and the largest value of a field (by name or column), None where there is no such end."""
    fields = record.model_fields
    field = fields.get(name) or next((field for field in fields.values() if field.alias == name), None)
    if field is None:
        return None, None
    limits = list(_limits([*field.metadata, field.annotation]))
    low = next((value for value in (getattr(limit, "ge", None) for limit in limits) if value is not None), None)
    high = next((value for value in (getattr(limit, "le", None) for limit in limits) if value is not None), None)
    return low, high


def _limits(parts: Iterable[Any]) -> Iterator[Any]:
    """Yield all that an annotation says about a value, however deep it stands."""
    for part in parts:
        yield part
        yield from _limits([*getattr(part, "metadata", ()), *get_args(part)])


def number_hint(text: str) -> str:
    """Guess aloud what a number with separators, a percent sign or a placeholder was meant to be."""
    if text.startswith("#"):
        return "; this is a spreadsheet's error value: mend the formula and save again"
    if text.lower() in _PLACEHOLDERS:
        return "; leave the cell blank if that is allowed, or write a number (zero is written 0)"
    if percent := re.fullmatch(r"(\d+(?:[.,]\d+)?)\s*%", text):
        return f"; if a share is meant, write {float(percent[1].replace(',', '.')) / 100:.12g}"
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", text):
        plain = text.replace(",", "")
    elif re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+,\d+", text):
        plain = text.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"[+-]?\d+,\d+", text):
        plain = text.replace(",", ".")
    elif re.fullmatch(r"[+-]?\d{1,3}([ '\u00a0\u202f]\d{3})+", text):
        plain = re.sub(r"[ '\u00a0\u202f]", "", text)
    else:
        return ""
    return f"; did you mean {plain}?"


def date_hint(text: str) -> str:
    """Say why a date is refused where it could be read in two ways or is a spreadsheet's day number."""
    if re.fullmatch(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}", text):
        return "; day and month cannot be told apart"
    if re.fullmatch(r"\d{5}", text):
        day = _EXCEL_EPOCH + dt.timedelta(days=int(text))
        return f"; as a spreadsheet's day number it would be {day.isoformat()}"
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return "; that day does not exist, or only a month is asked for"
    return ""
