"""A month that says what the month before it said is not stated again.

Most rows of an equation are the row of the month before, one month on: same coefficients, same right-hand side, each column one
month later. Such a row is left out of the PuLP problem and written into the matrix from the last row stated before it. Nothing is
assumed of months or equations: a row is left out only where it is found to be so, number for number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exposure.lp.equations import Rows
from exposure.lp.matrix import Matrix

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Told:
    """The rows of a programme that are stated, and how they tell the others.

    ``stated``: rows stated of each equation. ``occurs``: True for each column of the programme that occurs in one of these.
    ``teller``: for each row of the programme, which of those stated tells it; ``later``: by how many months, and so columns, it
    stands later than that one.
    """

    stated: tuple[Ints, ...]
    occurs: Bools
    teller: Ints
    later: Ints

    @classmethod
    def of(cls, blocks: Sequence[Rows], columns: int) -> Told:
        """Look through the equations of a programme with so many columns for rows that repeat the one before."""
        occurs = np.zeros(columns, dtype=np.bool_)
        stated, later = [], []
        for rows in blocks:
            repeats = _repeats(rows)
            row, column, _ = rows.entries()
            occurs[column[~repeats[row]]] = True
            stated.append(np.flatnonzero(~repeats))
            later.append(np.arange(len(repeats)) - np.maximum.accumulate(np.where(repeats, 0, np.arange(len(repeats)))))
        since = np.concatenate([np.zeros(0, dtype=np.int64), *later])
        return cls(tuple(stated), occurs, np.cumsum(since == 0) - 1, since)

    def spread(self, told: Matrix) -> Matrix:
        """Return the matrix of all rows and columns from that of the rows stated and the columns that occur in them."""
        counts = np.diff(told.starts)[self.teller]
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        entry = np.arange(starts[-1]) + np.repeat(told.starts[self.teller] - starts[:-1], counts)
        index = np.flatnonzero(self.occurs)[told.index[entry]] + np.repeat(self.later, counts)
        size = len(self.occurs)
        return Matrix(
            cost=np.zeros(size),
            lower=np.zeros(size),
            upper=np.full(size, np.inf),
            row_lower=told.row_lower[self.teller],
            row_upper=told.row_upper[self.teller],
            starts=starts,
            index=index.astype(np.int32),
            value=told.value[entry],
        )


def _repeats(rows: Rows) -> Bools:
    """Return True for each row whose entries are those of the row before, one column on, with the same right-hand side."""
    row, column, value = rows.entries()
    sizes = np.bincount(row, minlength=len(rows.keys))
    member = np.array([key[0] for key in rows.keys], dtype=np.int64)
    alike = np.zeros(len(sizes), dtype=np.bool_)
    alike[1:] = (sizes[1:] == sizes[:-1]) & (rows.right[1:] == rows.right[:-1]) & (member[1:] == member[:-1])
    here = np.flatnonzero(alike[row])
    before = here - sizes[row[here]]  # the entry at the same place in the row before, which has as many
    differs = (column[here] != column[before] + 1) | (value[here] != value[before])
    alike[row[here[differs]]] = False
    return alike
