"""Goods are neither created nor lost."""

from __future__ import annotations

import numpy as np

from exposure.lp.columns import Columns
from exposure.lp.equations.rows import Floats, Ints, Rows


def balance(v: Columns) -> Rows:
    """What was there, is made and arrives is what stays, is used, installed, sent on, served or thrown away.

    ::

          stock[n, t-1] + sum over p making n of make[p, t] + sum over p of beside[p, n] x make[p, t]
        + sum over l into n of ship[l, t - lead[l]]
        = stock[n, t] + sum over p of quantity[p, n] x make[p, t] + install[n, t]
        + sum over l out of n of ship[l, t] + demand[b, t] - unmet[b, t] - postponed[b, t] + caught_up[b, t]
        + discard[n, t] + refused[n, t]                                     (unit of the item per month)

    for every node n (item in a region) and month t; make, ship, stock, install, discard and unmet each mean usual + extra.
    Before the first month stocks and shipments under way are those of the baseline; refused is a known number, what arrives and
    may not land. Its dual is what one more unit of the
    item there and then would save.
    """
    w, periods = v.world, v.periods
    rows = Rows.over("balance", "==", np.arange(len(w.nodes)), periods)
    at = np.arange(len(w.nodes) * periods).reshape(len(w.nodes), periods)
    _stocks(v, rows, at)
    _making(v, rows, at)
    _shipping(v, rows, at)
    _leaving(v, rows, at)
    return rows


def _stocks(v: Columns, rows: Rows, at: Ints) -> None:
    for family in ("stock_usual", "stock_extra"):
        block = v[family]
        rows.add(at[block.members], block.grid, -1.0)
        rows.add(at[block.members, 1:], block.grid[:, :-1], 1.0)
    rows.right[at[:, 0]] -= v.world.stock0


def _making(v: Columns, rows: Rows, at: Ints) -> None:
    w = v.world
    for family in ("make_usual", "make_extra"):
        block = v[family]
        rows.add(at[w.output_node[block.members]], block.grid, 1.0)
        for recipe, node, quantity, sign in (
            (w.by_recipe, w.by_node, w.by_quantity, 1.0),
            (w.use_recipe, w.use_node, w.use_quantity, -1.0),
        ):
            present = np.isin(recipe, block.members)
            slots = np.array([block.slot[int(p)] for p in recipe[present]], dtype=np.int64)
            rows.add(at[node[present]], block.grid[slots], sign * _column(quantity[present], v.periods))


def _shipping(v: Columns, rows: Rows, at: Ints) -> None:
    w, periods = v.world, v.periods
    for family in ("ship_usual", "ship_extra"):
        block = v[family]
        rows.add(at[w.origin[block.members]], block.grid, -1.0)
        for lead in np.unique(w.lead[block.members]):
            slots = np.flatnonzero(w.lead[block.members] == lead)
            there = at[w.destination[block.members[slots]]]
            rows.add(there[:, lead:], block.grid[slots, : periods - lead], 1.0)
    for lane in np.flatnonzero(w.lead > 0):  # what was under way at the start
        rows.right[at[w.destination[lane], : w.lead[lane]]] -= w.ship0[lane]


def _leaving(v: Columns, rows: Rows, at: Ints) -> None:
    w = v.world
    for family in ("discard_usual", "discard_extra", "refused"):
        block = v[family]
        rows.add(at[block.members], block.grid, -1.0)
    for family in ("install_usual", "install_extra"):
        block = v[family]
        rows.add(at[w.base_node[block.members]], block.grid, -1.0)
    for family, sign in (("unmet_usual", 1.0), ("unmet_extra", 1.0), ("postponed", 1.0), ("caught_up", -1.0)):
        block = v[family]
        rows.add(at[w.demand_node[block.members]], block.grid, sign)
    np.add.at(rows.right, at[w.demand_node], np.repeat(w.demand[:, None], v.periods, axis=1))


def _column(values: Floats, periods: int) -> Floats:
    return np.repeat(values[:, None], periods, axis=1)
