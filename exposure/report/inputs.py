"""The sheet *Inputs*: what each scenario changes of the undisturbed world: controls, horizon, knowledge, figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from exposure.model import Network, Override, Scenario
from exposure.report.names import Names, unit_of
from exposure.report.record import EVERY
from exposure.report.results import Results
from exposure.report.sheet import Column, Sheet

MEANING = {
    "title": "One line in words",
    "start": "First reported month",
    "months": "Reported months",
    "tail": "Months solved after them, to move the end, where stock is run down, away from them",
    "warm_up": "Most months run before the start for older controls",
    "foresight": "Who knows what, when: from the announcement, all from the start (perfect), or only when it takes effect (none)",
}
IN_MONTHS = ("months", "tail", "warm_up")
FIRST_NEWS = "month of the first news"
UNKNOWN = "as in the data"
LIMIT = ["kind", "item", "origin", "destination", "recipe", "moved_by"]
"""What tells one limit from another, whatever its month, and the controls that moved it."""


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a scenario beside its base value; numbers are numbers."""

    name: str
    base: object
    given: object
    unit: str
    meaning: str
    ident: str = ""
    limits: int | None = None
    shown: object = None

    @property
    def differs(self) -> bool:
        """True if the scenario has another value than the base; a title has no base."""
        return self.base is not None and str(self.base) != str(self.given)

    @property
    def change(self) -> float | None:
        """How far a number moved from the base."""
        if isinstance(self.base, int | float) and isinstance(self.given, int | float) and self.differs:
            return float(f"{self.given - self.base:.12g}")
        return None

    def cells(self, label: str) -> tuple[object, ...]:
        """Return the row of the sheet."""
        given = self.given if self.shown is None else self.shown
        differs = "yes" if self.differs else "no"
        return (
            label,
            self.name,
            self.base,
            given,
            self.change,
            self.unit,
            differs,
            self.limits,
            self.meaning,
            self.ident,
        )


def inputs_sheet(results: Results) -> Sheet:
    """Return one row per scenario and input; of many scenarios, what they share stands once."""
    many = len(results.outcomes) > 1
    rows = list(_of_many(results) if many else _of_one(results, 0))
    return Sheet(
        name="Inputs",
        title="Inputs: what was asked, beside the base",
        answers="Which controls, horizon, knowledge and figures does each scenario have, and where does it differ from the base?",
        columns=[
            Column("Scenario", "text", 27),
            Column("Input", "text", 44),
            Column("Base", "input", 24),
            Column("This scenario", "input", 40),
            Column("Moved by", "number", 11),
            Column("Unit", "text", 16),
            Column("Differs", "flag", 10),
            Column("Limits moved", "count", 10),
            Column("What it is", "long", 70),
            Column("Id", "text", 48),
        ],
        rows=rows,
        note="Base: the undisturbed world (no control) with the figures of the data package, and the tool's own defaults. Rows "
        "that differ say yes and stand in bold. Limits moved: lanes, quotas and recipes whose bound a control changes in any month."
        + (" (all): every scenario; (all others): those without a row of their own." if many else ""),
        frozen=2,
    )


def _of_one(results: Results, position: int) -> Iterator[tuple[object, ...]]:
    label, outcome = results.labels[position], results.outcomes[position]
    yield from (one.cells(label) for one in _fields(results, position))
    yield from (one.cells(label) for one in _asked(results, position, outcome.scenario))


def _of_many(results: Results) -> Iterator[tuple[object, ...]]:
    """Yield fields that all scenarios share, then what each has of its own; titles stand on the sheet *Scenarios*."""
    every = [
        {one.name: one for one in _fields(results, k) if one.name != "title"} for k in range(len(results.outcomes))
    ]
    shared: set[str] = set()
    for name, first in every[0].items():
        values = {str(fields[name].given) for fields in every}
        if len(values) == 1 or any(not fields[name].differs for fields in every):
            usual = first if len(values) == 1 else next(f[name] for f in every if not f[name].differs)
            yield Input(name, usual.base, usual.given, usual.unit, usual.meaning).cells(
                EVERY if len(values) == 1 else "(all others)"
            )
        if len(values) == 1:
            shared.add(name)
    for k, fields in enumerate(every):
        yield from (one.cells(results.labels[k]) for one in fields.values() if one.differs and one.name not in shared)
        yield from (one.cells(results.labels[k]) for one in _asked(results, k, results.outcomes[k].scenario))


def _fields(results: Results, position: int) -> Iterator[Input]:
    scenario = results.outcomes[position].scenario
    for name, meaning in MEANING.items():
        default, value = Scenario.model_fields[name].default, getattr(scenario, name)
        unit = "months" if name in IN_MONTHS else ""
        if name == "start":
            first = min(results.of(position, "loss")["month"], default="")
            yield Input(
                name, FIRST_NEWS, FIRST_NEWS if value is None else str(value), unit, meaning, shown=first or None
            )
        elif name == "title":
            yield Input(name, None, value, unit, meaning)
        else:
            yield Input(name.replace("_", " "), default, value, unit, meaning)


def _asked(results: Results, position: int, scenario: Scenario) -> Iterator[Input]:
    """Yield controls with the limits that each moves, then changed figures."""
    net, names = results.outcomes[position].network, results.names
    moved = _limits_moved(results, position)
    for control in scenario.controls:
        known = net.control.get(control)
        yield Input(
            f"control {control}", "off", "on", "", known.title if known else "", str(control), moved[str(control)]
        )
    for change in scenario.set:
        yield _changed(net, results.networks[0].stated, names, change)


def _limits_moved(results: Results, position: int) -> Counter[str]:
    limits = results.of(position, "limits")
    apart = limits[limits["moved_by"].fillna("") != ""].drop_duplicates(LIMIT)
    return Counter(control for ids in apart["moved_by"] for control in str(ids).split(" + "))


def _changed(net: Network, base: Network, names: Names, change: Override) -> Input:
    """Return a changed figure, its row named in words; its id is what ``--set`` takes."""
    where = change.where
    said = []
    for key, value in where.items():
        place = key in ("region", "origin", "destination")
        known = names.item(value) if key in ("item", "input") else names.region(value) if place else value
        said.append(f"{key} {known}")
    item = where.get("item") or next((str(row.item) for row in net.recipes if row.recipe == where.get("recipe")), "")
    ident = f"{change.table}.{':'.join(where.values())}.{change.column}"
    return Input(
        f"{change.table}: {change.column}", _before(base, change), _plain(change.value),
        unit_of(change.column, names.unit(item) if item else ""), ", ".join(said) or "all rows", ident,
    )  # fmt: skip


def _plain(value: object) -> object:
    """Return a number where a value is one, also one written as text; else the value as text."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    try:
        return float(str(value))
    except ValueError:
        return str(value)


def _before(base: Network, change: Override) -> object:
    """Return the value that a changed cell has in the base; of several rows that differ, from which to which."""
    found: list[object] = []
    for row in getattr(base, change.table, ()):
        fields = {(field.alias or name): name for name, field in type(row).model_fields.items()}
        if all(str(getattr(row, fields.get(key, key), "")) == value for key, value in change.where.items()):
            value = getattr(row, fields.get(change.column, change.column), None)
            found.append("blank" if value in (None, "") else _plain(value))
    return _together(list(dict.fromkeys(found)), len(found))


def _together(values: Sequence[object], rows: int) -> object:
    if not values:
        return UNKNOWN
    if len(values) == 1:
        return values[0]
    numbers = [value for value in values if isinstance(value, int | float)]
    if len(numbers) == len(values):
        return f"{min(numbers):,.6g} to {max(numbers):,.6g} ({rows} rows)"
    return ", ".join(str(value) for value in values[:6])
