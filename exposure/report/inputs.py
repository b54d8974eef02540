"""The sheet *Inputs*: every field of each scenario beside its base value, what differs marked."""

from __future__ import annotations

from collections.abc import Iterator

from exposure.model import Network, Override, Scenario
from exposure.report.results import Results
from exposure.report.sheet import Column, Sheet

MEANING = {
    "title": "One line in words",
    "start": "First reported month",
    "months": "Reported months",
    "tail": "Months solved after them, so that stock is neither dumped nor hoarded at the end",
    "warm_up": "Most months run before the start for older controls",
    "foresight": "Who knows what, when: from the announcement, all from the start (perfect), or only when it takes effect (none)",
}
UNKNOWN = "as in the data"


def inputs_sheet(results: Results) -> Sheet:
    """Return one row per scenario and input."""
    base = results.networks[0].stated
    rows: list[tuple[object, ...]] = []
    for label, outcome in zip(results.labels, results.outcomes, strict=True):
        rows += [(label, *row) for row in _rows(outcome.scenario, outcome.network, base)]
    return Sheet(
        name="Inputs",
        title="Inputs: what was asked, beside the base",
        answers="Which controls, horizon, knowledge and figures does each scenario have, and where does it differ from the base?",
        columns=[
            Column("Scenario", "text", 27),
            Column("Input", "text", 44),
            Column("Base", "text", 30),
            Column("This scenario", "long", 60),
            Column("Differs", "flag", 10),
            Column("What it is", "long", 70),
        ],
        rows=rows,
        note="Base: the undisturbed world with the figures of the data package, and the tool's own defaults. "
        "Rows that differ say yes and stand in bold.",
        frozen=2,
    )


def _rows(scenario: Scenario, net: Network, base: Network) -> Iterator[tuple[object, ...]]:
    for name, meaning in MEANING.items():
        default, value = Scenario.model_fields[name].default, getattr(scenario, name)
        usual = "month of the first news" if name == "start" else default
        given = usual if value is None else str(value) if name == "start" else value
        yield name.replace("_", " "), usual, given, _yes(value != default), meaning
    for control in scenario.controls:
        known = net.control.get(control)
        yield f"control {control}", "off", "on", "yes", known.title if known else ""
    for change in scenario.set:
        key = ", ".join(f"{name} {value}" for name, value in change.where.items()) or "all rows"
        before = _before(base, change)
        yield f"{change.table}: {change.column}", before, change.value, _yes(str(before) != str(change.value)), key


def _yes(differs: bool) -> str:
    return "yes" if differs else "no"


def _before(base: Network, change: Override) -> object:
    """Return the value that a changed cell has in the base; of several rows, their values, each once."""
    found: list[object] = []
    for row in getattr(base, change.table, ()):
        fields = {(field.alias or name): name for name, field in type(row).model_fields.items()}
        if all(str(getattr(row, fields.get(key, key), "")) == value for key, value in change.where.items()):
            found.append(getattr(row, fields.get(change.column, change.column), None))
    values = list(dict.fromkeys("blank" if value in (None, "") else value for value in found))
    return values[0] if len(values) == 1 else ", ".join(str(value) for value in values[:6]) or UNKNOWN
