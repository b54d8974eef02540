"""All that the page knows, as one JSON-ready object: what was asked, and the answer at each severity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from exposure.calendar import Month
from exposure.errors import InputError
from exposure.model import RESPONSES, Network
from exposure.report.focus import gap_behind, hits
from exposure.report.grounds import footing, grounds
from exposure.report.page.answers import case_of, pairs_that_matter
from exposure.report.page.chain import graph_of, items_above, place_names
from exposure.report.page.provenance import facts_named, rows_behind
from exposure.report.page.severity import LABELS
from exposure.report.results import Results
from exposure.report.sentences import answer
from exposure.report.sureness import how_sure
from exposure.report.workbook import data_line
from exposure.response import Outcome

MOST_GOODS = 40
"""Most items whose flows the page shows."""


def payload(outcomes: Sequence[Outcome], severities: Sequence[float]) -> dict[str, Any]:
    """Return the page's content.

    Parameters
    ----------
    outcomes
        The scenario at each severity, mildest first.
    severities
        Place of each outcome on the slider, -1 to 1.

    Raises
    ------
    InputError
        If there is no outcome, or not one severity for each.
    """
    if not outcomes or len(outcomes) != len(severities):
        message = "a page needs an outcome for each severity, and one at least"
        raise InputError(message)
    results = Results(tuple(outcomes))
    base = min(range(len(outcomes)), key=lambda k: (abs(severities[k]), k))
    stated = outcomes[base]
    net, scenario = stated.network, stated.scenario
    months = _months(results.of(base, "loss")["month"].tolist())
    pairs = pairs_that_matter(results)
    goods = list(dict.fromkeys(item for item, _ in pairs))[:MOST_GOODS]
    cases = [case_of(results, k, months, set(pairs), goods) for k in range(len(outcomes))]
    hurt = list(dict.fromkeys((row[0], row[1]) for case in cases for rows in case["loss"].values() for row in rows))
    chain = items_above(net, dict.fromkeys([item for item, _ in hurt] + goods))
    graph = graph_of(net, chain, scenario.controls)
    rows, behind = rows_behind(net, set(hurt), set(chain), scenario.controls)
    places = _places(cases, graph)
    return {
        "name": scenario.name,
        "title": scenario.title or scenario.name,
        "asked": _asked(stated),
        "sure": how_sure(answer(results, base), footing(grounds(results, base))),
        "line": data_line(Results((stated,))),
        "months": months,
        "levels": [level for level in RESPONSES if level in set(results.of(base, "summary")["response"])],
        "base": base,
        "severities": [[float(severity), LABELS.get(severity, f"{severity:+g}")] for severity in severities],
        "controls": _controls(stated, months),
        "items": {
            str(i.item): [i.name, i.unit, i.kind] for i in net.items if str(i.item) in graph or str(i.item) in goods
        },
        "places": place_names(net, places),
        "pairs": [list(pair) for pair in pairs],
        "goods": goods,
        "focus": _focus(results, base),
        "cases": cases,
        "graph": graph,
        "rows": rows,
        "behind": behind,
        "facts": facts_named(net, rows),
    }


def _focus(results: Results, base: int) -> list[str]:
    """Return item and country of the gap that matters most, which the page shows first."""
    found = hits(results, base)
    gap = gap_behind(results, base, found[0] if found else None)
    return [gap.item, gap.country] if gap else ["", ""]


def _months(seen: Sequence[str]) -> list[str]:
    if not seen:
        return []
    first, last = Month.parse(min(seen)), Month.parse(max(seen))
    return [str(first + k) for k in range(last - first + 1)]


def _asked(outcome: Outcome) -> list[list[str]]:
    scenario = outcome.scenario
    changed = [str(change) for change in scenario.set]
    return [
        ["Controls", ", ".join(scenario.controls) or "none"],
        ["Months", str(scenario.months)],
        ["Foresight", scenario.foresight],
        ["Changed figures", "; ".join(changed) or "none"],
        ["Order of the three levels", str(outcome.record.get("ranking", ""))],
    ]


def _controls(outcome: Outcome, months: Sequence[str]) -> list[dict[str, Any]]:
    """Return the controls of the scenario with their dates and the months on any day of which a rule holds."""
    net: Network = outcome.network
    held = outcome.controls
    found = []
    for ident in outcome.scenario.controls:
        control = net.control[ident]
        rows = held[held["control"] == ident] if len(held) else held
        active = set(rows["month"]) if len(rows) else set()
        found.append(
            {
                "id": str(ident),
                "title": control.title,
                "imposer": control.imposer,
                "instrument": control.instrument,
                "status": control.status,
                "announced": str(control.announced),
                "effective": str(control.effective),
                "ends": str(control.ends or ""),
                "held": [month in active for month in months],
            }
        )
    return found


def _places(cases: Sequence[dict[str, Any]], graph: dict[str, dict[str, Any]]) -> set[str]:
    """Return every country that the page names."""
    found = {row[0] for node in graph.values() for row in node["makers"]}
    found |= {place for node in graph.values() for row in node["sellers"] for place in row[:2]}
    for case in cases:
        for level in case["summary"]:
            found |= {row[1] for row in case["loss"][level]} | {key.rpartition("|")[2] for key in case["gap"][level]}
            found |= {place for row in case["matrix"][level] for place in row[:2]}
            found |= {place for lanes in case["flows"][level].values() for row in lanes for place in row[:2]}
    return {str(place) for place in found}
