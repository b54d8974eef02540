"""The bill of materials of a product as a graph: one column per tier, what a control holds and what ran short marked."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, Patch

from exposure.graph import explode
from exposure.model import ItemId, RecipeId
from exposure.plot import choice
from exposure.plot.picture import (
    AMBER,
    BLUE,
    INK,
    ORANGE,
    QUIET,
    Picture,
    area,
    cut,
    frame,
    legend_below,
    picture,
    plain,
)
from exposure.response import Outcome
from exposure.studies.exposure_tables import chain_of_baseline

BOX = (0.78, 0.62)
"""Width and height of a box, in steps between columns and rows."""


WIDTH = 25
"""Most characters on a line of a box."""


@dataclass(frozen=True, slots=True)
class Good:
    """One box: an item at its tier and row, with the units of it in one unit of the product."""

    item: str
    tier: int
    row: float
    quantity: float


def bill_of_materials(out: Outcome, product: str, region: str | None, response: str | None) -> Picture:
    """Draw what goes into a product, tier by tier from the right, with units per unit of product."""
    net, level = out.network, choice.level(out, response)
    choice.item(net, product)
    if region is not None:
        choice.region(net, region)
    goods, edges = _layout(out, product, region)
    tiers = max(good.tier for good in goods.values())
    rows = max(sum(good.tier == tier for good in goods.values()) for tier in range(tiers + 1))
    figure = picture(max(7.5, 0.4 + 2.05 * (tiers + 1)), 1.9 + 0.68 * rows)
    axes = area(figure, left=0.18, right=0.18, top=1.15, bottom=0.35)
    axes.set_axis_off()
    axes.set_xlim(-tiers - 0.42, 0.42)
    axes.set_ylim(rows - 0.35, -0.95)
    _edges(axes, goods, edges)
    held, short = _held(out), _short(out, level)
    for good in goods.values():
        _box(axes, out, good, held, short)
    for tier in range(tiers + 1):
        words = "product" if tier == 0 else f"tier {tier}"
        axes.text(-tier, -0.72, words, ha="center", va="center", fontsize=9, color=QUIET)
    keys = [
        Patch(facecolor="#FFE3C2", edgecolor=AMBER, label="came short somewhere"),
        Line2D([], [], color=ORANGE, linewidth=2.4, label="under a control of the scenario"),
    ]
    legend_below(axes, 2, handles=keys)
    where = f", used in {net.region_name(region)}" if region else ", world average"
    title = f"Bill of materials: {net.item_name(product)}{where}"
    frame(figure, out, title, f"units of each good made for one {net.item[ItemId(product)].unit} of product", level)
    return figure


def _layout(out: Outcome, product: str, region: str | None) -> tuple[dict[str, Good], list[tuple[str, str]]]:
    """Return the boxes, and the pairs (input, user) between them; each tier stands near what it goes into."""
    net = out.network
    chain = chain_of_baseline(net)
    needs = [one for one in explode(chain, product, region) if one.quantity > 0]
    tier = {str(one.item): one.tier for one in needs}
    makers = zip(chain.makers, chain.made_share, strict=True)
    working: set[RecipeId] = {recipe for (recipe, made), share in makers if share > 0 and str(made) in tier}
    pairs = {
        (str(line.input), str(net.recipe[row].item)) for row in working for line in net.bom_of[row] if line.quantity > 0
    }
    edges = {(source, user) for source, user in pairs if source in tier and user in tier and source != user}
    rows: dict[str, float] = {}
    goods: dict[str, Good] = {}
    most = max(sum(one == depth for one in tier.values()) for depth in set(tier.values()))
    for depth in range(max(tier.values()) + 1):
        here = [one for one in needs if one.tier == depth]
        users = {
            str(one.item): [rows[user] for good, user in edges if good == one.item and user in rows] for one in here
        }
        here.sort(key=lambda one: (_mean(users[str(one.item)]), one.item))
        for k, one in enumerate(here):
            rows[str(one.item)] = k + (most - len(here)) / 2
            goods[str(one.item)] = Good(str(one.item), depth, rows[str(one.item)], one.quantity)
    return goods, sorted(edges)


def _mean(places: list[float]) -> float:
    return sum(places) / len(places) if places else 0.0


def _edges(axes: Axes, goods: dict[str, Good], edges: list[tuple[str, str]]) -> None:
    for source, target in edges:
        one, two = goods[source], goods[target]
        forward = one.tier > two.tier
        axes.annotate(
            "", xy=(-two.tier - (BOX[0] / 2 if forward else 0), two.row + (0 if forward else BOX[1] / 2)),
            xytext=(-one.tier + (BOX[0] / 2 if forward else 0), one.row - (0 if forward else BOX[1] / 2)),
            arrowprops={"arrowstyle": "-|>", "color": "#8A96A3", "linewidth": 1.0, "shrinkA": 0, "shrinkB": 1},
        )  # fmt: skip


def _box(axes: Axes, out: Outcome, good: Good, held: set[str], short: set[str]) -> None:
    x, y = -good.tier, good.row
    edge = ORANGE if good.item in held else (AMBER if good.item in short else BLUE)
    axes.add_patch(
        FancyBboxPatch(
            (x - BOX[0] / 2, y - BOX[1] / 2), BOX[0], BOX[1], boxstyle="round,pad=0,rounding_size=0.06",
            facecolor="#FFE3C2" if good.item in short else "#F3F7FB", edgecolor=edge,
            linewidth=2.4 if good.item in held else 1.0, zorder=3,
        )
    )  # fmt: skip
    row = out.network.item[ItemId(good.item)]
    axes.text(
        x,
        y - 0.1,
        plain(_two_lines(row.name)),
        ha="center",
        va="center",
        fontsize=7.8,
        color=INK,
        zorder=4,
        linespacing=0.95,
    )
    axes.text(
        x,
        y + 0.2,
        plain(f"{_amount(good.quantity, row.unit)}"),
        ha="center",
        va="center",
        fontsize=7.2,
        color=QUIET,
        zorder=4,
    )


def _two_lines(name: str) -> str:
    """Return a name on at most two lines of a box's width."""
    lines = textwrap.wrap(name.split(" (", 1)[0], WIDTH, break_long_words=True)
    return "\n".join([lines[0], cut(" ".join(lines[1:]), WIDTH + 1)] if len(lines) > 1 else lines)


def _amount(quantity: float, unit: str) -> str:
    """Return a quantity with its unit, tonnes of less than a tenth as kilograms or grams."""
    mass = unit == "t" or unit.startswith("t ")
    if mass and quantity < 1e-3:
        return f"{quantity * 1e6:,.3g} g{unit[1:]}"
    if mass and quantity < 0.1:
        return f"{quantity * 1e3:,.3g} kg{unit[1:]}"
    return f"{quantity:,.3g} {cut(unit, 16)}"


def _held(out: Outcome) -> set[str]:
    rules = [rule for one in out.scenario.controls for rule in out.network.rules_of[one]]
    return {str(rule.item) for rule in rules if rule.item}


def _short(out: Outcome, level: str) -> set[str]:
    rows = out.gap[(out.gap["response"] == level) & out.gap["short"].astype(bool)]
    lost = out.loss[(out.loss["response"] == level) & (out.loss["loss_usd"] > 0)]
    return {str(one) for one in (*rows["item"], *lost["item"])}
