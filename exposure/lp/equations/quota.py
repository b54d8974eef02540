"""A quota caps a group of lanes together."""

from __future__ import annotations

import numpy as np

from exposure.lp.columns import Columns
from exposure.lp.equations.rows import Rows


def quota(v: Columns) -> Rows:
    """The covered lanes of a quota together stay under it.

    ::

        sum over l in group[q] of ship[l, t] <= cap[q, t]                               (unit of the item per month)

    for every quota q and month t; the cap is without bound where the quota is off, so that switching it on is a change of a
    right-hand side. Its dual is what one more unit of quota would save; the unused part lapses at the end of the month.
    """
    groups = v.groups.quotas
    rows = Rows.over("quota", "<=", np.arange(len(groups)), v.periods)
    at = np.arange(len(groups) * v.periods).reshape(len(groups), v.periods)
    for q, lanes in enumerate(groups):
        for family in ("ship_usual", "ship_extra"):
            block = v[family]
            for lane in lanes:
                if lane in block.slot:
                    rows.add(at[q], block.row(lane), 1.0)
    rows.right[:] = np.inf
    return rows
