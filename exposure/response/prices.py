"""Prices that hold: what one unit more of a limit saves and what one unit less costs, each by a real re-solve.

The programme's own price is one of many where plans are degenerate, and speaks of one side only. Damage is convex in a limit, so

    (damage - damage with a step more) / step  <=  price  <=  (damage with a step less - damage) / step      (USD per unit)

and the two re-solves bound every price that a solver could report.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from exposure.errors import SolverError
from exposure.response.plan import Decision, Plan
from exposure.response.real import Real
from exposure.response.tables.limits import ADDRESS

Ints = NDArray[np.int64]

UNIT = 1.0
"""Size of a step, unit/month, or"""
SHARE = 0.01
"""this share of what the limit is about, where that is less."""


@dataclass(frozen=True)
class Step:
    """Columns and rows of the statement whose upper limits make up one real limit in one month."""

    columns: Ints
    rows: Ints
    period: int


def with_intervals(table: pd.DataFrame, plan: Plan, real: Real, most: int) -> pd.DataFrame:
    """Fill in ``price_low_usd`` and ``price_high_usd`` of the limits that hold back most.

    Parameters
    ----------
    table
        ``limits`` of one plan, with addresses.
    plan
        The plan as solved, goods told apart where rules ask for it.
    real
        The way from real positions to the columns of the statement.
    most
        How many limits to re-solve.
    """
    size = table[["baseline", "allowed", "used"]].astype(float).max(axis=1)
    worth = (table["price_usd"].astype(float) * size).where(size > 0, 0.0)
    chosen = worth[worth > 0].sort_values(ascending=False, kind="stable").index[:most]
    addresses: dict[Hashable, tuple[str, int, int]] = table[ADDRESS].to_dict()
    answer = table.copy()
    for k in chosen:
        step = min(UNIT, SHARE * float(size[k]))
        low, high = interval(plan, _step(real, plan, addresses[k]), step)
        answer.loc[k, ["price_low_usd", "price_high_usd"]] = low, high
        less = "" if high is not None else "; one less leaves no plan within what contracts allow"
        answer.at[k, "note"] = f"re-solved with {step:.3g} more and less a month{less}"
    return answer


def interval(plan: Plan, limit: Step, step: float) -> tuple[float, float | None]:
    """Return what a step more saves and a step less costs, USD per unit; None where there is no plan with less.

    Parameters
    ----------
    plan
        A plan of the voluntary or planner level.
    limit
        What is moved.
    step
        By how much, unit/month.
    """
    decision = next(d for d in plan.decisions if d.start <= limit.period < d.end)
    now = decision.best.solution.objective
    more = _damage(decision, limit, step)
    try:
        less = _damage(decision, limit, -step)
    except SolverError:
        less = None
    usd = decision.money / step
    return max(0.0, (now - more) * usd), None if less is None else max(0.0, (less - now) * usd)


def _damage(decision: Decision, limit: Step, step: float) -> float:
    """Least damage (solver units) with a limit moved by a step."""
    statement, bounds = decision.reach.statement, decision.bounds
    upper, row_upper = bounds.upper.copy(), bounds.row_upper.copy()
    upper[limit.columns] += step / statement.column_scale[limit.columns]
    row_upper[limit.rows] += step / statement.row_scale[limit.rows]
    if np.any(upper < bounds.lower):
        message = "less than what must flow"
        raise SolverError(message)
    moved = replace(bounds, upper=upper, row_upper=row_upper)
    return decision.reach.solve(moved, decision.cost, start=decision.best).solution.objective


def _step(real: Real, plan: Plan, address: tuple[str, int, int]) -> Step:
    """Find the limit at an address (family or quota, real position, period).

    Variants that share a capacity move together with it; of variants that do not, the one with the highest price moves.
    """
    family, position, period = address
    if family == "quota":
        return Step(np.array([], dtype=np.int64), real.statement.rows_of("quota")[[position], period], period)
    columns = real.columns_of(family, position)[:, period]
    shared = real.shared_rows(family, position)
    if len(shared):
        return Step(columns, shared[:, period], period)
    assert plan.reduced is not None
    dearest = columns[[int(np.argmin(plan.reduced[columns]))]]
    return Step(dearest, np.array([], dtype=np.int64), period)
