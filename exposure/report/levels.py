"""The sheet *Results by level*: every scenario at every response level, one row each."""

from __future__ import annotations

import pandas as pd

from exposure.report.fields import RESPONSE, SCENARIO, Field, columns_of, money, rows_of
from exposure.report.results import NOISE, Results
from exposure.report.sheet import Sheet

NOTE = (
    "Three levels bracket each answer: contracts (nobody gives way) at the upper end, planner (least damage whoever pays) at "
    "the lower; voluntary is the headline. Damage = loss + cost. Tariffs are transfers: inside cost, shown apart. "
    f"Less than {NOISE:g} of all output wanted is the solver's rounding and shown as nothing."
)


def _without_rounding(results: Results) -> pd.DataFrame:
    """Set to 0 the amounts that are smaller than the solver's rounding of all output wanted."""
    table = results.table("summary").copy()
    least = table["scenario"].map(
        {label: NOISE * stake for label, stake in zip(results.labels, results.stakes, strict=True)}
    )
    for column in table.columns:
        if column.endswith("_usd"):
            table[column] = table[column].astype(float).where(table[column].astype(float).abs() > least, 0.0)
    table["damage_usd"] = table["loss_usd"] + table["cost_usd"]
    return table


def levels_sheet(results: Results) -> Sheet:
    """Return one row per scenario and response: loss, cost, damage, and the months that matter."""
    fields = [
        SCENARIO,
        RESPONSE,
        money("loss_usd", "Loss", results),
        money("cost_usd", "Cost", results),
        money("of_which_transfers_usd", "Of which transfers", results),
        money("damage_usd", "Damage", results),
        money("loss_value_added_usd", "Loss of value added", results),
        money("gap_closed_usd", "Baseline gap closed", results),
        Field("first_loss_month", "First loss", "month", 10),
        Field("worst_month", "Worst month", "month", 10),
        Field("recovered_month", "Recovered", "month", 10),
        money("loss_in_tail_usd", "Loss in the tail", results),
        money("baseline_gap_usd", "Baseline gap", results),
    ]
    return Sheet(
        name="Results by level",
        title="Results: every scenario at three response levels",
        answers="How much is lost in the reported months, from when, and how far apart are the ends of the bracket?",
        columns=columns_of(fields),
        rows=rows_of(results, _without_rounding(results), fields),
        note=NOTE,
        frozen=2,
    )
