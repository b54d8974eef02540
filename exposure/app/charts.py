"""Charts of the app, each from a table of the outcome."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from exposure.report.gaps import MINUS, PLUS
from exposure.report.names import Names, country
from exposure.report.results import Results

COLOURS = {
    "Other origins": "#0072b2", "Own makers": "#56b4e9", "From stock": "#009e73", "Replaced by another recipe": "#cc79a7",
    "Users that stopped": "#e69f00", "Unmet demand": "#d55e00", "Less passed on": "#999999", "Less thrown away": "#5c5c5c",
}  # fmt: skip
"""Colours that colour-blind readers tell apart."""
INK = "#1f2a37"
MOST_ROWS = 25
LEVELS = {"contracts": "#b34700", "voluntary": "#0072b2", "planner": "#4a5666"}


def loss_over_time(results: Results) -> Any:  # noqa: ANN401
    """Return output lost by month at each level (USD million)."""
    rows = results.of(0, "loss").assign(loss=lambda t: t["loss_usd"].astype(float) / 1e6)
    table = rows.groupby(["response", "month"], as_index=False)["loss"].sum()
    levels = [level for level in LEVELS if level in set(table["response"])]
    colour = alt.Color("response:N", title="Level", scale=alt.Scale(domain=levels, range=[LEVELS[k] for k in levels]))
    dashes = {"contracts": [7, 4], "voluntary": [1, 0], "planner": [2, 3]}
    dash = alt.StrokeDash(
        "response:N", title="Level", scale=alt.Scale(domain=levels, range=[dashes[k] for k in levels])
    )
    chart = alt.Chart(table).mark_line(point=True)
    encoded = chart.encode(
        x=alt.X("month:O", title=None), y=alt.Y("loss:Q", title="USD m lost a month"), color=colour, strokeDash=dash,
        tooltip=["response", "month", alt.Tooltip("loss:Q", format=",.1f", title="USD m")],
    )  # fmt: skip
    return _readable(encoded.properties(height=280))


def loss_by_product(results: Results, level: str) -> Any:  # noqa: ANN401
    """Return the heat map of losses by product, country and month (USD million); None without a loss."""
    table = loss_table(results, level)
    if table.empty:
        return None
    order = table.groupby("product")["usd_m"].sum().sort_values(ascending=False).index.tolist()[:MOST_ROWS]
    shown = table[table["product"].isin(order)]
    chart = alt.Chart(shown).mark_rect()
    encoded = chart.encode(
        x=alt.X("month:O", title=None),
        y=alt.Y("product:N", title=None, sort=order, axis=alt.Axis(labelLimit=190)),
        color=alt.Color("usd_m:Q", title="USD m", scale=alt.Scale(scheme="blues", type="sqrt")),
        tooltip=["product", "month", alt.Tooltip("usd_m:Q", format=",.2f", title="USD m")],
    )
    return _readable(encoded.properties(height=max(90, 24 * len(order) + 40)))


def loss_table(results: Results, level: str) -> pd.DataFrame:
    """Return product, month and USD million lost, where anything is lost."""
    net, names = results.outcomes[0].network, results.names
    rows = results.of(0, "loss")
    rows = rows[(rows["response"] == level) & (rows["loss_usd"].astype(float) > 1.0)]
    product = [
        f"{names.item(item)}, {names.region(country(net, str(region)))}"
        for item, region in zip(rows["item"], rows["region"], strict=True)
    ]
    table = pd.DataFrame(
        {"product": product, "month": rows["month"].astype(str), "usd_m": rows["loss_usd"].astype(float) / 1e6}
    )
    return pd.DataFrame(table.groupby(["product", "month"])["usd_m"].sum().reset_index())


def gap_places(results: Results, level: str) -> list[tuple[str, str]]:
    """Return items and regions with a gap at a level, the largest by value first."""
    rows = results.of(0, "gap")
    rows = rows[rows["response"] == level]
    price = {str(item.item): item.price_usd for item in results.outcomes[0].network.items}
    value = rows["cut"].astype(float).abs() * rows["item"].map(price).astype(float)
    total = value.groupby([rows["item"], rows["region"]]).sum().sort_values(ascending=False, kind="stable")
    return [(str(item), str(region)) for item, region in total.index]


def gap_chart(results: Results, level: str, item: str, region: str) -> Any:  # noqa: ANN401
    """Return what filled a gap, month by month, stacked (unit per month)."""
    names: Names = results.names
    rows = results.of(0, "gap")
    rows = rows[(rows["response"] == level) & (rows["item"] == item) & (rows["region"] == region)]
    words = {**PLUS, "passed_on": "Less passed on", "thrown_away": "Less thrown away"}
    parts: list[dict[str, Any]] = [
        {"month": str(row["month"]), "filled by": word, "amount": float(row[term]) * (-1 if term in MINUS else 1)}
        for row in rows.to_dict("records")
        for term, word in words.items()
        if row[term]
    ]
    used = [word for word in COLOURS if any(part["filled by"] == word for part in parts)]
    scale = alt.Scale(domain=used, range=[COLOURS[word] for word in used])
    colour = alt.Color("filled by:N", title=None, scale=scale)
    months = sorted(set(results.of(0, "loss")["month"]))
    chart = alt.Chart(pd.DataFrame(parts, columns=["month", "filled by", "amount"])).mark_bar()
    encoded = chart.encode(
        x=alt.X("month:O", title=None, scale=alt.Scale(domain=months)),
        y=alt.Y("amount:Q", title=f"{names.unit(item)} a month"),
        color=colour, tooltip=["month", "filled by", alt.Tooltip("amount:Q", format=",.4~r")],
    )  # fmt: skip
    return _readable(encoded.properties(height=280))


def _readable(chart: Any) -> Any:  # noqa: ANN401
    """Give a chart dark text, and its legend a place below, where a narrow screen has room for it."""
    ink = {"labelColor": INK, "titleColor": INK, "labelFontSize": 12, "titleFontSize": 12}
    chart = chart.configure_axis(**ink, gridColor="#c9d1da", domainColor="#6b7785")
    return chart.configure_legend(**ink, orient="bottom", columns=3, labelLimit=220).configure_view(stroke=None)
