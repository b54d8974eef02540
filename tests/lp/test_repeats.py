"""A month that repeats the one before is not stated again, and the matrix is the one of the problem stated in full."""

import numpy as np
import pytest

from exposure.lp.columns import Columns
from exposure.lp.equations import Groups, Rows
from exposure.lp.matrix import hand_over
from exposure.lp.repeats import Told
from exposure.lp.statement import equations, formulate
from tests.equations.toys import TOYS
from tests.random_networks import random_network
from tests.support import world_and_statement


def arrays(matrix):
    return {name: getattr(matrix, name) for name in vars(matrix) if not name.startswith("_")}


def check_against_all(columns):
    blocks = list(equations(columns).values())
    told = Told.of(blocks, columns.size)
    spread = arrays(told.spread(hand_over(*formulate(columns, blocks, told))))
    stated = arrays(hand_over(*formulate(columns, blocks)))
    for name, expected in stated.items():
        assert np.array_equal(spread[name], expected), name
    return told


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("groups", [Groups(), Groups(quotas=((0, 1),), refusals=(0,))])
def test_spreading_what_is_told_gives_the_programme_stated_in_full(seed, groups):
    world, statement = world_and_statement(random_network(seed), 7, groups)
    told = check_against_all(Columns(world, 7, groups=groups))
    assert sum(map(len, told.stated)) < statement.matrix.shape[0]


@pytest.mark.parametrize("toy", sorted(TOYS))
def test_so_does_each_equation_of_the_manual(toy):
    net, periods, groups = TOYS[toy]()
    world, _ = world_and_statement(net, periods, groups)
    check_against_all(Columns(world, periods + 5, groups=groups))


def of_two(right, value=1.0):
    """Rows of one member over months 0..3: what is there after a month, less what was there before it."""
    rows = Rows.over("stock", "==", np.array([7]), 4)
    at = np.arange(4)
    rows.add(at, at, value)
    rows.add(at[1:], at[:-1], -1.0)
    rows.right[:] = right
    return rows


def test_the_first_month_and_the_second_are_told_where_stock_is_carried_over():
    # month 0: x0 = 0; month 1: x1 - x0 = 0; months 2 and 3 are month 1, one and two months on
    told = Told.of([of_two(0.0)], 4)
    assert told.stated[0].tolist() == [0, 1]
    assert told.occurs.tolist() == [True, True, False, False]
    assert told.later.tolist() == [0, 0, 1, 2]


def test_a_month_with_another_coefficient_or_right_hand_side_is_told():
    assert Told.of([of_two(np.array([0.0, 0.0, 5.0, 5.0]))], 4).stated[0].tolist() == [0, 1, 2]
    assert Told.of([of_two(0.0, np.array([1.0, 1.0, 1.0, 2.0]))], 4).stated[0].tolist() == [0, 1, 3]


def test_rows_of_two_members_do_not_tell_each_other():
    rows = Rows.over("cap", "<=", np.array([0, 1]), 1)
    rows.add(np.arange(2), np.arange(2), 1.0)
    assert Told.of([rows], 2).stated[0].tolist() == [0, 1]


def test_no_rows_are_told_by_none():
    world, _ = world_and_statement(random_network(0), 1)
    assert Told.of([Rows.over("quota", "<=", np.zeros(0, np.int64), 3)], 2).stated[0].tolist() == []
    check_against_all(Columns(world, 1))
