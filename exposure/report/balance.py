"""The sheet *Balance*: for each item the world's mass balance, recomputed from the tables and the bill of materials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from exposure.calendar import Month
from exposure.model import Item, Network
from exposure.once import once
from exposure.report.results import Results
from exposure.report.sheet import Column, Formula, Sheet
from exposure.response import ITEMS

KEYS = ["scenario", "response", "item"]
TOLERANCE = 1e-6
"""Difference allowed, as a share of what moves."""

SIDES = ("before", "made", "by_products", "arrived", "shipped", "used", "served", "after")
HEADERS = {
    "before": "Stock before (unit)",
    "made": "Made (unit)",
    "by_products": "By-products (unit)",
    "arrived": "Arrived (unit)",
    "shipped": "Shipped (unit)",
    "used": "Used by recipes (unit)",
    "served": "Served (unit)",
    "after": "Stock after (unit)",
}
REST = "Left over (unit)"
VERDICT = "Result"


@dataclass(frozen=True)
class _Window:
    """Months over which an item is balanced: late enough that every arrival was shipped in a reported month."""

    first: Month
    last: Month
    lead: dict[tuple[str, str, str], int]


def balance_sheet(results: Results) -> Sheet:
    """Return one row per scenario, response and item, with live formulas for what is left over and the verdict."""
    columns = [
        Column("Scenario", "text", 24),
        Column("Response", "text", 11),
        Column("Item", "text", 42),
        Column("Unit", "text", 14),
        Column("From", "month", 9),
        Column("To", "month", 9),
        *(Column(header, "amount", 14) for header in HEADERS.values()),
        Column(REST, "amount", 14),
        Column("May be left over", "text", 28),
        Column(VERDICT, "flag", 9),
        Column("Item id", "text", 25),
    ]
    sheet = Sheet(
        name="Balance",
        title="Mass balance of each item over the world",
        answers="Does what was made, shipped, used, served and stored add up, item by item?",
        columns=columns,
        rows=(),
        note="Left over = stock before + made + by-products + arrived - shipped - used - served - stock after. It must be 0, or at "
        f"least 0 where goods may be thrown away or are installed; tolerance {TOLERANCE:g} of what moves. Recomputed from flows, "
        "leads and bills of materials.",
        frozen=3,
    )
    rows: list[list[object]] = []
    for position in range(len(results.outcomes)):
        rows += _rows(results, position)
    sheet.rows = [_with_formulas(sheet, k, row) for k, row in enumerate(rows)]
    return sheet


def _rows(results: Results, position: int) -> list[list[object]]:
    net = results.outcomes[position].network
    sums = balances(results, position)
    rows: list[list[object]] = []
    for record in sums.to_dict("records"):
        item = net.item.get(record["item"])
        if item is None or max(abs(record[side]) for side in SIDES) == 0:
            continue
        rows.append(
            [results.labels[position], record["response"], item.name, item.unit, record["first"], record["last"]]
            + [float(f"{record[side]:.12g}") for side in SIDES]
            + [None, _freedom(net, item), None, item.item]
        )
    return rows


def _freedom(net: Network, item: Item) -> str:
    """Say why something of an item may be left over, or nothing."""
    return once(net, ("freedom", item.item), lambda: _freedom_of(net, item))


def _freedom_of(net: Network, item: Item) -> str:
    if item.life_months is not None:
        return "installed as equipment"
    joint = any(
        line.quantity < 0 and (line.input == item.item or net.recipe[line.recipe].item == item.item) for line in net.bom
    )
    return "thrown away (joint process)" if joint else "nothing"


def _with_formulas(sheet: Sheet, k: int, row: list[object]) -> list[object]:
    cells = {side: sheet.cell(k, header) for side, header in HEADERS.items()}
    rest, free = sheet.cell(k, REST), sheet.cell(k, "May be left over")
    plus, minus = SIDES[:4], SIDES[4:]
    values = dict(zip(SIDES, (float(str(v)) for v in row[6 : 6 + len(SIDES)]), strict=True))
    left = sum(values[s] for s in plus) - sum(values[s] for s in minus)
    size = 1 + sum(values[s] for s in plus)
    formula = f"={'+'.join(cells[s] for s in plus)}-{'-'.join(cells[s] for s in minus)}"
    moves = f"{TOLERANCE:g}*(1+{'+'.join(cells[s] for s in plus)})"
    holds = abs(left) <= TOLERANCE * size or (row[-3] != "nothing" and left >= -TOLERANCE * size)
    verdict = f'=IF(OR(ABS({rest})<={moves},AND({free}<>"nothing",{rest}>=-{moves})),"PASS","FAIL")'
    return [*row[:-4], Formula(formula, left), row[-3], Formula(verdict, "PASS" if holds else "FAIL"), row[-1]]


def balances(results: Results, position: int) -> pd.DataFrame:
    """Return the sides of the balance of each response and item of one outcome, summed over its window (units)."""
    net = results.outcomes[position].network
    tables = {name: results.of(position, name) for name in ("shipments", "production", "stocks", "loss")}
    months = sorted(
        set(tables["loss"]["month"]) | set(tables["production"]["month"]) | set(tables["shipments"]["month"])
    )
    if len(months) < 2:
        return pd.DataFrame(columns=["response", "item", "first", "last", *SIDES])
    windows = once(net, ("windows", tuple(months)), lambda: _windows(net, months))
    whole = results.outcomes[position].record.get(ITEMS)
    if whole is not None:
        windows = {item: window for item, window in windows.items() if item in whole}
    parts = [
        _stock_sides(tables["stocks"], windows),
        _made(net, tables["production"], windows),
        _moved(tables["shipments"], windows),
        _sides(tables["loss"], tables["loss"]["served"], "served", windows),
    ]
    table = (
        pd.concat(parts, ignore_index=True)
        .groupby(["response", "item", "side"], sort=True)["units"]
        .sum()
        .unstack("side")
    )
    table = table.reindex(columns=list(SIDES)).fillna(0.0).reset_index()
    table["first"] = [str(windows[item].first) if item in windows else None for item in table["item"]]
    table["last"] = [str(windows[item].last) if item in windows else None for item in table["item"]]
    return table[table["first"].notna()]


def _windows(net: Network, months: list[str]) -> dict[str, _Window]:
    """Start each item's window after its longest lead; an item whose lead is as long as the report has none."""
    first, last = Month.parse(months[0]), Month.parse(months[-1])
    leads: dict[str, dict[tuple[str, str, str], int]] = {str(item.item): {} for item in net.items}
    for lane in net.lanes:
        leads.setdefault(str(lane.item), {})[lane.item, lane.origin, lane.destination] = lane.lead_months
    windows = {item: _Window(first + max(1, *of.values(), 0), last, of) for item, of in leads.items()}
    return {item: window for item, window in windows.items() if window.first <= window.last}


def _sides(frame: pd.DataFrame, units: pd.Series[Any], side: str, windows: dict[str, _Window]) -> pd.DataFrame:
    """Return the units of rows whose month lies in their item's window."""
    first = frame["item"].map({item: str(window.first) for item, window in windows.items()})
    inside = (frame["month"] >= first.fillna("9999-99")) & first.notna()
    return pd.DataFrame(
        {"response": frame["response"], "item": frame["item"], "side": side, "units": units.astype(float)}
    )[inside]


def _stock_sides(stocks: pd.DataFrame, windows: dict[str, _Window]) -> pd.DataFrame:
    """Return stocks at the end of the month before the window and of its last month."""
    before = stocks["item"].map({item: str(window.first + -1) for item, window in windows.items()})
    after = stocks["item"].map({item: str(window.last) for item, window in windows.items()})
    parts = []
    for side, month in (("before", before), ("after", after)):
        rows = stocks[stocks["month"] == month]
        parts.append(
            pd.DataFrame(
                {"response": rows["response"], "item": rows["item"], "side": side, "units": rows["stock"].astype(float)}
            )
        )
    return pd.concat(parts, ignore_index=True)


def _made(net: Network, production: pd.DataFrame, windows: dict[str, _Window]) -> pd.DataFrame:
    """Return what recipes made, what they made beside it, and what they used; installed equipment is not used up."""
    made = production["usual"].astype(float) + production["extra"].astype(float)
    installed = {str(item.item) for item in net.items if item.life_months is not None}
    bom = pd.DataFrame(
        [(str(line.recipe), str(line.input), line.quantity) for line in net.bom if str(line.input) not in installed],
        columns=["recipe", "input", "quantity"],
    )
    lines = production.assign(_made=made).merge(bom, on="recipe")
    units = lines["_made"] * lines["quantity"].astype(float)
    inputs = lines.assign(item=lines["input"])
    return pd.concat(
        [
            _sides(production, made, "made", windows),
            _sides(inputs, units.clip(lower=0.0), "used", windows),
            _sides(inputs, (-units).clip(lower=0.0), "by_products", windows),
        ],
        ignore_index=True,
    )


def _moved(shipments: pd.DataFrame, windows: dict[str, _Window]) -> pd.DataFrame:
    """Return what was shipped in the window and what arrived in it, shipped ``lead`` months before."""
    units = shipments["usual"].astype(float) + shipments["extra"].astype(float)
    lead = {key: months for window in windows.values() for key, months in window.lead.items()}
    months = {text: Month.parse(text) for text in shipments["month"].unique()}
    later = {(text, wait): str(month + wait) for text, month in months.items() for wait in {0, *lead.values()}}
    keys = zip(*(shipments[name].tolist() for name in ("item", "origin", "destination")), strict=True)
    waits = [lead.get(key, 0) for key in keys]
    arrival = [later[pair] for pair in zip(shipments["month"].tolist(), waits, strict=True)]
    last = shipments["item"].map({item: str(window.last) for item, window in windows.items()}).fillna("")
    arrived = shipments.assign(month=arrival)
    in_time = (arrived["month"] <= last).to_numpy()
    return pd.concat(
        [
            _sides(shipments, units, "shipped", windows),
            _sides(arrived[in_time], units[in_time], "arrived", windows),
        ],
        ignore_index=True,
    )
