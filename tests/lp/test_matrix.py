"""From PuLP to arrays: duplicates, senses, constants, rows that are switched off, scaling."""

import numpy as np
import pulp
import pytest

from exposure.lp.equations.rows import Rows
from exposure.lp.matrix import UNBOUNDED, hand_over


@pytest.fixture
def problem():
    stated = pulp.LpProblem("toy", pulp.LpMinimize)
    x = stated.add_variable("x", 0, 4)
    y = stated.add_variable("y", None, None)
    unused = stated.add_variable("unused", 1)
    stated += 3 * x + 2 * y
    stated += (x + 2 * y + 5 == 11, "equal")
    stated += (x - y <= 2, "at_most")
    stated += (x + y >= 1, "at_least")
    stated += (y <= UNBOUNDED, "off")
    return stated, [y, x, unused]


def test_columns_come_in_the_order_given(problem):
    matrix = hand_over(*problem)
    assert matrix.shape == (4, 3)
    assert matrix.cost.tolist() == [2, 3, 0]
    assert matrix.lower.tolist() == [-np.inf, 0, 1]
    assert matrix.upper.tolist() == [np.inf, 4, np.inf]


def test_senses_and_constants(problem):
    matrix = hand_over(*problem)
    # the constant 5 stands on the left: x + 2y = 6; a row capped by 1e30 is switched off
    assert matrix.row_lower.tolist() == [6, -np.inf, 1, -np.inf]
    assert matrix.row_upper.tolist() == [6, 2, np.inf, np.inf]


def test_entries_multiply_as_they_read(problem):
    matrix = hand_over(*problem)
    # y = 10, x = 1: x + 2y = 21, x - y = -9, x + y = 11, y = 10
    assert matrix.times(np.array([10.0, 1.0, 99.0])).tolist() == [21, -9, 11, 10]
    # duals 1, 2, 3, 4: y gets 2 - 2 + 3 + 4, x gets 1 + 2 + 3, the unused column nothing
    assert matrix.transposed_times(np.array([1.0, 2.0, 3.0, 4.0])).tolist() == [7, 6, 0]


def test_a_term_named_twice_is_summed_by_pulp_too():
    stated = pulp.LpProblem("toy", pulp.LpMinimize)
    x = stated.add_variable("x", 0)
    stated += (pulp.lpSum([x, x, 2 * x]) <= 8, "row")
    matrix = hand_over(stated, [x])
    assert (matrix.index.tolist(), matrix.value.tolist()) == ([0], [4])


def test_rows_sum_what_is_added_twice():
    rows = Rows.over("toy", "==", np.array([7, 9]), 2)
    rows.add(np.array([3, 0]), np.array([5, 2]), 1.0)
    rows.add(np.array([0, 0]), np.array([2, 1]), np.array([0.5, 4.0]))
    row, column, value = rows.entries()
    assert list(zip(row.tolist(), column.tolist(), value.tolist(), strict=True)) == [
        (0, 1, 4.0),
        (0, 2, 1.5),
        (3, 5, 1.0),
    ]
    assert rows.keys == [(7, 0), (7, 1), (9, 0), (9, 1)]


def test_rows_without_entries_are_rows():
    row, column, value = Rows.over("toy", "<=", np.array([1]), 3).entries()
    assert (len(row), len(column), len(value)) == (0, 0, 0)


def test_scaling_counts_columns_and_rows_in_other_units(problem):
    matrix = hand_over(*problem)
    column_scale, row_scale = np.array([10.0, 0.5, 1.0]), np.array([2.0, 1.0, 4.0, 1.0])
    scaled = matrix.scaled(column_scale, row_scale)
    point = np.array([3.0, 2.0, 1.0])
    assert scaled.times(point / column_scale).tolist() == (matrix.times(point) / row_scale).tolist()
    assert scaled.cost @ (point / column_scale) == matrix.cost @ point
    assert scaled.upper.tolist() == [np.inf, 8, np.inf]
    assert scaled.row_upper.tolist() == [3, 2, np.inf, np.inf]
