"""The session: one matrix, re-solved with other bounds, costs and right-hand sides.

What cannot move is left out: a solver sees only the columns that are free and the rows that still bind something.

Only this file knows a solver's classes, statuses and signs. Duals follow one convention on both solvers: for a minimum,
``dual`` is the change of the objective per unit of a row's right-hand side and ``reduced`` per unit of a column's bound.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from typing import Literal, Protocol

import highspy
import numpy as np
import pulp
from numpy.typing import NDArray

from exposure.errors import SolverError
from exposure.lp.matrix import Bounds, Floats, Indices, Matrix, Moving

Bools = NDArray[np.bool_]
Statuses = NDArray[np.int8]
SolverName = Literal["highs", "cbc"]
SPARE = 1.25
"""Columns that are loaded, per column that can move, above which a smaller part is loaded instead."""
STATUSES = np.array(
    [highspy.HighsBasisStatus.kLower, highspy.HighsBasisStatus.kBasic, highspy.HighsBasisStatus.kUpper], dtype=object
)
AT_LOWER, BASIC, AT_UPPER = range(3)
CBC_VIOLATION = 2e-6
"""A point of CBC further from its limits than this (solver units) is no answer."""

CBC_ATTEMPTS: tuple[tuple[str, ...], ...] = (
    ("presolve off", "scaling off"),
    ("presolve off",),
    (),
    ("presolve off", "primalTolerance 1e-6"),
    ("presolve off", "scaling off", "primalTolerance 1e-7"),
)
"""Options of CBC in the order tried. The matrix is scaled already; undoing CBC's own scaling and presolve left plans up to 4e-6
outside their limits where without either they were within 1e-7, in no more time."""

BROKEN = 1e-6
"""Distance from its limits (solver units) at which a row in which nothing can move no longer holds by rounding alone."""

TOLERANCE = 1e-9
"""Feasibility and optimality, in solver units."""

ATTEMPTS = (("simplex", "on", 1), ("simplex", "off", 1), ("simplex", "on", 10), ("ipm", "on", 10))
"""Method, presolve and factor on the tolerance, in the order tried; dual simplex after presolve was four times as fast as
interior point on the built-in network."""

WARM_SLACK = (1, 10)
"""Factors on the tolerance that a run from an earlier basis is given, in the order tried."""

CBC_OPTIONS = [
    "boundPropLevel off",
    "singletonBounds off",
    "primalTolerance 1e-9",
    "dualTolerance 1e-9",
]
"""CBC may tighten bounds before it solves, and then reports prices of the tightened programme: not here."""

CBC_MAGNIFIES = 1e3
"""Factor on costs that CBC is given: it stops 8e-7 from optimal prices, whatever tolerance it is asked to hold."""
CBC_REFINES = 1e2
"""Factor on limits in CBC's second round.

Its points are 1e-7 or so from feasible, and some plans that a tie-break tells apart differ by no more. So what is still to add to
its point is solved for once more, magnified: iterative refinement (Gleixner, Steffy and Wolter, Iterative Refinement for Linear
Programming, INFORMS Journal on Computing 28(3), 2016). A larger factor would show faces to be empty that are held to 1e-8.
"""


@dataclass(frozen=True)
class Basis:
    """Where a simplex solve ended: the columns and rows on which it ran, and the status of each.

    Statuses are numbers (`STATUSES`): reading HiGHS' own lists of statuses costs as much as a short solve.
    """

    columns: Indices
    rows: Indices
    column_status: Statuses
    row_status: Statuses

    @classmethod
    def of(cls, loaded: _Loaded, limits: Matrix, basic: Indices, value: Floats) -> Basis:
        """Return the basis in which some columns (j) and rows (-1 - i) are basic, the others at the limit nearer to their value."""
        activity = limits.times(value)
        column_status = np.where(limits.upper - value < value - limits.lower, AT_UPPER, AT_LOWER)
        row_status = np.where(limits.row_upper - activity < activity - limits.row_lower, AT_UPPER, AT_LOWER)
        column_status[basic[basic >= 0]] = BASIC
        row_status[-1 - basic[basic < 0]] = BASIC
        return cls(loaded.columns, loaded.rows, column_status.astype(np.int8), row_status.astype(np.int8))

    def on(self, columns: Indices, rows: Indices, shape: tuple[int, int]) -> highspy.HighsBasis:
        """Return the status of other columns and rows of a programme of this shape; a row not known is basic."""
        status = highspy.HighsBasis()
        status.col_status = _taken(self.column_status, self.columns, columns, AT_LOWER, shape[1])
        status.row_status = _taken(self.row_status, self.rows, rows, BASIC, shape[0])
        return status


def _taken(status: Statuses, known: Indices, wanted: Indices, other: int, count: int) -> list[highspy.HighsBasisStatus]:
    every = np.full(count, other, dtype=np.int8)
    every[known] = status
    taken: list[highspy.HighsBasisStatus] = STATUSES[every[wanted]].tolist()
    return taken


@dataclass(frozen=True)
class Solution:
    """An optimal point with its prices, in the units of the matrix."""

    value: Floats
    reduced: Floats
    dual: Floats
    objective: float
    method: str
    basis: Basis | None = None
    pivots: int = 0


class Session(Protocol):
    """What the rest of the programme may ask of a solver."""

    def solve(
        self, bounds: Bounds, cost: Floats, *,
        tolerance: float = TOLERANCE, start: Basis | None = None, ahead: Bools | None = None,
    ) -> Solution:  # fmt: skip
        """Minimise ``cost`` within ``bounds`` (held to ``tolerance``); raise SolverError unless optimal.

        ``start``: basis of a like solve. ``ahead``: columns that can move in later solves. Either may save time and changes nothing
        else.
        """
        ...


def open_session(matrix: Matrix, solver: SolverName = "highs", *, guided: bool = False) -> Session:
    """Hand a matrix to a solver.

    ``guided``: most solves will start from the basis of another session.

    Raises
    ------
    SolverError
        If the solver is unknown or cannot be found.
    """
    if solver == "highs":
        return HighsSession(matrix, guided=guided)
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


@dataclass(frozen=True)
class _Loaded:
    """The columns and rows that HiGHS holds, which of the whole these are, and the entries of the loaded part."""

    columns: Indices
    rows: Indices
    has_column: Bools
    has_row: Bools
    matrix: Matrix

    def serves(self, moving: Moving) -> bool:
        """Return True if all that can move is loaded, and not much that cannot."""
        lacks = (moving.columns & ~self.has_column).any() or (moving.rows & ~self.has_row).any()
        return not lacks and len(self.columns) <= SPARE * int(np.count_nonzero(moving.columns))

    def under(self, whole: Matrix, moving: Moving, bounds: Bounds, cost: Floats) -> Matrix:
        """Return what is loaded within limits: what cannot move is held there or, outside, goes to the right side.

        A row in which nothing can move any more is held where it is: without limits a basis would lose what its duals stand on.
        """
        outside = whole.times(np.where(self.has_column, 0.0, moving.fixed))[self.rows]
        binds, held = moving.rows[self.rows], np.where(moving.still, moving.settled, np.nan)[self.rows]
        sides = ((bounds.row_lower, -np.inf), (bounds.row_upper, np.inf))
        limits = Bounds(
            bounds.lower[self.columns],
            bounds.upper[self.columns],
            *(
                np.where(binds, limit[self.rows] - outside, np.where(np.isnan(held), without, held - outside))
                for limit, without in sides
            ),
        )
        return self.matrix.under(limits, cost[self.columns])


class HighsSession:
    """HiGHS in this process. It holds the part of the programme that can move, from solve to solve, as long as that part serves.

    A re-solve then only changes limits and costs, and goes on from the basis, factors and edge weights of the one before.
    """

    def __init__(self, matrix: Matrix, *, guided: bool = False) -> None:
        self._matrix = matrix
        self._highs = _Quiet()
        # exact weights of a basis that comes from elsewhere cost a solve per row; devex begins without
        if guided:
            self._highs.setOptionValue("simplex_dual_edge_weight_strategy", 1)
        self._held: tuple[_Loaded, Matrix] | None = None
        self._last: Basis | None = None
        for option, value in {
            "threads": 1,
            "parallel": "off",
            "random_seed": 1,
            "dual_feasibility_tolerance": TOLERANCE,
        }.items():
            self._highs.setOptionValue(option, value)

    def solve(
        self, bounds: Bounds, cost: Floats, *,
        tolerance: float = TOLERANCE, start: Basis | None = None, ahead: Bools | None = None,
    ) -> Solution:  # fmt: skip
        """Minimise ``cost`` within ``bounds`` by dual simplex, else with more slack, else by interior point with crossover."""
        moving = _moving(self._matrix, bounds)
        if not moving.columns.any():
            return _settled(self._matrix, moving, cost)
        loaded, part = self._load(moving, bounds, cost, ahead)
        method = self._run(loaded, tolerance, start)
        return self._solution(loaded, part, moving, cost, method)

    def _load(self, moving: Moving, bounds: Bounds, cost: Floats, ahead: Bools | None) -> tuple[_Loaded, Matrix]:
        """Put limits and costs on what is loaded; load what can move, now or ahead, where that lacks something or is too much."""
        if self._held is not None and self._held[0].serves(moving):
            loaded, before = self._held
            part = loaded.under(self._matrix, moving, bounds, cost)
            _change(self._highs, before, part)
        else:
            columns, rows = moving.columns, moving.rows
            if ahead is not None:
                columns, rows = columns | ahead, rows | self._matrix.rows_with(ahead)
            loaded = _loaded(self._matrix, columns, rows)
            part = loaded.under(self._matrix, moving, bounds, cost)
            _pass(self._highs, part)
            self._last = None
        self._held = loaded, part
        return loaded, part

    def _run(self, loaded: _Loaded, tolerance: float, start: Basis | None) -> str:
        """Run from the start given or from where the last solve ended, else from nothing; return the method that succeeded."""
        h = self._highs
        begin = start or self._last
        if begin is not None and self._run_from(loaded, tolerance, begin):
            return "simplex"
        for method, presolve, slack in ATTEMPTS:
            h.clearSolver()
            h.setOptionValue("solver", method)
            h.setOptionValue("presolve", presolve)
            h.setOptionValue("primal_feasibility_tolerance", tolerance * slack)
            h.run()
            if h.getModelStatus() == highspy.HighsModelStatus.kOptimal:
                return method
        self._last = None
        status = h.modelStatusToString(h.getModelStatus())
        message = f"HiGHS ended with status {status}, not Optimal"
        raise SolverError(message)

    def _run_from(self, loaded: _Loaded, tolerance: float, start: Basis) -> bool:
        """Run from an earlier basis; False if it led nowhere within as many steps as there are rows."""
        h = self._highs
        if start is not self._last:
            basis = start.on(loaded.columns, loaded.rows, self._matrix.shape)
            if h.setBasis(basis) == highspy.HighsStatus.kError:
                return False
        h.setOptionValue("solver", "simplex")
        h.setOptionValue("presolve", "off")
        h.setOptionValue("simplex_iteration_limit", len(loaded.rows))
        for slack in WARM_SLACK:
            h.setOptionValue("primal_feasibility_tolerance", tolerance * slack)
            h.run()
            # what is infeasible by a last digit is not so with more slack, a few pivots further
            if h.getModelStatus() != highspy.HighsModelStatus.kInfeasible:
                break
        h.setOptionValue("simplex_iteration_limit", highspy.kHighsIInf)
        return bool(h.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    def _solution(self, loaded: _Loaded, part: Matrix, moving: Moving, cost: Floats, method: str) -> Solution:
        found = self._highs.getSolution()  # its lists are slow to read, so that what follows from others is worked out
        here, row_dual = np.asarray(found.col_value), np.asarray(found.row_dual)
        value, dual = moving.fixed.copy(), np.zeros(self._matrix.shape[0])
        free = moving.columns[loaded.columns]
        value[loaded.columns[free]] = here[free]
        dual[loaded.rows] = np.where(
            moving.still[loaded.rows], 0.0, row_dual
        )  # where nothing can move there is no price
        reduced = cost - self._matrix.transposed_times(dual)
        self._last = Basis.of(loaded, part, np.asarray(self._highs.getBasicVariables()[1]), here)
        pivots = int(self._highs.getInfo().simplex_iteration_count)
        return Solution(value, reduced, dual, float(np.sum(cost * value)), method, self._last, pivots)


def _loaded(matrix: Matrix, columns: Bools, rows: Bools) -> _Loaded:
    place, row_place = np.flatnonzero(columns), np.flatnonzero(rows)
    return _Loaded(place, row_place, columns, rows, matrix.within(place, row_place))


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
        self, bounds: Bounds, cost: Floats, *,
        tolerance: float = TOLERANCE, start: Basis | None = None, ahead: Bools | None = None,
    ) -> Solution:  # fmt: skip
        """Minimise ``cost`` within ``bounds``; neither a start nor what comes later is of use to it."""
        moving = _moving(self._matrix, bounds)
        if not moving.columns.any():
            return _settled(self._matrix, moving, cost)
        loaded = _loaded(self._matrix, moving.columns, moving.rows)
        part = _equalities(loaded.under(self._matrix, moving, bounds, cost))
        here, row_dual = self._further(part, np.zeros(part.shape[1]), np.zeros(part.shape[0]))
        with suppress(SolverError):  # not to be refined: the point found stands
            here, row_dual = self._further(part, here, row_dual, room=CBC_REFINES)
        value, dual = moving.fixed.copy(), np.zeros(self._matrix.shape[0])
        value[loaded.columns], dual[loaded.rows] = here[: len(loaded.columns)], row_dual
        reduced = cost - self._matrix.transposed_times(dual)
        return Solution(value, reduced, dual, float(np.sum(cost * value)), "cbc")

    def _further(self, part: Matrix, point: Floats, dual: Floats, room: float = 1.0) -> tuple[Floats, Floats]:
        """Return a point and its duals with what is still to add to them, limits magnified by ``room``."""
        added, dearer = self._run(_about(part, point, dual, room, CBC_MAGNIFIES))
        return point + added / room, dual + dearer / CBC_MAGNIFIES

    def _run(self, part: Matrix) -> tuple[Floats, Floats]:
        """Return an optimal point and the duals of the rows."""
        problem, columns = _stated(part)
        for solver in self._solvers:
            problem.solve(solver)
            value = np.array([column.value() or 0.0 for column in columns])
            if problem.status == pulp.LpStatusOptimal and _violation(part, value) <= CBC_VIOLATION:
                return value, np.array([constraint.pi or 0.0 for constraint in problem.constraints()])
        message = f"CBC ended with status {pulp.LpStatus[problem.status]}, not Optimal within its limits"
        raise SolverError(message)


def _equalities(m: Matrix) -> Matrix:
    """Return a programme whose rows are equalities: a column for the activity of each other row carries its limits."""
    loose = np.flatnonzero(m.row_lower < m.row_upper)
    ends = m.starts[1:][loose]
    added = np.zeros(m.shape[0] + 1, dtype=m.starts.dtype)
    added[loose + 1] = 1
    fixed = np.where(m.row_lower < m.row_upper, 0.0, m.row_lower)
    return Matrix(
        np.concatenate([m.cost, np.zeros(len(loose))]),
        np.concatenate([m.lower, m.row_lower[loose]]),
        np.concatenate([m.upper, m.row_upper[loose]]),
        fixed,
        fixed,
        m.starts + np.cumsum(added, dtype=m.starts.dtype),
        np.insert(m.index, ends, m.shape[1] + np.arange(len(loose))),
        np.insert(m.value, ends, -1.0),
    )


def _about(m: Matrix, point: Floats, dual: Floats, room: float, price: float) -> Matrix:
    """Return the programme of what is to add to a point: limits magnified by ``room``, reduced costs by ``price``.

    Its rows are equalities, so that their duals may go into the costs.
    """
    rest = room * (m.row_lower - m.times(point))
    limits = Bounds(room * (m.lower - point), room * (m.upper - point), rest, rest)
    return m.under(limits, price * (m.cost - m.transposed_times(dual)))


def _moving(matrix: Matrix, bounds: Bounds) -> Moving:
    """Return what can move; raise SolverError where a row in which nothing can move does not hold."""
    moving = matrix.moving(bounds)
    if moving.broken > BROKEN or np.any(bounds.lower > bounds.upper):
        message = "the programme is infeasible: limits of columns or rows that cannot move contradict each other"
        raise SolverError(message)
    return moving


def _settled(matrix: Matrix, moving: Moving, cost: Floats) -> Solution:
    """Return the only point there is, where nothing can move."""
    return Solution(moving.fixed, cost, np.zeros(matrix.shape[0]), float(np.sum(cost * moving.fixed)), "none needed")


def _pass(h: highspy.Highs, m: Matrix) -> None:
    """Hand a matrix to HiGHS in one call, as arrays: its own class for a programme copies them number by number."""
    rows, columns = m.shape
    sizes = columns, rows, len(m.value), int(highspy.MatrixFormat.kRowwise), int(highspy.ObjSense.kMinimize), 0.0
    arrays = m.cost, m.lower, m.upper, m.row_lower, m.row_upper, m.starts, m.index, m.value
    if h.passModel(*sizes, *arrays, np.zeros(columns, dtype=np.int32)) == highspy.HighsStatus.kError:
        message = "HiGHS refused the model: a coefficient or bound is not a number it can use"
        raise SolverError(message)


def _change(h: highspy.Highs, old: Matrix, new: Matrix) -> None:
    """Change the limits and costs that differ."""
    moved = np.flatnonzero((old.lower != new.lower) | (old.upper != new.upper)).astype(np.int32)
    h.changeColsBounds(len(moved), moved, new.lower[moved], new.upper[moved])
    priced = np.flatnonzero(old.cost != new.cost).astype(np.int32)
    h.changeColsCost(len(priced), priced, new.cost[priced])
    rows = np.flatnonzero((old.row_lower != new.row_lower) | (old.row_upper != new.row_upper)).astype(np.int32)
    h.changeRowsBounds(len(rows), rows, new.row_lower[rows], new.row_upper[rows])


def _stated(m: Matrix) -> tuple[pulp.LpProblem, list[pulp.LpVariable]]:
    """Write a matrix whose rows are equalities down as a PuLP problem, columns and rows in order."""
    problem = pulp.LpProblem("second_opinion", pulp.LpMinimize)
    limits = zip(m.lower, m.upper, strict=True)
    columns = [problem.add_variable(f"c{j}", _finite(low), _finite(high)) for j, (low, high) in enumerate(limits)]
    problem += pulp.LpAffineExpression(list(zip(columns, m.cost.tolist(), strict=True)))
    for i in range(m.shape[0]):
        entries = range(m.starts[i], m.starts[i + 1])
        terms = pulp.LpAffineExpression([(columns[m.index[e]], float(m.value[e])) for e in entries])
        problem += (terms == float(m.row_lower[i]), f"r{i}")
    return problem, columns


def _violation(m: Matrix, value: Floats) -> float:
    """Largest distance of a point from any limit of a column or row."""
    activity = m.times(value)
    beyond = (value - m.upper, m.lower - value, activity - m.row_upper, m.row_lower - activity)
    return max(float(np.max(part, initial=0.0)) for part in beyond)


def _finite(bound: float) -> float | None:
    return float(bound) if np.isfinite(bound) else None
