"""News: in which month each recipe hears of a control that concerns it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from exposure.calendar import Calendar, Month
from exposure.model import ItemId, Network, RecipeId, Scenario
from exposure.policy.clauses import EASING, clauses

Graph = Mapping[ItemId, set[ItemId]]


def first_news(net: Network, scenario: Scenario) -> Month | None:
    """Return the first month in which anybody knows of a rule that covers a lane or a recipe; None if no rule does."""
    heard = _heard(net, scenario)
    return min(heard.values()) if heard else None


def news(net: Network, scenario: Scenario, calendar: Calendar) -> dict[RecipeId, int]:
    """Return the period in which each recipe hears the news; a recipe that hears none is absent.

    A recipe hears of a control that scopes what it makes, an input of that at any depth, or another input of a product
    that holds it: everything downstream of a scoped item and everything upstream of those products. Switches, talks and
    evasion are no news. News from before the calendar is heard in period 0, which is when all is heard with perfect foresight.
    """
    makers, made_of, goes_into = _graphs(net)
    periods: dict[ItemId, int] = {}
    by_item = _heard(net, scenario)
    for item in sorted(by_item, key=lambda i: (by_item[i], i)):
        period = 0 if scenario.foresight == "perfect" else max(0, calendar.index(by_item[item]))
        if period >= calendar.periods:
            continue
        for affected in _reach(made_of, _reach(goes_into, [item])):
            periods[affected] = min(period, periods.get(affected, period))
    heard = {recipe: min(periods[i] for i in items if i in periods) for recipe, items in makers.items()
             if any(i in periods for i in items)}  # fmt: skip
    return {row.recipe: heard[row.recipe] for row in net.recipes if row.recipe in heard}


def _heard(net: Network, scenario: Scenario) -> dict[ItemId, Month]:
    """First month in which a rule on each item is known."""
    heard: dict[ItemId, Month] = {}
    for clause in clauses(net, scenario):
        if clause.mechanism in EASING:
            continue
        items = {net.lanes[lane].item for lane in clause.lanes} | {net.recipes[p].item for p in clause.recipes}
        for item in items:
            heard[item] = min(clause.known, heard.get(item, clause.known))
    return heard


def _graphs(net: Network) -> tuple[dict[RecipeId, set[ItemId]], Graph, Graph]:
    """Return what each recipe makes (by-products too); each item's inputs; what each item goes into."""
    makers: dict[RecipeId, set[ItemId]] = {}
    made_of: dict[ItemId, set[ItemId]] = defaultdict(set)
    goes_into: dict[ItemId, set[ItemId]] = defaultdict(set)
    for recipe in net.recipes:
        lines = net.bom_of[recipe.recipe]
        makers[recipe.recipe] = {recipe.item} | {line.input for line in lines if line.quantity < 0}
        for line in lines:
            if line.quantity <= 0:
                continue
            for made in makers[recipe.recipe]:
                made_of[made].add(line.input)
                goes_into[line.input].add(made)
    return makers, made_of, goes_into


def _reach(graph: Graph, start: Iterable[ItemId]) -> set[ItemId]:
    """Return everything that can be reached in a graph, the start included."""
    found = set(start)
    waiting = list(found)
    while waiting:
        for item in graph.get(waiting.pop(), ()):
            if item not in found:
                found.add(item)
                waiting.append(item)
    return found
