"""A programme whose parts share no row, solved batch by batch: time grows with the number of parts, no faster."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exposure.lp.matrix import Bounds, Matrix
from exposure.lp.session import Session, SolverName, open_session

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ENOUGH = 10_000
"""Columns after which a batch takes no further part: simplex steps get dearer beyond, sessions are too many below."""


@dataclass(frozen=True)
class _Batch:
    columns: Ints
    rows: Ints
    session: Session

    def solve(self, bounds: Bounds, cost: Floats) -> Floats:
        limits = Bounds(
            bounds.lower[self.columns],
            bounds.upper[self.columns],
            bounds.row_lower[self.rows],
            bounds.row_upper[self.rows],
        )
        return self.session.solve(limits, cost[self.columns]).value


class Batches:
    """One session per batch of whole parts; each keeps its programme from solve to solve."""

    def __init__(self, matrix: Matrix, part: Ints, solver: SolverName) -> None:
        """Hand a matrix over; ``part``: of each column, numbered from 0, no row over two of them.

        Raises
        ------
        SolverError
            If the solver is unknown or cannot be found.
        """
        self._width = matrix.shape[1]
        self._batches = [
            _Batch(columns, rows, open_session(alone, solver)) for columns, rows, alone in split(matrix, part, ENOUGH)
        ]

    def solve(self, bounds: Bounds, cost: Floats) -> Floats:
        """Return the values of all columns where ``cost`` is least within ``bounds``; raise SolverError unless optimal."""
        value = np.zeros(self._width)
        for batch in self._batches:
            value[batch.columns] = batch.solve(bounds, cost)
        return value


def split(matrix: Matrix, part: Ints, enough: int) -> list[tuple[Ints, Ints, Matrix]]:
    """Return columns, rows and matrix of each batch: whole parts in their order until it has ``enough`` columns.

    A row without entries goes with the first part.
    """
    batch_of_part = _batch_of_part(np.bincount(part), enough)
    batch = batch_of_part[part]
    row_batch = np.zeros(matrix.shape[0], dtype=np.int64)
    row_batch[matrix.row_of_entry()] = batch[matrix.index]
    columns, rows = _grouped(batch), _grouped(row_batch)
    entries = _grouped(row_batch[matrix.row_of_entry()])
    place = np.zeros(matrix.shape[1], dtype=np.int32)
    found = []
    for b, here in enumerate(columns):
        kept, held = (group[b] if b < len(group) else np.zeros(0, dtype=np.int64) for group in (rows, entries))
        place[here] = np.arange(len(here), dtype=np.int32)
        counts = matrix.starts[kept + 1] - matrix.starts[kept]
        alone = Matrix(
            cost=matrix.cost[here],
            lower=matrix.lower[here],
            upper=matrix.upper[here],
            row_lower=matrix.row_lower[kept],
            row_upper=matrix.row_upper[kept],
            starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
            index=place[matrix.index[held]],
            value=matrix.value[held],
        )
        found.append((here, kept, alone))
    return found


def _batch_of_part(sizes: Ints, enough: int) -> Ints:
    """Number the batches: a part joins the one before it until that has enough columns."""
    batch = np.zeros(len(sizes), dtype=np.int64)
    number, filled = 0, 0
    for part, size in enumerate(sizes):
        if filled >= enough:
            number, filled = number + 1, 0
        batch[part] = number
        filled += int(size)
    return batch


def _grouped(batch: Ints) -> list[Ints]:
    """Return the positions of each batch number, in rising order."""
    order = np.argsort(batch, kind="stable")
    return np.split(order, np.cumsum(np.bincount(batch))[:-1])
