"""The rows of data behind the figures on the page: value, range, sources and note, and the facts that they name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from exposure.model import ControlId, Evidence, Network, Rule
from exposure.model.main_number import main_number
from exposure.report.names import unit_of
from exposure.report.safe import clean


def rows_behind(
    net: Network, products: Collection[tuple[str, str]], goods: Collection[str], controls: Iterable[str]
) -> tuple[list[dict[str, Any]], dict[str, list[int]]]:
    """Return rows of data, and the positions of those behind each thing on the page.

    Things are named ``demand:item|country``, ``stock:item|country``, ``item:item``, ``maker:item|country``,
    ``lane:item|origin|destination`` (countries) and ``control:ID``.
    """
    rows: list[dict[str, Any]] = []
    places: dict[str, list[int]] = defaultdict(list)
    for thing, key, row, unit in _named(net, products, set(goods), list(controls)):
        if (figure := _figure(key, row, unit)) is not None:
            places[thing].append(len(rows))
            rows.append(figure)
    return rows, dict(places)


def facts_named(net: Network, rows: Iterable[dict[str, Any]]) -> dict[str, list[str]]:
    """Return the facts that rows name: quantity, value and unit, publisher and date, address."""
    wanted = {source for row in rows for source in row["source"]}
    return {
        str(fact.fact): [
            clean(fact.quantity), clean(f"{fact.value} {fact.unit}".strip()),
            clean(", ".join(part for part in (fact.publisher, fact.published) if part)),
            fact.url if fact.url.startswith(("https://", "http://")) else "",
        ]
        for fact in net.facts
        if str(fact.fact) in wanted
    }  # fmt: skip


Named = Iterator[tuple[str, str, Evidence, str]]
"""Thing on the page, key of a row, the row, and the unit of its item."""


def _named(net: Network, products: Collection[tuple[str, str]], goods: set[str], controls: list[str]) -> Named:
    """Yield every row behind something on the page."""
    unit = {str(row.item): row.unit for row in net.items}
    home = {str(row.region): str(net.country(row.region)) for row in net.regions}
    for row in net.demand:
        if (str(row.item), home[row.region]) in products:
            yield f"demand:{row.item}|{home[row.region]}", f"demand {row.item} {row.region}", row, unit[row.item]
    yield from _supply(net, goods, unit, home)
    for control in controls:
        for rule in net.rules_of.get(ControlId(control), ()):
            since = f" from {rule.from_}" if rule.from_ else ""
            lane = f"{rule.item} {rule.origin} to {rule.destination}".strip()
            yield f"control:{control}", f"{rule.mechanism} {lane}{since}", rule, ""


def _supply(net: Network, goods: set[str], unit: dict[str, str], home: dict[str, str]) -> Named:
    """Yield items, stocks, recipes and lanes of some goods."""
    for item in net.items:
        if item.item in goods:
            yield f"item:{item.item}", f"items {item.item}", item, item.unit
    for stock in net.stocks:
        if stock.item in goods:
            key = f"stocks {stock.item} {stock.region}"
            yield f"stock:{stock.item}|{home[stock.region]}", key, stock, unit[stock.item]
    for recipe in net.recipes:
        if recipe.item in goods:
            yield f"maker:{recipe.item}|{home[recipe.region]}", f"recipes {recipe.recipe}", recipe, unit[recipe.item]
    for lane in net.lanes:
        origin, destination = home[lane.origin], home[lane.destination]
        if lane.item in goods and origin != destination:
            key = f"lanes {lane.item} {lane.origin} to {lane.destination}"
            yield f"lane:{lane.item}|{origin}|{destination}", key, lane, unit[lane.item]


def _figure(key: str, row: Evidence, unit: str) -> dict[str, Any] | None:
    """Return a row as the page shows it; None where it states neither a number nor a source."""
    column, value = main_number(row) or ("", None)
    if value is None and not row.source and not isinstance(row, Rule):
        return None
    return {
        "key": clean(key),
        "col": column,
        "value": value,
        "low": row.low,
        "high": row.high,
        "unit": clean(unit_of(column, unit)),
        "source": [str(fact) for fact in row.fact_ids],
        "estimate": row.is_estimate or "estimate" in row.source,
        "note": clean(row.note),
    }
