"""One pass over a PuLP problem: the arrays that a solver takes in a single hand-over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pulp
from numpy.typing import NDArray

from exposure.once import once

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Indices = NDArray[np.int64]

UNBOUNDED = 1e30
"""Right-hand side of a row that is switched off (PuLP takes no infinity); infinite in the arrays."""


def sum_by(group: NDArray[np.integer], amounts: NDArray[Any], count: int) -> Floats:
    """Sum amounts by group number; groups 0 to ``count`` - 1."""
    return np.bincount(group, amounts, count).astype(np.float64, copy=False)


@dataclass(frozen=True)
class Matrix:
    """A linear programme to be minimised, as arrays; rows are compressed.

    ``cost``, ``lower``, ``upper`` (columns); ``row_lower``, ``row_upper`` (rows); ``starts``, ``index``, ``value`` (entries).
    """

    cost: Floats
    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats
    starts: Ints
    index: Ints
    value: Floats

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.row_lower), len(self.cost)

    def row_of_entry(self) -> Ints:
        """Row number of each entry."""
        return once(self, "rows", lambda: np.repeat(np.arange(self.shape[0], dtype=np.int32), np.diff(self.starts)))

    def times(self, point: Floats) -> Floats:
        """Return the row activities at a point."""
        return sum_by(self.row_of_entry(), self.value * point[self.index], self.shape[0])

    def transposed_times(self, duals: Floats) -> Floats:
        """Return the matrix transposed times a vector over rows."""
        return sum_by(self.index, self.value * duals[self.row_of_entry()], self.shape[1])

    def rows_with(self, columns: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return the rows that have an entry in some columns."""
        found: NDArray[np.bool_] = sum_by(self.row_of_entry(), columns[self.index], self.shape[0]) > 0
        return found

    def moving(self, limits: Bounds) -> Moving:
        """Return what can move within other limits: columns whose limits do not meet, rows that bind one of these."""
        free = limits.lower < limits.upper
        fixed = np.where(free, 0.0, limits.lower)
        settled = self.times(fixed)
        bounded = np.isfinite(limits.row_lower) | np.isfinite(limits.row_upper)
        moves = self.rows_with(free)
        stuck = bounded & ~moves
        beyond = np.maximum(limits.row_lower[stuck] - settled[stuck], settled[stuck] - limits.row_upper[stuck])
        return Moving(free, bounded & moves, ~moves, fixed, settled, float(np.max(beyond, initial=0.0)))

    def within(self, columns: Indices, rows: Indices) -> Matrix:
        """Return some columns and rows alone, with limits and costs as stated."""
        place = np.full(self.shape[1], -1, dtype=np.int32)
        place[columns] = np.arange(len(columns), dtype=np.int32)
        row_place = np.full(self.shape[0], -1, dtype=np.int32)
        row_place[rows] = np.arange(len(rows), dtype=np.int32)
        row = row_place[self.row_of_entry()]
        here = (place[self.index] >= 0) & (row >= 0)
        counts = sum_by(row[here], np.ones(int(here.sum())), len(rows))
        return Matrix(
            cost=self.cost[columns],
            lower=self.lower[columns],
            upper=self.upper[columns],
            row_lower=self.row_lower[rows],
            row_upper=self.row_upper[rows],
            starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
            index=place[self.index[here]],
            value=self.value[here],
        )

    def under(self, limits: Bounds, cost: Floats) -> Matrix:
        """Return the same programme within other limits and with other costs."""
        return replace(
            self,
            cost=cost,
            lower=limits.lower,
            upper=limits.upper,
            row_lower=limits.row_lower,
            row_upper=limits.row_upper,
        )

    def scaled(self, column_scale: Floats, row_scale: Floats) -> Matrix:
        """Return the same programme with column j counted in units of ``column_scale[j]``, row i of ``row_scale[i]``."""
        return Matrix(
            cost=self.cost * column_scale,
            lower=self.lower / column_scale,
            upper=self.upper / column_scale,
            row_lower=self.row_lower / row_scale,
            row_upper=self.row_upper / row_scale,
            starts=self.starts,
            index=self.index,
            value=self.value * column_scale[self.index] / row_scale[self.row_of_entry()],
        )


@dataclass(frozen=True)
class Bounds:
    """What one re-solve may change: limits of columns and rows."""

    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats

    @classmethod
    def of(cls, matrix: Matrix) -> Bounds:
        """Return the limits as stated, in arrays of their own."""
        parts = (matrix.lower, matrix.upper, matrix.row_lower, matrix.row_upper)
        return cls(*(part.copy() for part in parts))


@dataclass(frozen=True)
class Moving:
    """What of a programme can move within some limits.

    ``columns`` and ``rows``: True for those that can move and that bind them. ``still``: rows in which nothing can move.
    ``fixed``: values of all columns, those that can move at nothing; ``settled``: the rows' activity at these. ``broken``: largest
    distance from its limits of a row in which nothing can move.
    """

    columns: NDArray[np.bool_]
    rows: NDArray[np.bool_]
    still: NDArray[np.bool_]
    fixed: Floats
    settled: Floats
    broken: float


def hand_over(problem: pulp.LpProblem, columns: list[pulp.LpVariable]) -> Matrix:
    """Read a PuLP problem into arrays, columns in the order given.

    The constant of a PuLP constraint stands on its left, so the right-hand side is its negative.
    """
    position = {variable: j for j, variable in enumerate(columns)}
    constraints = problem.constraints()
    index: list[int] = []
    value: list[float] = []
    starts = np.zeros(len(constraints) + 1, dtype=np.int32)
    right = np.empty(len(constraints))
    sense = np.empty(len(constraints), dtype=np.int8)
    for i, constraint in enumerate(constraints):
        for variable, coefficient in constraint.items():
            index.append(position[variable])
            value.append(coefficient)
        starts[i + 1] = len(index)
        right[i] = -constraint.constant
        sense[i] = constraint.sense
    cost = np.zeros(len(columns))
    for variable, coefficient in problem.objective.items() if problem.objective is not None else ():
        cost[position[variable]] = coefficient
    return Matrix(
        cost=cost,
        lower=np.array([-np.inf if v.lowBound is None else v.lowBound for v in columns]),
        upper=np.array([np.inf if v.upBound is None else v.upBound for v in columns]),
        row_lower=np.where(sense == pulp.LpConstraintLE, -np.inf, right),
        row_upper=np.where((sense == pulp.LpConstraintGE) | (right >= UNBOUNDED), np.inf, right),
        starts=starts,
        index=np.array(index, dtype=np.int32),
        value=np.array(value),
    )
