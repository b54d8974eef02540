"""Signs, statuses and re-solves, the same on both solvers."""

import numpy as np
import pulp
import pytest

from exposure.errors import SolverError
from exposure.lp.matrix import Bounds, hand_over
from exposure.lp.session import open_session

SOLVERS = ("highs", "cbc")


@pytest.fixture
def matrix():
    """Serve 8 from a maker of 5 at 1 USD, or go short at 10 USD: ship + unmet = 8, ship <= 5, as rows."""
    stated = pulp.LpProblem("style", pulp.LpMinimize)
    ship, unmet = stated.add_variable("ship", 0), stated.add_variable("unmet", 0)
    stated += ship + 10 * unmet
    stated += (ship + unmet == 8, "demand")
    stated += (ship - 5 <= 0, "capacity")
    return hand_over(stated, [ship, unmet])


@pytest.mark.parametrize("solver", SOLVERS)
def test_signs_are_those_of_the_style_page(matrix, solver):
    found = open_session(matrix, solver).solve(Bounds.of(matrix), matrix.cost)
    # 5 x 1 + 3 x 10 = 35. One more unit of demand costs 10; one more of capacity saves 10 - 1 = 9
    assert found.objective == pytest.approx(35)
    assert found.value.tolist() == pytest.approx([5, 3])
    assert found.dual.tolist() == pytest.approx([10, -9])
    assert found.reduced.tolist() == pytest.approx([0, 0], abs=1e-9)


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_bound_of_a_column_has_its_price_as_reduced_cost(matrix, solver):
    bounds = Bounds.of(matrix)
    bounds.upper[0] = 4  # now the lane and not the maker decides
    found = open_session(matrix, solver).solve(bounds, matrix.cost)
    assert found.objective == pytest.approx(4 + 40)
    assert found.reduced.tolist() == pytest.approx([-9, 0], abs=1e-9)
    assert found.dual.tolist() == pytest.approx([10, 0], abs=1e-9)


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_lower_bound_has_a_positive_reduced_cost(matrix, solver):
    bounds = Bounds.of(matrix)
    bounds.lower[1] = 4
    found = open_session(matrix, solver).solve(bounds, matrix.cost)
    assert found.objective == pytest.approx(4 + 40)
    assert found.reduced.tolist() == pytest.approx([0, 9], abs=1e-9)


@pytest.mark.parametrize("solver", SOLVERS)
def test_prices_hold_where_a_row_alone_could_tighten_a_bound(solver):
    """The bundled CBC tightens bounds before it solves; its prices were then those of another programme."""
    stated = pulp.LpProblem("toy", pulp.LpMinimize)
    x, y = stated.add_variable("x", 0, 1), stated.add_variable("y", 0)
    stated += x + 2 * y
    stated += (3 * x + y >= 7, "need")
    matrix = hand_over(stated, [x, y])
    found = open_session(matrix, solver).solve(Bounds.of(matrix), matrix.cost)
    # x = 1, y = 4; a further unit is met by y at 2; one more x saves 3 x 2 - 1 = 5
    assert found.value.tolist() == pytest.approx([1, 4])
    assert found.dual.tolist() == pytest.approx([2])
    assert found.reduced.tolist() == pytest.approx([-5, 0], abs=1e-9)


@pytest.mark.parametrize("solver", SOLVERS)
def test_no_optimum_is_an_error_and_never_a_table(matrix, solver):
    session = open_session(matrix, solver)
    bounds = Bounds.of(matrix)
    bounds.upper[1] = 1  # 8 cannot be served: 5 and 1
    with pytest.raises(SolverError, match="Infeasible"):
        session.solve(bounds, matrix.cost)
    with pytest.raises(SolverError, match=r"[Uu]nbounded|Infeasible|Undefined"):
        free = Bounds.of(matrix)
        free.row_lower[:], free.row_upper[:] = -np.inf, np.inf
        session.solve(free, np.array([-1.0, 0.0]))
    # the session survives both
    assert session.solve(Bounds.of(matrix), matrix.cost).objective == pytest.approx(35)


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_re_solve_remembers_nothing(matrix, solver):
    session = open_session(matrix, solver)
    first = session.solve(Bounds.of(matrix), matrix.cost)
    other = Bounds.of(matrix)
    other.row_upper[1] = 20
    assert session.solve(other, np.array([1.0, 3.0])).objective == pytest.approx(8)
    again = session.solve(Bounds.of(matrix), matrix.cost)
    assert again.value.tolist() == first.value.tolist()
    assert again.dual.tolist() == first.dual.tolist()


@pytest.mark.parametrize("solver", SOLVERS)
def test_fixed_columns_and_free_rows(matrix, solver):
    bounds = Bounds.of(matrix)
    bounds.lower[0] = bounds.upper[0] = 2
    bounds.row_lower[1], bounds.row_upper[1] = -np.inf, np.inf
    found = open_session(matrix, solver).solve(bounds, matrix.cost)
    assert found.value.tolist() == pytest.approx([2, 6])
    assert found.objective == pytest.approx(62)


def chain(weeks):
    """Stock from week to week: need 2 a week, make at most 3 at a cost that grows, go short at 10."""
    stated = pulp.LpProblem("chain", pulp.LpMinimize)
    columns, before = [], 0
    for t in range(weeks):
        make, keep, short = (
            stated.add_variable(f"{name}_{t}", 0, most) for name, most in zip("mks", (3, 5, 2), strict=True)
        )
        stated += (before + make + short - keep == 2, f"week_{t}")
        columns, before = [*columns, make, keep, short], keep
    stated += pulp.lpSum(
        (price + 0.01 * t) * column
        for k, price in ((0, 1.0), (2, 10.0))  # each week a little dearer, so that one plan is best
        for t, column in enumerate(columns[k::3])
    )
    return hand_over(stated, columns)


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 1, 0, 2], [2, 2, 3, 0]])
def test_a_session_that_goes_on_finds_what_a_fresh_one_finds(order):
    """Parts grow and shrink between the solves: what is fixed in one is free in the next, and rows come and go."""
    matrix = chain(6)
    worlds = [Bounds.of(matrix) for _ in range(4)]
    worlds[1].upper[6] = 0  # no making in week 2
    worlds[2].lower[:9] = worlds[2].upper[:9] = [2, 0, 0] * 3  # three weeks have passed
    worlds[2].row_lower[:3], worlds[2].row_upper[:3] = -np.inf, np.inf
    worlds[3].upper[[0, 3, 6]] = 1
    session = open_session(matrix)
    basis = None
    for k in order:
        found = session.solve(worlds[k], matrix.cost, start=basis)
        fresh = open_session(matrix).solve(worlds[k], matrix.cost)
        assert found.objective == pytest.approx(fresh.objective, abs=1e-9)
        assert found.value.tolist() == pytest.approx(fresh.value.tolist(), abs=1e-9)
        basis = found.basis


def test_a_basis_serves_another_part_of_the_programme():
    matrix = chain(6)
    first = open_session(matrix).solve(Bounds.of(matrix), matrix.cost)
    later = Bounds.of(matrix)
    later.lower[:3] = later.upper[:3] = [3, 1, 0]
    later.row_lower[0], later.row_upper[0] = -np.inf, np.inf
    found = open_session(matrix).solve(later, matrix.cost, start=first.basis)
    # 3 were made in week 0 and 1 of them kept; of the 10 that five weeks need, 9 are made, each at its own week's cost
    assert found.objective == pytest.approx(open_session(matrix).solve(later, matrix.cost).objective)
    assert found.value[:3].tolist() == [3, 1, 0]


def test_an_unknown_solver_is_named():
    with pytest.raises(SolverError, match='unknown solver "glpk"; use highs or cbc'):
        open_session(None, "glpk")


@pytest.fixture
def months():
    """A store of 14 serves 3 a month for a year, or a maker does at 1 USD, 2 a month; going short costs 10 USD.

    store[t - 1] + make[t] + short[t] - store[t] = 3, store[-1] = 14; columns: store, make, short, twelve each.
    """
    stated = pulp.LpProblem("months", pulp.LpMinimize)
    store = [stated.add_variable(f"store{t}", 0) for t in range(12)]
    make = [stated.add_variable(f"make{t}", 0, 2) for t in range(12)]
    short = [stated.add_variable(f"short{t}", 0, 3) for t in range(12)]
    stated += pulp.lpSum(make) + 10 * pulp.lpSum(short)
    for t in range(12):
        stated += ((store[t - 1] if t else 14) + make[t] + short[t] - store[t] == 3, f"balance{t}")
    return hand_over(stated, [*store, *make, *short])


def test_a_month_that_has_passed_as_planned_takes_no_pivots(months):
    session = open_session(months)
    first = session.solve(Bounds.of(months), months.cost)
    assert first.objective == pytest.approx(36 - 14)
    # the first month is past: its columns stand where they were, and its row binds nobody any more
    past = Bounds.of(months)
    for column in (0, 12, 24):
        past.lower[column] = past.upper[column] = first.value[column]
    past.row_lower[0], past.row_upper[0] = -np.inf, np.inf
    again = session.solve(past, months.cost)
    assert again.value.tolist() == pytest.approx(first.value.tolist())
    assert again.dual[1:].tolist() == pytest.approx(first.dual[1:].tolist())
    assert again.pivots == 0
    assert again.dual[0] == 0  # a row of the past has no price


def test_what_moves_ahead_is_loaded_at_once(months):
    shut = Bounds.of(months)
    shut.upper[22:24] = 0.0  # the maker stands still in the last two months
    session, alone = open_session(months), open_session(months)
    first = session.solve(shut, months.cost, ahead=np.full(36, fill_value=True))
    # 14 + 10 x 2 of 36 needed: 2 are short
    assert first.objective == pytest.approx(20 + 20)
    assert first.basis is not None
    assert first.basis.columns.tolist() == list(range(36))
    later = session.solve(Bounds.of(months), months.cost)
    assert later.objective == pytest.approx(22)
    assert later.basis is not None
    assert later.basis.columns is first.basis.columns  # gone on from, not loaded again
    without = alone.solve(shut, months.cost)
    assert without.objective == pytest.approx(40)
    assert without.basis is not None
    assert len(without.basis.columns) == 34
