"""Goods that a content rule catches and goods that it spares are made by the same plants and carried by the same ships."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from exposure.lp.columns import Columns
from exposure.lp.equations.rows import Ints, Rows


def origin_variants(v: Columns) -> Rows:
    """The variants of one recipe, or of one lane, together stay under its capacity.

    ::

        sum over p in variants[r] of make[p, t] <= baseline[r] + headroom[r, t]         (unit of the item per month)
        sum over l in variants[k] of ship[l, t] <= baseline[k] + room[k]
        make_usual[clean, t] + make_extra[instead, t] <= baseline[clean]                (and ship likewise)

    for every real recipe r and lane k that has variants, and every month t; make and ship mean usual + extra, baseline is the sum
    over the variants. A recipe has a variant for goods that a content rule may catch, one for clean goods, and one that makes
    caught goods *instead* of usual clean ones, at no cost. Its dual is what one more unit of capacity, whichever variant it makes,
    would save.
    """
    w, g = v.world, v.groups
    sharing = [("make", m) for m in g.recipes] + [("ship", m) for m in g.lanes]
    swapping = [("make", m, g.instead) for m in g.swaps] + [("ship", m, g.lane_instead) for m in g.lane_swaps]
    count = len(sharing) + len(swapping)
    rows = Rows.over("origin_variants", "<=", np.arange(count), v.periods)
    at = np.arange(count * v.periods).reshape(count, v.periods)
    for row, (kind, members) in zip(at, sharing, strict=False):
        base, room = (w.make0, w.headroom) if kind == "make" else (w.ship0, w.ship_room)
        _add(v, rows, row, f"{kind}_usual", members)
        _add(v, rows, row, f"{kind}_extra", members)
        others = float(base[list(members[1:])].sum()) if kind == "make" else 0.0
        rows.right[row] = base[members[0]] + room[members[0]] + others
    for row, (kind, members, instead) in zip(at[len(sharing) :], swapping, strict=True):
        _add(v, rows, row, f"{kind}_usual", members)
        _add(v, rows, row, f"{kind}_extra", [member for member in members if member in instead])
        rows.right[row] = (w.make0 if kind == "make" else w.ship0)[list(members)].sum()
    return rows


def _add(v: Columns, rows: Rows, row: Ints, family: str, members: Iterable[int]) -> None:
    for member in members:
        if member in v[family].slot:
            rows.add(row, v[family].row(member), 1.0)
