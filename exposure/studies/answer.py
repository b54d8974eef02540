"""An explanation: a title and sections of lines, and the evidence of a row as such lines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from exposure.io import columns
from exposure.model import TABLES, BomLine, CapacityStep, Evidence, ItemId, Network, Record
from exposure.studies.amounts import exact

MOST = 12
"""Most lines of a list before it is cut with a count."""


@dataclass
class Answer:
    """An explanation: a title, sections of lines, and what the JSON gives in full instead of as lines."""

    title: str
    sections: dict[str, list[str]] = field(default_factory=dict)
    json: dict[str, Any] = field(default_factory=dict)

    def add(self, heading: str, lines: Iterable[str], *, most: int | None = MOST) -> None:
        """Add a section unless it is empty; one of more than ``most`` lines is cut with a count."""
        kept = list(lines)
        if most is not None and len(kept) > most:
            kept = [*kept[:most], f"... and {len(kept) - most} more"]
        if kept:
            self.sections[heading] = kept

    def text(self) -> str:
        """Return the explanation as lines for a terminal."""
        blocks = [
            f"{heading}:\n" + "\n".join(f"  {line}" for line in lines) for heading, lines in self.sections.items()
        ]
        return "\n".join([self.title, *blocks])

    def as_dict(self) -> dict[str, Any]:
        """Return the explanation as JSON-ready values."""
        return {"title": self.title, **self.sections, **self.json}


def range_of(row: Evidence) -> str:
    """Return the range of a row's main number as words, blank where none is stated."""
    if row.low is None and row.high is None:
        return ""
    low, high = ("?" if end is None else exact(end) for end in (row.low, row.high))
    return f" (range {low} to {high})"


def sources_of(net: Network, row: object) -> list[str]:
    """Return the facts that a row names, the word estimate where it stands, and the row's note."""
    if not isinstance(row, Evidence):
        return []
    lines = []
    for fact in row.fact_ids:
        known = net.fact.get(fact)
        lines.append(
            f"{fact}: {known.quantity} = {known.value} {known.unit} ({known.publisher}, {known.published})"
            if known
            else str(fact)
        )
    if row.is_estimate or "estimate" in row.source:
        lines.append("estimate")
    return lines + ([row.note] if row.note else [])


def rule_text(rule: Any) -> str:  # noqa: ANN401
    """Return a rule of a control in one line."""
    days = f", {rule.days:g} days" if rule.days else ""
    span = f" from {rule.from_}" if rule.from_ else ""
    span += f" to {rule.to}" if rule.to else ""
    lane = f" {rule.item} {rule.origin}->{rule.destination}" if rule.item else ""
    value = f" {rule.value}" if rule.value else ""
    return f"{rule.mechanism}{value}{lane}{days}{span}{range_of(rule)}: {rule.note}".strip()


def unit_of(net: Network, row: Record, column: str) -> str:
    """Return the unit of a cell, in units of its item: ``t/yr``, ``USD per unit``, ``month of baseline use``."""
    table = next(name for name, record in TABLES.items() if record is type(row))
    stated = next((one.unit for one in columns(table) if one.name == column), "")
    if isinstance(row, BomLine):
        made = net.recipe[row.recipe].item
        return f"{_item_unit(net, row.input)} of {row.input} per {_item_unit(net, made)} of {made}" if stated else ""
    item = net.recipe[row.recipe].item if isinstance(row, CapacityStep) else getattr(row, "item", "")
    return re.sub(r"\bunit\b", _item_unit(net, item) or "unit", stated)


def _item_unit(net: Network, item: str) -> str:
    return net.item[ItemId(item)].unit if item in net.item else ""
