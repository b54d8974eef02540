"""The undisturbed world: the least correction that makes the figures of a data package close.

Sources never balance. A small programme of its own moves figures as little as it can, in three steps on one statement:

1. *least correction*: minimise the sum of |model - figure| / width; leaving the range low..high costs ten times as much;
2. *spread*: hold that sum (plus 5 %) and minimise the largest single correction, since a sum puts everything on one figure;
3. *blanks*: hold both and bring blank lanes near "destination's use x origin's share of what makers sell" (``shares``), worked
   out from the figures alone, so that ids have no say in who depends on whom; where two closings are equally near, ties by id:
   every quantity has a hair of cost that depends on its id alone, so that neither row order nor another part decides.

Parts of the network that share no node are closed by one programme but each holds its own sum and its own largest correction.

All quantities here are in units of the item per year.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import networkx as nx
import numpy as np
import pulp
from numpy.typing import NDArray

from exposure.lp.batches import Batches
from exposure.lp.matrix import UNBOUNDED, Bounds, Matrix, hand_over, sum_by
from exposure.lp.rounding import closed, rounded
from exposure.lp.session import SolverName
from exposure.lp.shares import Trade, targets
from exposure.model import DEFAULT_LANE_GROWTH, Evidence, Network, NodeId
from exposure.units import MONTHS_PER_YEAR

Floats = NDArray[np.float64]

SOURCED_WIDTH = 0.10
"""Width of a sourced figure without a range, as a share of it."""
ESTIMATED_WIDTH = 0.50
"""Width of an estimate without a range, as a share of it."""
OUTSIDE = 10.0
"""How much more a width outside the range costs than one inside."""
SURPLUS_PENALTY = 1e-3
"""Cost of throwing away a typical quantity of an item, in widths: a joint process is sized by the item that is short."""
GAP_PENALTY = 100.0
"""Cost of leaving a demand's whole quantity unserved, in widths: figures move before anybody goes without."""
NOISE = 1e-8
"""A blank quantity below this share of a typical one of its item is the solver's tolerance."""
SPREAD_ALLOWANCE = 0.05
"""How far the sum of corrections may rise again while the largest is brought down."""

Kind = Literal["recipes", "lanes", "demand"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A stated number that the baseline should keep: where it stands, its range and width (unit/yr)."""

    table: Kind
    row: int
    stated: float
    low: float
    high: float
    width: float
    source: str


@dataclass(frozen=True)
class Baseline:
    """The closed baseline, unit/yr, in the order of the network's tables.

    ``output``, ``capacity`` (recipes), ``flow``, ``max_flow`` (lanes), ``quantity``, ``gap`` (demand), ``discard`` (nodes in
    sorted order); ``moved`` lists every figure that had to move, largest correction first.
    """

    output: Floats
    capacity: Floats
    flow: Floats
    max_flow: Floats
    quantity: Floats
    gap: Floats
    discard: Floats
    moved: tuple[dict[str, object], ...]
    corrections: dict[str, float] = field(default_factory=dict)


class _Statement:
    """Columns and rows of the closing programme; one method per step's objective."""

    def __init__(self, net: Network) -> None:
        self.net = net
        self.problem = pulp.LpProblem("baseline", pulp.LpMinimize)
        self.columns: list[pulp.LpVariable] = []
        self.rows = 0
        self.figures = tuple(_figures(net))
        self.output = [self._add("output", p, r.output0, r.capacity) for p, r in enumerate(net.recipes)]
        self.flow = [self._add("flow", k, r.flow0, r.max_flow) for k, r in enumerate(net.lanes)]
        self.quantity = [self._add("quantity", d, r.quantity, None) for d, r in enumerate(net.demand)]
        self.gap = [self._column("gap", d) for d in range(len(net.demand))]
        self.terms, self.constant = _node_terms(net, self)
        self.nodes = sorted(self.terms)
        joint = _joint_nodes(net)
        self.discard = {node: self._column("discard", n) for n, node in enumerate(self.nodes) if node in joint}
        self._close()
        self.part = _parts(net, self.nodes)
        self.inside, self.outside = self._deviations()
        self.largest = [self._column("largest", part) for part in range(max(self.part.values(), default=-1) + 1)]
        self._bound_by_largest()
        self.targets = self._blank_targets()
        self.hold = self._hold()

    def _column(self, name: str, number: int, upper: float | None = None) -> int:
        self.columns.append(self.problem.add_variable(f"{name}_{number}", 0, upper))
        return len(self.columns) - 1

    def _add(self, name: str, number: int, stated: float | None, ceiling: float | None) -> int:
        """Add a quantity: a stated 0 stays 0, a capacity or largest flow binds."""
        return self._column(name, number, 0.0 if stated == 0 else ceiling)

    def _row(self, name: str, terms: list[tuple[int, float]], sense: int, right: float) -> int:
        """Add a row (sense 0: equal, 1: at least, -1: at most) and return its number."""
        total: dict[int, float] = defaultdict(float)
        for column, coefficient in terms:
            total[column] += coefficient
        expression = pulp.LpAffineExpression([(self.columns[j], a) for j, a in total.items()])
        relation = expression == right if sense == 0 else expression >= right if sense > 0 else expression <= right
        self.problem += (relation, name)
        self.rows += 1
        return self.rows - 1

    def _close(self) -> None:
        """Balance each node: what comes in, plus the gap, is what goes out, plus what is thrown away."""
        for n, node in enumerate(self.nodes):
            terms = list(self.terms[node])
            if node in self.discard:
                terms.append((self.discard[node], -1.0))
            self._row(f"close_{n}", terms, 0, -self.constant.get(node, 0.0))
        for d in range(len(self.net.demand)):
            self._row(f"gap_{d}", [(self.quantity[d], 1.0), (self.gap[d], -1.0)], 1, 0.0)

    def _deviations(self) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """Split |model - figure| of each figure into a part within its range and a part beyond it."""
        inside, outside = [], []
        for k, f in enumerate(self.figures):
            up = self._column("up", k, f.high - f.stated)
            down = self._column("down", k, f.stated - f.low)
            over, under = self._column("over", k), self._column("under", k)
            column = getattr(self, {"recipes": "output", "lanes": "flow", "demand": "quantity"}[f.table])[f.row]
            terms = [(column, 1.0), (up, -1.0), (over, -1.0), (down, 1.0), (under, 1.0)]
            self._row(f"figure_{k}", terms, 0, f.stated)
            inside.append((up, down))
            outside.append((over, under))
        return inside, outside

    def _bound_by_largest(self) -> None:
        for k, f in enumerate(self.figures):
            terms = self._correction(k)
            self._row(f"largest_{k}", [*terms, (self.largest[self._part_of(f.table, f.row)], -1.0)], -1, 0.0)

    def _correction(self, k: int) -> list[tuple[int, float]]:
        """Widths by which a figure moves, ten times those outside its range."""
        width = self.figures[k].width
        return [(j, 1.0 / width) for j in self.inside[k]] + [(j, OUTSIDE / width) for j in self.outside[k]]

    def _part_of(self, table: Kind, row: int) -> int:
        """Part of the network in which a row of a table stands."""
        record = getattr(self.net, table)[row]
        return self.part[record.item, record.origin if table == "lanes" else record.region]

    def _blank_targets(self) -> dict[int, tuple[int, int, int]]:
        """Blank lanes with a row each: flow + short - over = target, the target put in before the last step."""
        found = {}
        for k, lane in enumerate(self.net.lanes):
            if lane.flow0 is None:
                short, over = self._column("short", k), self._column("beyond", k)
                row = self._row(f"blank_{k}", [(self.flow[k], 1.0), (short, 1.0), (over, -1.0)], 0, 0.0)
                found[k] = (row, short, over)
        return found

    def _hold(self) -> list[int]:
        """Add the rows, switched off at first, that hold the sum of corrections of each part; return their numbers."""
        return [self._row(f"hold_{part}", terms, -1, UNBOUNDED) for part, terms in enumerate(self.correction_costs())]

    def correction_costs(self) -> list[list[tuple[int, float]]]:
        """Terms of step 1 by part: widths inside the ranges, ten times widths outside, and the gaps."""
        terms: list[list[tuple[int, float]]] = [[] for _ in self.largest]
        for k, f in enumerate(self.figures):
            terms[self._part_of(f.table, f.row)] += self._correction(k)
        for d, row in enumerate(self.net.demand):
            terms[self._part_of("demand", d)].append((self.gap[d], GAP_PENALTY / (row.quantity or 1.0)))
        return terms

    def column_parts(self) -> NDArray[np.int64]:
        """Return the part of the network to which each column belongs."""
        part = np.zeros(len(self.columns), dtype=np.int64)
        tables: tuple[tuple[Kind, list[int]], ...] = (
            ("recipes", self.output), ("lanes", self.flow), ("demand", self.quantity), ("demand", self.gap),
        )  # fmt: skip
        for table, columns in tables:
            part[columns] = [self._part_of(table, row) for row in range(len(columns))]
        part[list(self.discard.values())] = [self.part[node] for node in self.discard]
        for k, f in enumerate(self.figures):
            part[[*self.inside[k], *self.outside[k]]] = self._part_of(f.table, f.row)
        part[self.largest] = np.arange(len(self.largest))
        for k, (_, short, over) in self.targets.items():
            part[[short, over]] = part[self.flow[k]]
        return part

    def is_stated(self) -> NDArray[np.bool_]:
        """Tell which columns have a figure of their own, however small."""
        stated = np.zeros(len(self.columns), dtype=bool)
        for f in self.figures:
            stated[getattr(self, {"recipes": "output", "lanes": "flow", "demand": "quantity"}[f.table])[f.row]] = True
        return stated

    def ties(self) -> list[tuple[int, float]]:
        """Hairs by id, between 0 and 1, for every quantity and correction; trade is preferred to making at home."""
        terms = [(j, _hair("output", r.recipe)) for j, r in zip(self.output, self.net.recipes, strict=True)]
        terms += [(j, 0.2 * _hair("flow", *r.key)) for j, r in zip(self.flow, self.net.lanes, strict=True)]
        for d, row in enumerate(self.net.demand):
            terms.append((self.quantity[d], _hair("quantity", row.item, row.region)))
            terms.append((self.gap[d], _hair("gap", row.item, row.region)))
        return terms + [(j, _hair("discard", *node)) for node, j in self.discard.items()]


def close(net: Network, *, solver: SolverName = "highs") -> Baseline:
    """Close the baseline of a network.

    Raises
    ------
    SolverError
        If the solver stops without an optimum (the programme itself always has one).
    """
    stated = _Statement(net)
    matrix = hand_over(stated.problem, stated.columns)
    scale = _scales(net, stated, matrix)
    scaled = matrix.scaled(*scale)
    session = Batches(scaled, stated.column_parts(), solver)
    bounds = Bounds.of(scaled)
    blank_rows = [row for row, _, _ in stated.targets.values()]
    bounds.row_lower[blank_rows], bounds.row_upper[blank_rows] = -np.inf, np.inf
    by_part = stated.correction_costs()
    cost = _vector([term for terms in by_part for term in terms], scale[0])
    surplus = _vector([(j, SURPLUS_PENALTY / scale[0][j]) for j in stated.discard.values()], scale[0])
    first = session.solve(bounds, cost + surplus)
    totals = [float(sum(cost[j] * first[j] for j, _ in terms)) for terms in by_part]
    for row, total in zip(stated.hold, totals, strict=True):
        bounds.row_upper[row] = (total * (1 + SPREAD_ALLOWANCE) + 1e-9) / scale[1][row]
    second = session.solve(bounds, _vector([(j, 1.0) for j in stated.largest], scale[0]) + surplus)
    bounds.upper[stated.largest] = second[stated.largest] * (1 + 1e-9) + 1e-10
    if stated.targets:
        wanted = targets(_trade(net, stated, matrix))
        for k, (row, _, _) in stated.targets.items():
            bounds.row_lower[row] = bounds.row_upper[row] = wanted[k] / scale[1][row]
        cost = cost + _vector(_blank_costs(net, stated, wanted), scale[0])
    cost = cost + _vector(_figure_hairs(net, stated), scale[0])
    ties = _vector([(j, weight / scale[0][j]) for j, weight in stated.ties()], scale[0])
    third = session.solve(bounds, cost + surplus + 1e-6 * ties)
    largest = float(np.max(second[stated.largest], initial=0.0))
    value = third.copy()
    value[(value < NOISE) & ~stated.is_stated()] = 0.0
    return _read(net, stated, matrix, value * scale[0], sum(totals), largest)


def _blank_costs(net: Network, stated: _Statement, wanted: Floats) -> list[tuple[int, float]]:
    """Terms of step 3: how far blank lanes stay from their targets, as shares of these."""
    terms = []
    for k, (_, short, over) in stated.targets.items():
        weight = 1e-2 * (1.0 + 1e-4 * _hair("blank", *net.lanes[k].key)) / max(float(wanted[k]), 1e-6)
        terms += [(short, weight), (over, weight)]
    return terms


def _figure_hairs(net: Network, stated: _Statement) -> list[tuple[int, float]]:
    """Terms of step 3: a hair per width that a figure moves within its range."""
    terms = []
    for k, figure in enumerate(stated.figures):
        weight = 1e-4 * (1 + _hair(figure.table, *_key(net, figure.table, figure.row))) / figure.width
        terms += [(j, weight) for j in stated.inside[k]]
    return terms


def _hair(*key: str) -> float:
    """Return a number between 0 and 1 that depends on an id alone."""
    return (zlib.crc32(" ".join(key).encode()) + 0.5) / 2**32


def _key(net: Network, table: str, row: int) -> tuple[str, ...]:
    record = getattr(net, table)[row]
    names = {"recipes": ("recipe",), "lanes": ("item", "origin", "destination"), "demand": ("item", "region")}[table]
    return tuple(str(getattr(record, name)) for name in names)


def _parts(net: Network, nodes: list[NodeId]) -> dict[NodeId, int]:
    """Number the parts of the network that share no node by recipe or lane."""
    graph = nx.Graph()
    graph.add_nodes_from(nodes)
    for recipe in net.recipes:
        graph.add_edges_from(
            ((recipe.item, recipe.region), (line.input, recipe.region)) for line in net.bom_of[recipe.recipe]
        )
    graph.add_edges_from(((lane.item, lane.origin), (lane.item, lane.destination)) for lane in net.lanes)
    return {node: part for part, members in enumerate(nx.connected_components(graph)) for node in members}


def _vector(terms: list[tuple[int, float]], scale: Floats) -> Floats:
    cost = np.zeros(len(scale))
    for j, weight in terms:
        cost[j] += weight * scale[j]
    return cost


def _scales(net: Network, stated: _Statement, matrix: Matrix) -> tuple[Floats, Floats]:
    """Count each quantity in units of its own stated size or, if blank, of a typical one of its item."""
    typical: dict[str, list[float]] = defaultdict(list)
    for f in stated.figures:
        if f.stated > 0:
            typical[_item(net, f.table, f.row)].append(f.stated)
    middle = {item: float(np.median(sizes)) for item, sizes in typical.items()}
    column = np.ones(matrix.shape[1])
    for table, columns in (("recipes", stated.output), ("lanes", stated.flow), ("demand", stated.quantity)):
        for row, j in enumerate(columns):
            column[j] = middle.get(_item(net, table, row), 1.0)
    for d, j in enumerate(stated.gap):
        column[j] = column[stated.quantity[d]]
    for node, j in stated.discard.items():
        column[j] = middle.get(node[0], 1.0)
    for k, f in enumerate(stated.figures):
        size = max(f.stated, 1e-12)
        column[list(stated.inside[k] + stated.outside[k])] = size
    for k, (_, short, over) in stated.targets.items():
        column[[short, over]] = column[stated.flow[k]]
    row_scale = np.zeros(matrix.shape[0])
    np.maximum.at(row_scale, matrix.row_of_entry(), np.abs(matrix.value * column[matrix.index]))
    return column, np.where(row_scale > 0, row_scale, 1.0)


def _item(net: Network, table: str, row: int) -> str:
    return str(getattr(net, table)[row].item)


def _figures(net: Network) -> Iterator[Figure]:
    for p, recipe in enumerate(net.recipes):
        if recipe.output0:
            yield _figure("recipes", p, recipe.output0, recipe)
    for k, lane in enumerate(net.lanes):
        if lane.flow0:
            yield _figure("lanes", k, lane.flow0, lane)
    for d, demand in enumerate(net.demand):
        if demand.quantity:
            yield _figure("demand", d, demand.quantity, demand)


def _figure(table: Kind, row: int, stated: float, evidence: Evidence) -> Figure:
    low = stated if evidence.low is None else min(evidence.low, stated)
    high = stated if evidence.high is None else max(evidence.high, stated)
    default = (ESTIMATED_WIDTH if evidence.is_estimate else SOURCED_WIDTH) * stated
    width = (high - low) / 2 if high > low else default
    if high == low:
        low, high = stated - default, stated + default
    return Figure(table, row, stated, max(low, 0.0), high, max(width, 1e-9 * stated), evidence.source)


Terms = dict[NodeId, list[tuple[int, float]]]


def _node_terms(net: Network, stated: _Statement) -> tuple[Terms, dict[NodeId, float]]:
    """Collect what enters (+) and leaves (-) each node, and the renewals of installed bases of fixed size."""
    terms: Terms = defaultdict(list)
    constant: dict[NodeId, float] = defaultdict(float)
    cover = {(row.item, row.region): row.cover_months or 0.0 for row in net.stocks}
    for p, recipe in enumerate(net.recipes):
        terms[recipe.item, recipe.region].append((stated.output[p], 1.0))
        for line in net.bom_of[recipe.recipe]:
            node = (line.input, recipe.region)
            life = net.item[line.input].life_months
            if life is None:
                terms[node].append((stated.output[p], -line.quantity))
                continue
            renewal = line.quantity * (1 + cover.get(node, 0.0) / life) * MONTHS_PER_YEAR / life
            if recipe.capacity is None:
                terms[node].append((stated.output[p], -renewal))
            else:
                terms[node] = terms[node]
                constant[node] -= renewal * recipe.capacity
    for k, lane in enumerate(net.lanes):
        terms[lane.item, lane.origin].append((stated.flow[k], -1.0))
        terms[lane.item, lane.destination].append((stated.flow[k], 1.0))
    for d, demand in enumerate(net.demand):
        terms[demand.item, demand.region] += [(stated.quantity[d], -1.0), (stated.gap[d], 1.0)]
    for row in net.stocks:
        terms[row.item, row.region] = terms[row.item, row.region]
    return terms, constant


def _joint_nodes(net: Network) -> set[NodeId]:
    joint: set[NodeId] = set()
    for recipe in net.recipes:
        bys = [line.input for line in net.bom_of[recipe.recipe] if line.quantity < 0]
        if bys:
            joint |= {(item, recipe.region) for item in (recipe.item, *bys)}
    return joint


def _trade(net: Network, stated: _Statement, matrix: Matrix) -> Trade:
    """Return the network as numbers: blank figures NaN, blank demand an even part of what stated makers have left."""
    rows, width = len(stated.nodes), len(net.recipes)
    recipe_of = np.full(matrix.shape[1], -1, dtype=np.int64)
    recipe_of[stated.output] = np.arange(width)
    here = (matrix.row_of_entry() < rows) & (recipe_of[matrix.index] >= 0)
    row: NDArray[np.int64] = matrix.row_of_entry()[here].astype(np.int64)
    recipe, value = recipe_of[matrix.index[here]], matrix.value[here]
    node = {name: n for n, name in enumerate(stated.nodes)}
    items = {item: i for i, item in enumerate(sorted({item for item, _ in stated.nodes}))}
    item = np.array([items[name] for name, _ in stated.nodes], dtype=np.int64)
    level = np.array([_or_nan(r.output0) for r in net.recipes])
    wanted = np.array([_or_nan(r.quantity) for r in net.demand])
    where = np.array([node[r.item, r.region] for r in net.demand], dtype=np.int64)
    use = np.array([-stated.constant.get(name, 0.0) for name in stated.nodes])
    use += sum_by(where, np.nan_to_num(wanted), rows)
    free = sum_by(item[row], value * np.nan_to_num(level)[recipe], len(items)) - sum_by(item, use, len(items))
    blank = np.isnan(wanted)
    askers = sum_by(item[where], blank, len(items))
    share = np.maximum(free, 0.0) / np.maximum(askers, 1.0)
    use += sum_by(where, np.where(blank, share[item[where]], 0.0), rows)
    return Trade(
        item=item,
        use=use,
        make_node=row[value > 0],
        make_recipe=recipe[value > 0],
        make_quantity=value[value > 0],
        use_node=row[value < 0],
        use_recipe=recipe[value < 0],
        use_quantity=-value[value < 0],
        output=np.array([node[r.item, r.region] for r in net.recipes], dtype=np.int64),
        level=level,
        most=np.array([np.inf if r.capacity is None else r.capacity for r in net.recipes]),
        origin=np.array([node[r.item, r.origin] for r in net.lanes], dtype=np.int64),
        destination=np.array([node[r.item, r.destination] for r in net.lanes], dtype=np.int64),
        flow=np.array([_or_nan(r.flow0) for r in net.lanes]),
    )


def _or_nan(figure: float | None) -> float:
    return float("nan") if figure is None else figure


def _read(net: Network, stated: _Statement, matrix: Matrix, point: Floats, total: float, largest: float) -> Baseline:
    balances = matrix.within(np.arange(matrix.shape[1]), np.arange(len(stated.nodes)))
    point = closed(balances, rounded(np.maximum(point, 0.0)))
    output, flow, quantity, gap = (
        point[columns] for columns in (stated.output, stated.flow, stated.quantity, stated.gap)
    )
    capacity, room = ceilings(net, output, flow)
    discard = np.array([point[stated.discard[node]] if node in stated.discard else 0.0 for node in stated.nodes])
    moved = _moved(net, stated, {"recipes": output, "lanes": flow, "demand": quantity})
    return Baseline(
        output, capacity, flow, room, quantity, gap, discard, moved, {"sum_in_widths": total, "largest": largest}
    )


def ceilings(net: Network, output: Floats, flow: Floats) -> tuple[Floats, Floats]:
    """Return the most that each recipe may make and each lane may carry, unit/yr: as stated, never less than the baseline."""
    capacity = [output[p] if r.capacity is None else max(r.capacity, output[p]) for p, r in enumerate(net.recipes)]
    room = [
        flow[k] * (1 + DEFAULT_LANE_GROWTH) if lane.max_flow is None else max(lane.max_flow, flow[k])
        for k, lane in enumerate(net.lanes)
    ]
    return np.array(capacity), np.array(room)


def _moved(net: Network, stated: _Statement, model: dict[str, Floats]) -> tuple[dict[str, object], ...]:
    rows: list[dict[str, object]] = []
    for f in stated.figures:
        value = float(model[f.table][f.row])
        if abs(value - f.stated) <= 1e-6 * f.stated:
            continue
        row = getattr(net, f.table)[f.row]
        key = "/".join(_key(net, f.table, f.row))
        rows.append(
            {
                "table": f.table,
                "key": key,
                "unit": f"{net.item[row.item].unit}/yr",
                "figure": f.stated,
                "model": value,
                "low": f.low,
                "high": f.high,
                "widths": abs(value - f.stated) / f.width,
                "left_range": not f.low * (1 - 1e-6) <= value <= f.high * (1 + 1e-6),
                "source": f.source,
            }
        )
    rows.sort(key=lambda r: (not r["left_range"], -float(str(r["widths"])), str(r["key"])))
    return tuple(rows)
