"""Demand that waits instead of being lost."""

from __future__ import annotations

import numpy as np

from exposure.lp.columns import Columns
from exposure.lp.equations.rows import Rows


def deferral(v: Columns) -> Rows:
    """Who waits are those who waited, plus those put off, less those caught up with.

    ::

        waiting[b, t] = waiting[b, t-1] + postponed[b, t] - caught_up[b, t]             (unit of the item)

    for every demand row b with a deferrable share and every month t; nobody waits at the start, and what waits after the
    last month is lost. Its dual is what one customer less in the queue would save.
    """
    members = v["waiting"].members
    rows = Rows.over("deferral", "==", members, v.periods)
    at = np.arange(len(members) * v.periods).reshape(len(members), v.periods)
    rows.add(at, v["waiting"].grid, 1.0)
    rows.add(at[:, 1:], v["waiting"].grid[:, :-1], -1.0)
    rows.add(at, v["postponed"].grid, -1.0)
    rows.add(at, v["caught_up"].grid, 1.0)
    return rows


def shortfall(v: Columns) -> Rows:
    """What is lost or put off this month is at most what was to be served; under ``voluntary``, at most what contracts leave short.

    ::

        unmet_extra[b, t] + postponed[b, t] <= limit[b, t]                              (unit of the item per month)

    for every demand row b with a deferrable share and month t; limit = demand - baseline gap, or the shortfall of the walk of
    contracts. (Other rows need no equation: unmet_extra has an upper bound of its own.)
    """
    w = v.world
    members = v["waiting"].members
    rows = Rows.over("shortfall", "<=", members, v.periods)
    at = np.arange(len(members) * v.periods).reshape(len(members), v.periods)
    lost = v["unmet_extra"]
    for k, b in enumerate(members):
        if int(b) in lost.slot:
            rows.add(at[k], lost.row(int(b)), 1.0)
    rows.add(at, v["postponed"].grid, 1.0)
    rows.right[at] = (w.demand - w.gap0)[members][:, None]
    return rows
