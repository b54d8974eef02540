"""Rows of a table as one short list per key, one number per month: what the page's charts draw."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from exposure.model import Network
from exposure.report.names import country

DIGITS = 4
"""Digits of a number on the page; the workbook and ``--json`` have all of them."""


def rounded(value: float) -> float:
    """Return a number of four digits, a whole one where it is large; what is no number becomes 0."""
    if not math.isfinite(value) or value == 0:
        return 0.0
    places = DIGITS - 1 - math.floor(math.log10(abs(value)))
    return float(round(value, places))


def countries(net: Network, regions: pd.Series) -> pd.Series:
    """Return the country or bloc of each region."""
    known = {region: country(net, str(region)) for region in regions.unique()}
    return regions.map(known)


def by_month(
    rows: pd.DataFrame, keys: Sequence[str], column: str, months: Sequence[str]
) -> dict[tuple[str, ...], list[float]]:
    """Return for each key the sum of a column in each month; months without a row are 0, keys in their own order."""
    if rows.empty:
        return {}
    sums = rows.assign(_v=rows[column].astype(float)).groupby([*keys, "month"], sort=True)["_v"].sum()
    wide = sums.unstack("month").reindex(columns=list(months)).fillna(0.0)
    return {
        (key if isinstance(key, tuple) else (key,)): [rounded(float(v)) for v in values]
        for key, values in zip(wide.index, wide.to_numpy(), strict=True)
    }
