"""One pass over a PuLP problem: the arrays that a solver takes in a single hand-over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pulp
from numpy.typing import NDArray

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
        return np.repeat(np.arange(self.shape[0], dtype=np.int32), np.diff(self.starts))

    def times(self, point: Floats) -> Floats:
        """Return the row activities at a point."""
        return sum_by(self.row_of_entry(), self.value * point[self.index], self.shape[0])

    def transposed_times(self, duals: Floats) -> Floats:
        """Return the matrix transposed times a vector over rows."""
        return sum_by(self.index, self.value * duals[self.row_of_entry()], self.shape[1])

    def part(self, lower: Floats, upper: Floats, row_lower: Floats, row_upper: Floats, cost: Floats) -> Part:
        """Return the programme within other limits, without columns whose limits meet and rows that bind nothing free."""
        free = lower < upper
        fixed = np.where(free, 0.0, lower)
        entry_row = self.row_of_entry()
        settled = self.times(fixed)
        bounded = np.isfinite(row_lower) | np.isfinite(row_upper)
        moves = sum_by(entry_row, free[self.index], self.shape[0]) > 0
        still = bounded & ~moves
        beyond = np.maximum(row_lower[still] - settled[still], settled[still] - row_upper[still])
        kept = bounded & moves
        columns, rows = np.flatnonzero(free), np.flatnonzero(kept)
        here = free[self.index] & kept[entry_row]
        place = np.cumsum(free, dtype=np.int32) - 1
        counts = sum_by(entry_row[here], np.ones(int(here.sum())), self.shape[0])[rows]
        matrix = Matrix(
            cost=cost[columns],
            lower=lower[columns],
            upper=upper[columns],
            row_lower=row_lower[rows] - settled[rows],
            row_upper=row_upper[rows] - settled[rows],
            starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
            index=place[self.index[here]],
            value=self.value[here],
        )
        return Part(matrix, columns, rows, fixed, cost, float(np.max(beyond, initial=0.0)))

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
class Part:
    """What of a programme can still move: a smaller programme, and where its columns and rows stand in the whole.

    ``fixed``: values of all columns of the whole, those of the part at nothing; ``cost`` of the whole. ``broken``: largest
    distance from its limits of a row in which nothing can move.
    """

    matrix: Matrix
    columns: Indices
    rows: Indices
    fixed: Floats
    cost: Floats
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
