"""The programme stated once: scaling, exactness of the baseline, addresses, rows that are switched off."""

from dataclasses import replace

import numpy as np
import pytest

from exposure.errors import SolverError
from exposure.lp.baseline import close
from exposure.lp.equations import EQUATIONS
from exposure.lp.groups import Groups
from exposure.lp.matrix import Bounds
from exposure.lp.statement import equations, formulate, state
from exposure.lp.world import world_of
from tests.equations.toys import TOYS
from tests.random_networks import random_network
from tests.support import world_and_statement


@pytest.mark.parametrize("seed", [6, 9, 10])
def test_the_baseline_satisfies_every_row_exactly(seed):
    _, statement = world_and_statement(random_network(seed), 5, Groups(quotas=((0, 1),)))
    matrix = statement.matrix
    activity = matrix.times(statement.columns.baseline() / statement.column_scale)
    size = np.maximum(np.abs(activity), 1.0)
    assert (activity >= matrix.row_lower - 1e-12 * size).all()
    assert (activity <= matrix.row_upper + 1e-12 * size).all()


def test_coefficients_stay_near_one_whatever_the_units():
    # grams of dysprosium beside a billion dollars' worth of cars: the largest entry of a row is 1 in solver units
    for toy in TOYS.values():
        net, periods, groups = toy()
        matrix = world_and_statement(net, periods, groups)[1].matrix
        largest = np.zeros(matrix.shape[0])
        np.maximum.at(largest, matrix.row_of_entry(), np.abs(matrix.value))
        assert largest[largest > 0] == pytest.approx(1)


def test_limits_go_to_solver_units_by_the_scales():
    _, statement = world_and_statement(random_network(6), 3)
    columns, rows = statement.column_scale, statement.row_scale
    inner = statement.to_solver(Bounds(0 * columns, 2 * columns, -rows, 3 * rows))
    assert (inner.lower == 0).all()
    assert inner.upper == pytest.approx(2)
    assert inner.row_lower == pytest.approx(-1)
    assert inner.row_upper == pytest.approx(3)


def test_broken_data_are_named_by_item_and_region():
    net = random_network(6)
    base = close(net)
    lane = int(np.argmax(base.flow))
    broken = replace(base, flow=base.flow * np.where(np.arange(len(base.flow)) == lane, 1.5, 1.0))
    with pytest.raises(SolverError, match=rf"the baseline does not satisfy balance of {net.lanes[lane].item} in \w\w"):
        state(world_of(net, broken), 4)


def test_every_row_has_its_address():
    net, periods, groups = TOYS["balance"]()
    _, statement = world_and_statement(net, periods, groups)
    assert list(statement.row_keys) == list(EQUATIONS)
    total = sum(len(keys) for keys in statement.row_keys.values())
    assert total == statement.matrix.shape[0]
    assert statement.address(0) == "balance of kiln in US, period 0"
    assert statement.address(4) == "balance of metal in JP, period 1"
    assert statement.address(total) == f"row {total}"
    for equation in EQUATIONS:
        rows = statement.rows_of(equation)
        if rows.size:
            assert statement.address(int(rows[0, 0])).startswith(equation)


def test_a_quota_row_is_switched_off_until_a_scenario_caps_it():
    net, periods, groups = TOYS["quota"]()
    _, statement = world_and_statement(net, periods, groups)
    rows = statement.rows_of("quota").ravel()
    assert np.isinf(statement.matrix.row_upper[rows]).all()
    assert np.isinf(statement.matrix.row_lower[rows]).all()


def test_names_are_numbered_and_unique():
    _, statement = world_and_statement(random_network(6), 3)
    problem, _ = formulate(statement.columns, list(equations(statement.columns).values()))
    names = [variable.name for variable in problem.variables()]
    assert len(set(names)) == len(names)
    assert all(name.replace("_", "").isalnum() for name in names)


@pytest.mark.parametrize("seed", [6, 9, 10])
@pytest.mark.parametrize("groups", [Groups(), Groups(quotas=((0, 1),))])
def test_fewer_periods_are_cut_from_more(seed, groups):
    world, long = world_and_statement(random_network(seed), 9, groups)
    cut, short = long.until(4), state(world, 4, groups=groups)
    assert cut.row_keys == short.row_keys
    assert cut.row_start == short.row_start
    for name in ("cost", "lower", "upper", "row_lower", "row_upper", "starts", "index", "value"):
        assert np.array_equal(getattr(cut.matrix, name), getattr(short.matrix, name)), name
    assert np.array_equal(cut.column_scale, short.column_scale)
    assert np.array_equal(cut.row_scale, short.row_scale)
    assert cut.columns.periods == 4
