"""What the draws say: quantiles, the tornado, and the value of information."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEVELS = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
"""Quantiles reported, as shares of the draws."""
MOST_BINS = 10
"""Most equal parts into which draws are put by the value of a figure."""
LEAST_IN_BIN = 10
"""Fewest draws in such a part: with less its mean and its width are chance."""
TAIL = 0.2
"""Share of the draws at either end of a figure's range whose mean the tornado shows."""
CHANCE = 0.05
"""Chance that any one of all figures passes for one that counts although none does."""


def quantiles(columns: Mapping[tuple[str, str, str, str], Floats]) -> pd.DataFrame:
    """Return quantiles, mean and extremes of each column of draws.

    Parameters
    ----------
    columns
        Values over the draws (USD), by response, measure, item and region (both blank for a total).
    """
    rows = []
    for (response, measure, item, region), values in columns.items():
        row: dict[str, object] = {"response": response, "measure": measure, "item": item, "region": region}
        found = np.quantile(values, LEVELS) if len(values) else np.full(len(LEVELS), np.nan)
        row |= {f"p{round(level * 100):02d}": float(q) for level, q in zip(LEVELS, found, strict=True)}
        row |= {"mean": _or_nan(values.mean() if len(values) else None)}
        row |= {"least": _or_nan(values.min() if len(values) else None)}
        row |= {"most": _or_nan(values.max() if len(values) else None)}
        rows.append(row | {"share_above_zero": _or_nan((values > 0).mean() if len(values) else None)})
    return pd.DataFrame(rows)


def _or_nan(value: float | np.floating | None) -> float:
    return float("nan") if value is None else float(value)


def bins_of(draws: int) -> int:
    """Return into how many equal parts the draws are put by the value of a figure; 1 where there are too few."""
    return max(1, min(MOST_BINS, draws // LEAST_IN_BIN))


def rank_correlation(values: Floats, damage: Floats) -> float:
    """Spearman's rank correlation (1904); 0 where either does not vary."""
    ranks = [pd.Series(part).rank().to_numpy() for part in (values, damage)]
    spread = float(ranks[0].std() * ranks[1].std())
    if spread <= 0:
        return 0.0
    return float(((ranks[0] - ranks[0].mean()) * (ranks[1] - ranks[1].mean())).mean() / spread)


def beyond_chance(correlation: float, draws: int, figures: int) -> bool:
    """Return True for a rank correlation that none of so many idle figures would reach but once in twenty ensembles.

    Under no influence it is about normal with standard deviation 1 / sqrt(draws - 1); the chance is shared among all figures
    (Bonferroni).
    """
    if draws < 3:
        return False
    limit = NormalDist().inv_cdf(1 - CHANCE / (2 * max(figures, 1)))
    return abs(correlation) * float(np.sqrt(draws - 1)) > limit


def tornado(
    groups: Mapping[str, Mapping[str, object]], values: Mapping[str, Floats], damage: Mapping[str, Floats]
) -> pd.DataFrame:
    """Return how the damage leans on each group of figures, the widest first within each response.

    ``damage_low`` and ``damage_high`` are its means over the fifth of the draws with the lowest and the highest values, and
    ``swing`` is the second less the first.

    Parameters
    ----------
    groups
        What is told of each group (figures, low, likely, high).
    values, damage
        The value of the group's first figure by draw; damage in USD by draw, for each response.
    """
    rows = []
    for response, usd in damage.items():
        count = max(1, round(TAIL * len(usd)))
        for group, told in groups.items():
            order = np.argsort(values[group], kind="stable")
            low, high = (
                float(usd[part].mean()) if len(usd) else float("nan") for part in (order[:count], order[-count:])
            )
            rho = rank_correlation(values[group], usd) if len(usd) else 0.0
            row = {"response": response, "figures_moving_together": group, **told, "damage_low_usd": low}
            row |= {"damage_high_usd": high, "swing_usd": high - low, "rank_correlation": rho}
            rows.append(row | {"beyond_chance": beyond_chance(rho, len(usd), len(groups))})
    return _sorted(pd.DataFrame(rows), damage, "swing_usd")


def information(
    groups: Mapping[str, Mapping[str, object]], values: Mapping[str, Floats], damage: Mapping[str, Floats]
) -> pd.DataFrame:
    """Return by how much the answer would narrow if one group of figures were known, the most helpful first.

    ::

        variance_share = 1 - (1 - between / total) (n - 1) / (n - bins)
        between = sum over bins of n_bin (mean of damage in the bin - mean of damage)^2
        total   = sum over draws of (damage - mean of damage)^2

    the correlation ratio over bins of equal numbers of draws, less what chance alone would give (Kelley, An unbiased correlation
    ratio measure, 1935), which estimates the first-order index of Sobol' from the draws at hand (Plischke, Borgonovo and Smith,
    Global sensitivity measures from given data, 2013). ``width_known`` is the mean over the bins of the distance from the 10 % to
    the 90 % quantile of damage, beside ``width`` over all draws.
    """
    rows = []
    for response, usd in damage.items():
        width = _width(usd)
        for group, told in groups.items():
            share, known = _known(values[group], usd)
            row = {"response": response, "figures_moving_together": group, **told}
            row |= {"variance_share": share, "width_usd": width}
            row |= {"width_known_usd": known, "narrowed_by": 1 - known / width if width > 0 else 0.0}
            rows.append(row)
    return _sorted(pd.DataFrame(rows), damage, "variance_share")


def _known(values: Floats, usd: Floats) -> tuple[float, float]:
    """Share of the variance explained by the bins of a figure, and the mean width left within them."""
    n, bins = len(usd), bins_of(len(usd))
    total = float(((usd - usd.mean()) ** 2).sum()) if n else 0.0
    if bins < 2 or total <= 0 or values.min() == values.max():
        return 0.0, _width(usd)
    parts = [usd[part] for part in np.array_split(np.argsort(values, kind="stable"), bins)]
    between = float(sum(len(part) * (part.mean() - usd.mean()) ** 2 for part in parts))
    share = 1 - (1 - between / total) * (n - 1) / (n - bins)
    return max(0.0, share), float(np.average([_width(part) for part in parts], weights=[len(part) for part in parts]))


def _width(usd: Floats) -> float:
    return float(np.quantile(usd, 0.9) - np.quantile(usd, 0.1)) if len(usd) else 0.0


def _sorted(table: pd.DataFrame, responses: Mapping[str, Floats], column: str) -> pd.DataFrame:
    if table.empty:
        return table
    order = {response: k for k, response in enumerate(responses)}
    table = table.assign(_at=table["response"].map(order), _size=-table[column].abs())
    table = table.sort_values(["_at", "_size", "figures_moving_together"], kind="stable")
    return table.drop(columns=["_at", "_size"]).reset_index(drop=True)
