"""Other ways to solve recorded programmes: ordinary PuLP, linopy, hand-written highspy. Each checks its optima against ours."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import pulp

from benchmarks.clock import OverTimeError
from benchmarks.recorded import Programme
from exposure.lp.matrix import Matrix

Solve = Callable[[Matrix, Programme, float], float]
"""Solves a programme within some seconds and returns its optimum; raises TimeoutError when they are over."""
SAME = 1e-6
"""Optima that differ by no more than this share (or this much, in solver units) are the same."""


@dataclass(frozen=True)
class Run:
    """Programmes to be solved one after the other within a cap (seconds of wall time)."""

    matrix: Matrix
    programmes: Sequence[Programme]
    cap: float

    def run(self, solve: Solve) -> str:
        """Solve all and say how far the optima are from ours.

        Raises
        ------
        OverTimeError
            When the cap is reached.
        """
        end = time.perf_counter() + self.cap
        apart = 0.0
        for k, programme in enumerate(self.programmes):
            left = end - time.perf_counter()
            try:
                if left <= 0:
                    raise TimeoutError
                found = solve(self.matrix, programme, left)
            except TimeoutError:
                raise OverTimeError(k, len(self.programmes)) from None
            apart = max(apart, abs(found - programme.objective) / max(1.0, abs(programme.objective)))
        return "" if apart <= SAME else f"optima differ from ours by up to {apart:.0e}"


def pulp_with(solver: Callable[[float], Any]) -> Solve:
    """Return how a programme is stated the ordinary PuLP way, built anew and solved; ``solver``: made for a time limit."""

    def solve(matrix: Matrix, programme: Programme, left: float) -> float:
        began = time.perf_counter()
        problem = pulp_problem(matrix, programme)
        left -= time.perf_counter() - began
        if left <= 0:
            raise TimeoutError
        began = time.perf_counter()
        problem.solve(solver(left))
        if time.perf_counter() - began >= left:  # a time-limited solve may be reported as optimal
            raise TimeoutError
        if problem.status != pulp.LpStatusOptimal:
            message = f"PuLP: {pulp.LpStatus[problem.status]}"
            raise RuntimeError(message)
        return float(pulp.value(problem.objective))

    return solve


def pulp_problem(matrix: Matrix, programme: Programme) -> pulp.LpProblem:
    """State a programme with a named variable per column and an ``lpSum`` per row that has a limit."""
    b = programme.bounds
    problem = pulp.LpProblem("what_if", pulp.LpMinimize)
    x = [
        problem.add_variable(f"x_{j}", None if np.isneginf(low) else low, None if np.isposinf(high) else high)
        for j, (low, high) in enumerate(zip(b.lower.tolist(), b.upper.tolist(), strict=True))
    ]
    problem += pulp.lpSum(cost * x[j] for j, cost in enumerate(programme.cost.tolist()) if cost)
    index, value, starts = matrix.index.tolist(), matrix.value.tolist(), matrix.starts.tolist()
    for i, (low, high) in enumerate(zip(b.row_lower.tolist(), b.row_upper.tolist(), strict=True)):
        if low == -np.inf and high == np.inf:
            continue
        total = pulp.lpSum(value[e] * x[index[e]] for e in range(starts[i], starts[i + 1]))
        if low == high:
            problem += (total == low, f"row_{i}")
            continue
        if low > -np.inf:
            problem += (total >= low, f"row_{i}_least")
        if high < np.inf:
            problem += (total <= high, f"row_{i}_most")
    return problem


def cbc(left: float) -> Any:  # noqa: ANN401
    """Return CBC with its own settings."""
    import cbcbox

    return pulp.COIN_CMD(path=cbcbox.cbc_bin_path(), mip=False, msg=False, threads=1, timeLimit=left)


def highs(left: float) -> Any:  # noqa: ANN401
    """Return HiGHS as PuLP calls it."""
    return pulp.HiGHS(mip=False, msg=False, threads=1, timeLimit=left)


def linopy_solve(matrix: Matrix, programme: Programme, left: float) -> float:
    """State a programme in linopy from arrays, its quickest way: rows of one length in one block; solve with HiGHS directly."""
    import linopy
    import xarray as xr

    began = time.perf_counter()
    b = programme.bounds
    model = linopy.Model()
    x = model.add_variables(lower=xr.DataArray(b.lower, dims="col"), upper=xr.DataArray(b.upper, dims="col"), name="x")
    lengths = np.diff(matrix.starts)
    for sense, limit, wanted in (
        ("=", b.row_lower, b.row_lower == b.row_upper),
        (">=", b.row_lower, (b.row_lower < b.row_upper) & np.isfinite(b.row_lower)),
        ("<=", b.row_upper, (b.row_lower < b.row_upper) & np.isfinite(b.row_upper)),
    ):
        for length in np.unique(lengths[wanted]).tolist():
            rows = np.flatnonzero(wanted & (lengths == length))
            place = matrix.starts[rows][:, None] + np.arange(length)
            terms = {
                "coeffs": (("row", "_term"), matrix.value[place]),
                "vars": (("row", "_term"), matrix.index[place].astype(np.int64)),
                "const": (("row",), np.zeros(len(rows))),
            }
            left_side = linopy.LinearExpression(xr.Dataset(terms), model)
            name = f"{'equal' if sense == '=' else 'least' if sense == '>=' else 'most'}_{length}"
            model.add_constraints(left_side, sense, xr.DataArray(limit[rows], dims="row"), name=name)
    model.add_objective((x * xr.DataArray(programme.cost, dims="col")).sum())
    rest = left - (time.perf_counter() - began)
    if rest <= 0:
        raise TimeoutError
    _, status = model.solve("highs", io_api="direct", progress=False, threads=1, time_limit=rest, output_flag=False)
    if status != "optimal":
        if time.perf_counter() - began >= left:
            raise TimeoutError
        message = f"linopy: {status}"
        raise RuntimeError(message)
    return float(model.objective.value)


class Floor:
    """Hand-written highspy: the whole matrix handed over once, then limits and costs changed and the solve run again.

    ``warm``: each solve goes on from the basis of the last one like it; otherwise each begins with presolve from nothing. One
    object for least damage and one for tie-breaks, as in the package.
    """

    def __init__(self, matrix: Matrix, first: Programme, *, warm: bool) -> None:
        self.warm = warm
        self.solvers = {tiebreak: _loaded(matrix, first) for tiebreak in (False, True)}

    def solve(self, matrix: Matrix, programme: Programme, left: float) -> float:
        """Change what differs and run."""
        h, b = self.solvers[programme.tiebreak], programme.bounds
        rows, columns = matrix.shape
        every, each = np.arange(columns, dtype=np.int32), np.arange(rows, dtype=np.int32)
        h.changeColsBounds(columns, every, b.lower, b.upper)
        h.changeColsCost(columns, every, programme.cost)
        h.changeRowsBounds(rows, each, b.row_lower, b.row_upper)
        h.setOptionValue("primal_feasibility_tolerance", programme.tolerance)
        if not self.warm:
            h.clearSolver()
        h.setOptionValue("time_limit", h.getRunTime() + left)
        h.run()
        if h.getModelStatus() == highspy.HighsModelStatus.kTimeLimit:
            raise TimeoutError
        if h.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            message = f"HiGHS: {h.modelStatusToString(h.getModelStatus())}"
            raise RuntimeError(message)
        return float(h.getInfo().objective_function_value)


def _loaded(m: Matrix, first: Programme) -> highspy.Highs:
    h = highspy.Highs()
    h.setOptionValue("output_flag", False)
    h.setOptionValue("threads", 1)
    h.setOptionValue("dual_feasibility_tolerance", 1e-9)
    lp, b = highspy.HighsLp(), first.bounds
    lp.num_row_, lp.num_col_ = m.shape
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = first.cost, b.lower, b.upper
    lp.row_lower_, lp.row_upper_ = b.row_lower, b.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = m.starts, m.index, m.value
    h.passModel(lp)
    return h
