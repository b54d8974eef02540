"""One sheet for each product that loses most: who goes short of it, from when, and by how much in each month."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

import pandas as pd

from exposure.report.fields import (
    ITEM_ID,
    REGION,
    REGION_ID,
    RESPONSE,
    SCENARIO,
    Field,
    columns_of,
    largest,
    money,
    rows_of,
)
from exposure.report.losses import by_month, losses
from exposure.report.results import Results
from exposure.report.sheet import Column, Sheet

MOST = 6
"""Products with a sheet of their own."""
CELLS = 12_000
"""Most cells of one of these sheets."""
KEYS = ["scenario", "response", "item", "region"]
_UNSAFE = re.compile(r"[][:*?/\\']")


def product_sheets(results: Results) -> list[Sheet]:
    """Return the sheets of the products with the largest loss over all scenarios and levels, the largest first."""
    every = losses(results)
    if every.empty:
        return []
    total = every["loss_usd"].astype(float).groupby(every["item"]).sum()
    ranked = sorted(total.index, key=lambda item: (-total[item], item))[:MOST]
    wide, short = by_month(results), _short(every)
    names = sheet_names([results.names.item(item) for item in ranked])
    return [_sheet(results, str(item), name, wide, short) for item, name in zip(ranked, names, strict=True)]


def sheet_names(products: Sequence[str]) -> list[str]:
    """Return names that a spreadsheet takes: 31 characters, none of its signs, no two alike.

    >>> sheet_names(["Electric cars (BEV/PHEV)", "x" * 40, "x" * 41])[1:]
    ['Product xxxxxxxxxxxxxxxxxxxxxxx', 'Product xxxxxxxxxxxxxxxxxxxxx 2']
    """
    found: list[str] = []
    for product in products:
        plain = _UNSAFE.sub(" ", re.sub(r"\s*\(.*?\)", "", product)).strip() or "unnamed"
        name, count = textwrap.shorten(f"Product {plain}", 31, placeholder=""), 2
        name = name if len(name) > len("Product") else f"Product {plain}"[:31]
        while name.lower() in {other.lower() for other in found}:
            name, count = f"{f'Product {plain}'[:29]} {count}", count + 1
        found.append(name)
    return found


def _short(every: pd.DataFrame) -> pd.DataFrame:
    """Return the share of demand that goes unmet, rows as `by_month`, columns months."""
    sums = every.assign(unmet=every["unmet"].astype(float), demand=every["demand"].astype(float))
    table = sums.groupby([*KEYS, "month"], sort=False)[["unmet", "demand"]].sum()
    return (table["unmet"] / table["demand"].where(table["demand"] > 0)).unstack("month")


def _sheet(results: Results, item: str, name: str, wide: pd.DataFrame, short: pd.DataFrame) -> Sheet:
    chosen = wide[wide["item"] == item].reset_index(drop=True)
    months = [str(column) for column in wide.columns[5:]]
    fields = [SCENARIO, RESPONSE, REGION, money("total", "Loss", results), Field("first", "First month", "month", 10),
              Field("worst", "Worst month", "month", 10)]  # fmt: skip
    share = short.reindex(columns=months).reindex(pd.MultiIndex.from_frame(chosen[KEYS])).reset_index(drop=True)
    lost = chosen[months].astype(float).fillna(0.0)
    table = chosen.assign(first=(lost > 0).idxmax(axis=1), worst=lost.idxmax(axis=1))
    shown, left_out = largest(
        pd.concat([table, share.add_prefix("share ")], axis=1), table["total"], 8 + len(months), CELLS
    )
    parts = shown[[f"share {month}" for month in months]]
    values = parts.astype(object).where(parts.notna(), None).to_numpy().tolist()
    head, ids = rows_of(results, shown, fields), rows_of(results, shown, [ITEM_ID, REGION_ID])
    goods = results.names.item(item)
    return Sheet(
        name=name,
        title=f"{goods}: who goes short, and when",
        answers=f"Which share of the demand for {results.names.goods(item)} goes unmet, where, month by month?",
        columns=[
            *columns_of(fields),
            *(Column(f"{m} (% unmet)", "share", 10) for m in months),
            *columns_of([ITEM_ID, REGION_ID]),
        ],
        rows=[(*a, *b, *c) for a, b, c in zip(head, values, ids, strict=True)],
        note="Month columns: share of demand not delivered beyond the baseline gap; blank where nothing is lost. "
        "Places without a loss are left out.",
        frozen=3,
        left_out=left_out,
    )
