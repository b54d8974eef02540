"""The chain from control to product behind a loss, and the rows of data that it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from exposure.model import RESPONSES, Evidence, Network, Record, RegionId, Rule, Scenario, key_text
from exposure.response import Outcome
from exposure.studies.answer import rule_text
from exposure.studies.claim import figure_text
from exposure.studies.reported.measures import Asked
from exposure.studies.reported.values import Found

MOST_ROWS = 20
"""Most rows of data named for one figure."""


@dataclass(frozen=True)
class Step:
    """One step of a chain: a control, goods on a lane (with an origin), or goods made in a region."""

    control: str = ""
    item: str = ""
    origin: str = ""
    region: str = ""


@dataclass(frozen=True)
class Chain:
    """The steps behind a loss, and what the table ``why`` says of the month in which it is largest."""

    steps: tuple[Step, ...]
    month: str
    words: str


def chains_behind(out: Outcome, asked: Asked, found: Found) -> dict[str, Chain]:
    """Return for each level the chain behind the largest loss that the address holds."""
    if asked.table != "loss":
        return {}
    why = out.why[(out.why["item"] == asked.key["item"]) & out.why["region"].isin(found.inside)]
    why = why[why["month"] == asked.month] if asked.month else why
    chains: dict[str, Chain] = {}
    for level in RESPONSES:
        rows = why[why["response"] == level]
        if len(rows):
            largest = rows.iloc[int(rows["loss_usd"].astype(float).to_numpy().argmax())]
            steps = tuple(_steps(str(largest["chain"])))
            chains[level] = Chain(steps, str(largest["month"]), str(largest["words"]))
    return chains


def _steps(chain: str) -> Iterator[Step]:
    """Read a chain of ids as the table ``why`` writes it."""
    parts = chain.split(" -> ")
    for k, part in enumerate(parts):
        item, _, place = part.partition(" ")
        if k == 0 and len(parts) > 1:
            yield Step(control=part)
        else:
            origin, arrow, region = place.partition("->")
            yield Step(item=item, origin=origin, region=region) if arrow else Step(item=item, region=place)


def chain_lines(net: Network, chains: dict[str, Chain]) -> list[str]:
    """Return each different chain once, as a numbered list: the levels that it holds for, and what is missing at each step."""
    lines: list[str] = []
    for steps in dict.fromkeys(chain.steps for chain in chains.values()):
        alike = {level: chain for level, chain in chains.items() if chain.steps == steps}
        lines.append(f"{', '.join(alike)}:")
        lines += [f"  {k}. {_step_words(net, step)}" for k, step in enumerate(steps, start=1)]
        lines += [f"  {level} in {chain.month}: {chain.words}" for level, chain in alike.items()]
    return lines


def _step_words(net: Network, step: Step) -> str:
    if step.control:
        titles = [net.control[c].title for c in step.control.split(" + ") if c in net.control]  # type: ignore[index]
        return f"{'; '.join(titles)} ({step.control})"
    goods = f"{net.item_name(step.item)} ({step.item})"
    if step.origin:
        return (
            f"{goods}, {net.region_name(step.origin)} ({step.origin}) to {net.region_name(step.region)} ({step.region})"
        )
    return f"{goods} made in {net.region_name(step.region)} ({step.region})"


def step_json(net: Network, step: Step) -> dict[str, str]:
    """Return a step as JSON-ready values: its ids, and its words."""
    told = {name: value for name in ("control", "item", "origin", "region") if (value := getattr(step, name))}
    return {**told, "words": _step_words(net, step)}


def evidence_on(net: Network, asked: Asked, found: Found, chains: dict[str, Chain], scenario: Scenario) -> list[str]:
    """Name the rows that the figure rests on, with their numbers: rules, lanes, recipes, inputs, stocks and demand of the chain."""
    steps = list(dict.fromkeys(step for chain in chains.values() for step in chain.steps)) or _own_steps(
        net, asked, found
    )
    rows: dict[int, tuple[str, Record]] = {}
    for step, before in zip(steps, [None, *steps[:-1]], strict=True):
        for table, row in _rows_of(net, step, before, scenario):
            rows.setdefault(id(row), (table, row))
    if asked.table == "loss":
        for demand in net.demand:
            if demand.item == asked.key["item"] and str(demand.region) in found.inside:
                rows.setdefault(id(demand), ("demand", demand))
    lines = [_row_line(net, table, row) for table, row in rows.values()]
    return lines if len(lines) <= MOST_ROWS else [*lines[:MOST_ROWS], f"... and {len(lines) - MOST_ROWS} more"]


def _own_steps(net: Network, asked: Asked, found: Found) -> list[Step]:
    """Steps of an address that no loss, and so no chain, stands behind."""
    if "recipe" in asked.key:
        recipe = net.recipe.get(asked.key["recipe"])  # type: ignore[call-overload]
        return [Step(item=str(recipe.item), region=str(recipe.region))] if recipe else []
    if "origin" in asked.key:
        return [Step(item=asked.key["item"], origin=asked.key["origin"], region=r) for r in sorted(found.inside)]
    into = [
        Step(item=str(lane.item), origin=str(lane.origin), region=str(lane.destination))
        for lane in net.lanes
        if lane.item == asked.key["item"] and str(lane.destination) in found.inside
    ]
    return [*into, *(Step(item=asked.key["item"], region=region) for region in sorted(found.inside))]


def _rows_of(net: Network, step: Step, before: Step | None, scenario: Scenario) -> Iterator[tuple[str, Record]]:
    """Yield the rows of data that a step rests on: a lane with its rules, or recipes with the input that came before; stocks."""
    if step.origin:
        if before is None or before.control:
            rules = (rule for rule in net.control_scope if rule.control in scenario.controls)
            yield from (("control_scope", rule) for rule in rules if _covers(net, rule, step))
        key = (step.item, step.origin, step.region)
        yield from (("lanes", lane) for lane in net.lanes if lane.key == key)
    elif step.item:
        yield from _making(net, step, before)
    yield from (("stocks", row) for row in net.stocks if (row.item, row.region) == (step.item, step.region))


def _making(net: Network, step: Step, before: Step | None) -> Iterator[tuple[str, Record]]:
    """Yield the recipes that usually make the goods of a step, each with its line for the input that came before."""
    for recipe in net.recipes:
        if (recipe.item, recipe.region) == (step.item, step.region) and recipe.output0 != 0:
            yield "recipes", recipe
            lines = net.bom_of[recipe.recipe] if before is not None else ()
            yield from (("bom", line) for line in lines if before is not None and line.input == before.item)


def _covers(net: Network, rule: Rule, step: Step) -> bool:
    ends = RegionId(step.origin) in net.ancestors and RegionId(step.region) in net.ancestors
    return (
        rule.item in ("*", step.item)
        and ends
        and net.covers(rule.origin, RegionId(step.origin))
        and net.covers(rule.destination, RegionId(step.region))
    )


def _row_line(net: Network, table: str, row: Record) -> str:
    name = f"{row.package}: {table}" if row.package else table
    source = row.source if isinstance(row, Evidence) else ""
    source = f"; {source}" if source else "; no source"
    if isinstance(row, Rule):
        return f"{name} {row.control}: {rule_text(row).partition(': ')[0].rstrip(':')}{source}"
    return f"{name} {key_text(table, row)}: {figure_text(net, row)}{source}"
