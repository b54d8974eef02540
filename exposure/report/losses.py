"""The sheets *Loss by month* (wide, for reading) and *Loss rows* (tidy, for tracing)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from exposure.calendar import Month
from exposure.model import RESPONSES
from exposure.once import once
from exposure.report.fields import (
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
    largest,
    money,
    quantity,
    rows_of,
)
from exposure.report.results import Results
from exposure.report.sheet import Column, Sheet

KEYS = ["scenario", "response", "item", "region"]
NEGLIGIBLE = 1e-7
"""Share of its demand below which a row's unmet part is the solver's rounding."""


def losses(results: Results) -> pd.DataFrame:
    """Return the rows of the loss table that hold a loss."""
    return once(results, "losses", lambda: _losses(results))


def losses_at(results: Results, position: int, level: str) -> pd.DataFrame:
    """Return the rows of `losses` of one outcome at one level."""
    every = losses(results)
    groups = once(results, "losses by level", lambda: dict(list(every.groupby(["scenario", "response"], sort=False))))
    return groups.get((results.labels[position], level), every.iloc[:0])


def _losses(results: Results) -> pd.DataFrame:
    table = results.table("loss")
    return table[
        (table["loss_usd"].astype(float) > 0)
        & (table["unmet"].astype(float) > NEGLIGIBLE * table["demand"].astype(float))
    ]


def by_month(results: Results) -> pd.DataFrame:
    """Return losses in USD, rows scenario, response, item and region (largest first within a response), columns months."""
    rows = losses(results)
    if rows.empty:
        return pd.DataFrame(columns=[*KEYS, "total"])
    wide = rows.pivot_table(index=KEYS, columns="month", values="loss_usd", aggfunc="sum", sort=True)
    first, last = Month.parse(min(rows["month"])), Month.parse(max(rows["month"]))
    months = [str(first + k) for k in range(last - first + 1)]
    wide = wide.reindex(columns=months)
    wide.insert(0, "total", wide.sum(axis=1))
    wide = wide.reset_index()
    wide["_scenario"] = wide["scenario"].map({label: k for k, label in enumerate(results.labels)})
    wide["_response"] = wide["response"].map({response: k for k, response in enumerate(RESPONSES)})
    wide = wide.sort_values(
        ["_scenario", "_response", "total", "item", "region"],
        ascending=[True, True, False, True, True],
        ignore_index=True,
    )
    return wide.drop(columns=["_scenario", "_response"])


def loss_by_month_sheet(results: Results) -> Sheet:
    """Return losses by product and month; a month outside a scenario's reported months stays blank."""
    wide = by_month(results)
    months = [str(name) for name in wide.columns[5:]]
    total = money("total", "Total", results)
    keys = [SCENARIO, RESPONSE, ITEM, REGION, total]
    values = _within_horizon(results, wide, months) / results.money.factor
    head = rows_of(results, wide, keys)
    body = values.astype(object).where(values.notna(), None).to_numpy().tolist() if months else [[] for _ in head]
    ids = rows_of(results, wide, [ITEM_ID, REGION_ID])
    return Sheet(
        name="Loss by month",
        title="Loss by product and month",
        answers="Which product stops, where, from which month, and worth how much?",
        columns=[*columns_of(keys), *(Column(m, "money", 9) for m in months), *columns_of([ITEM_ID, REGION_ID])],
        rows=[(*a, *b, *c) for a, b, c in zip(head, body, ids, strict=True)],
        note=f"All cells in {results.money.unit} of output lost. Rows without a loss are left out; "
        "blank months lie outside a scenario's reported months."
        + (" Bold: voluntary, the headline." if len(results.outcomes) == 1 else ""),
        frozen=4,
    )


def _within_horizon(results: Results, wide: pd.DataFrame, months: list[str]) -> pd.DataFrame:
    """Fill with 0 what was reported without a loss, and leave the other months blank."""
    values = wide[months].copy()
    for label, reported in results.table("loss").groupby("scenario")["month"].agg(["min", "max"]).iterrows():
        rows = (wide["scenario"] == label).to_numpy()
        inside = [m for m in months if str(reported["min"]) <= m <= str(reported["max"])]
        values.loc[rows, inside] = values.loc[rows, inside].fillna(0.0)
    return values


def loss_rows_sheet(results: Results) -> Sheet:
    """Return one row per product, region and month of loss."""
    fields: list[Field] = [
        SCENARIO,
        RESPONSE,
        ITEM,
        REGION,
        MONTH,
        UNIT,
        quantity("demand", "Demand (unit/month)"),
        quantity("served", "Served (unit/month)"),
        quantity("unmet", "Unmet (unit/month)"),
        Field("waiting", "Waiting at month end (unit)", "amount", 13),
        money("loss_usd", "Loss", results),
        money("loss_value_added_usd", "Loss of value added", results),
        ITEM_ID,
        REGION_ID,
    ]
    every = losses(results)
    weight: pd.Series[Any] = every["loss_usd"].astype(float)
    shown, left_out = largest(every.reset_index(drop=True), weight.reset_index(drop=True), len(fields))
    table = results.table("loss")
    quiet = len(table) - len(every)
    return Sheet(
        name="Loss rows",
        title="Loss, row by row",
        answers="What was wanted, served and lost, for each product, region and month?",
        columns=columns_of(fields),
        rows=rows_of(results, shown, fields),
        note=f"Unmet is beyond the baseline gap. {quiet:,} rows without a loss are left out.",
        frozen=3,
        left_out=left_out or (f"{quiet:,} rows without a loss" if quiet else ""),
    )
