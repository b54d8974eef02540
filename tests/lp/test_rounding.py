"""The solver's rounding taken out of a closed baseline."""

import numpy as np
import pytest

from exposure.lp.matrix import Matrix
from exposure.lp.rounding import closed, rounded


def balances(rows, right):
    """Return equations alone, from rows of coefficients."""
    dense = np.array(rows, dtype=float)
    row, index = np.nonzero(dense)
    return Matrix(
        cost=np.zeros(dense.shape[1]),
        lower=np.zeros(dense.shape[1]),
        upper=np.full(dense.shape[1], np.inf),
        row_lower=np.array(right, dtype=float),
        row_upper=np.array(right, dtype=float),
        starts=np.searchsorted(row, np.arange(len(dense) + 1)).astype(np.int32),
        index=index.astype(np.int32),
        value=dense[row, index],
    )


def test_eight_digits_are_kept():
    assert rounded(np.array([123456.789123, 0.00012345678912, 2e-10, 0.0])).tolist() == [123456.79, 0.00012345679, 0, 0]


def test_each_quantity_changes_by_a_share_of_itself():
    # made here + made there = shipped: 1 + 3 - 4.2 misses by -0.2. Shares c with 1 c0 + 3 c1 - 4.2 c2 = -0.2 are shortest along
    # (1, 3, -4.2): c = -0.2 (1, 3, -4.2) / (1 + 9 + 17.64), so 1 -> 1.0072, 3 -> 3.0651, 4.2 -> 4.0724
    k = 0.2 / 27.64
    point = closed(balances([[1, 1, -1]], [0]), np.array([1, 3, 4.2]))
    assert point.tolist() == pytest.approx([1 * (1 + k), 3 * (1 + 3 * k), 4.2 * (1 - 4.2 * k)])
    assert point[0] + point[1] - point[2] == pytest.approx(0, abs=1e-15)


def test_tiers_close_together_to_the_last_digit():
    # ore -> lane -> 2.5 ore a metal -> metal wanted; ore beside it is closed already and stays as it is, and so does nothing
    rows = [
        [1, -1, 0, 0, 0, 0, 0],
        [0, 1, -2.5, 0, 0, 0, 0],
        [0, 0, 1, -1, 0, 0, 0],
        [0, 0, 0, 0, 1, -1, 0],
        [0] * 6 + [1],
    ]
    before = np.array([100.00001, 99.99999, 40.000003, 40.0, 7.0, 7.0, 0.0])
    point = closed(balances(rows, [0, 0, 0, 0, 0]), before)
    residual = [point[0] - point[1], point[1] - 2.5 * point[2], point[2] - point[3]]
    assert np.max(np.abs(residual)) <= 1e-13
    assert np.max(np.abs(point[:4] / before[:4] - 1)) < 2e-7
    assert point[4:].tolist() == [7, 7, 0]


def test_balances_that_say_the_same_twice_do_no_harm():
    point = closed(balances([[1, -1], [2, -2]], [0, 0]), np.array([1.0, 1.001]))
    assert point[0] == pytest.approx(point[1], rel=1e-15)
