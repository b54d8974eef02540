"""The sheet *Why*: for each loss the chain from control to product."""

from __future__ import annotations

import pandas as pd

from exposure.report.fields import (
    ITEM,
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
from exposure.report.results import Results
from exposure.report.sheet import Sheet

KEYS = ["scenario", "response", "item", "region", "control", "chain"]


def chains(results: Results) -> pd.DataFrame:
    """Return one row per product, region and chain: its months together, the words of its worst month."""
    why = results.table("why")
    if why.empty:
        return why.assign(first_month=[], last_month=[], months=[])
    ordered = why.assign(_place=range(len(why)), loss_usd=why["loss_usd"].astype(float))
    worst_first = ordered.sort_values("loss_usd", ascending=False, kind="stable")
    groups = worst_first.groupby(KEYS, sort=False, dropna=False)
    table = groups.agg(
        first_month=("month", "min"),
        last_month=("month", "max"),
        months=("month", "nunique"),
        loss_usd=("loss_usd", "sum"),
        words=("words", "first"),
    ).reset_index()
    places = {pair: k for k, pair in enumerate(dict.fromkeys(zip(why["scenario"], why["response"], strict=True)))}
    table["_group"] = [places[pair] for pair in zip(table["scenario"], table["response"], strict=True)]
    ordered = table.sort_values(["_group", "loss_usd"], ascending=[True, False], kind="stable", ignore_index=True)
    return ordered.drop(columns="_group")


def why_sheet(results: Results) -> Sheet:
    """Return the chains, the costliest first within each scenario and response."""
    fields = [
        SCENARIO,
        RESPONSE,
        ITEM,
        REGION,
        money("loss_usd", "Loss", results),
        Field("first_month", "First month", "month", 10),
        Field("last_month", "Last month", "month", 10),
        Field("months", "Months", "count", 8),
        Field("words", "Why, in words", "long", 70),
        Field("chain", "Chain of ids, control to product", "long", 60),
        Field("control", "Control", "text", 24),
        ITEM_ID,
        REGION_ID,
    ]
    table = chains(results)
    shown, left_out = largest(table, table["loss_usd"].astype(float), len(fields))
    return Sheet(
        name="Why",
        title="Why: the chain from control to product",
        answers="Which control reaches which product, and along which goods?",
        columns=columns_of(fields),
        rows=rows_of(results, shown, fields),
        note="Months of loss along the same chain stand in one row; a chain follows the largest missing part at each tier. "
        "Shares in the words are of usual amounts, in the month of the largest loss.",
        frozen=3,
        left_out=left_out,
    )
