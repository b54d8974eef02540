"""The solver's rounding taken out: the closed baseline satisfies its balances to the last digit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from exposure.lp.matrix import Matrix, sum_by

Floats = NDArray[np.float64]

DIGITS = 8
"""More than any source has; beyond them stands the solver's tolerance."""
CLOSED = 1e-15
"""Largest residual of a balance, as a share of what passes through the node: a few units in the last place."""
SHRUNK = 1e-11
"""How far a search brings the residual down; the next one does the rest."""


def rounded(values: Floats) -> Floats:
    """Return values to eight digits; what is below 1e-9 becomes nothing."""
    with np.errstate(divide="ignore"):
        floor = np.floor(np.log10(np.where(values > 0, values, 1.0)))
        scale = np.where(values > 0, 10.0 ** (DIGITS - 1 - floor), 1.0)
    return np.asarray(np.where(values < 1e-9, 0.0, np.round(values * scale) / scale))


def closed(balances: Matrix, point: Floats) -> Floats:
    """Return the point after the smallest relative change that makes every balance hold to the last digit.

        sum over j of a[i, j] x[j] = right[i],  x[j] = point[j] (1 - c[j]),  sum of c[j]^2 least

    for every row i; what is nothing stays nothing. ``balances``: equations alone, ``row_upper`` their right-hand sides.
    """
    row, index = balances.row_of_entry(), balances.index
    count, width = balances.shape
    for _ in range(3):
        weighted = balances.value * point[index]
        residual = sum_by(row, weighted, count) - balances.row_upper
        size = sum_by(row, np.abs(weighted), count)
        passing = size > 0
        share = np.where(passing, residual / np.where(passing, size, 1.0), 0.0)
        if np.max(np.abs(share), initial=0.0) < CLOSED:
            break
        entry = weighted / np.where(passing, size, 1.0)[row]
        point = np.maximum(point * (1 - _least_change(row, index, entry, share, width)), 0.0)
    return point


def _least_change(
    row: NDArray[np.integer], index: NDArray[np.integer], entry: Floats, share: Floats, width: int
) -> Floats:
    """Return the shortest c with matrix c = share, or nearest to it, by conjugate gradients.

    Every step only passes over the entries once each way, and some ten to a hundred steps do: far-off parts of a network have
    no say in each other's rounding.
    """
    change = np.zeros(width)
    left = share.copy()
    slope = sum_by(index, entry * left[row], width)
    step, steepness = slope, float(slope @ slope)
    first = float(left @ left)
    for _ in range(10 * len(share)):
        if steepness == 0.0 or left @ left <= SHRUNK**2 * first:
            break
        seen = sum_by(row, entry * step[index], len(share))
        length = steepness / float(seen @ seen)
        change = change + length * step
        left = left - length * seen
        slope = sum_by(index, entry * left[row], width)
        before, steepness = steepness, float(slope @ slope)
        step = slope + (steepness / before) * step
    return change
