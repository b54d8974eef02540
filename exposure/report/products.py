"""One sheet for each product that loses most: who goes short of it, from when, and by how much in each month."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Sequence

import pandas as pd
from openpyxl.utils import get_column_letter

from exposure.calendar import Month
from exposure.report.charts import LEVELS, line_picture
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
from exposure.report.sheet import HEADER_ROW, Column, Picture, Sheet

MOST = 6
"""Products with a sheet of their own."""
CELLS = 12_000
"""Most cells of one of these sheets."""
BELOW, BESIDE = (34.0, 13.0), (24.0, 12.0)
"""Width and height (cm) of a chart below a table with a column for each month, and beside a narrow one."""
KEYS = ["scenario", "response", "item", "region"]
_UNSAFE = re.compile(r"[][:*?/\\']")


def product_sheets(results: Results) -> list[Sheet]:
    """Return the sheets of the products with the largest loss over all scenarios and levels, the largest first.

    Each has a chart of the product's loss per month at every level; what the charts draw stands on a last sheet.
    """
    every = losses(results)
    if every.empty:
        return []
    total = every["loss_usd"].astype(float).groupby(every["item"]).sum()
    ranked = sorted((str(item) for item in total.index), key=lambda item: (-total[item], item))[:MOST]
    wide, short = by_month(results), _short(every)
    names = sheet_names([results.names.item(item) for item in ranked])
    over_time, drawn = products_over_time(results, every, ranked)
    make = _sheet if len(results.outcomes) == 1 else _sheet_of_many
    sheets = [make(results, item, name, wide, short) for item, name in zip(ranked, names, strict=True)]
    for sheet, item in zip(sheets, ranked, strict=True):
        sheet.pictures.append(_picture(results, sheet, over_time, drawn[item], item))
    return [*sheets, over_time]


def products_over_time(
    results: Results, every: pd.DataFrame, items: Sequence[str]
) -> tuple[Sheet, dict[str, tuple[str, list[tuple[str, int]]]]]:
    """Return loss per month of some products at every level, each in the scenario that it loses most in.

    The headline decides which scenario that is, then contracts. Also returned: for each item that scenario, and the level and
    column of each series.
    """
    unit, factor = results.money.unit, results.money.factor
    columns, series = [Column("Month", "month", 10)], []
    drawn: dict[str, tuple[str, list[tuple[str, int]]]] = {}
    for item in items:
        rows = every[every["item"] == item]
        label = _hardest(results, rows)
        loss = results.of(results.labels.index(label), "loss")
        months, run = sorted(loss["month"].unique()), set(loss["response"].unique())
        levels = [level for level in LEVELS if level in run]
        drawn[item] = label, []
        for level in levels:
            own = rows[(rows["scenario"] == label) & (rows["response"] == level)]
            lost = own["loss_usd"].astype(float).groupby(own["month"]).sum().reindex(months).fillna(0.0) / factor
            drawn[item][1].append((level, len(columns)))
            columns.append(Column(f"{results.names.item(item)}: {level} ({unit})", "money", 16))
            series.append(lost)
    first, last = (Month.parse(pick(line.index[end] for line in series)) for pick, end in ((min, 0), (max, -1)))
    span = [str(first + k) for k in range(last - first + 1)]
    values = [line.reindex(span) for line in series]
    return Sheet(
        name="Products over time",
        title="Loss over time of the products that lose most",
        answers="When does each product lose how much, at each level? The charts of the product sheets draw these columns.",
        columns=columns,
        rows=[(m, *(None if math.isnan(v := float(line[m])) else v for line in values)) for m in span],
        note="Each product in the scenario in which it loses most: "
        + "; ".join(f"{results.names.item(item)}: {label}" for item, (label, _) in drawn.items())
        + "." if len(results.outcomes) > 1 else "",
        frozen=1,
    ), drawn  # fmt: skip


def _hardest(results: Results, rows: pd.DataFrame) -> str:
    """Return the scenario that loses most of a product at its headline level, or under contracts if none does."""
    lost = rows["loss_usd"].astype(float)
    quoted = {label: results.headline(k) for k, label in enumerate(results.labels)}
    at_headline = lost.where(rows["response"] == rows["scenario"].map(quoted), 0.0)
    for weight in (at_headline, lost):
        total = weight.groupby(rows["scenario"]).sum()
        if total.max() > 0:
            break
    return str(min(total[total == total.max()].index))


def _picture(
    results: Results, sheet: Sheet, over_time: Sheet, drawn: tuple[str, list[tuple[str, int]]], item: str
) -> Picture:
    """Return the chart of a product, below a table of one scenario, beside one of many: on the first page either way."""
    label, lines = drawn
    unit = results.money.unit
    alone = len(results.outcomes) == 1
    where = f"A{sheet.last_row + 2}" if alone else f"{get_column_letter(len(sheet.columns) + 2)}{HEADER_ROW}"
    title = f"{results.names.item(item)}: output lost per month ({unit})" + ("" if alone else f", {label}")
    return line_picture(
        over_time, [(LEVELS[level], column) for level, column in lines], title, where, BELOW if alone else BESIDE
    )


def sheet_names(products: Sequence[str]) -> list[str]:
    """Return names that a spreadsheet takes: 31 characters, none of its signs, no two alike.

    Where names are cut to the same, their last words are kept; where that does not tell them apart, they are numbered.

    >>> sheet_names(["Electric cars (BEV/PHEV)", "x" * 40, "x" * 41])[1:]
    ['Product xxxxxxxxxxxxxxxxxxxxxxx', 'Product xxxxxxxxxxxxxxxxxxxxx 2']
    >>> sheet_names(["Huawei smartphones for China", "Huawei smartphones for other countries"])
    ['Product Huawei .. China', 'Product Huawei .. countries']
    """
    whole = [_UNSAFE.sub(" ", re.sub(r"\s*\(.*?\)", "", product)).strip() or "unnamed" for product in products]
    cut = [textwrap.shorten(f"Product {plain}", 31, placeholder="").lower() for plain in whole]
    found: list[str] = []
    for plain, short in zip(whole, cut, strict=True):
        words = plain.split()
        ends = f"Product {words[0]} .. {words[-1]}"
        told_apart = cut.count(short) > 1 and len(words) > 2 and len(ends) <= 31
        name, count = ends if told_apart else textwrap.shorten(f"Product {plain}", 31, placeholder=""), 2
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
    """Return the sheet of one scenario: places down, months across."""
    chosen = wide[wide["item"] == item].reset_index(drop=True)
    months = [str(column) for column in wide.columns[5:]]
    fields = [SCENARIO, RESPONSE, REGION, money("total", "Loss", results), Field("first", "First month", "month", 10),
              Field("worst", "Worst month", "month", 10)]  # fmt: skip
    share = _share_of(chosen, short, months)
    shown, left_out = largest(
        pd.concat([_with_months(chosen, months), share.add_prefix("share ")], axis=1), chosen["total"], 8 + len(months), CELLS
    )  # fmt: skip
    parts = shown[[f"share {month}" for month in months]]
    values = parts.astype(object).where(parts.notna(), None).to_numpy().tolist()
    head, ids = rows_of(results, shown, fields), rows_of(results, shown, [ITEM_ID, REGION_ID])
    return Sheet(
        name=name,
        title=f"{results.names.item(item)}: who goes short, and when",
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


def _sheet_of_many(results: Results, item: str, name: str, wide: pd.DataFrame, short: pd.DataFrame) -> Sheet:
    """Return the sheet of many scenarios: the worst first, without the months, which differ from scenario to scenario."""
    chosen = wide[wide["item"] == item].sort_values("total", ascending=False, kind="stable", ignore_index=True)
    months = [str(column) for column in wide.columns[5:]]
    table = _with_months(chosen, months)
    table["months"] = (chosen[months].astype(float).fillna(0.0) > 0).sum(axis=1)
    table["most"] = _share_of(chosen, short, months).max(axis=1)
    fields = [
        SCENARIO,
        RESPONSE,
        REGION,
        money("total", "Loss", results),
        Field("first", "First month", "month", 10),
        Field("months", "Months with a loss", "count", 10),
        Field("worst", "Worst month", "month", 10),
        Field("most", "Unmet at most (% of demand)", "share", 12),
        ITEM_ID,
        REGION_ID,
    ]
    shown, left_out = largest(table, table["total"], len(fields), CELLS)
    return Sheet(
        name=name,
        title=f"{results.names.item(item)}: which scenario hurts it, where, and when",
        answers=f"In which scenario does {results.names.goods(item)} go short, where, from which month, worth how much?",
        columns=columns_of(fields),
        rows=rows_of(results, shown, fields),
        note="The largest loss first, all levels; filter Response for one of them. Sheet Loss by month has every month.",
        frozen=3,
        left_out=left_out,
    )


def _with_months(chosen: pd.DataFrame, months: Sequence[str]) -> pd.DataFrame:
    """Return rows of `by_month` with their first and their worst month."""
    lost = chosen[[*months]].astype(float).fillna(0.0)
    return chosen.assign(first=(lost > 0).idxmax(axis=1), worst=lost.idxmax(axis=1))


def _share_of(chosen: pd.DataFrame, short: pd.DataFrame, months: Sequence[str]) -> pd.DataFrame:
    """Return the share of demand unmet in each month of rows of `by_month`."""
    return short.reindex(columns=[*months]).reindex(pd.MultiIndex.from_frame(chosen[KEYS])).reset_index(drop=True)
