"""What an equation returns: all rows of its block at once, as (row, column, coefficient) entries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass
class Rows:
    """A block of rows of one equation: ``sense`` and right-hand side, and the entries collected so far.

    ``keys`` gives each row its address (what it speaks of, and the period).
    """

    equation: str
    sense: Literal["==", "<=", ">="]
    keys: list[tuple[int, int]]
    right: Floats
    entry_rows: list[Ints] = field(default_factory=list)
    entry_columns: list[Ints] = field(default_factory=list)
    entry_values: list[Floats] = field(default_factory=list)
    _summed: tuple[Ints, Ints, Floats] | None = None

    @classmethod
    def over(cls, equation: str, sense: Literal["==", "<=", ">="], members: Ints, periods: int) -> Rows:
        """Start a block of rows over members x periods, right-hand sides zero."""
        keys = [(int(m), t) for m in members for t in range(periods)]
        return cls(equation, sense, keys, np.zeros(len(keys)))

    def add(self, rows: Ints, columns: Ints, coefficient: float | Floats) -> None:
        """Add entries: arrays of equal shape, or one coefficient for all."""
        self._summed = None
        rows, columns = np.broadcast_arrays(rows, columns)
        self.entry_rows.append(rows.ravel())
        self.entry_columns.append(columns.ravel())
        self.entry_values.append(np.broadcast_to(coefficient, rows.shape).ravel().astype(np.float64))

    def entries(self) -> tuple[Ints, Ints, Floats]:
        """Return all entries, duplicates summed (a pair list keeps only the last), ordered by row then column."""
        if self._summed is None:
            self._summed = self._sum()
        return self._summed

    def _sum(self) -> tuple[Ints, Ints, Floats]:
        if not self.entry_rows:
            return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
        rows, columns = np.concatenate(self.entry_rows), np.concatenate(self.entry_columns)
        values = np.concatenate(self.entry_values)
        order = np.lexsort((columns, rows))
        rows, columns, values = rows[order], columns[order], values[order]
        first = np.ones(len(rows), dtype=bool)
        first[1:] = (np.diff(rows) != 0) | (np.diff(columns) != 0)
        starts = np.flatnonzero(first)
        return rows[starts], columns[starts], np.add.reduceat(values, starts)
