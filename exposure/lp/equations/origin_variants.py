"""Goods that a content rule catches and goods that it spares are made by the same plants and carried by the same ships."""

from __future__ import annotations

import numpy as np

from exposure.lp.columns import Columns
from exposure.lp.equations.rows import Rows


def origin_variants(v: Columns) -> Rows:
    """The variants of one recipe, or of one lane, together stay under its capacity.

    ::

        sum over p in variants[r] of make[p, t] <= baseline[r] + headroom[r, t]         (unit of the item per month)
        sum over l in variants[k] of ship[l, t] <= baseline[k] + room[k]

    for every real recipe r and lane k that has variants, and every month t; make and ship mean usual + extra, baseline is the sum
    over the variants. A recipe has a variant for goods that a content rule may catch and one for clean goods. Its dual is what one
    more unit of capacity, whichever variant it makes, would save.
    """
    w, groups = v.world, [*v.groups.recipes, *v.groups.lanes]
    rows = Rows.over("origin_variants", "<=", np.arange(len(groups)), v.periods)
    at = np.arange(len(groups) * v.periods).reshape(len(groups), v.periods)
    for g, members in enumerate(groups):
        kind, base, room = (
            ("make", w.make0, w.headroom) if g < len(v.groups.recipes) else ("ship", w.ship0, w.ship_room)
        )
        for family in (f"{kind}_usual", f"{kind}_extra"):
            for member in members:
                if member in v[family].slot:
                    rows.add(at[g], v[family].row(member), 1.0)
        others = 0.0 if kind == "ship" else float(base[list(members[1:])].sum())
        rows.right[at[g]] = base[members[0]] + room[members[0]] + others
    return rows
