"""What a name or a figure is, where it comes from, what it feeds."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, Literal

import networkx as nx

from exposure.errors import Finding, InputError, nearest
from exposure.io import read_claims
from exposure.lp import equations
from exposure.model import TABLES, Evidence, Network, Response, Scenario, key_text
from exposure.response import close_once
from exposure.studies.amounts import exact
from exposure.studies.answer import Answer, range_of, rule_text, sources_of
from exposure.studies.claim import explain_claim
from exposure.studies.data_figure import explain_data
from exposure.studies.reported import explain_reported, is_reported


def explain(
    net: Network, ident: str, scenario: Scenario | None = None, *, response: Literal["all"] | Response = "all"
) -> Answer:
    """Explain an item, region, recipe, control, fact, equation, claim, figure of the data, or reported figure.

    A figure of the data is ``table.key.column`` (``stocks.ndfeb_hot:US.cover_months``), as the scenario changes it, a row
    ``table.key``; a reported
    one is ``table.key.month`` (``loss.ev:US.2025-08``), ``table.key`` for all months, or ``summary.column``, and needs a
    scenario with controls or changed figures. ``response``: of which level, for a reported figure.

    Raises
    ------
    InputError
        If nothing has that name, with the nearest one that exists.
    """
    claims = {claim.claim: claim for claim in read_claims()}
    kinds: tuple[tuple[dict[Any, Any], Callable[[Network, Any], Answer]], ...] = (
        (net.item, _item), (net.region, _region), (net.recipe, _recipe), (net.control, _control), (net.fact, _fact),
        (dict(equations.EQUATIONS), _equation), (claims, lambda net, name: explain_claim(net, claims[name])),
    )  # fmt: skip
    for names, answer in kinds:
        if ident in names:
            return answer(net, ident)
    parts = ident.split(".", 1)
    if is_reported(ident):
        return explain_reported(net, ident, scenario or Scenario(), response=response)
    if len(parts) == 2 and parts[0] in TABLES:
        return explain_data(net, ident, scenario or Scenario())
    known = [str(name) for names, _ in kinds for name in names]
    message = f"nothing has this name{nearest(ident, known)} (also: table.key.column, or loss.item:region.2025-08)"
    raise InputError(Finding(message, file="explain", value=ident))


def _item(net: Network, ident: str) -> Answer:
    item = net.item[ident]  # type: ignore[index]
    base = close_once(net)
    answer = Answer(f"item {ident}: {item.name} ({item.kind}, {item.unit})")
    answer.add("codes", [item.codes] if item.codes else [])
    answer.add("price", [f"{exact(item.price_usd)} USD/{item.unit}{range_of(item)}", *sources_of(net, item)])
    answer.add(
        "made by",
        (
            f"{r.recipe} in {r.region}: {exact(base.output[p])} {item.unit}/yr, capacity {exact(base.capacity[p])}"
            for p, r in enumerate(net.recipes)
            if r.item == ident
        ),
    )
    users = [(line, net.recipe[line.recipe]) for line in net.bom if line.input == ident]
    answer.add("used in", (f"{r.item} in {r.region}: {exact(line.quantity)} {item.unit} per unit" for line, r in users))
    flows = sorted(
        ((base.flow[k], lane) for k, lane in enumerate(net.lanes) if lane.item == ident), key=lambda x: -x[0]
    )
    answer.add(
        "traded",
        (
            f"{lane.origin} -> {lane.destination}: {exact(flow)} {item.unit}/yr, {lane.lead_months} months"
            for flow, lane in flows
        ),
    )
    answer.add("feeds", [", ".join(sorted(_downstream(net, ident)))] if _downstream(net, ident) else [])
    answer.add("controls", _controls_of(net, ident))
    answer.add("note", [item.note] if item.note else [])
    return answer


def _region(net: Network, ident: str) -> Answer:
    region = net.region[ident]  # type: ignore[index]
    answer = Answer(f"region {ident}: {region.name}" + (f", within {region.within}" if region.within else ""))
    answer.add("holds", (r.region for r in net.regions if r.within == ident))
    answer.add("makes", (f"{r.item} ({r.recipe})" for r in net.recipes if r.region == ident))
    answer.add("wants", (f"{d.item}, worth {exact(d.value_usd)} USD each" for d in net.demand if d.region == ident))
    answer.add("note", [region.note] if region.note else [])
    return answer


def _recipe(net: Network, ident: str) -> Answer:
    recipe = net.recipe[ident]  # type: ignore[index]
    p = next(p for p, row in enumerate(net.recipes) if row.recipe == ident)
    base, unit = close_once(net), net.item[recipe.item].unit
    answer = Answer(f"recipe {ident}: makes {recipe.item} in {recipe.region}")
    stated = "derived by the baseline" if recipe.output0 is None else f"stated {exact(recipe.output0)}"
    answer.add(
        "baseline output", [f"{exact(base.output[p])} {unit}/yr ({stated}){range_of(recipe)}", *sources_of(net, recipe)]
    )
    answer.add(
        "capacity",
        [f"{exact(base.capacity[p])} {unit}/yr; start {recipe.start_months} months, ramp {recipe.ramp_months}"],
    )
    for line in net.bom_of[recipe.recipe]:
        word = "by-product" if line.quantity < 0 else "input"
        text = f"{exact(abs(line.quantity))} {net.item[line.input].unit} per {unit}{range_of(line)}"
        answer.add(f"{word} {line.input}", [text, *sources_of(net, line)])
    answer.add(
        "announced capacity",
        (
            f"{s.month}: {exact(s.capacity)} {unit}/yr ({'; '.join(s.fact_ids) or 'estimate'})"
            for s in net.capacity
            if s.recipe == ident
        ),
    )
    answer.add("note", [recipe.note] if recipe.note else [])
    return answer


def _control(net: Network, ident: str) -> Answer:
    control = net.control[ident]  # type: ignore[index]
    answer = Answer(f"control {ident}: {control.title} ({control.status})")
    ends = str(control.ends) if control.ends else "open"
    answer.add("instrument", [control.instrument, f"{control.imposer} on {control.target}".strip(" on")])
    answer.add("dates", [f"announced {control.announced}, effective {control.effective}, ends {ends}"])
    answer.add("rules", (rule_text(rule) for rule in net.rules_of[control.control]))
    scoped = sorted({rule.item for rule in net.rules_of[control.control] if rule.item in net.item})
    reached = set().union(*(_downstream(net, item) for item in scoped)) if scoped else set()
    products = sorted({d.item for d in net.demand} & (reached | set(scoped)))
    answer.add("reaches products", [", ".join(products)] if products else [])
    names = [name.strip() for name in control.claims.split(";") if name.strip()]
    said = {claim.claim: claim.statement for claim in read_claims()} if names else {}
    answer.add("claims", (f"{name}: {said.get(name, '(not among the claims)')}" for name in names))
    answer.add("note", [control.note] if control.note else [])
    answer.add("source", [control.source] if control.source else [])
    return answer


def _fact(net: Network, ident: str) -> Answer:
    fact = net.fact[ident]  # type: ignore[index]
    answer = Answer(f"fact {ident}: {fact.quantity}")
    spread = f" ({fact.low} to {fact.high})" if fact.low or fact.high else ""
    answer.add("figure", [f"{fact.value}{spread} {fact.unit}, {fact.geography}, {fact.period}"])
    answer.add(
        "source", [f"{fact.source}, {fact.publisher}, {fact.published}", fact.url, f"confidence {fact.confidence}"]
    )
    answer.add("used by", (f"{table} {key}" for table, key in rows_using(net, ident)))
    answer.add("note", [fact.note] if fact.note else [])
    return answer


def rows_using(net: Network, fact: str) -> list[tuple[str, str]]:
    """Return table and key of every row of the data that names a fact."""
    return [
        (table, key_text(table, row))
        for table in TABLES
        for row in getattr(net, table)
        if isinstance(row, Evidence) and fact in row.fact_ids
    ]


def _equation(net: Network, ident: str) -> Answer:
    function = getattr(equations, ident)
    doc = inspect.getdoc(function) or ""
    source = (inspect.getsourcefile(function) or "").replace("\\", "/")
    answer = Answer(f"equation {ident}: exposure{source.rpartition('exposure')[2]}")
    answer.add("meaning", doc.splitlines())
    return answer


def _downstream(net: Network, item: str) -> set[str]:
    graph = nx.DiGraph()
    graph.add_nodes_from(net.item)
    graph.add_edges_from((line.input, net.recipe[line.recipe].item) for line in net.bom if line.quantity > 0)
    return set(nx.descendants(graph, item))


def _controls_of(net: Network, item: str) -> list[str]:
    found = dict.fromkeys(rule.control for rule in net.control_scope if rule.item in (item, "*"))
    return [f"{c}: {net.control[c].title} ({net.control[c].status})" for c in found if c in net.control]
