"""One answer: among all plans of least damage, the one that changes least and latest.

After the damage is minimal the programme is solved once more on the face of minimal plans: columns with a price of their own are
frozen at their limit, priced rows are tight. What is made small there counts in shares of a node's usual throughput, so that no
weight drowns in the solver's tolerance; each weight is lifted by a hair that depends on the column's id alone, so that the answer
does not depend on the order of rows.
"""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

from exposure.errors import SolverError
from exposure.lp.columns import Columns, Family
from exposure.lp.matrix import Bounds
from exposure.lp.reach import Reach, Reached
from exposure.lp.session import Solution
from exposure.once import once

Floats = NDArray[np.float64]

EARLY_LOSS = 10.0
"""A unit lost a month earlier: worth more than holding stock for that month, so stock is drawn before anybody goes short."""
STOCK = 1.0
"""A unit of usual stock missing, or of extra stock held, per month."""
EXTRA = 0.1
"""A unit of extra flow."""
GAP = 0.5
"""A unit of the baseline gap left open: closed when goods are free, at the price of a few extra flows, never of a usual stock."""
UNUSED = 0.01
"""A unit of usual flow not used."""
HAIR = 1e-3
"""Largest relative lift of a weight by its column's id."""
FACE_TOLERANCE = 1e-8
"""Feasibility on the face (solver units): ten times that of the plan that it holds, so that this plan stays feasible."""
NOISE = 1e3
"""How much larger a price must be where a solver's last digits contradict each other."""
AT_LIMIT = 1e-6
"""A column further from its limit than this has no price, whatever a solver's last digits say."""
PRICED = 1e-7
"""A reduced cost or dual above this (solver units, damage scaled to about a thousand) is a price."""
ATTEMPTS = ((PRICED, FACE_TOLERANCE), (NOISE * PRICED, FACE_TOLERANCE), (NOISE * PRICED, 100 * FACE_TOLERANCE))
"""Smallest price that counts and tolerance of the face, in the order tried."""


def weights(v: Columns) -> Floats:
    """Return the tie-break weight of each column, per share of the node's usual throughput."""
    periods = v.periods
    cost = np.zeros(v.size)
    fall = periods - np.arange(periods)
    for family, weight in (
        ("unmet_extra", EARLY_LOSS * fall), ("unmet_usual", GAP), ("stock_usual", -STOCK), ("stock_extra", STOCK),
        ("ship_extra", EXTRA), ("make_extra", EXTRA), ("discard_extra", EXTRA), ("install_extra", EXTRA),
        ("postponed", EXTRA), ("caught_up", EXTRA), ("ship_usual", -UNUSED), ("make_usual", -UNUSED),
        ("discard_usual", -UNUSED), ("install_usual", -UNUSED),
    ):  # fmt: skip
        block = v[family]
        cost[block.grid] = weight * (1 + HAIR * _hair(v, family))
    for family, members in (("make_extra", v.groups.instead), ("ship_extra", v.groups.lane_instead)):
        block = v[family]
        instead = np.isin(block.members, list(members))  # takes the place of a usual flow, so it counts like one
        cost[block.grid[instead]] *= -UNUSED / EXTRA
    return cost


def _hair(v: Columns, family: Family) -> Floats:
    """Numbers in [0, 1) from the ids of a family's columns, members x periods."""
    seeds = np.array([zlib.crc32(f"{family} {_identity(v, family, int(m))}".encode()) for m in v[family].members])
    t = np.arange(v.periods, dtype=np.uint64)
    mixed = (seeds.astype(np.uint64)[:, None] * np.uint64(2654435761) + t * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(
        11
    )
    return np.asarray((mixed % np.uint64(1 << 24)).astype(np.float64) / float(1 << 24))


def _identity(v: Columns, family: Family, member: int) -> str:
    net = v.world.network
    if family.startswith("make"):
        return net.recipes[member].recipe
    if family.startswith("ship"):
        return " ".join(net.lanes[member].key) + (" instead" if member in v.groups.lane_instead else "")
    if family in ("unmet_usual", "unmet_extra", "waiting", "postponed", "caught_up"):
        return f"{net.demand[member].item} {net.demand[member].region}"
    node = int(v.world.base_node[member]) if family.startswith("install") else member
    return " ".join(v.world.nodes[node])


def settle(reach: Reach, bounds: Bounds, best: Reached, start: Reached | None = None) -> Reached:
    """Solve once more on the face of plans of least damage; every column in units of its node's throughput.

    Prices that are not exact can freeze a column that is free, and a face is so narrow that a solver's last digits can close it:
    where it finds no plan, only larger prices count, and at last its limits are held less tightly.
    """
    activity = reach.matrix.times(best.solution.value)
    columns = reach.statement.columns
    weight = once(columns, "tie-break", lambda: weights(columns))
    for k, (priced, tolerance) in enumerate(ATTEMPTS):
        face = face_of(bounds, best.solution, activity, priced=priced)
        try:
            return reach.solve(face, weight, tolerance=tolerance, start=None if k else start, face_of=best)
        except SolverError as error:
            failure = error
    raise failure


def face_of(bounds: Bounds, best: Solution, activity: Floats, *, priced: float = PRICED) -> Bounds:
    """Freeze priced columns at the limit that they stand at, and make priced rows tight at theirs.

    ``priced``: smallest reduced cost or dual that counts as a price.
    ``activity``: of the rows at the best plan; a row without a limit on the priced side is tight where it is.
    """
    lower, upper = bounds.lower.copy(), bounds.upper.copy()
    at_lower = (best.reduced > priced) & (best.value <= lower + AT_LIMIT)
    at_upper = (best.reduced < -priced) & (best.value >= upper - AT_LIMIT)
    upper[at_lower] = lower[at_lower]
    lower[at_upper] = upper[at_upper]
    row_lower, row_upper = bounds.row_lower.copy(), bounds.row_upper.copy()
    tight = (np.abs(best.dual) > priced) & (row_lower < row_upper)
    limit = np.where(best.dual > 0, row_lower, row_upper)
    limit = np.where(np.isfinite(limit), limit, activity)
    row_lower[tight] = row_upper[tight] = limit[tight]
    return Bounds(*_around(best.value, lower, upper), *_around(activity, row_lower, row_upper))


def _around(value: Floats, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """Return limits moved to the plan itself where it is outside them by more than rounding, so that the face holds the plan."""
    below, above = value < lower - FACE_TOLERANCE, value > upper + FACE_TOLERANCE
    return np.where(below, value, lower), np.where(above, value, upper)
