"""The session: one matrix handed to a solver once, then re-solved with other bounds, costs and right-hand sides.

Only this file knows a solver's classes, statuses and signs. Duals follow one convention on both solvers: for a minimum,
``dual`` is the change of the objective per unit of a row's right-hand side and ``reduced`` per unit of a column's bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import Literal, Protocol

import highspy
import numpy as np
import pulp

from exposure.errors import SolverError
from exposure.lp.matrix import Floats, Matrix, sum_by

SolverName = Literal["highs", "cbc"]
CBC_VIOLATION = 2e-6
"""A point of CBC further from its limits than this (solver units) is no answer: its presolve can lose that much."""

CBC_ATTEMPTS: tuple[tuple[str, ...], ...] = ((), ("presolve off",), ("presolve off", "primalTolerance 1e-6"))
"""Options of CBC in the order tried: its presolve may call a plan infeasible that misses a limit by rounding alone."""

TOLERANCE = 1e-9
"""Feasibility and optimality, in solver units."""

ATTEMPTS = (("simplex", "on", 1), ("simplex", "off", 1), ("simplex", "on", 10), ("ipm", "on", 10))
"""Method, presolve and factor on the tolerance, in the order tried; dual simplex after presolve was four times as fast as
interior point on the built-in network."""

CBC_OPTIONS = [
    "boundPropLevel off",
    "singletonBounds off",
    "primalTolerance 1e-9",
    "dualTolerance 1e-9",
]
"""CBC may tighten bounds before it solves, and then reports prices of the tightened programme: not here."""


@dataclass(frozen=True)
class Bounds:
    """What one re-solve may change: limits of columns and rows."""

    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats

    @classmethod
    def of(cls, matrix: Matrix) -> Bounds:
        """Return the limits as stated, in arrays of their own."""
        parts = (matrix.lower, matrix.upper, matrix.row_lower, matrix.row_upper)
        return cls(*(part.copy() for part in parts))


@dataclass(frozen=True)
class Solution:
    """An optimal point with its prices, in the units of the matrix."""

    value: Floats
    reduced: Floats
    dual: Floats
    objective: float
    method: str


class Session(Protocol):
    """What the rest of the programme may ask of a solver."""

    def solve(self, bounds: Bounds, cost: Floats, *, tolerance: float = TOLERANCE) -> Solution:
        """Minimise ``cost`` within ``bounds`` (held to ``tolerance``); raise SolverError unless optimal."""
        ...


def open_session(matrix: Matrix, solver: SolverName = "highs") -> Session:
    """Hand a matrix to a solver.

    Raises
    ------
    SolverError
        If the solver is unknown or cannot be found.
    """
    if solver == "highs":
        return HighsSession(matrix)
    if solver == "cbc":
        return CbcSession(matrix)
    message = f'unknown solver "{solver}"; use highs or cbc'
    raise SolverError(message)


def solver_name(solver: SolverName) -> str:
    """Return a solver's name with its version."""
    package = {"highs": "highspy", "cbc": "cbcbox"}[solver]
    return f"{solver} ({package} {version(package)})"


class HighsSession:
    """HiGHS in this process: one ``passModel``, then only bounds and costs move."""

    def __init__(self, matrix: Matrix) -> None:
        self._rows, self._columns = matrix.shape
        self._highs = highspy.Highs()
        for option, value in {
            "output_flag": False,
            "threads": 1,
            "parallel": "off",
            "random_seed": 1,
            "dual_feasibility_tolerance": TOLERANCE,
        }.items():
            self._highs.setOptionValue(option, value)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self._columns, self._rows
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = matrix.cost, matrix.lower, matrix.upper
        lp.row_lower_, lp.row_upper_ = matrix.row_lower, matrix.row_upper
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.starts, matrix.index, matrix.value
        if self._highs.passModel(lp) == highspy.HighsStatus.kError:
            message = "HiGHS refused the model: a coefficient or bound is not a number it can use"
            raise SolverError(message)
        self._column_ids = np.arange(self._columns, dtype=np.int32)
        self._row_ids = np.arange(self._rows, dtype=np.int32)

    def solve(self, bounds: Bounds, cost: Floats, *, tolerance: float = TOLERANCE) -> Solution:
        """Minimise ``cost`` within ``bounds``: simplex where it is quick, else interior point with crossover."""
        h = self._highs
        h.changeColsBounds(self._columns, self._column_ids, bounds.lower, bounds.upper)
        h.changeColsCost(self._columns, self._column_ids, cost)
        h.changeRowsBounds(self._rows, self._row_ids, bounds.row_lower, bounds.row_upper)
        h.clearSolver()
        for method, presolve, slack in ATTEMPTS:
            h.setOptionValue("solver", method)
            h.setOptionValue("presolve", presolve)
            h.setOptionValue("primal_feasibility_tolerance", tolerance * slack)
            h.run()
            if h.getModelStatus() == highspy.HighsModelStatus.kOptimal:
                break
        else:
            status = h.modelStatusToString(h.getModelStatus())
            message = f"HiGHS ended with status {status}, not Optimal"
            raise SolverError(message)
        solution = h.getSolution()
        return Solution(
            value=np.array(solution.col_value),
            reduced=np.array(solution.col_dual),
            dual=np.array(solution.row_dual),
            objective=float(h.getInfo().objective_function_value),
            method=method,
        )


class CbcSession:
    """CBC through PuLP, the second opinion: each solve states the reduced programme again."""

    def __init__(self, matrix: Matrix) -> None:
        import cbcbox  # the binary is looked up only when somebody asks for CBC

        self._matrix = matrix
        self._solvers = [
            pulp.COIN_CMD(path=cbcbox.cbc_bin_path(), mip=False, msg=False, threads=1, options=[*CBC_OPTIONS, *further])
            for further in CBC_ATTEMPTS
        ]
        self._entry_row = matrix.row_of_entry()

    def solve(self, bounds: Bounds, cost: Floats, *, tolerance: float = TOLERANCE) -> Solution:
        """Minimise ``cost`` within ``bounds``; fixed columns are put in as numbers and free rows left out."""
        m = self._matrix
        fixed = bounds.lower >= bounds.upper
        value = np.where(fixed, bounds.lower, 0.0)
        base = m.times(value)
        free_entry = ~fixed[m.index]
        problem = pulp.LpProblem("second_opinion", pulp.LpMinimize)
        columns = {
            int(j): problem.add_variable(f"c{j}", _finite(bounds.lower[j]), _finite(bounds.upper[j]))
            for j in np.flatnonzero(~fixed)
        }
        problem += pulp.LpAffineExpression([(column, float(cost[j])) for j, column in columns.items()])
        rows: dict[int, pulp.LpConstraint] = {}
        bounded = np.isfinite(bounds.row_lower) | np.isfinite(bounds.row_upper)
        for i in np.flatnonzero(bounded & (sum_by(self._entry_row, free_entry, m.shape[0]) > 0)):
            entries = range(m.starts[i], m.starts[i + 1])
            terms = pulp.LpAffineExpression([(columns[m.index[e]], m.value[e]) for e in entries if free_entry[e]])
            low, high = bounds.row_lower[i] - base[i], bounds.row_upper[i] - base[i]
            relation = terms == low if low == high else terms >= low if np.isfinite(low) else terms <= high
            problem += (relation, f"r{i}")
            rows[int(i)] = relation
        for solver in self._solvers:
            problem.solve(solver)
            for j, column in columns.items():
                value[j] = column.value() or 0.0
            if problem.status == pulp.LpStatusOptimal and _violation(m, bounds, value) <= CBC_VIOLATION:
                break
        else:
            message = f"CBC ended with status {pulp.LpStatus[problem.status]}, not Optimal within its limits"
            raise SolverError(message)
        dual = np.zeros(m.shape[0])
        for constraint in problem.constraints():
            dual[int(constraint.name[1:])] = constraint.pi or 0.0
        return Solution(
            value=value,
            reduced=cost - m.transposed_times(dual),
            dual=dual,
            objective=float(cost @ value),
            method="cbc",
        )


def _violation(m: Matrix, bounds: Bounds, value: Floats) -> float:
    """Largest distance of a point from any limit of a column or row."""
    activity = m.times(value)
    beyond = (value - bounds.upper, bounds.lower - value, activity - bounds.row_upper, bounds.row_lower - activity)
    return max(float(np.max(part, initial=0.0)) for part in beyond)


def _finite(bound: float) -> float | None:
    return float(bound) if np.isfinite(bound) else None
