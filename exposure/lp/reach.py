"""How far a disturbance reaches: solve where it does, and prove by prices that the rest stays as it was.

The undisturbed world is optimal with all prices zero. So a programme is solved on the nodes whose balance the moved limits break,
everything else held at the baseline; then the columns held are priced with the duals found. One that would rather move brings its
nodes in, and the solve goes on from its own basis. Where none would, the plan is optimal for the whole programme: the prices of
the part, with zeros elsewhere, are prices of the whole (complementary slackness).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from exposure.errors import SolverError
from exposure.lp.matrix import Bounds, sum_by
from exposure.lp.session import TOLERANCE, Session, Solution
from exposure.lp.statement import Statement
from exposure.lp.twins import Twins
from exposure.lp.world import World
from exposure.once import once

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

MOVES = 1e-8
"""A held column whose reduced cost is wrong by more than this (solver units) would rather move."""
MOST = 0.7
"""Share of the linked nodes above which the rest of them is taken in too: few are then left to spare."""
LIKE = 0.7
"""Share of the nodes that a like programme must have been solved on: from less, a start takes longer than none (seen: twice)."""
BREAKS = 1e-10
"""A row further from its limits than this (solver units) is broken by the moved limits."""


class Downstream:
    """What a shortage can reach along usual flows, so that the programme on those nodes has a plan.

    Short goods stop recipes: what these make is short in turn, what else they use is left over. Goods that cannot be kept or
    thrown away, left over, stop their makers.
    """

    def __init__(self, world: World) -> None:
        w = world
        self.count = len(w.nodes)
        self.keeps = w.keeps | w.joint
        runs = w.make0 > 0
        used, needed = runs[w.use_recipe], runs[w.need_recipe]
        self.inputs = (
            np.concatenate([w.use_node[used], w.base_node[w.need_base[needed]]]),
            np.concatenate([w.use_recipe[used], w.need_recipe[needed]]),
        )
        recipes = np.flatnonzero(runs)
        beside = runs[w.by_recipe]
        self.outputs = (
            np.concatenate([w.output_node[recipes], w.by_node[beside]]),
            np.concatenate([recipes, w.by_recipe[beside]]),
        )
        lanes = w.ship0 > 0
        self.lanes = w.origin[lanes], w.destination[lanes]
        self.recipes = len(w.make0)

    def of(self, seeds: Bools) -> Bools:
        """Return the nodes that a disturbance at the seeds can reach, they included."""
        short, over = seeds.copy(), seeds & ~self.keeps
        while True:
            stopped = self._any(self.inputs[1], short[self.inputs[0]], self.recipes)
            stopped |= self._any(self.outputs[1], over[self.outputs[0]], self.recipes)
            shorter = short | self._any(self.outputs[0], stopped[self.outputs[1]], self.count)
            shorter |= self._any(self.lanes[1], short[self.lanes[0]], self.count)
            left = self._any(self.inputs[0], stopped[self.inputs[1]], self.count)
            left |= self._any(self.lanes[0], over[self.lanes[1]], self.count)
            overs = over | (left & ~self.keeps)
            if np.array_equal(shorter, short) and np.array_equal(overs, over):
                return short | left
            short, over = shorter, overs

    @staticmethod
    def _any(group: Ints, flags: Bools, count: int) -> Bools:
        return np.asarray(np.bincount(group[flags], minlength=count) > 0)


@dataclass(frozen=True)
class Reached:
    """An optimum of the whole programme, the nodes on which it was solved, and the pivots that it took."""

    solution: Solution
    nodes: Bools
    pivots: int = 0


class Reach:
    """Solves one programme where it is disturbed.

    It keeps two sessions, each of which goes on from its own last solve: one for the least damage, one for the tie-break.
    """

    def __init__(self, statement: Statement, damage: Session, tiebreak: Session) -> None:
        self.statement, self.damage, self.tiebreak = statement, damage, tiebreak
        self.matrix = statement.matrix
        self.base = statement.columns.baseline() / statement.column_scale
        self.entry_row = self.matrix.row_of_entry()
        self.row_node = statement.row_nodes()
        self.part = linked_parts(statement)
        self.twins = once(statement, "twins", lambda: Twins.of(statement.columns, statement.matrix))
        world = statement.columns.world
        self.downstream = once(world, "downstream", lambda: Downstream(world))
        self.ahead: Bools | None = None
        """Columns that later solves for the least damage can move: loaded at once, these go on from where the one before ended."""

    def start(self, bounds: Bounds) -> Bools:
        """Return the nodes with a row that the baseline, cut to these limits, breaks, and all that a shortage there can reach."""
        activity = self.matrix.times(np.clip(self.base, bounds.lower, bounds.upper))
        wrong = (activity < bounds.row_lower - BREAKS) | (activity > bounds.row_upper + BREAKS)
        joint = wrong & (self.row_node < 0)
        return self.downstream.of(self._nodes_of(wrong) | self._nodes_of(self._beside(joint)))

    def solve(
        self, bounds: Bounds, cost: Floats, *,
        tolerance: float = TOLERANCE, start: Reached | None = None, face_of: Reached | None = None,
    ) -> Reached:  # fmt: skip
        """Minimise ``cost`` within ``bounds``, on the nodes that they disturb.

        ``start``: the answer to a like programme, whose nodes and basis this one starts from. ``face_of``: the plan of least
        damage on whose face this is the tie-break.

        Raises
        ------
        SolverError
            If a solve ends without an optimum.
        """
        nodes = self.start(bounds)
        for like in (start, face_of):
            nodes = nodes if like is None else nodes | like.nodes
        session = self.damage if face_of is None else self.tiebreak
        nodes = self._enough(nodes | self._would_move(bounds, cost, nodes))
        basis = start.solution.basis if start is not None and self._like(start, nodes) else None
        pivots = 0
        while True:
            try:
                held = self._held(bounds, nodes)
                twins = self.twins.that_cost_the_same(held, cost)
                ahead = self.ahead & self.inside(nodes) if self.ahead is not None and face_of is None else None
                found = session.solve(twins.joined(held), cost, tolerance=tolerance, start=basis, ahead=ahead)
            except SolverError:
                linked = self._linked(nodes)
                if np.array_equal(linked, nodes):
                    raise
                nodes, basis = linked, None
                continue
            pivots += found.pivots
            further = self._would_move(bounds, found.reduced, nodes) & ~nodes
            if not further.any():
                return Reached(twins.split(found, held), nodes, pivots)
            nodes = self._enough(nodes | self._near(further))
            basis = found.basis

    def _like(self, start: Reached, nodes: Bools) -> bool:
        """Return True if a like programme was solved on most of some nodes, so that its basis is worth more than none."""
        return bool(np.count_nonzero(start.nodes) >= LIKE * np.count_nonzero(nodes))

    def _enough(self, nodes: Bools) -> Bools:
        """Return some nodes or, where they are most of those that they are linked with, all of these."""
        linked = self._linked(nodes)
        return linked if np.count_nonzero(nodes) > MOST * np.count_nonzero(linked) else nodes

    def _linked(self, nodes: Bools) -> Bools:
        """Return the nodes that are linked with some nodes by a chain of balances."""
        reached = np.zeros(len(self.part), dtype=np.bool_)
        reached[self.part[nodes]] = True
        return reached[self.part]

    def _near(self, nodes: Bools) -> Bools:
        """Return nodes and their neighbours, which share a column with them."""
        return self._nodes_of(self._beside(self._open(nodes) & (self.row_node >= 0)))

    def _beside(self, rows: Bools) -> Bools:
        """Return the rows that share a column with some rows."""
        return self.matrix.rows_with(sum_by(self.matrix.index, rows[self.entry_row], self.matrix.shape[1]) > 0)

    def inside(self, nodes: Bools) -> Bools:
        """Return the columns all of whose rows are open."""
        shut = ~self._open(nodes)
        inner: Bools = sum_by(self.matrix.index, shut[self.entry_row], self.matrix.shape[1]) == 0
        return inner

    def _open(self, nodes: Bools) -> Bools:
        opened: Bools = np.append(nodes, True)[self.row_node]
        return opened

    def _held(self, bounds: Bounds, nodes: Bools) -> Bounds:
        """Hold every column outside at the baseline, and free its rows."""
        inside, open_rows = self.inside(nodes), self._open(nodes)
        held = np.clip(self.base, bounds.lower, bounds.upper)
        return replace(
            bounds,
            lower=np.where(inside, bounds.lower, held),
            upper=np.where(inside, bounds.upper, held),
            row_lower=np.where(open_rows, bounds.row_lower, -np.inf),
            row_upper=np.where(open_rows, bounds.row_upper, np.inf),
        )

    def _would_move(self, bounds: Bounds, reduced: Floats, nodes: Bools) -> Bools:
        """Return the nodes of columns that are held although their price says that they would rather move."""
        up = (reduced < -MOVES) & (self.base < bounds.upper)
        down = (reduced > MOVES) & (self.base > bounds.lower)
        wrong = (up | down) & (bounds.lower < bounds.upper) & ~self.inside(nodes)
        return self._nodes_of(self.matrix.rows_with(wrong))

    def _nodes_of(self, rows: Bools) -> Bools:
        nodes = np.zeros(len(self.statement.columns.world.nodes) + 1, dtype=bool)
        nodes[self.row_node[rows]] = True
        return nodes[:-1]


def linked_parts(statement: Statement) -> Ints:
    """Return the number of the linked part of the network to which each node belongs: no balance or lane leads to another part."""
    return once(statement, "parts", lambda: _linked_parts(statement))


def _linked_parts(statement: Statement) -> Ints:
    matrix, row_node = statement.matrix, statement.row_nodes()
    by_column = np.argsort(matrix.index, kind="stable")
    column, node = matrix.index[by_column], row_node[matrix.row_of_entry()[by_column]]
    column, node = column[node >= 0], node[node >= 0]
    same = column[1:] == column[:-1]
    graph = nx.Graph()
    graph.add_nodes_from(range(len(statement.columns.world.nodes)))
    graph.add_edges_from(np.unique(np.stack([node[1:][same], node[:-1][same]], axis=1), axis=0).tolist())
    number = np.zeros(graph.number_of_nodes(), dtype=np.int64)
    for k, members in enumerate(nx.connected_components(graph)):
        number[list(members)] = k
    return number
