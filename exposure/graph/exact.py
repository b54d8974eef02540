"""Exact arithmetic: numbers as their text says them, and small linear systems solved without rounding."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import TypeVar

import networkx as nx

Key = TypeVar("Key", bound=Hashable)
Label = TypeVar("Label", bound=Hashable)

Vector = dict[Label, Fraction]


def exact(value: float) -> Fraction:
    """Return a number as the decimal that a file writes it with: 0.0022 is 11/5000, not the nearest binary number.

    >>> exact(0.0022)
    Fraction(11, 5000)
    """
    return Fraction(repr(float(value)))


def solve(
    weights: Mapping[Key, Mapping[Key, Fraction]], constants: Mapping[Key, Vector[Label]]
) -> dict[Key, Vector[Label]]:
    """Solve ``x[k] = constants[k] + sum over j of weights[k][j] * x[j]`` exactly; each x[k] is a vector by label.

    Parameters
    ----------
    weights
        Weight of each x[j] in x[k]; a j without a row of its own counts as zero.
    constants
        What stands in x[k] already.

    Raises
    ------
    ZeroDivisionError
        If a loop returns all that goes into it, so that no answer exists.
    """
    graph = nx.DiGraph()
    graph.add_nodes_from(constants)
    graph.add_edges_from((k, j) for k, row in weights.items() for j in row if j in constants and row[j])
    found: dict[Key, Vector[Label]] = {}
    for group in nx.strongly_connected_components(graph):  # what a group needs comes before it
        rows = {k: _known(weights.get(k, {}), constants[k], found, group) for k in sorted(group, key=str)}
        found.update(_eliminated(rows))
    return found


def _known(
    row: Mapping[Key, Fraction], constant: Vector[Label], found: Mapping[Key, Vector[Label]], group: set[Key]
) -> tuple[dict[Key, Fraction], Vector[Label]]:
    """Put what is found already into a row; return what is left of it within its group."""
    right = dict(constant)
    for j, weight in row.items():
        if j in found:
            add(right, found[j], weight)
    return {j: weight for j, weight in row.items() if j in group and weight}, right


def _eliminated(rows: dict[Key, tuple[dict[Key, Fraction], Vector[Label]]]) -> dict[Key, Vector[Label]]:
    """Solve one group: take the unknowns out one by one, then put them back in from the last."""
    order, reduced = list(rows), {}
    left = dict(rows)
    for k in order:
        row, right = left.pop(k)
        own = 1 / (1 - row.get(k, Fraction(0)))
        row = {j: weight * own for j, weight in row.items() if j != k}
        right = {label: value * own for label, value in right.items()}
        reduced[k] = (row, right)
        for j, (other, other_right) in left.items():
            if weight := other.pop(k, None):
                add(other, row, weight)
                add(other_right, right, weight)
                left[j] = (other, other_right)
    found: dict[Key, Vector[Label]] = {}
    for k in reversed(order):
        row, right = reduced[k]
        for j, weight in row.items():
            add(right, found[j], weight)
        found[k] = right
    return found


def add(total: dict[Label, Fraction], terms: Mapping[Label, Fraction], weight: Fraction) -> None:
    """Add ``weight`` times ``terms`` to ``total``."""
    for label, value in terms.items():
        total[label] = total.get(label, Fraction(0)) + weight * value
