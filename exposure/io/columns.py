"""Column specs: what each column of each table means, read off the records so that it is said only once."""

from __future__ import annotations

import datetime as dt
import types
import typing
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from exposure.calendar import Month
from exposure.model import PLACE, TABLES, Evidence

_TAIL = tuple(Evidence.model_fields)

_UNITS = {
    "price_usd": "USD per unit",
    "life_months": "month",
    "output0": "unit/yr",
    "capacity": "unit/yr",
    "extra_cost_usd": "USD per unit",
    "start_months": "month",
    "ramp_months": "month",
    "flow0": "unit/yr",
    "max_flow": "unit/yr",
    "lead_months": "month",
    "cover_months": "month of baseline use",
    "reserve": "unit",
    "value_usd": "USD per unit",
    "value_added_usd": "USD per unit",
    "deferrable": "share",
    "late_cost": "share per month",
    "days": "day",
    "owner_share": "share",
    "bom.quantity": "unit of input per unit of output",
    "stocks.quantity": "unit",
    "demand.quantity": "unit/yr",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: header, field of the record, type, unit, meaning, and whether every row must fill it."""

    name: str
    field: str
    type: str
    unit: str
    description: str
    required: bool
    choices: tuple[str, ...] = ()


@cache
def columns(table: str) -> tuple[Column, ...]:
    """Return the columns of a table in file order: its own first, then low, high, source and note."""
    fields = {name: field for name, field in TABLES[table].model_fields.items() if name not in PLACE}
    own = [name for name in fields if not (issubclass(TABLES[table], Evidence) and name in _TAIL)]
    order = own + [name for name in fields if name not in own]
    return tuple(_column(table, name, fields[name]) for name in order)


def _column(table: str, name: str, field: FieldInfo) -> Column:
    header = field.alias or name
    kind, choices = _kind(field.annotation)
    return Column(
        name=header,
        field=name,
        type=kind,
        unit=_UNITS.get(f"{table}.{header}", _UNITS.get(header, "")),
        description=field.description or "",
        required=field.is_required(),
        choices=choices,
    )


def _kind(annotation: Any) -> tuple[str, tuple[str, ...]]:  # noqa: ANN401
    """Return the Frictionless type of an annotation and, for a closed list of words, the words."""
    origin = get_origin(annotation)
    if origin is typing.Annotated:
        return _kind(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return _kind(next(part for part in get_args(annotation) if part is not type(None)))
    if origin is Literal:
        return "string", tuple(str(word) for word in get_args(annotation))
    simple = {float: "number", int: "integer", bool: "boolean", Month: "yearmonth", dt.date: "date"}
    return simple.get(annotation, "string"), ()
