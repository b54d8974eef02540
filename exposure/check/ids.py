"""Ids: each stands once, and whatever is referred to exists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from exposure.check.countries import region_hint
from exposure.check.place import error, field_of, line_of, notice
from exposure.errors import Finding, nearest
from exposure.model import KEYS, Network, Record, row_key
from exposure.model.controls import SWITCHES

_ITEM, _REGION, _RECIPE, _CONTROL = "items", "regions", "recipes", "controls"

REFERENCES: tuple[tuple[str, str, str], ...] = (
    ("regions", "within", _REGION),
    ("regions", "owner", _REGION),
    ("recipes", "item", _ITEM),
    ("recipes", "region", _REGION),
    ("bom", "recipe", _RECIPE),
    ("bom", "input", _ITEM),
    ("capacity", "recipe", _RECIPE),
    ("lanes", "item", _ITEM),
    ("lanes", "origin", _REGION),
    ("lanes", "destination", _REGION),
    ("stocks", "item", _ITEM),
    ("stocks", "region", _REGION),
    ("demand", "item", _ITEM),
    ("demand", "region", _REGION),
    ("control_scope", "control", _CONTROL),
    ("control_scope", "item", _ITEM),
    ("control_scope", "origin", _REGION),
    ("control_scope", "destination", _REGION),
)
"""Table, column, and the table whose ids the column holds."""

_PLAIN = re.compile(r"[\w./-]+")


def duplicate_keys(net: Network) -> Iterator[Finding]:
    """Check that each key stands in one row; a second row with the same key contradicts or repeats the first."""
    for table, columns in KEYS.items():
        first: dict[tuple[object, ...], Record] = {}
        for row in getattr(net, table):
            key = row_key(table, row)
            if key in first:
                what = "the same row" if row == first[key] else "the same key with other values"
                found = error(row, columns[0], f"{what} stands in {line_of(first[key])} ({_shown(key)}); keep one")
                yield found
            first.setdefault(key, row)


def _shown(key: tuple[object, ...]) -> str:
    return ", ".join("blank" if part in (None, "") else str(part) for part in key)


def unknown_ids(net: Network) -> Iterator[Finding]:
    """Check that every id that a row refers to has a row of its own."""
    known: Mapping[str, Mapping[str, object]] = {
        _ITEM: {str(k): v for k, v in net.item.items()},
        _REGION: {str(k): v for k, v in net.region.items()},
        _RECIPE: {str(k): v for k, v in net.recipe.items()},
        _CONTROL: {str(k): v for k, v in net.control.items()},
    }
    names = {str(row.region): row.name for row in net.regions}
    for table, column, target in REFERENCES:
        is_scope = table == "control_scope" and column != "control"
        for row in getattr(net, table):
            name = str(field_of(row, column))
            if is_scope:
                name = "" if name == "*" else name.removeprefix("!") if target == _REGION else name
            if name in known[target] or (name == "" and (is_scope or column in ("within", "owner"))):
                continue
            hint = nearest(name, known[target])
            if target == _REGION:
                hint = region_hint(name, names) or hint
            yield error(row, column, f"no row of {target}.csv has this id{hint}")


def unknown_switch_targets(net: Network) -> Iterator[Finding]:
    """Check that a suspension, lifting or snap-back names another control that exists."""
    for rule in net.control_scope:
        if rule.mechanism not in SWITCHES:
            continue
        if rule.value == rule.control:
            yield error(rule, "value", "a control cannot switch itself")
        elif rule.value not in net.control:
            yield error(
                rule, "value", f"must be the id of the control that it switches{nearest(rule.value, net.control)}"
            )


def unknown_mentions(net: Network) -> Iterator[Finding]:
    """Check that the controls which a control replaces exist too; an unknown one changes no number."""
    for control in net.controls:
        for name in listed(control.supersedes):
            if name not in net.control:
                yield notice(control, "supersedes", f'no control "{name}"{nearest(name, net.control)}')


def listed(text: str) -> tuple[str, ...]:
    """Return the ids of a cell that holds several, separated by semicolons or commas."""
    return tuple(part for part in (piece.strip() for piece in text.replace(",", ";").split(";")) if part)


def plain_ids(net: Network) -> Iterator[Finding]:
    """Check that ids are single words; one that reads like a scope or spans lines cannot be referred to."""
    for table in ("regions", "items", "recipes", "controls", "facts"):
        column = KEYS[table][0]
        for row in getattr(net, table):
            name = str(field_of(row, column))
            if _PLAIN.fullmatch(name):
                continue
            if name.startswith(("*", "!")) or "\n" in name or "\r" in name:
                yield error(row, column, "an id must be one line and must not begin with * or !")
            else:
                yield notice(
                    row, column, "an id is best made of letters, digits, _, - and /; --set cannot name this one"
                )


def region_loops(net: Network) -> Iterator[Finding]:
    """Check that no region lies within itself, directly or through others."""
    told: set[str] = set()
    for row in net.regions:
        chain = [row.region]
        while (parent := net.region[chain[-1]].within) and parent in net.region:
            if parent in chain:
                loop = chain[chain.index(parent) :]
                if not told & set(loop):
                    yield error(
                        row, "within", f"regions lie within each other in a circle: {' -> '.join([*loop, parent])}"
                    )
                told |= set(loop)
                break
            chain.append(parent)
