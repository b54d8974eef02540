"""Running small networks and reading their tables: ``months(out.loss, "unmet", "planner", item="ore", region="US")``."""

import numpy as np
import pandas as pd

import exposure as ex
from exposure.calendar import Calendar, Month
from exposure.lp.baseline import close
from exposure.lp.groups import Groups
from exposure.lp.limits import bounds_of
from exposure.lp.matrix import Bounds
from exposure.lp.session import open_session
from exposure.lp.statement import Statement, state
from exposure.lp.world import World, world_of
from exposure.model import RESPONSES, Network, Scenario
from exposure.response import horizon, prepare
from exposure.response.plan import Plan, Responder

ALL = RESPONSES
FREE = ("voluntary", "planner")


def run(net: Network, *, months: int = 6, tail: int = 0, solver: str = "highs", **fields) -> ex.Outcome:
    """Run all controls of a network, from January 2025 unless told otherwise."""
    return ex.run(net, case(net, months=months, tail=tail, **fields), solver=solver)


def case(net: Network, *, start: str = "2025-01", **fields) -> Scenario:
    """Return the scenario with all controls of a network."""
    return Scenario(**{"controls": tuple(net.control), "start": start, **fields})


def months(table: pd.DataFrame, column: str, response: str, **where: str) -> list[float]:
    """Return a column of one response over the reported months, rows that fit summed by month, to six digits."""
    chosen = table[table["response"] == response]
    for name, value in where.items():
        chosen = chosen[chosen[name] == value]
    return [round(float(value), 6) + 0.0 for value in chosen.groupby("month", sort=True)[column].sum()]


def summary(out: ex.Outcome, response: str) -> pd.Series:
    """Return the row of the summary of one response."""
    return out.summary.set_index("response").loc[response]


def damages(out: ex.Outcome) -> dict[str, float]:
    """Return damage in the reported months by response, USD rounded to a thousandth."""
    return {response: round(float(summary(out, response)["damage_usd"]), 3) for response in out.summary["response"]}


def gap_row(out: ex.Outcome, response: str, item: str, region: str, month: str) -> pd.Series:
    """Return one row of the table ``gap``."""
    t = out.gap
    chosen = (t["response"] == response) & (t["item"] == item) & (t["region"] == region) & (t["month"] == month)
    return t[chosen].iloc[0]


def world_and_statement(net: Network, periods: int, groups: Groups | None = None) -> tuple[World, Statement]:
    """Close a network and state its programme without any scenario."""
    world = world_of(net, close(net))
    return world, state(world, periods, groups=groups)


def responder(net: Network, scenario: Scenario, solver: str = "highs") -> Responder:
    """Prepare a scenario as ``exposure.run`` does."""
    return prepare(world_of(net, close(net)), scenario, horizon(net, scenario).calendar, solver)


def rows_left(prepared: Responder, plan: Plan) -> tuple[float, float]:
    """Return by how much a plan leaves the limits of columns and of rows, solver units, largest over all stages.

    A stage's limits hold for the months from it to the next one; the past is fixed at the plan's own values.
    """
    statement = prepared.statement
    columns, rows = 0.0, 0.0
    ends = [*(stage.period for stage in prepared.stages[1:]), prepared.calendar.periods]
    for stage, end in zip(prepared.stages, ends, strict=True):
        natural = bounds_of(
            statement, stage.limits, prepared.headroom(stage.period), start=stage.period, past=plan.point
        )
        further = beyond(statement, natural, plan.point, end)
        columns, rows = max(columns, further[0]), max(rows, further[1])
    return columns, rows


def beyond(statement: Statement, natural: Bounds, point: np.ndarray, end: int | None = None) -> tuple[float, float]:
    """Return by how much a point leaves limits of columns and of rows before a period, solver units."""
    inner, x = statement.to_solver(natural), point / statement.column_scale
    activity = statement.matrix.times(x)
    return (
        _beyond(x, inner.lower, inner.upper, _columns_until(statement, end)),
        _beyond(activity, inner.row_lower, inner.row_upper, _rows_until(statement, end)),
    )


def _columns_until(statement: Statement, end: int | None) -> np.ndarray:
    mask = np.zeros(statement.columns.size, dtype=bool)
    for block in statement.columns.blocks.values():
        mask[block.grid[:, :end]] = True
    return mask


def _rows_until(statement: Statement, end: int | None) -> np.ndarray:
    mask = np.zeros(statement.matrix.shape[0], dtype=bool)
    for equation, keys in statement.row_keys.items():
        if keys:
            mask[statement.rows_of(equation)[:, :end]] = True
    return mask


def _beyond(value: np.ndarray, lower: np.ndarray, upper: np.ndarray, where: np.ndarray) -> float:
    return float(np.max(np.maximum(lower - value, value - upper)[where], initial=0.0))


def calendar(periods: int, start: str = "2025-01") -> Calendar:
    """Return a calendar from a month."""
    return Calendar(Month.parse(start), periods)


__all__ = [
    "ALL", "FREE", "Bounds", "beyond", "calendar", "case", "damages", "gap_row", "months", "open_session", "responder", "rows_left",
    "run", "summary", "world_and_statement",
]  # fmt: skip
