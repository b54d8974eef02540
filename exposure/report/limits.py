"""The sheet *Limits*: what controls moved, and what holds everything back."""

from __future__ import annotations

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


def saving(frame: pd.DataFrame) -> pd.Series[Any]:
    """Return what each limit holds back: its price times its size, the larger of baseline, allowed and used (USD)."""
    size = frame[["baseline", "allowed", "used"]].astype(float).max(axis=1)
    return frame["price_usd"].astype(float).fillna(0.0) * size.fillna(0.0)


def _costliest_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Put the limits that hold most back over the months first within each scenario and response, months in order."""
    limit = ["scenario", "response", "kind", "item", "origin", "destination", "recipe", "moved_by"]
    total = saving(rows).groupby([rows[key].fillna("") for key in limit]).transform("sum")
    place = {pair: k for k, pair in enumerate(dict.fromkeys(zip(rows["scenario"], rows["response"], strict=True)))}
    group = [place[pair] for pair in zip(rows["scenario"], rows["response"], strict=True)]
    keys = rows.assign(_group=group, _total=-total)
    order = keys.sort_values(
        ["_group", "_total", "kind", "item", "origin", "destination", "recipe", "month"], kind="stable"
    )
    return rows.loc[order.index].reset_index(drop=True)


def _blank(_: Results, values: list[Any]) -> list[Any]:
    """Leave a price that was not asked for blank."""
    return [None if pd.isna(value) else value for value in values]


def limits_sheet(results: Results) -> Sheet:
    """Return limits that bind, and lanes that a control lowered, month by month."""
    table = results.table("limits")
    ends = (("price_low_usd", "One unit more saves (USD/unit)"), ("price_high_usd", "One unit less costs (USD/unit)"))
    re_solved = [Field(name, header, "price", 16, _blank) for name, header in ends if table[name].notna().any()]
    fields = [
        SCENARIO,
        RESPONSE,
        Field("kind", "Kind", "text", 13),
        ITEM,
        ORIGIN,
        DESTINATION,
        RECIPE_ID,
        MONTH,
        UNIT,
        quantity("baseline", "Baseline (unit/month)"),
        quantity("allowed", "Allowed (unit/month)"),
        quantity("used", "Used (unit/month)"),
        Field("moved_by", "Moved by", "text", 28),
        flag("binding", "Binding"),
        Field("price_usd", "Price: saved by one unit more (USD/unit)", "price", 16),
        *re_solved,
        ITEM_ID,
        ORIGIN_ID,
        DESTINATION_ID,
        Field("note", "Note", "text", 30),
    ]
    sizes = table[["baseline", "allowed", "used"]].astype(float)
    matters = table["binding"].fillna(False).astype(bool) | (
        table["allowed"].astype(float) < table["baseline"].astype(float)
    )
    held = _costliest_first(table[matters & (sizes.max(axis=1) > 0)].reset_index(drop=True))
    lost = (held["baseline"].astype(float) - held["allowed"].astype(float)).clip(lower=0.0)
    shown, left_out = largest(held, saving(held) + 1e-6 * lost, len(fields))
    quiet = len(table) - len(held)
    return Sheet(
        name="Limits",
        title="Limits: what controls moved, and what binds",
        answers="Which single limit holds everything back, and what would one unit more of it save?",
        columns=columns_of(fields),
        rows=rows_of(results, shown, fields),
        note="Prices speak of the voluntary and planner levels; contracts have none. "
        f"{quiet:,} rows are left out in which nothing is held back. The costliest limit stands first.",
        frozen=3,
        left_out=left_out or (f"{quiet:,} rows in which nothing is held back" if quiet else ""),
    )
