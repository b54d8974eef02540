"""The gap over time: what stopped coming, and what met it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from exposure.errors import InputError
from exposure.plot import choice
from exposure.plot.picture import (
    AMBER,
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PINK,
    RULE,
    SKY,
    Picture,
    area,
    frame,
    legend_below,
    month_axis,
    picture,
)
from exposure.response import Outcome

TERMS = {
    "from_stock": ("from stock", BLUE, 1, ""),
    "other_origins": ("other origins", SKY, 1, ""),
    "own_makers": ("own makers", GREEN, 1, ""),
    "passed_on": ("passed on to others", "#4B5563", -1, ""),
    "thrown_away": ("thrown away", "#9AA5B1", -1, ""),
    "replaced": ("replaced by another recipe", PINK, 1, ""),
    "users_stopped": ("users that stopped", AMBER, 1, "///"),
    "unmet": ("unmet demand", ORANGE, 1, "///"),
}
"""Terms of the identity from the bottom: words, colour, sign; what stays open is warm and hatched."""
VISIBLE = 0.003
"""Share of the cut from which a term is drawn."""


def gap(out: Outcome, item: str | None, region: str | None, response: str | None) -> Picture:
    """Draw the terms of the gap of one good in one place, stacked month by month; what stopped coming is the line over them."""
    level = choice.level(out, response)
    good, place = _behind(out, item, region, level)
    rows = _rows(out, good, place, level)
    months = choice.reported(out)
    table = rows.groupby("month")[["cut", *TERMS]].sum().reindex(months).fillna(0.0)
    figure = picture(9.5, 4.6)
    axes = area(figure, left=0.85, right=0.25, top=1.15, bottom=0.8)
    _stack(table, axes)
    axes.step(
        np.arange(-1, len(months) + 1), np.pad(table["cut"], 1, mode="edge"), where="mid", color=INK, linewidth=1.8,
        linestyle=(0, (4, 2)), label="usual supply that did not come",
    )  # fmt: skip
    axes.grid(axis="y", color=RULE)
    axes.axhline(0, color=INK, linewidth=0.8)
    month_axis(axes, months)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.4g}" if abs(value) < 10_000 else f"{value:,.0f}")
    legend_below(axes, 4)
    net = out.network
    title = f"What met the gap: {net.item_name(good)}, {net.region_name(place)}"
    unit = f"{net.item[rows['item'].iloc[0]].unit} per month"
    frame(figure, out, title, f"{unit}; below zero: what widened the gap, such as a stock that fills again", level)
    return figure


def _stack(table: pd.DataFrame, axes: object) -> None:
    """Stack terms as areas as wide as their month, upward what is above zero and downward what is below."""
    edges = np.arange(-1, len(table) + 1)
    top, bottom = np.zeros(len(table)), np.zeros(len(table))
    largest = float(table["cut"].abs().max())
    for term, (words, colour, sign, hatch) in TERMS.items():
        values = sign * table[term].to_numpy(dtype=float)
        if np.abs(values).max(initial=0.0) <= VISIBLE * largest:
            continue
        for part, base in ((values.clip(min=0), top), (values.clip(max=0), bottom)):
            if not part.any():
                continue
            low, high = (np.pad(v, 1, mode="edge") for v in (base, base + part))
            axes.fill_between(  # type: ignore[attr-defined]
                edges,
                low,
                high,
                step="mid",
                facecolor=colour,
                edgecolor="white",
                linewidth=0.4,
                hatch=hatch,
                label=words,
            )
            words = "_"  # one entry in the legend, whichever side it stands on
            base += part


def _rows(out: Outcome, good: str, place: str, level: str) -> pd.DataFrame:
    """Return the rows of a good and a place, or say where there are any."""
    every = out.gap[(out.gap["response"] == level) & (out.gap["item"] == good)]
    rows = choice.within(out.network, every, "region", place)
    if rows.empty:
        cut = choice.some(set(every["region"]))
        where = f"it was in: {cut}" if cut else f"nothing of {good} was cut anywhere; see out.gap for what was"
        message = f'no usual supply of {good} was cut in "{place}" ({level}); {where}'
        raise InputError(message)
    return rows


def _behind(out: Outcome, item: str | None, region: str | None, level: str) -> tuple[str, str]:
    """Fill in what was not asked for: the good behind the hardest-hit product, and the place where most of it was cut."""
    net = out.network
    if region is not None:
        choice.region(net, region)
    if item is None:
        behind = choice.gap_that_matters(out)
        return behind.item, region or behind.region
    choice.item(net, item)
    if region is not None:
        return item, region
    rows = out.gap[(out.gap["response"] == level) & (out.gap["item"] == item)]
    if rows.empty:
        message = f"no usual supply of {item} was cut anywhere ({level}); see out.gap for what was"
        raise InputError(message)
    total = rows.groupby("region")["cut"].sum()
    return item, str(total.idxmax())
