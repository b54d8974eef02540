"""The rows that an address names, and their figures at each level as lines and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from exposure.calendar import Month
from exposure.errors import Finding, InputError, nearest
from exposure.model import RESPONSES, ItemId, Network, RegionId
from exposure.response import Outcome
from exposure.studies.amounts import NOTHING, dollars, quantity
from exposure.studies.answer import Answer
from exposure.studies.reported.measures import MONEY, WORD, Asked


@dataclass
class Found:
    """The rows that an address names, one frame for all levels; ``inside`` holds the regions that it covers."""

    rows: pd.DataFrame
    unit: str = ""
    inside: set[str] = field(default_factory=set)


def rows_of(out: Outcome, asked: Asked) -> Found:
    """Return the rows that an address names; of a region without rows of its own, those of everything within."""
    rows = out.tables[asked.table]
    months = sorted(set(rows["month"]))
    if asked.month and months and not months[0] <= asked.month <= months[-1]:
        message = f"the run reports {months[0]} to {months[-1]}; --start and --months move that"
        raise InputError(Finding(message, file="explain", field="month", value=asked.month))
    inside: set[str] = set()
    for name, value in asked.key.items():
        known = set(map(str, rows[name]))
        chosen = {value}
        if value not in known and name != "item" and value in out.network.region:
            chosen = {region for region in known if region and _lies_in(out.network, region, value)}
        if not chosen & known:
            raise InputError(Finding(_no_row(asked, name, known), file="explain", value=value))
        inside |= chosen if name in ("region", "destination") else set()
        rows = rows[rows[name].isin(chosen)]
    rows = rows[rows["month"] == asked.month] if asked.month else rows
    unit = ""
    if len(rows):
        unit = out.network.item[out.network.real_item(ItemId(str(rows["item"].iloc[0])))].unit
    return Found(rows, unit, inside)


def _no_row(asked: Asked, name: str, known: set[str]) -> str:
    key = ":".join(asked.key)
    return f"no such {name} in the table {asked.table} of this run (key {key}){nearest(asked.key[name], known)}"


def _lies_in(net: Network, region: str, place: str) -> bool:
    return RegionId(region) in net.ancestors and RegionId(place) in net.ancestors[RegionId(region)]


def lines_of(asked: Asked, found: Found, answer: Answer) -> list[str]:
    """Return one line per column of figures, one column per level; the JSON gets the same numbers in full."""
    levels = [level for level in RESPONSES if level in set(found.rows["response"])]
    if not levels:
        return []
    kinds = sorted(set(found.rows["kind"])) if asked.table in ("costs", "limits") else [""]
    lines: list[tuple[str, Sequence[object], str]] = []
    for kind in kinds:
        rows = found.rows[found.rows["kind"] == kind] if kind else found.rows
        for column, (unit, words) in asked.measure.columns.items():
            values = [_sum(rows[rows["response"] == level], column, unit) for level in levels]
            name = f"{kind.replace('_', ' ')}: {words}" if kind else words
            lines.append((name, values, unit))
            for level, value in zip(levels, values, strict=True):
                place = answer.json.setdefault("figures", {}).setdefault(level, {})
                place[f"{kind}: {column}" if kind else column] = value
    return table_of(levels, lines)


def _sum(rows: pd.DataFrame, column: str, unit: str) -> Any:  # noqa: ANN401
    """Return a column's sum, or its words, each once; of a stock the last month's value, since stocks do not add up."""
    if rows.empty:
        return None
    if unit == WORD:
        words = dict.fromkeys("yes" if v is True else "no" if v is False else str(v) for v in rows[column])
        return ", ".join(words)
    if column in ("stock", "reserve", "waiting"):
        rows = rows[rows["month"] == rows["month"].max()]
    if column == "price_usd":
        return float(rows[column].max())
    return float(rows[column].sum())


def table_of(levels: Sequence[str], lines: Sequence[tuple[str, Sequence[object], str]]) -> list[str]:
    """Return lines of name, values and unit as a table with a column per level."""
    shown = [(name, [_cell(value, unit) for value in values]) for name, values, unit in lines]
    first = max(len(name) for name, _ in shown)
    width = max(12, *(len(cell) for _, cells in shown for cell in cells))
    head = " " * first + "".join(f"  {level:>{width}}" for level in levels)
    return [head, *(f"{name:<{first}}" + "".join(f"  {cell:>{width}}" for cell in cells) for name, cells in shown)]


def _cell(value: object, unit: str) -> str:
    if value is None or value != value:
        return "-"
    if unit == WORD:
        return str(value)
    number = float(str(value))
    return dollars(number) if unit == MONEY else quantity(number)


def arrivals(out: Outcome, asked: Asked, found: Found) -> list[str]:
    """For a gap in one month: what each lane usually brings and what it brought, largest first."""
    if asked.table != "gap" or not asked.month:
        return []
    levels = [level for level in RESPONSES if level in set(found.rows["response"])]
    month = Month.parse(asked.month)
    lanes = [
        lane for lane in out.network.lanes if lane.item == asked.key["item"] and str(lane.destination) in found.inside
    ]
    ships = out.shipments[out.shipments["item"] == asked.key["item"]]
    told: list[tuple[float, str]] = []
    for lane in lanes:
        sent = str(month + -lane.lead_months)
        row = ships[
            (ships["origin"] == lane.origin) & (ships["destination"] == lane.destination) & (ships["month"] == sent)
        ]
        if row.empty:
            continue
        usual = float(row["baseline"].iloc[0])
        came = {r["response"]: float(r["usual"] + r["extra"]) for _, r in row.iterrows()}
        if max(usual, *came.values()) < NOTHING:
            continue
        brought = ", ".join(f"{level} {quantity(came[level])}" for level in levels if level in came)
        told.append((usual, f"from {lane.origin}: usual {quantity(usual)} {found.unit}; {brought} (shipped {sent})"))
    return [line for _, line in sorted(told, key=lambda pair: -pair[0])]


def limits_there(out: Outcome, asked: Asked, found: Found) -> list[str]:
    """For a flow or an output: the limits that were moved or bind on it."""
    if asked.table not in ("shipments", "production"):
        return []
    limits = out.tables["limits"]
    for name, value in asked.key.items():
        limits = limits[limits[name] == value]
    limits = limits[limits["month"] == asked.month] if asked.month else limits
    lines = []
    for _, row in limits.iterrows():
        by = f", moved by {row['moved_by']}" if row["moved_by"] else ""
        price = f"; one more unit saves {dollars(float(row['price_usd']))}" if float(row["price_usd"] or 0) > 0 else ""
        binds = "binds" if row["binding"] else "does not bind"
        lines.append(
            f"{row['month']} {row['response']}: {str(row['kind']).replace('_', ' ')} allows {quantity(float(row['allowed']))} of "
            f"{quantity(float(row['baseline']))} {found.unit}{by}; {binds}{price}"
        )
    return lines
