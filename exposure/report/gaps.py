"""The sheet *Gap*: what stopped coming and what filled it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from exposure.report.fields import (
    CELLS,
    ITEM,
    ITEM_ID,
    MONTH,
    REGION,
    REGION_ID,
    RESPONSE,
    SCENARIO,
    UNIT,
    Field,
    columns_of,
    flag,
    largest,
    quantity,
    rows_of,
)
from exposure.report.results import Results
from exposure.report.sheet import Sheet

PLUS = {
    "other_origins": "Other origins",
    "own_makers": "Own makers",
    "from_stock": "From stock",
    "replaced": "Replaced by another recipe",
    "users_stopped": "Users that stopped",
    "unmet": "Unmet demand",
}
"""Terms that fill the gap, by column."""

MINUS = {"thrown_away": "Thrown away", "passed_on": "Passed on"}
"""Terms that widen it."""

USUAL = "Usual supply (unit/month)"

ROUNDING = 1e-7
"""Share of the largest term of a row below which a term is the solver's rounding."""


def header(term: str) -> str:
    """Header of a term of the identity."""
    name = {"cut": "Cut", **PLUS, **MINUS}[term]
    return f"{name} (unit/month)"


def prices(results: Results) -> dict[str, float]:
    """Return the price of each item (USD per unit)."""
    return {str(item.item): item.price_usd for net in results.networks for item in net.items}


def worth(results: Results, frame: pd.DataFrame, column: str) -> pd.Series[Any]:
    """Return a quantity column at prices of the baseline year (USD)."""
    return frame[column].astype(float) * frame["item"].map(prices(results)).fillna(1.0).astype(float)


def without_rounding(rows: pd.DataFrame) -> pd.DataFrame:
    """Set terms to 0 that are the solver's rounding: less than a ten-millionth of the largest of their row."""
    terms = ["cut", *PLUS, *MINUS]
    values = rows[terms].astype(float)
    size = values.abs()
    cleaned = rows.copy()
    cleaned[terms] = values.mask(size.lt(ROUNDING * size.max(axis=1), axis=0), 0.0)
    return cleaned


def usual(results: Results) -> pd.DataFrame:
    """Return what a baseline month brings to each item and region, from others and from its own makers (unit/month)."""
    lanes = results.table("shipments").rename(columns={"destination": "region"})
    keys = ["scenario", "item", "region"]
    parts = []
    for table in (lanes, results.table("production")):
        by_month = table.assign(usual=table["baseline"].astype(float)).groupby(
            [*keys, "response", "month"], sort=False
        )["usual"]
        parts.append(by_month.sum().groupby(keys, sort=False).max().reset_index())
    return pd.concat(parts, ignore_index=True).groupby(keys, sort=False)["usual"].sum().reset_index()


def gap_sheet(results: Results) -> Sheet:
    """Return one row per item, region and month in which usual goods did not come."""
    order = [
        "other_origins",
        "own_makers",
        "from_stock",
        "thrown_away",
        "passed_on",
        "replaced",
        "users_stopped",
        "unmet",
    ]
    fields = [
        SCENARIO,
        RESPONSE,
        ITEM,
        REGION,
        MONTH,
        UNIT,
        quantity("usual", USUAL),
        quantity("cut", header("cut")),
        *(quantity(term, header(term)) for term in order),
        flag("short", "Short"),
        Field("cause", "Cause", "text", 12),
        ITEM_ID,
        REGION_ID,
    ]
    table = without_rounding(results.table("gap")).merge(usual(results), how="left", on=["scenario", "item", "region"])
    shown, left_out = largest(table, worth(results, table, "cut"), len(fields), 2 * CELLS)
    return Sheet(
        name="Gap",
        title="The gap: what stopped coming, and what filled it",
        answers="Where goods from usual suppliers stopped coming, what took their place, and who went without?",
        columns=columns_of(fields),
        rows=rows_of(results, shown, fields),
        note="Cut = other origins + own makers + from stock - thrown away - passed on + replaced + users that stopped + unmet. "
        "Short: one more unit here would save something. Cause: a control on the lane itself, or the tier above.",
        frozen=3,
        left_out=left_out,
    )
