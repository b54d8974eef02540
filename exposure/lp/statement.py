"""The programme stated once in PuLP, and handed over once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pulp
from numpy.typing import NDArray

from exposure.errors import SolverError
from exposure.lp.columns import Columns
from exposure.lp.equations import EQUATIONS, Groups, Rows
from exposure.lp.matrix import UNBOUNDED, Bounds, Matrix, hand_over, sum_by
from exposure.lp.repeats import Told
from exposure.lp.world import World

Floats = NDArray[np.float64]
CLOSE_ENOUGH = 1e-6
"""Largest residual of the baseline in a row, as a share of what passes through; the rest is rounding of the closing LP."""


@dataclass(frozen=True)
class Layout:
    """Where columns and rows stand: the columns, the address of each row, and the first row of each equation."""

    columns: Columns
    row_keys: dict[str, list[tuple[int, int]]]
    row_start: dict[str, int]

    def rows_of(self, equation: str) -> NDArray[np.int64]:
        """Row numbers of an equation, members x periods."""
        count = len(self.row_keys[equation])
        periods = self.columns.periods
        return self.row_start[equation] + np.arange(count).reshape(count // periods if periods else 0, periods)


@dataclass(frozen=True)
class Statement(Layout):
    """The layout of a PuLP problem, and its matrix in solver units.

    ``column_scale`` and ``row_scale``: units of a column or row per unit in the solver, so that coefficients stay near one.
    """

    matrix: Matrix
    column_scale: Floats
    row_scale: Floats

    def row_nodes(self) -> NDArray[np.int64]:
        """Return the node of which each row speaks, -1 where it speaks of none alone (a quota over several lanes, variants)."""
        w = self.columns.world
        where = {
            "balance": np.arange(len(w.nodes)), "installed_base": w.base_node, "installed_need": w.base_node,
            "deferral": w.demand_node, "shortfall": w.demand_node,
        }  # fmt: skip
        nodes = np.full(self.matrix.shape[0], -1)
        for equation, of in where.items():
            keys = self.row_keys[equation]
            first = self.row_start[equation]
            nodes[first : first + len(keys)] = of[[member for member, _ in keys]] if keys else []
        return nodes

    def until(self, periods: int) -> Statement:
        """Return the same programme over fewer periods: no row looks ahead, so its first periods are a programme too."""
        long = self.columns
        grows = np.zeros(len(long.world.make0), dtype=np.bool_)
        grows[long["make_extra"].members] = True
        kept = np.concatenate([block.grid[:, :periods].ravel() for block in long.blocks.values()])
        rows = np.concatenate([self.rows_of(equation)[:, :periods].ravel() for equation in self.row_keys])
        keys = {name: [key for key in given if key[1] < periods] for name, given in self.row_keys.items()}
        return Statement(
            columns=Columns(long.world, periods, grows, long.groups),
            row_keys=keys,
            row_start=_row_starts(keys),
            matrix=self.matrix.within(kept, rows),
            column_scale=self.column_scale[kept],
            row_scale=self.row_scale[rows],
        )

    def to_solver(self, bounds: Bounds) -> Bounds:
        """Turn limits from natural units into solver units."""
        return Bounds(
            bounds.lower / self.column_scale,
            bounds.upper / self.column_scale,
            bounds.row_lower / self.row_scale,
            bounds.row_upper / self.row_scale,
        )

    def address(self, row: int) -> str:
        """Say in the user's terms what a row speaks of."""
        w = self.columns.world
        for equation, keys in self.row_keys.items():
            k = row - self.row_start[equation]
            if 0 <= k < len(keys):
                member, t = keys[k]
                if equation == "balance":
                    item, region = w.nodes[member]
                    return f"balance of {item} in {region}, period {t}"
                return f"{equation} {member}, period {t}"
        return f"row {row}"


def state(
    world: World, periods: int, *, groups: Groups | None = None, makes_extra: NDArray[np.bool_] | None = None
) -> Statement:
    """State the programme for a world and a horizon.

    Parameters
    ----------
    world
        The undisturbed world.
    periods
        Months, reported ones and tail.
    groups
        What the rules of a scenario may switch on.
    makes_extra
        Recipes that may make more than the baseline at some time; by default those with headroom.

    Raises
    ------
    SolverError
        If the baseline does not satisfy a row: broken data, named by item, region and month.
    """
    columns = Columns(world, periods, makes_extra, groups)
    blocks = equations(columns)
    rows = list(blocks.values())
    told = Told.of(rows, columns.size)
    matrix = told.spread(hand_over(*formulate(columns, rows, told)))
    keys = {name: rows.keys for name, rows in blocks.items()}
    column_scale = _column_scale(columns)
    row_scale = _row_scale(matrix, column_scale)
    return Statement(
        columns=columns,
        row_keys=keys,
        row_start=_row_starts(keys),
        matrix=matrix.scaled(column_scale, row_scale),
        column_scale=column_scale,
        row_scale=row_scale,
    )


def _row_starts(keys: Mapping[str, Sequence[tuple[int, int]]]) -> dict[str, int]:
    starts = np.cumsum([0, *(len(some) for some in keys.values())])
    return {name: int(start) for name, start in zip(keys, starts, strict=False)}


def equations(columns: Columns) -> dict[str, Rows]:
    """Return every equation of the programme by name; the baseline satisfies each to the last digit.

    Raises
    ------
    SolverError
        If the baseline is too far from a row for that to be rounding.
    """
    base = columns.baseline()
    blocks = {name: equation(columns) for name, equation in EQUATIONS.items()}
    for rows in blocks.values():
        if rows.sense == "==":
            _snap(rows, base, columns.world)
    return blocks


def formulate(
    columns: Columns, blocks: Sequence[Rows], told: Told | None = None
) -> tuple[pulp.LpProblem, list[pulp.LpVariable]]:
    """Write columns and rows down as a PuLP problem; names are numbered, addresses are kept apart.

    ``told``: the rows to write down, and the columns that occur in them; by default all.
    """
    problem = pulp.LpProblem("exposure", pulp.LpMinimize)
    written = np.ones(columns.size, dtype=np.bool_) if told is None else told.occurs
    variables = {
        column: problem.add_variable(f"{family}_{member}_{t}", 0)
        for family, block in columns.blocks.items()
        for member, months in zip(block.members.tolist(), block.grid.tolist(), strict=True)
        for t, column in enumerate(months)
        if written[column]
    }
    for k, rows in enumerate(blocks):
        _add_rows(problem, variables, rows, range(len(rows.keys)) if told is None else told.stated[k].tolist())
    return problem, list(variables.values())


def _add_rows(
    problem: pulp.LpProblem, variables: Mapping[int, pulp.LpVariable], rows: Rows, stated: Iterable[int]
) -> None:
    row, column, value = rows.entries()
    bounds = np.searchsorted(row, np.arange(len(rows.keys) + 1)).tolist()
    right = np.where(np.isfinite(rows.right), rows.right, UNBOUNDED).tolist()
    columns, values = column.tolist(), value.tolist()
    for i in stated:
        terms = pulp.LpAffineExpression([(variables[columns[e]], values[e]) for e in range(bounds[i], bounds[i + 1])])
        limit = right[i]
        relation = terms == limit if rows.sense == "==" else terms <= limit if rows.sense == "<=" else terms >= limit
        member, t = rows.keys[i]
        problem += (relation, f"{rows.equation}_{member}_{t}")


def _snap(rows: Rows, base: Floats, world: World) -> None:
    """Put the baseline's own row activity where the right-hand side stands, so that it satisfies every row exactly."""
    row, column, value = rows.entries()
    activity = sum_by(row, value * base[column], len(rows.keys))
    size = sum_by(row, np.abs(value * base[column]), len(rows.keys)) + np.abs(rows.right)
    if rows.equation == "balance":
        size = size + world.throughput[[node for node, _ in rows.keys]]
    broken = np.flatnonzero(np.abs(activity - rows.right) > CLOSE_ENOUGH * size + 1e-12)
    if len(broken):
        member, t = rows.keys[int(broken[0])]
        where = " in ".join(world.nodes[member]) if rows.equation == "balance" else str(member)
        message = f"the baseline does not satisfy {rows.equation} of {where}, period {t}: broken data"
        raise SolverError(message)
    rows.right[:] = activity


def _column_scale(v: Columns) -> Floats:
    w = v.world
    size = _node_sizes(w)
    scale = np.ones(v.size)
    for family, block in v.blocks.items():
        scale[block.grid] = size[v.node_of(family)][:, None]
    base = v["installed"]
    scale[base.grid] = np.where(w.base0 > 0, w.base0, 1.0)[base.members][:, None]
    return scale


def _node_sizes(w: World) -> Floats:
    """Throughput of each node or, where nothing passes in the baseline, the middle one of its item."""
    by_item: dict[str, list[float]] = {}
    items = [w.network.real_item(item) for item, _ in w.nodes]
    for item, size in zip(items, w.throughput, strict=True):
        if size > 0:
            by_item.setdefault(item, []).append(float(size))
    middle = {item: float(np.median(sizes)) for item, sizes in by_item.items()}
    return np.array(
        [size if size > 0 else middle.get(item, 1.0) for item, size in zip(items, w.throughput, strict=True)]
    )


def _row_scale(matrix: Matrix, column_scale: Floats) -> Floats:
    scale = np.zeros(matrix.shape[0])
    np.maximum.at(scale, matrix.row_of_entry(), np.abs(matrix.value * column_scale[matrix.index]))
    return np.where(scale > 0, scale, 1.0)
