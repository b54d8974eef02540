"""Who supplies whom with one good: usual flows and those of a month, side by side on one scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from exposure.errors import InputError
from exposure.model import ItemId, Network, RegionId
from exposure.plot import choice
from exposure.plot.picture import (
    AMBER,
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PINK,
    QUIET,
    SKY,
    Picture,
    area,
    cut,
    frame,
    picture,
    plain,
)
from exposure.response import Outcome

ENDS = 7
"""Most origins and most destinations that are drawn apart; the rest is summed."""
REST = "others"
COLOURS = (ORANGE, BLUE, GREEN, PINK, AMBER, SKY, "#6B7280", "#9AA5B1")
GAP = 0.025
"""Free height between two ends, in shares of all that flows usually."""
TINY = 1e-6


@dataclass(frozen=True)
class Flows:
    """Flows of a good between countries, usual and in one month (item's unit per month), with ends in drawing order."""

    usual: dict[tuple[str, str], float]
    now: dict[tuple[str, str], float]
    origins: list[str]
    destinations: list[str]


def sankey(out: Outcome, item: str | None, month: str | None, response: str | None) -> Picture:
    """Draw the flows of one good between countries before and in a month of the scenario, a country's own make included."""
    net, level = out.network, choice.level(out, response)
    good = choice.item(net, item or choice.gap_that_matters(out).item)
    rows = _rows(out, good, level)
    when = choice.month(choice.reported(out), month) if month else _worst(rows)
    flows = _flows(out, rows, good, when, level)
    figure = picture(10.5, 1.5 + 0.42 * max(len(flows.origins), len(flows.destinations), 6))
    width = figure.get_size_inches()[0]
    panels = [
        area(figure, left=0.2, right=width / 2 + 0.1, top=1.05, bottom=0.35),
        area(figure, left=width / 2 + 0.1, right=0.2, top=1.05, bottom=0.35),
    ]
    unit = net.item[ItemId(good)].unit
    for axes, title, shown in ((panels[0], "Usual", flows.usual), (panels[1], when, flows.now)):
        _panel(axes, net, flows, shown)
        axes.set_title(plain(f"{title}: {_amount(sum(shown.values()))} {unit}"), fontsize=10.5, color=INK, pad=4)
    below = f"{unit} per month, by month of shipping; left origin, right user; outline: the usual size"
    frame(figure, out, f"Who supplies whom: {net.item_name(good)}", below, level)
    return figure


def _rows(out: Outcome, good: str, level: str) -> pd.DataFrame:
    every = out.shipments[out.shipments["response"] == level]
    rows = every[every["item"] == good]
    if rows.empty:
        message = f"no lane of {good} in this outcome; goods with lanes: {choice.some(set(every['item']))}"
        raise InputError(message)
    return rows


def _worst(rows: pd.DataFrame) -> str:
    """Return the month in which the usual lanes carry least, the first of equals."""
    return str(rows.groupby("month")["usual"].sum().round(6).idxmin())


def _flows(out: Outcome, rows: pd.DataFrame, good: str, when: str, level: str) -> Flows:
    """Sum lanes by country; what a country makes and does not send abroad is a flow to itself."""
    net = out.network
    here = rows[rows["month"] == when]
    made = out.production[
        (out.production["response"] == level) & (out.production["item"] == good) & (out.production["month"] == when)
    ]
    usual = _between(net, here, made, ["baseline"])
    now = _between(net, here, made, ["usual", "extra"])
    total = sum(usual.values()) or sum(now.values()) or 1.0
    both = [*usual.items(), *now.items()]
    kept = [
        [REST if one == REST else one for one in _largest([(pair[side], flow) for pair, flow in both], total)]
        for side in (0, 1)
    ]
    merged = [_merged(flows, *kept) for flows in (usual, now)]
    ends = [_order(kept[side], {pair[side] for flows in merged for pair in flows}) for side in (0, 1)]
    return Flows(merged[0], merged[1], ends[0], ends[1])


def _between(net: Network, lanes: pd.DataFrame, made: pd.DataFrame, columns: list[str]) -> dict[tuple[str, str], float]:
    flows: dict[tuple[str, str], float] = {}
    own: dict[str, float] = {}
    for region, amount in zip(made["region"], made[columns].sum(axis=1), strict=True):
        place = str(net.country(cast("RegionId", region)))
        own[place] = own.get(place, 0.0) + float(amount)
    for origin, to, amount in zip(lanes["origin"], lanes["destination"], lanes[columns].sum(axis=1), strict=True):
        pair = str(net.country(cast("RegionId", origin))), str(net.country(cast("RegionId", to)))
        if pair[0] != pair[1]:
            flows[pair] = flows.get(pair, 0.0) + float(amount)
            own[pair[0]] = own.get(pair[0], 0.0) - float(amount)
    flows |= {(place, place): amount for place, amount in own.items()}
    least = TINY * sum(abs(flow) for flow in flows.values())
    return {pair: flow for pair, flow in flows.items() if flow > least}


def _largest(ends: list[tuple[str, float]], total: float) -> list[str]:
    """Return the ends that are drawn apart, the largest first."""
    size: dict[str, float] = {}
    for place, flow in ends:
        size[place] = size.get(place, 0.0) + flow
    ranked = sorted((place for place in size if size[place] > 0.002 * total), key=lambda place: (-size[place], place))
    return ranked[:ENDS]


def _merged(flows: dict[tuple[str, str], float], origins: list[str], to: list[str]) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for (origin, destination), flow in flows.items():
        pair = (origin if origin in origins else REST), (destination if destination in to else REST)
        found[pair] = found.get(pair, 0.0) + flow
    return found


def _order(kept: list[str], present: set[str]) -> list[str]:
    return [*kept, *([REST] if REST in present else [])]


def _panel(axes: Axes, net: Network, flows: Flows, shown: dict[tuple[str, str], float]) -> None:
    """Draw one side: bars of origins and users, and bands between them; places are those of the usual flows."""
    axes.set_axis_off()
    total = max(sum(flows.usual.values()), sum(flows.now.values())) or 1.0
    free = GAP * max(len(flows.origins), len(flows.destinations)) + 0.06
    axes.set_xlim(-0.55, 1.55)
    axes.set_ylim(1 + free, -0.02)
    spots: list[dict[str, float]] = []
    for side, names in ((0, flows.origins), (1, flows.destinations)):
        place, top = {}, 0.0
        for name in names:
            sizes = [
                sum(f for pair, f in every.items() if pair[side] == name) / total for every in (flows.usual, flows.now)
            ]
            own = sum(flow for pair, flow in shown.items() if pair[side] == name) / total
            place[name] = top
            room = max(*sizes, 0.022)
            _end(axes, net, name, side, top, own, sizes[0], flows)
            top += room + GAP
        spots.append(place)
    for origin in flows.origins:
        for to in flows.destinations:
            size = shown.get((origin, to), 0.0) / total
            if size > 0:
                _band(axes, spots[0][origin], spots[1][to], size, _colour(origin, flows))
                spots[0][origin] += size
                spots[1][to] += size


def _end(axes: Axes, net: Network, name: str, side: int, top: float, size: float, usual: float, flows: Flows) -> None:
    left = -0.045 if side == 0 else 1.0
    colour = _colour(name, flows) if side == 0 else "#4B5563"
    axes.add_patch(Rectangle((left, top), 0.045, size, facecolor=colour, edgecolor="none"))
    axes.add_patch(Rectangle((left, top), 0.045, usual, facecolor="none", edgecolor=INK, linewidth=0.8))
    words = "Others" if name == REST else cut(net.region_name(name), 20)
    axes.text(
        -0.07 if side == 0 else 1.07, top + max(size, usual, 0.022) / 2, plain(words), fontsize=8.8, color=INK,
        ha="right" if side == 0 else "left", va="center",
    )  # fmt: skip


def _band(axes: Axes, left: float, right: float, size: float, colour: str) -> None:
    points = [
        (0, left), (0.5, left), (0.5, right), (1, right),
        (1, right + size), (0.5, right + size), (0.5, left + size), (0, left + size), (0, left),
    ]  # fmt: skip
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    axes.add_patch(PathPatch(Path(points, codes), facecolor=colour, edgecolor="none", alpha=0.5))


def _colour(origin: str, flows: Flows) -> str:
    return QUIET if origin == REST else COLOURS[flows.origins.index(origin) % len(COLOURS)]


def _amount(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:,.3g}"
