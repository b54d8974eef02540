"""Cards: what a notebook shows of a network, a scenario, an outcome or an exposure study; every name is escaped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape

from exposure.model import Network, Scenario
from exposure.report.focus import hits
from exposure.report.money import usd
from exposure.report.results import Results
from exposure.report.sentences import answer
from exposure.response import Outcome
from exposure.studies.exposure_tables import ExposureTables

SOME = 6
"""Most rows of a list on a card."""
WORDS = {"contracts": "contracts (upper end)", "voluntary": "voluntary (headline)", "planner": "planner (least damage)"}


def outcome_card(out: Outcome) -> str:
    """Return the headline sentence, the bracket of the levels, the first losses, and where to look further."""
    results = Results([out])
    said = answer(results, 0)
    remarks = [_small(text) for text in _texts(out.record.get("ranking"))]
    parts = [_paragraph(said.sentence), _levels(out), _first_losses(results), *remarks]
    tables = ", ".join(f"out.{name}" for name in out.tables)
    parts.append(
        _small(f"Tables: {tables}. Pictures: out.plot.gap(), .timeline(), .loss_heatmap(), .sankey(item=...).")
    )
    return _card(out.scenario.title or out.scenario.name, parts)


def network_card(net: Network) -> str:
    """Return how much a network holds, by kind."""
    kinds = Counter(str(row.kind) for row in net.items)
    imposers = Counter(row.imposer.replace(", ", "+") or "unnamed" for row in net.controls)
    rows = [
        ("items", len(net.items), _counted(kinds)),
        ("regions", len(net.regions), f"{sum(not row.within for row in net.regions)} countries and blocs"),
        ("recipes", len(net.recipes), f"{len(net.bom)} lines of bills of materials"),
        ("lanes", len(net.lanes), "who ships what to whom"),
        ("stocks", len(net.stocks), "what is held"),
        ("demand", len(net.demand), "what final users want"),
        ("controls", len(net.controls), _counted(imposers)),
        ("facts", len(net.facts), "published figures with their sources"),
    ]
    year = f"Baseline year {net.baseline_year}. " if net.baseline_year else ""
    note = (
        f'{year}Look one up: net.item["..."], net.control["..."]; run one: ex.run(net, ex.Scenario(controls=["..."])).'
    )
    return _card(f"Network {net.name}", [_table(("", "rows", ""), rows), _small(note)])


def scenario_card(case: Scenario) -> str:
    """Return what a scenario asks: months, controls, changed figures."""
    start = str(case.start) if case.start else "the month of the first news"
    rows = [
        ("reported months", f"{case.months} from {start}, and a tail of {case.tail}"),
        ("foresight", case.foresight),
        ("controls", _listed(case.controls) or "none: the undisturbed world"),
        ("changed figures", _listed(str(one) for one in case.set) or "none"),
    ]
    return _card(f"Scenario {case.name}", [_paragraph(case.title) if case.title else "", _table(("", ""), rows)])


def exposure_card(study: ExposureTables) -> str:
    """Return an exposure study's answer in words, and how long its tables are."""
    tables = ", ".join(f"{name} ({len(table)} rows)" for name, table in study.tables.items())
    text = f'<pre style="white-space:pre-wrap">{escape(study.text())}</pre>'
    return _card(f"Exposure: {study.asked}", [text, _small(f"Tables: {tables}.")])


def _levels(out: Outcome) -> str:
    rows = []
    for row in out.summary.to_dict("records"):
        months = [str(row[name]) if isinstance(row[name], str) else "-" for name in ("first_loss_month", "worst_month")]
        money = [usd(float(row[name])) for name in ("loss_usd", "cost_usd", "damage_usd")]
        rows.append((WORDS.get(str(row["response"]), str(row["response"])), *money, *months))
    return _table(("response", "output lost", "cost", "damage", "first loss", "worst month"), rows)


def _first_losses(results: Results) -> str:
    """Return the products hit first at the headline level, the largest first within a month."""
    found = sorted(hits(results, 0), key=lambda hit: (hit.month, -hit.usd))
    if not found:
        return ""
    names = results.names
    rows = [(hit.month, names.item(hit.item), names.region(hit.country), usd(hit.usd)) for hit in found[:SOME]]
    left = len(found) - len(rows)
    note = _small(f"and {left} more products and countries later or smaller: out.loss") if left > 0 else ""
    return _table((f"first loss ({results.headline(0)})", "product", "where", "lost in all"), rows) + note


def _texts(value: object) -> list[str]:
    """Return a remark of the run record, if it has one."""
    return [value] if isinstance(value, str) and value else []


def _counted(counts: Counter[str]) -> str:
    return _listed(f"{count} {name}" for name, count in counts.most_common())


def _listed(names: Iterable[object]) -> str:
    every = [str(name) for name in names]
    more = f" and {len(every) - 2 * SOME} more" if len(every) > 2 * SOME else ""
    return ", ".join(every[: 2 * SOME]) + more


def _card(title: str, parts: Sequence[str]) -> str:
    """Return a card; colours of text and background are left to the notebook's theme."""
    style = "border-left:4px solid #0072B2;padding:2px 0 2px 12px;max-width:62em"
    return f'<div style="{style}"><p style="font-weight:bold;font-size:1.1em">{escape(title)}</p>{"".join(parts)}</div>'


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _small(text: str) -> str:
    return f'<p style="font-size:0.85em">{escape(text)}</p>'


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return an HTML table; the first column and text stand left, numbers right."""
    left, right = 'style="text-align:left"', 'style="text-align:right"'
    top = "".join(f'<th scope="col" {left}>{escape(head)}</th>' for head in heads)
    body = "".join(
        "<tr>"
        + "".join(f"<td {right if isinstance(cell, int) else left}>{escape(str(cell))}</td>" for cell in row)
        + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
