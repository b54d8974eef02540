"""What an answer rests on: the rows of data on the chains of its loss, and how many of them are published figures."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from exposure.model import ESTIMATE, BomLine, ControlId, Evidence, Network, Rule
from exposure.model.controls import SWITCHES
from exposure.model.main_number import main_number
from exposure.once import once
from exposure.report.evidence import key_of
from exposure.report.names import Names
from exposure.report.results import Results
from exposure.report.sheet import Column, Link, Sheet

CARRIED = 0.9
"""Share of a loss whose chains are looked at, the costliest first."""

PUBLISHED, IN_PART, GUESSED, DERIVED, UNSTATED = "published", "in part", "estimate", "derived", "not stated"
"""What carries a figure: facts alone; facts and judgement; judgement alone; the balance of the undisturbed world; nothing."""

FIRM, PARTLY = 2 / 3, 1 / 2
"""Least share of published figures in a footing that is mostly published; of figures with any fact in one that partly is."""

Step = tuple[str, ...]
"""One step of a chain: item and place, or item, origin and destination."""


@dataclass(frozen=True, slots=True)
class Ground:
    """One figure that an answer rests on: table, key and column, its number and range, what carries it, and the facts.

    ``item`` and ``places`` (a region, or origin and destination) say what it is of; ``into`` the product of a bill of
    materials, ``rule`` what a control does and since when.
    """

    table: str
    key: str
    column: str
    value: float | None
    low: float | None
    high: float | None
    kind: str
    facts: tuple[str, ...]
    note: str
    item: str
    places: tuple[str, ...]
    into: str = ""
    rule: str = ""

    def words(self, names: Names) -> str:
        """Say what the figure is of: an item, and its place, its lane, or what it goes into."""
        what = names.scope_item(self.item)
        if self.into:
            return f"{what} in one of {names.item(self.into)}"
        return f"{self.rule}{what}, {' to '.join(names.region(place) for place in self.places)}"


@dataclass(frozen=True, slots=True)
class Footing:
    """How well an answer stands: its figures by what carries them."""

    counts: dict[str, int]

    @property
    def figures(self) -> int:
        """All figures that the answer rests on."""
        return sum(self.counts.values())

    @property
    def word(self) -> str:
        """Say in words how far facts carry the answer."""
        facts = self.counts.get(PUBLISHED, 0)
        if not self.figures:
            return "no figures"
        if facts >= FIRM * self.figures:
            return "mostly published"
        named = facts + self.counts.get(IN_PART, 0)
        return "partly published" if named >= PARTLY * self.figures else "mostly judgement"

    @property
    def split(self) -> str:
        """Return how many figures are published, in part, and neither, such as ``17 / 36 / 8``."""
        facts, part = self.counts.get(PUBLISHED, 0), self.counts.get(IN_PART, 0)
        return f"{facts} / {part} / {self.figures - facts - part}"


def footing(grounds: list[Ground]) -> Footing:
    """Count the figures of an answer by what carries them."""
    return Footing(dict(Counter(ground.kind for ground in grounds)))


def grounds(results: Results, position: int) -> list[Ground]:
    """Return the figures that the answer of one outcome rests on, each once.

    They stand on the chains that carry nine tenths of the loss at the headline level, or under contracts where the headline
    loses nothing: the rules at their start, the lanes, recipes, quantities per unit and stocks along them, and the demand at
    their end. An answer without any loss rests on the rules of its controls.
    """
    net = results.outcomes[position].network
    rows: dict[tuple[str, str], Ground] = {}
    for table, row in _rows(net, *_walked(results, position)):
        key = key_of(table, row)
        rows.setdefault((table, key), _ground(net, table, key, row))
    return list(rows.values())


def _walked(results: Results, position: int) -> tuple[set[str], set[Step], set[Step]]:
    """Return controls, steps and ends (product and region) of the chains that matter; without a chain all its controls."""
    why = results.of(position, "why")
    for level in (results.headline(position), "contracts"):
        own = why[why["response"] == level]
        lost = own["loss_usd"].astype(float).groupby([own["control"], own["chain"], own["item"], own["region"]]).sum()
        if lost.sum() > 0:
            ranked = lost.sort_values(ascending=False, kind="stable")
            heavy = ranked[(ranked.cumsum() - ranked) < CARRIED * ranked.sum()]
            controls = {part for control, *_ in heavy.index for part in str(control).split(" + ")}
            steps = {step for _, chain, *_ in heavy.index for step in steps_of(str(chain))}
            return controls, steps, {(str(item), str(region)) for *_, item, region in heavy.index}
    return {str(control) for control in results.outcomes[position].scenario.controls}, set(), set()


def steps_of(chain: str) -> Iterator[Step]:
    """Yield the steps of a chain of ids, without the control at its start.

    >>> list(steps_of("B1 -> magnet CN->EU/lean -> car EU/lean"))
    [('magnet', 'CN', 'EU/lean'), ('car', 'EU/lean')]
    """
    for part in chain.split(" -> ")[1:]:
        item, _, place = part.partition(" ")
        yield (item, *re.split("->", place))


def _rows(net: Network, controls: set[str], steps: set[Step], ends: set[Step]) -> Iterator[tuple[str, Evidence]]:
    """Yield the rows of data on some steps, table by table."""
    items = {step[0] for step in steps}
    nodes = {(step[0], place) for step in steps for place in step[1:]}
    for control in sorted(controls):
        for rule in net.rules_of.get(ControlId(control), ()):
            if rule.mechanism not in SWITCHES and (not items or rule.item in items or rule.item in ("*", "")):
                yield "control_scope", rule
    known = once(net, "rows by step", lambda: _by_step(net))
    for step in sorted(steps | nodes):
        yield from known.get(step, ())
    for recipe in net.recipes:
        if (recipe.item, recipe.region) in nodes:
            yield from (("bom", line) for line in net.bom_of[recipe.recipe] if line.input in items)
    yield from (("demand", row) for row in net.demand if (row.item, row.region) in ends)


def _by_step(net: Network) -> dict[Step, list[tuple[str, Evidence]]]:
    found: dict[Step, list[tuple[str, Evidence]]] = defaultdict(list)
    for lane in net.lanes:
        found[lane.item, lane.origin, lane.destination].append(("lanes", lane))
    for table, rows in (("recipes", net.recipes), ("stocks", net.stocks)):
        for row in rows:
            found[row.item, row.region].append((table, row))
    return found


def _ground(net: Network, table: str, key: str, row: Evidence) -> Ground:
    column, value = main_number(row) or ("", None)
    ends = (str(getattr(row, name)) for name in ("region", "origin", "destination") if hasattr(row, name))
    item, into = (
        (row.input, net.recipe[row.recipe].item) if isinstance(row, BomLine) else (getattr(row, "item", ""), "")
    )
    return Ground(
        table, key, column, value, row.low, row.high, _kind(row, value), tuple(map(str, row.fact_ids)), row.note,
        str(item), tuple(ends), str(into), _rule(row) if isinstance(row, Rule) else "",
    )  # fmt: skip


def _rule(rule: Rule) -> str:
    since = f" from {rule.from_}" if rule.from_ else ""
    return f"{rule.mechanism.replace('_', ' ')}{since}: "


def _kind(row: Evidence, value: float | None) -> str:
    if row.fact_ids:
        return IN_PART if ESTIMATE in row.source else PUBLISHED
    return GUESSED if row.source else DERIVED if value is None else UNSTATED


def evidence_sheet(results: Results, found: list[list[Ground]], sources: Sheet) -> Sheet:
    """Return one row per scenario and figure that its answer rests on, with a link to the first fact behind it.

    Parameters
    ----------
    results
        The outcomes.
    found
        The grounds of each outcome, in their order.
    sources
        The sheet *Sources*, to lead to.
    """
    place = {str(row[0]): sources.cell(k, "Fact") for k, row in enumerate(sources.rows)}
    rows: list[tuple[object, ...]] = []
    for label, figures in zip(results.labels, found, strict=True):
        for one in figures:
            fact = next((fact for fact in one.facts if fact in place), "")
            rows.append(
                (label, one.table, one.words(results.names), one.column, one.value, one.low, one.high, one.kind,
                 Link(fact, "Sources", place[fact]) if fact else None, ", ".join(one.facts), one.note, one.key)
            )  # fmt: skip
    return Sheet(
        name="Evidence",
        title="Evidence: the figures that each answer rests on",
        answers="Which rules, lanes, recipes, stocks and demands decide this loss, and is each of them published?",
        columns=[
            Column("Scenario", "text", 27),
            Column("Table", "text", 14),
            Column("What of", "long", 66),
            Column("Column", "text", 14),
            Column("Number", "number", 13),
            Column("Low", "number", 11),
            Column("High", "number", 11),
            Column("Carried by", "text", 12),
            Column("First fact", "text", 11),
            Column("All facts", "text", 24),
            Column("How the number was set", "text", 70),
            Column("Row id", "text", 48),
        ],
        rows=rows,
        note="Rows of data on the chains that carry nine tenths of the loss (headline, or contracts where that loses nothing). "
        "Units: the column names of the data files. derived: no figure stands in the file, the balance of the undisturbed world "
        "gives it.",
        frozen=3,
    )
