"""A linear system that is a chain but for a few loops, solved along the chain and densely only inside the loops."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from exposure.graph.bill import Floats, Ints


def along(step: Floats, first: Floats) -> Floats:
    """Return the x of x = diag(first) + step @ x, in other words (1 - step)^-1 @ diag(first).

    Row m of x needs the rows n with step[m, n] > 0. Rows are found one after another: those that need none or only known
    ones, then together those in a loop or between loops, then those that need these.

    Parameters
    ----------
    step
        (N, N), not negative.
    first
        (N,).

    Raises
    ------
    numpy.linalg.LinAlgError
        If a loop returns all that goes into it.
    """
    needs = step != 0
    known = np.zeros(len(first), dtype=bool)
    before = list(_free(needs, known))
    after = list(_free(needs.T, known))
    solved = np.diag(first)
    for rows in before:
        _from_known(solved, step, rows)
    core = np.flatnonzero(~known)
    if len(core):
        inside = step[np.ix_(core, core)]
        _from_known(solved, np.where(known, step, 0.0), core)
        solved[core] = np.linalg.solve(np.eye(len(core)) - inside, solved[core])
    for rows in reversed(after):
        _from_known(solved, step, rows)
    return solved


def _free(needs: np.ndarray[tuple[int, int], np.dtype[np.bool_]], known: np.ndarray) -> Iterator[Ints]:
    """Yield rows that need none but known ones, round by round, and mark them as known."""
    waits = (needs & ~known).sum(axis=1)
    while len(rows := np.flatnonzero((waits == 0) & ~known)):
        known[rows] = True
        yield rows
        waits = waits - needs[:, rows].sum(axis=1)


def _from_known(solved: Floats, step: Floats, rows: Ints) -> None:
    """Add to some rows what they need of rows that are known."""
    at, used = np.nonzero(step[rows])
    np.add.at(solved, rows[at], step[rows[at], used][:, None] * solved[used])
