"""From a claim of a founding document to the rows of the model, to their numbers and the facts behind them."""

from __future__ import annotations

from exposure.check import main_number
from exposure.model import (
    SCENARIOS,
    Addresses,
    Claim,
    Control,
    Evidence,
    Fact,
    Lane,
    Network,
    Recipe,
    Record,
    Rule,
    address_of,
)
from exposure.model.network import TABLES
from exposure.response import close_once
from exposure.studies.amounts import exact
from exposure.studies.answer import Answer, range_of, rule_text, sources_of, unit_of

MOST_ROWS = 9
"""Rows shown of an address that names many."""

_TABLE_OF = {record: table for table, record in TABLES.items()}


def explain_claim(net: Network, claim: Claim) -> Answer:
    """Tell what a document says, which rows of the network hold it, and what their numbers rest on."""
    answer = Answer(f"claim {claim.claim}: {claim.statement}")
    answer.add("document", [f"{claim.document}, paragraph {claim.paragraph}", f"sha256 {claim.sha256}"])
    answer.add("kind", [claim.kind + ("" if claim.encoded == "yes" else "; no row of the model holds it")])
    answer.add("note", [claim.note] if claim.note else [])
    addresses = Addresses(net)
    for address in claim.rows:
        answer.add(address, _lines(net, address, addresses.rows(address)))
    return answer


def _lines(net: Network, address: str, rows: tuple[Record, ...]) -> list[str]:
    table, _, key = address.partition(":")
    if table == SCENARIOS:
        return [f"exposure run data/scenarios/{key}.yaml"]
    if not rows:
        return ["no row of these data has this address"]
    if len(rows) == 1:
        return _row(net, rows[0])
    lines = [_row(net, row, name=True)[0] for row in rows]
    facts = sorted({fact for row in rows if isinstance(row, Evidence) for fact in row.fact_ids})
    shown = lines if len(lines) <= MOST_ROWS else [*lines[:MOST_ROWS], f"... and {len(lines) - MOST_ROWS} more rows"]
    return [*shown, f"facts: {', '.join(facts)}"] if facts else shown


def _row(net: Network, row: Record, *, name: bool = False) -> list[str]:
    head = f"{address_of(_TABLE_OF[type(row)], row).partition(':')[2]}: " if name else ""
    if isinstance(row, Control):
        return _control(net, row)
    if isinstance(row, Fact):
        spread = f" ({row.low} to {row.high})" if row.low or row.high else ""
        figure = f"{row.quantity} = {row.value}{spread} {row.unit}, {row.geography}, {row.period}"
        return [head + figure, f"{row.publisher}, {row.published}: {row.url}"]
    if isinstance(row, Rule):
        return [rule_text(row), *(line for line in sources_of(net, row) if line != row.note)]
    return [f"{head}{figure_text(net, row)}", *sources_of(net, row)]


def _control(net: Network, control: Control) -> list[str]:
    rules = net.rules_of[control.control]
    dates = f"announced {control.announced}, effective {control.effective}, ends {control.ends or 'open'}"
    lines = [f"{control.title} ({control.status})", dates]
    lines += [rule_text(rule) for rule in rules[:3]]
    if len(rules) > 3:
        lines.append(f"... and {len(rules) - 3} more rules (exposure explain {control.control})")
    return lines if rules else [*lines, f"no rule of its own: {control.note}"]


def figure_text(net: Network, row: Record) -> str:
    """Return the main number of a row with its unit and range, or what the baseline derives where it is blank."""
    stated = main_number(row)
    spread = range_of(row) if isinstance(row, Evidence) else ""
    if stated is not None:
        return f"{stated[0]} = {exact(stated[1])} {unit_of(net, row, stated[0])}".rstrip() + spread
    unit = unit_of(net, row, {Lane: "flow0", Recipe: "output0"}.get(type(row), ""))
    if isinstance(row, Lane):
        return f"flow {exact(close_once(net).flow[net.lanes.index(row)])} {unit}, derived by the baseline{spread}"
    if isinstance(row, Recipe):
        return f"output {exact(close_once(net).output[net.recipes.index(row)])} {unit}, derived by the baseline{spread}"
    return f"derived by the baseline{spread}"
