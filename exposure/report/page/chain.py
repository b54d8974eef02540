"""The bill-of-materials graph as the page walks it: inputs, users, makers and suppliers of each item, in the undisturbed world."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from exposure.model import ControlId, Network, RegionId
from exposure.model.controls import SWITCHES
from exposure.report.names import upstream
from exposure.report.page.series import rounded
from exposure.response import world_once

MONTHS_PER_YEAR = 12


def items_above(net: Network, products: Iterable[str]) -> list[str]:
    """Return the products and all that goes into them at any depth, in the order of the items file."""
    wanted: set[str] = set()
    for product in products:
        wanted |= upstream(net, product)
    return [str(row.item) for row in net.items if str(row.item) in wanted]


def graph_of(net: Network, items: Iterable[str], controls: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return for each item its inputs and users (with the quantity per unit), makers, suppliers by buyer, and controls.

    Quantities are units of input per unit of output, least and most over the recipes; makers are in unit per year.
    """
    kept = list(items)
    graph: dict[str, dict[str, Any]] = {
        item: {"inputs": [], "users": [], "makers": [], "sellers": [], "controls": []} for item in kept
    }
    for (made, used), (least, most) in sorted(_uses(net).items()):
        if made in graph and used in graph:
            graph[made]["inputs"].append([used, rounded(least), rounded(most)])
            graph[used]["users"].append([made, rounded(least), rounded(most)])
    for item, origin, amount in _makers(net):
        if item in graph:
            graph[item]["makers"].append([origin, rounded(amount)])
    for item, origin, destination, amount in _sellers(net):
        if item in graph:
            graph[item]["sellers"].append([origin, destination, rounded(amount)])
    for item, ids in _controlled(net, kept, controls).items():
        graph[item]["controls"] = ids
    return graph


def _uses(net: Network) -> dict[tuple[str, str], tuple[float, float]]:
    """Return least and most of an input per unit of a product, over its recipes; by-products count as made from the item."""
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for recipe in net.recipes:
        for line in net.bom_of[recipe.recipe]:
            if line.quantity > 0:
                found[str(recipe.item), str(line.input)].append(line.quantity)
    return {key: (min(values), max(values)) for key, values in found.items()}


def _makers(net: Network) -> list[tuple[str, str, float]]:
    """Return item, country and output (unit/yr) of the undisturbed world, the largest maker of an item first."""
    world = world_once(net)
    total: dict[tuple[str, str], float] = defaultdict(float)
    for recipe, output in zip(net.recipes, world.make0.tolist(), strict=True):
        place = str(net.country(recipe.region))
        total[str(recipe.item), place] += output * MONTHS_PER_YEAR
        for line in net.bom_of[recipe.recipe]:
            if line.quantity < 0:
                total[str(line.input), place] += -line.quantity * output * MONTHS_PER_YEAR
    rows = [(item, place, amount) for (item, place), amount in total.items() if amount > 0]
    return sorted(rows, key=lambda row: (row[0], -row[2], row[1]))


def _sellers(net: Network) -> list[tuple[str, str, str, float]]:
    """Return item, origin, destination and flow (unit/yr) between countries, the largest flow of an item first."""
    world = world_once(net)
    total: dict[tuple[str, str, str], float] = defaultdict(float)
    for lane, flow in zip(net.lanes, world.ship0.tolist(), strict=True):
        origin, destination = net.country(lane.origin), net.country(lane.destination)
        if origin != destination and flow > 0:
            total[str(lane.item), str(origin), str(destination)] += flow * MONTHS_PER_YEAR
    rows = [(*key, amount) for key, amount in total.items()]
    return sorted(rows, key=lambda row: (row[0], -row[3], row[1], row[2]))


def _controlled(net: Network, items: Iterable[str], controls: Iterable[str]) -> dict[str, list[str]]:
    """Return the controls that have a rule on an item by its name."""
    kept = set(items)
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for control in controls:
        for rule in net.rules_of.get(ControlId(control), ()):
            if rule.mechanism not in SWITCHES and rule.item in kept:
                found[rule.item][control] = None
    return {item: list(ids) for item, ids in found.items()}


def place_names(net: Network, places: Iterable[str]) -> dict[str, str]:
    """Return the name of each country."""
    return {place: net.region_name(RegionId(place)) for place in sorted(set(places))}
