"""The sheet *Balance*: for each item the world's mass balance, recomputed from the tables and the bill of materials."""

from __future__ import annotations

import numpy as np
import pandas as pd

from exposure.calendar import Month
from exposure.model import Item, Network
from exposure.once import once
from exposure.report.results import Results
from exposure.report.sheet import Column, Formula, Sheet
from exposure.report.sides import SIDES, Windows, sides
from exposure.response import ITEMS

TOLERANCE = 1e-6
"""Difference allowed, as a share of what moves."""

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
    months = sorted({month for name in ("loss", "production", "shipments") for month in tables[name]["month"].unique()})
    if len(months) < 2:
        return pd.DataFrame(columns=["response", "item", "first", "last", *SIDES])
    plan = once(net, ("windows", tuple(months)), lambda: Windows.of(net, months))
    sums = sides(net, plan, tables)
    kept = plan.begin <= plan.end
    whole = results.outcomes[position].record.get(ITEMS)
    if whole is not None:
        kept &= np.isin(plan.items, list(whole))
    first = Month.parse(months[0])
    rows = [
        [response, plan.items[k], str(first + int(plan.begin[k])), str(first + int(plan.end[k])), *(one[k] for one in parts)]
        for response, parts in sorted(sums.items())
        for k in sorted(np.flatnonzero(kept), key=lambda k: plan.items[k])
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["response", "item", "first", "last", *SIDES])
