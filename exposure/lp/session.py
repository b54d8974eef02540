"""The session: one matrix, re-solved with other bounds, costs and right-hand sides.

What cannot move is left out: a solver sees only the columns that are free and the rows that still bind something.

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
from numpy.typing import NDArray

from exposure.errors import SolverError
from exposure.lp.matrix import Floats, Matrix, Part

SolverName = Literal["highs", "cbc"]
CBC_VIOLATION = 2e-6
"""A point of CBC further from its limits than this (solver units) is no answer: its presolve can lose that much."""

CBC_ATTEMPTS: tuple[tuple[str, ...], ...] = (
    (),
    ("presolve off",),
    ("presolve off", "scaling off"),
    ("presolve off", "primalTolerance 1e-6"),
    ("presolve off", "scaling off", "primalTolerance 1e-7"),
)
"""Options of CBC in the order tried: its presolve may call a plan infeasible that misses a limit by rounding alone, and its own
scaling may leave a plan that does."""

BROKEN = 1e-6
"""Distance from its limits (solver units) at which a row in which nothing can move no longer holds by rounding alone."""

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
class Basis:
    """Where a simplex solve ended: the status of each column and row, numbered as HiGHS numbers them."""

    columns: NDArray[np.int8]
    rows: NDArray[np.int8]


STATUSES = {status.value: status for status in highspy.HighsBasisStatus.__members__.values()}
BASIC = highspy.HighsBasisStatus.kBasic.value


@dataclass(frozen=True)
class Solution:
    """An optimal point with its prices, in the units of the matrix."""

    value: Floats
    reduced: Floats
    dual: Floats
    objective: float
    method: str
    basis: Basis | None = None


class Session(Protocol):
    """What the rest of the programme may ask of a solver."""

    def solve(
        self, bounds: Bounds, cost: Floats, *, tolerance: float = TOLERANCE, start: Basis | None = None
    ) -> Solution:
        """Minimise ``cost`` within ``bounds`` (held to ``tolerance``); raise SolverError unless optimal.

        ``start``: basis of a like solve, which may save time and changes nothing else.
        """
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


class _Quiet(highspy.Highs):  # type: ignore[misc]
    """HiGHS that says nothing: since 1.16 it prints a banner while it is made, before an option can be set."""

    def enableCallbacks(self) -> None:  # noqa: N802
        """Turn the talk off before the first thing that HiGHS does with the new object."""
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()


class HighsSession:
    """HiGHS in this process: each solve takes the part that can move, from the basis of an earlier solve where one is given."""

    def __init__(self, matrix: Matrix) -> None:
        self._matrix = matrix
        self._highs = _Quiet()
        for option, value in {
            "threads": 1,
            "parallel": "off",
            "random_seed": 1,
            "dual_feasibility_tolerance": TOLERANCE,
        }.items():
            self._highs.setOptionValue(option, value)

    def solve(
        self, bounds: Bounds, cost: Floats, *, tolerance: float = TOLERANCE, start: Basis | None = None
    ) -> Solution:
        """Minimise ``cost`` within ``bounds`` by dual simplex, else with more slack, else by interior point with crossover."""
        part = _part(self._matrix, bounds, cost)
        if not len(part.columns):
            return _settled(self._matrix, part)
        method = self._run(part, tolerance, start)
        return self._solution(part, method)

    def _run(self, part: Part, tolerance: float, start: Basis | None) -> str:
        """Hand over the part and run; return the method that ended with an optimum."""
        h = self._highs
        if h.passModel(_model(part.matrix)) == highspy.HighsStatus.kError:
            message = "HiGHS refused the model: a coefficient or bound is not a number it can use"
            raise SolverError(message)
        if start is not None and self._run_from(part, tolerance, start):
            return "simplex"
        for method, presolve, slack in ATTEMPTS:
            h.clearSolver()
            h.setOptionValue("solver", method)
            h.setOptionValue("presolve", presolve)
            h.setOptionValue("primal_feasibility_tolerance", tolerance * slack)
            h.run()
            if h.getModelStatus() == highspy.HighsModelStatus.kOptimal:
                return method
        status = h.modelStatusToString(h.getModelStatus())
        message = f"HiGHS ended with status {status}, not Optimal"
        raise SolverError(message)

    def _run_from(self, part: Part, tolerance: float, start: Basis) -> bool:
        """Run from an earlier basis; False if it led nowhere within as many steps as there are rows."""
        h = self._highs
        basis = highspy.HighsBasis()
        basis.col_status = [STATUSES[s] for s in start.columns[part.columns].tolist()]
        basis.row_status = [STATUSES[s] for s in start.rows[part.rows].tolist()]
        if h.setBasis(basis) == highspy.HighsStatus.kError:
            return False
        h.setOptionValue("solver", "simplex")
        h.setOptionValue("presolve", "off")
        h.setOptionValue("primal_feasibility_tolerance", tolerance)
        h.setOptionValue("simplex_iteration_limit", len(part.rows))
        h.run()
        h.setOptionValue("simplex_iteration_limit", highspy.kHighsIInf)
        return bool(h.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    def _solution(self, part: Part, method: str) -> Solution:
        found, basis = self._highs.getSolution(), self._highs.getBasis()
        value, dual = part.fixed.copy(), np.zeros(self._matrix.shape[0])
        value[part.columns] = found.col_value
        dual[part.rows] = found.row_dual
        ends = Basis(np.zeros(len(value), dtype=np.int8), np.full(len(dual), BASIC, dtype=np.int8))
        ends.columns[part.columns] = [s.value for s in basis.col_status]
        ends.rows[part.rows] = [s.value for s in basis.row_status]
        reduced = part.cost - self._matrix.transposed_times(dual)
        reduced[part.columns] = found.col_dual
        return Solution(value, reduced, dual, float(np.sum(part.cost * value)), method, ends)


class CbcSession:
    """CBC through PuLP, the second opinion: each solve states the part that can move again."""

    def __init__(self, matrix: Matrix) -> None:
        import cbcbox  # the binary is looked up only when somebody asks for CBC

        self._matrix = matrix
        self._solvers = [
            pulp.COIN_CMD(path=cbcbox.cbc_bin_path(), mip=False, msg=False, threads=1, options=[*CBC_OPTIONS, *further])
            for further in CBC_ATTEMPTS
        ]

    def solve(
        self, bounds: Bounds, cost: Floats, *, tolerance: float = TOLERANCE, start: Basis | None = None
    ) -> Solution:
        """Minimise ``cost`` within ``bounds``; a start is of no use to it."""
        part = _part(self._matrix, bounds, cost)
        if not len(part.columns):
            return _settled(self._matrix, part)
        problem, columns = _stated(part.matrix)
        value = part.fixed.copy()
        for solver in self._solvers:
            problem.solve(solver)
            value[part.columns] = [column.value() or 0.0 for column in columns]
            if problem.status == pulp.LpStatusOptimal and _violation(part.matrix, value[part.columns]) <= CBC_VIOLATION:
                break
        else:
            message = f"CBC ended with status {pulp.LpStatus[problem.status]}, not Optimal within its limits"
            raise SolverError(message)
        dual = np.zeros(self._matrix.shape[0])
        dual[part.rows] = [constraint.pi or 0.0 for constraint in problem.constraints()]
        reduced = cost - self._matrix.transposed_times(dual)
        return Solution(value, reduced, dual, float(np.sum(cost * value)), "cbc")


def _part(matrix: Matrix, bounds: Bounds, cost: Floats) -> Part:
    """Return what can move; raise SolverError where a row in which nothing can move does not hold."""
    part = matrix.part(bounds.lower, bounds.upper, bounds.row_lower, bounds.row_upper, cost)
    if part.broken > BROKEN or np.any(bounds.lower > bounds.upper):
        message = "the programme is infeasible: limits of columns or rows that cannot move contradict each other"
        raise SolverError(message)
    return part


def _settled(matrix: Matrix, part: Part) -> Solution:
    """Return the only point there is, where nothing can move."""
    prices = np.zeros(matrix.shape[0])
    return Solution(part.fixed, part.cost, prices, float(np.sum(part.cost * part.fixed)), "none needed")


def _model(m: Matrix) -> highspy.HighsLp:
    """Return a matrix in the form that HiGHS takes in one call."""
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = m.shape
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = m.cost, m.lower, m.upper
    lp.row_lower_, lp.row_upper_ = m.row_lower, m.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = m.starts, m.index, m.value
    return lp


def _stated(m: Matrix) -> tuple[pulp.LpProblem, list[pulp.LpVariable]]:
    """Write a matrix down as a PuLP problem, columns and rows in order."""
    problem = pulp.LpProblem("second_opinion", pulp.LpMinimize)
    limits = zip(m.lower, m.upper, strict=True)
    columns = [problem.add_variable(f"c{j}", _finite(low), _finite(high)) for j, (low, high) in enumerate(limits)]
    problem += pulp.LpAffineExpression(list(zip(columns, m.cost.tolist(), strict=True)))
    for i in range(m.shape[0]):
        entries = range(m.starts[i], m.starts[i + 1])
        terms = pulp.LpAffineExpression([(columns[m.index[e]], float(m.value[e])) for e in entries])
        low, high = float(m.row_lower[i]), float(m.row_upper[i])
        problem += (terms == low if low == high else terms >= low if np.isfinite(low) else terms <= high, f"r{i}")
    return problem, columns


def _violation(m: Matrix, value: Floats) -> float:
    """Largest distance of a point from any limit of a column or row."""
    activity = m.times(value)
    beyond = (value - m.upper, m.lower - value, activity - m.row_upper, m.row_lower - activity)
    return max(float(np.max(part, initial=0.0)) for part in beyond)


def _finite(bound: float) -> float | None:
    return float(bound) if np.isfinite(bound) else None
