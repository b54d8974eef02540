"""What the columns and rows may do in one stage: the small set of numbers that a scenario lays over the matrix."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from exposure.lp.arrival import flows, turned_away
from exposure.lp.columns import Columns
from exposure.lp.matrix import sum_by
from exposure.lp.session import Bounds
from exposure.lp.statement import Statement
from exposure.lp.world import World
from exposure.policy import Limits

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def bounds_of(statement: Statement, limits: Limits, headroom: Floats, *, start: int, past: Floats) -> Bounds:
    """Return the limits of every column and row, in natural units (unit of the item per month).

    Parameters
    ----------
    statement
        The programme.
    limits
        What lanes may carry, as known in this stage.
    headroom
        Most that each recipe may make above its baseline, recipes x periods, unit/month.
    start, past
        Periods before ``start`` are fixed at the values of ``past``, and their rows are freed.

    Notes
    -----
    Parts of the network that share no balance or quota with any moved limit are fixed at the baseline, unless they left it
    earlier (goods hoarded against a ban that was then called off).
    """
    v = statement.columns
    w = v.world
    lower, upper = np.zeros(v.size), np.full(v.size, np.inf)
    for family, ceiling in (
        ("make_usual", w.make0), ("stock_usual", w.stock0), ("discard_usual", w.discard0), ("unmet_usual", w.gap0),
        ("unmet_extra", w.demand - w.gap0), ("install_usual", w.install0), ("postponed", w.deferrable * w.demand),
    ):  # fmt: skip
        block = v[family]
        upper[block.grid] = ceiling[block.members][:, None]
    upper[v["make_extra"].grid] = headroom[v["make_extra"].members]
    usual, extra = v["ship_usual"], v["ship_extra"]
    upper[usual.grid] = (w.ship0[:, None] * limits.share)[usual.members]
    upper[extra.grid] = (w.ship_room[:, None] * limits.extra)[extra.members]
    lower[v["stock_usual"].grid] = w.reserve[v["stock_usual"].members][:, None]
    refused = v["refused"]
    if len(refused.members):
        away = turned_away(w, v.groups.refusals, flows(v, past), limits, start)
        lower[refused.grid] = upper[refused.grid] = away[refused.members]
    base = v.baseline()
    still = ~touched_columns(statement, limits, _astray(v, base, past, start))
    lower[still] = upper[still] = base[still]
    row_lower = statement.matrix.row_lower * statement.row_scale
    row_upper = statement.matrix.row_upper * statement.row_scale
    for quota, rows in zip(limits.quotas, statement.rows_of("quota"), strict=True):
        row_upper[rows] = quota.cap
    gone = np.zeros(v.size, dtype=bool)
    for block in v.blocks.values():
        gone[block.grid[:, :start]] = True
    lower[gone] = upper[gone] = past[gone]
    for equation, keys in statement.row_keys.items():
        if keys:
            rows = statement.rows_of(equation)[:, :start].ravel()
            row_lower[rows], row_upper[rows] = -np.inf, np.inf
    _free_settled_rows(statement, still, row_lower, row_upper)
    return Bounds(lower, upper, row_lower, row_upper)


def _free_settled_rows(statement: Statement, still: Bools, row_lower: Floats, row_upper: Floats) -> None:
    """Free the rows in which nothing can move: they hold by the baseline, up to rounding."""
    matrix = statement.matrix
    moving = sum_by(matrix.row_of_entry(), ~still[matrix.index], matrix.shape[0])
    settled = moving == 0
    row_lower[settled], row_upper[settled] = -np.inf, np.inf


def _astray(v: Columns, base: Floats, past: Floats, start: int) -> Bools:
    """Return the nodes at which anything differed from the baseline before a period."""
    astray = np.zeros(len(v.world.nodes), dtype=bool)
    for family, block in v.blocks.items():
        grid = block.grid[:, :start]
        differs = np.any(past[grid] != base[grid], axis=1)
        astray[v.node_of(family)[differs]] = True
    return astray


def touched_nodes(w: World, limits: Limits, astray: Bools | None = None) -> Bools:
    """Return the nodes that share a balance, a bill of materials or a quota with any moved limit, or with nodes gone astray."""
    moved: Bools = np.any((limits.share < 1) | ~limits.extra | (limits.rate > 0), axis=1)
    moved |= (limits.landing < 1).any(axis=1)
    for quota in limits.quotas:
        if np.isfinite(quota.cap).any():
            moved[list(quota.lanes)] = True
    carries = (w.ship0 > 0) | (w.ship_room > 0)
    moved &= carries
    group = np.arange(len(w.nodes))
    links = [(w.origin[carries], w.destination[carries])]
    links += [(w.use_node, w.output_node[w.use_recipe]), (w.by_node, w.output_node[w.by_recipe])]
    links += [(w.base_node[w.need_base], w.output_node[w.need_recipe])]
    links += [
        (w.origin[[q.lanes[0]] * len(q.lanes)], w.origin[list(q.lanes)])
        for q in limits.quotas
        if q.lanes and np.isfinite(q.cap).any()
    ]
    first = np.concatenate([a for a, _ in links])
    second = np.concatenate([b for _, b in links])
    while True:
        lowest = group.copy()
        np.minimum.at(lowest, first, group[second])
        np.minimum.at(lowest, second, lowest[first])
        lowest = lowest[lowest]
        if np.array_equal(lowest, group):
            break
        group = lowest
    seeds = group[w.origin[moved]] if astray is None else np.concatenate([group[w.origin[moved]], group[astray]])
    return np.isin(group, np.unique(seeds))


def touched_columns(statement: Statement, limits: Limits, astray: Bools | None = None) -> Bools:
    """Return the columns that belong to touched nodes."""
    v = statement.columns
    nodes = touched_nodes(v.world, limits, astray)
    touched = np.zeros(v.size, dtype=bool)
    for family, block in v.blocks.items():
        touched[block.grid] = nodes[v.node_of(family)][:, None]
    return touched
