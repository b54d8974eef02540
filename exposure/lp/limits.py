"""What the columns and rows may do in one stage: the small set of numbers that a scenario lays over the matrix."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from exposure.lp.arrival import flows, turned_away
from exposure.lp.matrix import Bounds
from exposure.lp.statement import Statement
from exposure.policy import Limits

Floats = NDArray[np.float64]


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
    row_lower = statement.matrix.row_lower * statement.row_scale
    row_upper = statement.matrix.row_upper * statement.row_scale
    for quota, rows in zip(limits.quotas, statement.rows_of("quota"), strict=True):
        row_upper[rows] = quota.cap
    shared = statement.rows_of("origin_variants")
    for members, rows in zip(v.groups.recipes, shared, strict=False):
        row_upper[rows] = w.make0[list(members)].sum() + headroom[members[0]]
    gone = v.period < start
    lower[gone] = upper[gone] = past[gone]
    for equation, keys in statement.row_keys.items():
        if keys:
            rows = statement.rows_of(equation)[:, :start].ravel()
            row_lower[rows], row_upper[rows] = -np.inf, np.inf
    return Bounds(lower, upper, row_lower, row_upper)
