"""Twins: the usual and the extra part of one flow, where they cost the same, are one column to the solver.

They stand in the same rows with the same coefficients (but for rows that speak of extra flow alone, whose columns have no twin).
Where a unit of either costs the same too, a plan is as good however it splits their sum, so the solver sees one column with the
room of both, and the usual part is filled first. The reduction is exact: same optimum, same prices.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from exposure.lp.columns import Columns
from exposure.lp.matrix import Bounds, Matrix
from exposure.lp.session import Solution

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

FLOWS = ("make", "ship", "stock", "discard", "install")
"""Families that have a usual and an extra part in the same rows."""


@dataclass(frozen=True)
class Twins:
    """Columns of usual parts and, at the same place, of their extra parts."""

    usual: Ints
    extra: Ints

    @classmethod
    def of(cls, columns: Columns, matrix: Matrix) -> Twins:
        """Return every pair of a programme whose two columns have the same entries."""
        usual, extra = [], []
        for flow in FLOWS:
            first, second = columns[f"{flow}_usual"], columns[f"{flow}_extra"]
            both = np.intersect1d(first.members, second.members)
            usual.append(first.grid[[first.slot[int(member)] for member in both]].ravel())
            extra.append(second.grid[[second.slot[int(member)] for member in both]].ravel())
        u, e = np.concatenate(usual).astype(np.int64), np.concatenate(extra).astype(np.int64)
        same = _alike(matrix, u, e)
        return cls(u[same], e[same])

    def that_cost_the_same(self, bounds: Bounds, cost: Floats) -> Twins:
        """Return the pairs that may be one column within some limits: both can move, for the same cost."""
        u, e = self.usual, self.extra
        same = (cost[u] == cost[e]) & (bounds.lower[u] < bounds.upper[u]) & (bounds.lower[e] < bounds.upper[e])
        same &= bounds.lower[e] == 0
        return Twins(u[same], e[same])

    def joined(self, bounds: Bounds) -> Bounds:
        """Return limits in which each usual part has the room of both, and the extra part none."""
        upper = bounds.upper.copy()
        upper[self.usual] += upper[self.extra]
        upper[self.extra] = 0.0
        return replace(bounds, upper=upper)

    def split(self, found: Solution, bounds: Bounds) -> Solution:
        """Return a plan within ``bounds`` from one of the joined programme: usual parts first."""
        value = found.value.copy()
        both = value[self.usual]
        value[self.usual] = np.minimum(both, bounds.upper[self.usual])
        value[self.extra] = both - value[self.usual]
        return replace(found, value=value)


def _alike(matrix: Matrix, first: Ints, second: Ints) -> Bools:
    """Return for each pair of columns whether they have the same entries."""
    by_column = np.argsort(matrix.index, kind="stable")
    row, value = matrix.row_of_entry()[by_column], matrix.value[by_column]
    count = np.bincount(matrix.index, minlength=matrix.shape[1])
    start = np.concatenate([[0], np.cumsum(count)])
    alike = count[first] == count[second]
    for size in np.unique(count[first[alike]]):
        here = np.flatnonzero(alike & (count[first] == size))
        one, other = (start[columns[here]][:, None] + np.arange(size) for columns in (first, second))
        alike[here] = (row[one] == row[other]).all(axis=1) & (value[one] == value[other]).all(axis=1)
    return np.asarray(alike)
