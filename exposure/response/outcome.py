"""The answer to one scenario: tidy tables, and the record of how they came about."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from exposure.model import Network, Scenario
from exposure.response.moving import moving_items, rows_of_items

if TYPE_CHECKING:
    from exposure.plot.accessor import OutcomePlots

TABLE_NAMES = ("summary", "loss", "costs", "shipments", "production", "stocks", "gap", "limits", "why")


ITEMS = "items_with_all_rows"
"""Entry of the record of an outcome that leaves out rows: the items of which every row is there."""


@dataclass(frozen=True)
class Outcome:
    """Tables of one scenario, every row with ``scenario`` and ``response``; months are ``YYYY-MM``, quantities per month.

    Parameters
    ----------
    scenario, network
        What was asked, of which network (overrides applied).
    tables
        The tables of design section 8, by name.
    controls
        What each control of the scenario does in each month.
    baseline_moved
        Figures that the baseline had to move, with their sources.
    record
        Versions, data hashes, solver, options, status and timings.
    """

    scenario: Scenario
    network: Network
    tables: Mapping[str, pd.DataFrame]
    controls: pd.DataFrame
    baseline_moved: pd.DataFrame
    record: Mapping[str, Any] = field(default_factory=dict)

    @property
    def summary(self) -> pd.DataFrame:
        """Loss, cost and damage per response level, with the months that matter."""
        return self.tables["summary"]

    @property
    def loss(self) -> pd.DataFrame:
        """Demand, served, unmet and waiting per product, region and month."""
        return self.tables["loss"]

    @property
    def costs(self) -> pd.DataFrame:
        """Costs beside the loss, by kind."""
        return self.tables["costs"]

    @property
    def shipments(self) -> pd.DataFrame:
        """Baseline, allowed, usual and extra flow per lane and month."""
        return self.tables["shipments"]

    @property
    def production(self) -> pd.DataFrame:
        """Baseline, capacity, usual and extra output per recipe and month."""
        return self.tables["production"]

    @property
    def stocks(self) -> pd.DataFrame:
        """Stock and reserve per node and month."""
        return self.tables["stocks"]

    @property
    def gap(self) -> pd.DataFrame:
        """What was cut and what filled it, per node and month."""
        return self.tables["gap"]

    @property
    def limits(self) -> pd.DataFrame:
        """Limits that a control moved, and binding limits with their price."""
        return self.tables["limits"]

    @property
    def why(self) -> pd.DataFrame:
        """The chain from control to product for each loss."""
        return self.tables["why"]

    @property
    def plot(self) -> OutcomePlots:
        """Pictures of this outcome, such as ``out.plot.gap(item="ndfeb_hot", region="EU/auto_lean")``."""
        from exposure.plot.accessor import (
            OutcomePlots,  # a convenience that reaches up, so matplotlib is loaded when called
        )

        return OutcomePlots(self)

    def _repr_html_(self) -> str:
        from exposure.plot.cards import outcome_card  # looked up when a notebook shows it

        return outcome_card(self)

    def of_moving_items(self) -> Outcome:
        """Return the outcome without the flows, stocks and demands of items of which nothing ever moves."""
        moving = moving_items(self.tables, self.network)
        months = self.tables["loss"].head(1)["item"].tolist()  # one product at least stays, for its months
        whole = moving | set(months)
        kept = rows_of_items(self.tables, self.network, whole)
        return replace(self, tables={**self.tables, **kept}, record={**self.record, ITEMS: sorted(whole)})

    def to_json(self) -> str:
        """Return one JSON object with a list of records per table."""
        return json.dumps({name: records(table) for name, table in self.tables.items()}, allow_nan=False)

    def to_excel(self, path: str | Path) -> Path:
        """Write the report workbook and return its path."""
        from exposure.report import write_workbook  # a convenience that reaches up, so it is looked up when called

        return Path(write_workbook([self], path))


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table as JSON-ready records: missing values are null."""
    clean = table.astype(object).where(table.notna(), None)
    return [{str(k): v for k, v in row.items()} for row in clean.to_dict("records")]
