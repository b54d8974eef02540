"""A figure that a run reported: what it measures, its parts at each level, the chain behind it, the rows of data on the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pandas as pd

from exposure.errors import Finding, InputError
from exposure.model import RESPONSES, Network, Response, Scenario
from exposure.response import Outcome, run
from exposure.studies.answer import Answer
from exposure.studies.reported.chain import chain_lines, chains_behind, evidence_on, step_json
from exposure.studies.reported.measures import MONEY, Asked, taken_apart
from exposure.studies.reported.values import Found, arrivals, limits_there, lines_of, rows_of, table_of

MOST_PARTS = 8
"""Most products or controls named of many."""


def explain_reported(
    net: Network, ident: str, scenario: Scenario, *, response: Literal["all"] | Response = "all"
) -> Answer:
    """Explain a figure of a run, such as ``loss.ev:EU.2025-06``; without a month, the sum over all reported months.

    A region stands for itself or, where the table has no row of it, for everything within.

    Raises
    ------
    InputError
        If the scenario is the undisturbed world, or the table has no such row, with the nearest one that it has.
    """
    if not scenario.controls and not scenario.set:
        message = "a reported figure belongs to a run: name its scenario, or its controls with --control"
        raise InputError(Finding(message, file="explain", value=ident))
    asked = taken_apart(ident)
    out = run(net, scenario, response=response)
    if asked.table == "summary":
        return _summary(out, asked)
    found = rows_of(out, asked)
    answer = Answer(f"{ident}: {_title(out.network, asked, found)}", json={"figure": ident})
    answer.add("scenario", _scenario_lines(out))
    answer.add("measure", [asked.measure.meaning, _units(asked, found)])
    answer.add("figures", lines_of(asked, found, answer))
    chains = chains_behind(out, asked, found)
    answer.add("chain", chain_lines(out.network, chains), most=None)
    if chains:
        answer.json["chain"] = {
            level: [step_json(out.network, step) for step in chain.steps] for level, chain in chains.items()
        }
        answer.json["why"] = {level: {"month": chain.month, "words": chain.words} for level, chain in chains.items()}
    answer.add("what came", arrivals(out, asked, found))
    answer.add("limits there", limits_there(out, asked, found))
    answer.add("rows of data on the way", evidence_on(out.network, asked, found, chains, scenario), most=None)
    answer.add("equations", _equations(asked))
    return answer


def _title(net: Network, asked: Asked, found: Found) -> str:
    """Return the address in words."""
    when = asked.month or "all reported months"
    if "recipe" in asked.key:
        recipe = net.recipe.get(asked.key["recipe"])  # type: ignore[call-overload]
        what = f"{net.item_name(recipe.item)} made in {net.region_name(recipe.region)}" if recipe else "recipe"
        return f"{what}, {when}"
    goods = net.item_name(asked.key["item"])
    if "origin" in asked.key:
        place = f"from {net.region_name(asked.key['origin'])} to {net.region_name(asked.key['destination'])}"
    else:
        place = f"in {net.region_name(asked.key['region'])}"
        others = len(found.inside - {asked.key["region"]})
        place += f" ({others} regions within, summed)" if others > 1 else ""
    return f"{goods} {place}, {when}"


def _scenario_lines(out: Outcome) -> list[str]:
    scenario, net = out.scenario, out.network
    months = sorted(set(out.tables["loss"]["month"]))
    span = f", {months[0]} to {months[-1]}" if months else ""
    lines = [f"{scenario.name}{span}, foresight {scenario.foresight}"]
    lines += [f"{control}: {net.control[control].title}" for control in scenario.controls[:MOST_PARTS]]
    if len(scenario.controls) > MOST_PARTS:
        lines.append(f"... and {len(scenario.controls) - MOST_PARTS} more controls")
    return lines + [f"changed: {change}" for change in scenario.set]


def _units(asked: Asked, found: Found) -> str:
    if found.rows.empty:
        return "the table has no row there: nothing moved" if asked.month else "no row"
    if asked.table == "costs":
        return "US dollars of the baseline year"
    return (
        f"quantities in {found.unit} per month"
        if asked.month
        else f"quantities in {found.unit}, summed over the months"
    )


def _equations(asked: Asked) -> list[str]:
    names = {
        "loss": ("balance", "shortfall", "deferral"),
        "limits": ("balance", "quota"),
        "production": ("balance", "installed_need"),
    }.get(asked.table, ("balance",))
    return [f"exposure explain {name}" for name in names]


def _summary(out: Outcome, asked: Asked) -> Answer:
    """Explain a figure of the summary: its parts, and the products that make up the loss."""
    answer = Answer(f"{asked.ident}: the answer in one line per level", json={"figure": asked.ident})
    answer.add("scenario", _scenario_lines(out))
    answer.add("measure", [asked.measure.meaning, "US dollars of the baseline year"])
    table = out.summary.set_index("response")
    levels = [level for level in RESPONSES if level in table.index]
    wanted = asked.key["column"]
    columns = {name: said for name, said in asked.measure.columns.items() if wanted in ("", name)}
    lines = [(words, [table.loc[level, name] for level in levels], unit) for name, (unit, words) in columns.items()]
    answer.add("figures", table_of(levels, lines))
    answer.json["figures"] = {
        level: {name: None if pd.isna(value) else value for name, value in table.loc[level, list(columns)].items()}
        for level in levels
    }
    if wanted in ("cost_usd", "of_which_transfers_usd"):
        answer.add("made up of", _parts(out.tables["costs"], levels, ["kind", "item"], "cost_usd", out.network))
    else:
        answer.add("made up of", _parts(out.loss, levels, ["item", "region"], "loss_usd", out.network))
    answer.add(
        "next", ["exposure explain loss.ITEM:REGION.MONTH, with the same scenario, follows one of them to its sources"]
    )
    return answer


def _parts(table: pd.DataFrame, levels: Sequence[str], keys: list[str], column: str, net: Network) -> list[str]:
    sums = table.pivot_table(index=keys, columns="response", values=column, aggfunc="sum", fill_value=0.0)
    if sums.empty:
        return []
    sums = sums.reindex(columns=list(levels), fill_value=0.0)
    order = sums.max(axis=1).sort_values(ascending=False, kind="stable")
    order = order[order > 1.0]
    lines = [(_part_name(net, keys, key), [float(v) for v in sums.loc[key]], MONEY) for key in order.index[:MOST_PARTS]]
    left = len(order) - len(lines)
    return [*table_of(levels, lines), *([f"... and {left} more"] if left > 0 else [])] if lines else []


def _part_name(net: Network, keys: list[str], key: object) -> str:
    first, second = (str(part) for part in key)  # type: ignore[attr-defined]
    return f"{first}:{second}" if keys[0] == "item" else f"{first}, {second}"
