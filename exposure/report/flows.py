"""The sheets *Costs*, *Shipments*, *Production* and *Stocks*: what moved away from the undisturbed world."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from exposure.report.fields import (
    DESTINATION,
    DESTINATION_ID,
    ITEM,
    ITEM_ID,
    MONTH,
    ORIGIN,
    ORIGIN_ID,
    RECIPE_ID,
    REGION,
    REGION_ID,
    RESPONSE,
    SCENARIO,
    STOCK_UNIT,
    UNIT,
    Field,
    columns_of,
    largest,
    money,
    quantity,
    rows_of,
)
from exposure.report.gaps import worth
from exposure.report.results import Results
from exposure.report.sheet import Sheet

MOVED = 1e-6
"""Share of the baseline below which a difference is the solver's rounding."""


def costs_sheet(results: Results) -> Sheet:
    """Return what the response costs beside the loss, over the reported months."""
    fields = [
        SCENARIO,
        RESPONSE,
        Field("kind", "Kind", "text", 11),
        ITEM,
        REGION,
        money("cost_usd", "Cost", results),
        Field("first_month", "First month", "month", 10),
        Field("last_month", "Last month", "month", 10),
        ITEM_ID,
        REGION_ID,
    ]
    table = results.table("costs")
    keys = ["scenario", "response", "kind", "item", "region"]
    groups = table.assign(cost_usd=table["cost_usd"].astype(float)).groupby(keys, sort=False)
    total = groups.agg(
        cost_usd=("cost_usd", "sum"), first_month=("month", "min"), last_month=("month", "max")
    ).reset_index()
    shown, left_out = largest(total, total["cost_usd"], len(fields))
    return Sheet(
        name="Costs",
        title="Costs beside the loss",
        answers="What does filling the gap cost, in making and shipping (extra), tariffs and lateness?",
        columns=columns_of(fields),
        rows=rows_of(results, shown, fields),
        note="Sums over the reported months. Tariffs are transfers between states and traders.",
        frozen=3,
        left_out=left_out,
    )


def shipments_sheet(results: Results) -> Sheet:
    """Return lanes and months in which the flow differs from the baseline."""
    fields = [
        SCENARIO,
        RESPONSE,
        ITEM,
        ORIGIN,
        DESTINATION,
        MONTH,
        UNIT,
        quantity("baseline", "Baseline (unit/month)"),
        quantity("allowed", "Allowed (unit/month)"),
        quantity("usual", "Usual part (unit/month)"),
        quantity("extra", "Extra part (unit/month)"),
        ITEM_ID,
        ORIGIN_ID,
        DESTINATION_ID,
    ]
    return _changed(
        results,
        "shipments",
        fields,
        title="Shipments that differ from the baseline",
        answers="Who sends more, who sends less, in the month of shipping?",
    )


def production_sheet(results: Results) -> Sheet:
    """Return recipes and months in which the output differs from the baseline."""
    fields = [
        SCENARIO,
        RESPONSE,
        ITEM,
        REGION,
        RECIPE_ID,
        MONTH,
        UNIT,
        quantity("baseline", "Baseline (unit/month)"),
        quantity("capacity", "Capacity (unit/month)"),
        quantity("usual", "Usual part (unit/month)"),
        quantity("extra", "Extra part (unit/month)"),
        ITEM_ID,
        REGION_ID,
    ]
    return _changed(
        results,
        "production",
        fields,
        title="Production that differs from the baseline",
        answers="Which plants make less, and which make more or start up?",
    )


def _changed(results: Results, name: str, fields: Sequence[Field], *, title: str, answers: str) -> Sheet:
    table = results.table(name)
    base = table["baseline"].astype(float)
    move = table["usual"].astype(float) + table["extra"].astype(float) - base
    differs = (move.abs() > MOVED * base.clip(lower=1e-9)) & (move.abs() > 0)
    moved = table.assign(_move=move)[differs].reset_index(drop=True)
    shown, left_out = largest(moved, worth(results, moved, "_move"), len(fields))
    same = f"{len(table) - len(moved):,} of {len(table):,} rows equal the baseline and are left out"
    return Sheet(
        name=name.capitalize(),
        title=title,
        answers=answers,
        columns=columns_of(fields),
        rows=rows_of(results, shown, fields),
        note=f"Usual part: up to the baseline; extra part: above it. {same}; --json gives all.",
        frozen=3,
        left_out=left_out or same,
    )


def stocks_sheet(results: Results) -> Sheet:
    """Return the stocks of nodes whose stock moves in the reported months."""
    fields = [
        SCENARIO,
        RESPONSE,
        ITEM,
        REGION,
        MONTH,
        STOCK_UNIT,
        quantity("stock", "Stock at month end (unit)"),
        quantity("reserve", "Reserve (unit)"),
        ITEM_ID,
        REGION_ID,
    ]
    table = results.table("stocks")
    held: pd.Series[Any] = table["stock"].astype(float)
    groups = held.groupby([table[key] for key in ("scenario", "response", "item", "region")], sort=False)
    spread = groups.transform("max") - groups.transform("min")
    moves = spread > MOVED * groups.transform("max").clip(lower=1e-9)
    moving = table.assign(_spread=spread)[moves].reset_index(drop=True)
    shown, left_out = largest(moving, worth(results, moving, "_spread"), len(fields))
    still = f"{len(table) - len(moving):,} of {len(table):,} rows belong to stocks that do not move and are left out"
    return Sheet(
        name="Stocks",
        title="Stocks that move",
        answers="Who lives off stock, and when does it run out?",
        columns=columns_of(fields),
        rows=rows_of(results, shown, fields),
        note=f"{still}; --json gives all.",
        frozen=3,
        left_out=left_out or still,
    )
