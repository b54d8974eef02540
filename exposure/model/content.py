"""What a content rule looks for: covered inputs of an origin, a threshold, and the share that is licensed all the same."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from exposure.model.controls import Rule
from exposure.model.record import ItemId

Edge = Literal["at_or_above", "above"]
Kind = Literal["content", "tool", "origin"]
KINDS: dict[str, Kind] = {"content_rule": "content", "foreign_product": "tool", "reexport": "origin"}
"""Mechanisms that look for goods of an origin: by value inside a product, used to make it, or the goods themselves."""


@dataclass(frozen=True)
class Family:
    """Rules that look for the same goods: they catch or spare the same units, whatever lanes they cover.

    Parameters
    ----------
    kind
        ``content``: covered inputs by value, at any depth; ``tool``: anything made with them; ``origin``: the goods themselves.
    origin
        Where the covered goods were made, as a rule writes it (``CN``, ``!US``).
    items
        Covered items; empty: all.
    threshold, edge
        Share of value from which a unit is caught, exact.
    """

    kind: Kind
    origin: str
    items: frozenset[ItemId]
    threshold: Fraction
    edge: Edge

    @property
    def order(self) -> tuple[str, str, tuple[ItemId, ...], Fraction, str]:
        """Place among other families: the same in every process, as that of a set in print is not."""
        return self.kind, self.origin, tuple(sorted(self.items)), self.threshold, self.edge

    def catches(self, share: Fraction) -> bool:
        """Tell whether a unit with a share of covered goods in its value is caught; one without any never is."""
        return share > 0 and (share >= self.threshold if self.edge == "at_or_above" else share > self.threshold)


@dataclass(frozen=True)
class Covered:
    """The cell ``covered`` of a rule: ``CN:magnet;alloy;above;approved=0.3``."""

    origin: str
    items: tuple[ItemId, ...]
    edge: Edge
    approved: float


def covered_of(text: str) -> Covered:
    """Read the cell ``covered``.

    Raises
    ------
    ValueError
        If it does not name an origin and items, or says what is not known.
    """
    parts = [part.strip() for part in text.split(";") if part.strip()]
    if not parts or ":" not in parts[0]:
        message = "name the origin and the covered items, as in CN:magnet;alloy"
        raise ValueError(message)
    origin, _, first = parts[0].partition(":")
    items: list[ItemId] = [ItemId(first.strip())] if first.strip() else []
    edge: Edge = "at_or_above"
    approved = 0.0
    for part in parts[1:]:
        if part in ("at_or_above", "above"):
            edge = "above" if part == "above" else "at_or_above"
        elif part.startswith("approved="):
            approved = _share(part.removeprefix("approved="))
        else:
            items.append(ItemId(part))
    if not items:
        message = "names no covered item"
        raise ValueError(message)
    return Covered(origin.strip(), tuple(items), edge, approved)


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        message = f"approved must be a share between 0 and 1, not {text}"
        raise ValueError(message)
    return share


def family_of(rule: Rule) -> Family:
    """Return the family of a rule of one of the ``KINDS``; `ValueError` if its cells cannot be read."""
    kind = KINDS[rule.mechanism]
    if kind == "origin":
        items = frozenset() if rule.item in ("", "*") else frozenset({ItemId(rule.item)})
        return Family(kind, rule.origin, items, Fraction(0), "above")
    covered = covered_of(rule.covered)
    threshold, edge = (Fraction(rule.value.strip()), covered.edge) if kind == "content" else (Fraction(0), "above")
    return Family(kind, covered.origin, frozenset(covered.items), threshold, edge)


def approved_share(rule: Rule) -> float:
    """Return the share of caught goods that gets a licence."""
    return covered_of(rule.covered).approved if rule.covered.strip() else 0.0
