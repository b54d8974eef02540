"""Loss by product and month as a heat map, and over time beside the controls."""

from __future__ import annotations

import datetime as dt
from typing import cast

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from exposure.calendar import Month
from exposure.model import Control, RegionId
from exposure.plot import choice
from exposure.plot.picture import (
    INK,
    LEVEL_COLOURS,
    LEVEL_WORDS,
    PALE,
    QUIET,
    RULE,
    Picture,
    area,
    cut,
    frame,
    ink_on,
    month_axis,
    picture,
    plain,
)
from exposure.report.money import short
from exposure.report.results import NOISE
from exposure.response import Outcome

FAINT = 0.05
"""Share of the largest level's peak below which the headline gets axes of its own."""
MOST_CONTROLS = 14


def loss_heatmap(out: Outcome, response: str | None, region: str | None, top: int) -> Picture:
    """Draw output lost per product and month (USD), the largest first; numbers stand in the cells where they have room."""
    level = choice.level(out, response)
    table = _by_product(out, level, region, top)
    months = list(table.columns)
    figure = picture(9.5, 1.75 + 0.36 * max(len(table), 1))
    axes = area(figure, left=3.0, right=0.85, top=0.95, bottom=0.78)
    shades = matplotlib.colormaps["YlOrBr"]
    values = table.to_numpy(dtype=float)
    peak = float(values.max(initial=0.0)) or 1.0
    shade = np.sqrt(values / peak)  # small losses stay visible beside large ones; the numbers say the size
    colours = shades(0.08 + 0.84 * shade)
    colours[values <= 0] = matplotlib.colors.to_rgba(PALE)
    axes.imshow(colours, aspect="auto", interpolation="nearest")
    for (row, column), value in np.ndenumerate(values):
        if value > 0 and len(months) <= 18:
            axes.text(
                column, row, _cell(value), ha="center", va="center", fontsize=7.5 if len(months) > 12 else 8.5,
                color=ink_on(tuple(colours[row, column])),
            )  # fmt: skip
    names = [cut(out.network.item_name(str(one)), 40) for one in table.index]
    axes.set_yticks(range(len(names)), [plain(name) for name in names])
    month_axis(axes, months)
    axes.set_xticks(np.arange(-0.5, len(months)), minor=True)
    axes.set_yticks(np.arange(-0.5, len(names)), minor=True)
    axes.grid(which="minor", color="white", linewidth=1.5)
    axes.tick_params(which="minor", length=0)
    axes.spines["bottom"].set_visible(False)
    for row, total in enumerate(values.sum(axis=1)):
        axes.text(len(months) - 0.35, row, short(total), va="center", fontsize=9, weight="bold", color=INK)
    axes.text(len(months) - 0.35, -0.75, "total", va="center", fontsize=8.5, color=QUIET)
    where = f" in {out.network.region_name(region)}" if region else ""
    frame(figure, out, f"Output lost by product and month{where}", "USD; darker: more (shades by square root)", level)
    return figure


def _cell(value: float) -> str:
    """Return an amount that fits a cell."""
    return f"{value / 1e6:.2f} m" if 1e4 <= value < 999_500 else short(value)


def _by_product(out: Outcome, level: str, region: str | None, top: int) -> pd.DataFrame:
    """Return loss, products x months, the largest first; what has no room is summed in a last row."""
    rows = out.loss[out.loss["response"] == level]
    if region is not None:
        place = choice.region(out.network, region)
        rows = rows[rows["region"].map(lambda one: out.network.covers(place, cast("RegionId", one))).astype(bool)]
    months = choice.reported(out)
    table = rows.pivot_table(index="item", columns="month", values="loss_usd", aggfunc="sum")
    table = table.reindex(columns=months).fillna(0.0)
    noise = NOISE * float(out.record.get("stake_usd", 0.0))
    table = table.where(table > noise, 0.0)
    table = table[table.sum(axis=1) > 0]
    table = table.loc[table.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    if len(table) <= top:
        return table if len(table) else pd.DataFrame(0.0, index=["nothing is lost"], columns=months)
    rest = table.iloc[top - 1 :]
    others = pd.DataFrame([rest.sum()], index=[f"{len(rest)} other products"])
    return pd.concat([table.iloc[: top - 1], others])


def timeline(out: Outcome, response: str | None) -> Picture:
    """Draw output lost per month (USD) of every level, above the controls, each at its dates."""
    levels = [choice.level(out, response)] if response else [str(one) for one in out.summary["response"]]
    months = choice.reported(out)
    losses = {one: _per_month(out, one, months) for one in levels}
    controls = _shown(out, months)
    faint = _faint(losses)
    heights = [2.6, *([1.5] if faint else []), 0.35 + 0.24 * max(len(controls), 1)]
    total = 0.9 + sum(heights) + 0.4 * (len(heights) - 1) + 0.8
    figure, top, panels = picture(9.5, total), 0.9, []
    for height in heights:
        panels.append(area(figure, left=2.6, right=1.0, top=top, bottom=total - top - height))
        top += height + 0.4
    _levels(panels[0], losses)
    if faint:
        _levels(panels[1], {faint: losses[faint]})
        panels[1].set_title(f"{LEVEL_WORDS[faint]} on its own scale", fontsize=9, color=QUIET, loc="left", pad=3)
    for panel in panels[:-1]:
        month_axis(panel, months)
        panel.set_xticklabels([])
    _strip(panels[-1], out, controls, months)
    frame(
        figure, out, "Output lost over time, and the controls", "USD per month; bar: in force; triangle: announced; "
        "tick: a later step of the control", "" if response is None else levels[0],
    )  # fmt: skip
    return figure


def _per_month(out: Outcome, level: str, months: list[str]) -> np.ndarray:
    rows = out.loss[out.loss["response"] == level]
    return rows.groupby("month")["loss_usd"].sum().reindex(months).fillna(0.0).to_numpy(dtype=float)


def _faint(losses: dict[str, np.ndarray]) -> str:
    """Return the headline where the other levels would flatten it, else nothing."""
    peak = max(float(line.max(initial=0.0)) for line in losses.values())
    own = float(losses["voluntary"].max(initial=0.0)) if "voluntary" in losses else 0.0
    return "voluntary" if 0 < own < FAINT * peak else ""


def _levels(axes: Axes, losses: dict[str, np.ndarray]) -> None:
    """Draw lines with direct labels at their ends, pushed apart where they would overlap."""
    dashes = {"contracts": "-", "voluntary": "-", "planner": (0, (4, 2))}
    peak = max(float(line.max(initial=0.0)) for line in losses.values()) or 1.0
    spots: list[float] = []
    for name, line in sorted(losses.items(), key=lambda pair: pair[1][-1]):
        axes.plot(line, color=LEVEL_COLOURS[name], linewidth=2.2, linestyle=dashes[name], marker="o", markersize=3.5)
        spot = max([float(line[-1]), *(other + 0.08 * peak for other in spots[-1:])])
        spots.append(spot)
        axes.annotate(
            name, (len(line) - 1, spot), xytext=(9, 0), textcoords="offset points", va="center", fontsize=9.5,
            color=LEVEL_COLOURS[name], weight="bold", annotation_clip=False,
        )  # fmt: skip
    axes.set_ylim(-0.03 * peak, 1.08 * max(peak, *spots))
    axes.grid(axis="y", color=RULE)
    axes.yaxis.set_major_locator(matplotlib.ticker.MaxNLocator(5))
    axes.yaxis.set_major_formatter(lambda value, _: short(value) if value >= 0 else "")


def _shown(out: Outcome, months: list[str]) -> list[Control]:
    """Return the controls of a scenario by date; where there are too many, those that start in the reported months first."""
    controls = sorted(
        (out.network.control[one] for one in out.scenario.controls), key=lambda row: (row.effective, row.control)
    )
    if len(controls) <= MOST_CONTROLS:
        return controls
    first, last = Month.parse(months[0]).first, Month.parse(months[-1]).last
    ranked = sorted(controls, key=lambda row: not first <= row.effective <= last)
    kept = {row.control for row in ranked[: MOST_CONTROLS - 1]}
    return [row for row in controls if row.control in kept]


def _strip(axes: Axes, out: Outcome, controls: list[Control], months: list[str]) -> None:
    """Draw one bar per control from its first day in force, with its announcement and its later steps."""
    begin, end = -0.5, len(months) - 0.5
    for row, control in enumerate(controls):
        until = end if control.ends is None else min(_place(control.ends, months), end)
        start = _place(control.effective, months)
        if start < end and until > begin:
            axes.barh(row, until - max(start, begin), left=max(start, begin), height=0.5, color="#9DB7D1")
        known = _place(control.announced, months)
        if begin <= known <= end:
            axes.plot(known, row, marker="v", color=INK, markersize=6, clip_on=False)
        steps = {rule.from_ for rule in out.network.rules_of[control.control] if rule.from_}
        for place in sorted(_place(day, months) for day in steps):
            if begin < place < end and place > start:
                axes.plot([place, place], [row - 0.25, row + 0.25], color=INK, linewidth=1.3)
    labels = [plain(cut(str(control.control), 28)) for control in controls]
    more = len(out.scenario.controls) - len(controls)
    if more:
        labels.append(f"and {more} more")
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(max(len(labels), 1) - 0.4, -0.6)
    month_axis(axes, months)
    axes.grid(axis="x", color=RULE)
    if not controls:
        axes.text(begin + 0.1, 0, "no control", color=QUIET, va="center")


def _place(day: dt.date, months: list[str]) -> float:
    """Return where a day lies on the axis of months; the middle of a month is a whole number."""
    month = Month.of(day)
    return (month - Month.parse(months[0])) + (day.day - 0.5) / month.days - 0.5
