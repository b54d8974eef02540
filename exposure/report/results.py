"""All outcomes of one report, their tables end to end, in the order in which a reader meets them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from exposure.model import RESPONSES, Network
from exposure.report.money import Money
from exposure.report.names import Names
from exposure.response import Outcome

NOISE = 1e-8
"""Share of the value of all output wanted below which an amount of money is the solver's rounding."""

HEADLINES = ("voluntary", "planner", "contracts")
"""The level that is quoted first, if it was run; then the next."""

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "summary": (
        "loss_usd", "cost_usd", "of_which_transfers_usd", "damage_usd", "loss_value_added_usd", "gap_closed_usd",
        "first_loss_month", "worst_month", "recovered_month", "loss_in_tail_usd", "baseline_gap_usd",
    ),
    "loss": ("item", "region", "month", "demand", "served", "unmet", "waiting", "loss_usd", "loss_value_added_usd"),
    "costs": ("kind", "item", "region", "month", "cost_usd"),
    "shipments": ("item", "origin", "destination", "month", "baseline", "allowed", "usual", "extra"),
    "production": ("recipe", "item", "region", "month", "baseline", "capacity", "usual", "extra"),
    "stocks": ("item", "region", "month", "stock", "reserve"),
    "gap": (
        "item", "region", "month", "cut", "other_origins", "own_makers", "from_stock", "thrown_away", "passed_on",
        "replaced", "users_stopped", "unmet", "short", "cause",
    ),
    "limits": (
        "kind", "item", "origin", "destination", "recipe", "month", "baseline", "allowed", "used", "moved_by", "binding",
        "price_usd", "price_low_usd", "price_high_usd", "note",
    ),
    "why": ("item", "region", "month", "loss_usd", "control", "chain", "words"),
}  # fmt: skip
"""Columns of the outcome's tables, beside ``scenario`` and ``response``."""


@dataclass(frozen=True)
class Results:
    """Outcomes, and scenarios that failed with the reason, as one report shows them.

    Two outcomes of one name are told apart by a number, so that no sheet mixes their rows.
    """

    outcomes: Sequence[Outcome]
    title: str = ""
    failed: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def labels(self) -> list[str]:
        """Name of each outcome, unique."""
        labels: list[str] = []
        for outcome in self.outcomes:
            name, count = outcome.scenario.name, 2
            while name in labels:
                name, count = f"{outcome.scenario.name} ({count})", count + 1
            labels.append(name)
        return labels

    @cached_property
    def names(self) -> Names:
        """Names of items and regions."""
        return Names(outcome.network for outcome in self.outcomes)

    @cached_property
    def money(self) -> Money:
        """Unit of money of this report."""
        summary = self.table("summary")
        return Money.fitting(pd.concat([summary["loss_usd"], summary["cost_usd"]]).astype(float))

    @cached_property
    def networks(self) -> list[Network]:
        """Networks that differ."""
        return list({id(outcome.network): outcome.network for outcome in self.outcomes}.values())

    @cached_property
    def _tables(self) -> dict[str, pd.DataFrame]:
        return {}

    def table(self, name: str) -> pd.DataFrame:
        """Return one table of all outcomes; every row carries the outcome's unique label."""
        if name not in self._tables:
            parts = [self.of(k, name) for k in range(len(self.outcomes))]
            full = [part for part in parts if len(part)]
            self._tables[name] = pd.concat(full, ignore_index=True) if full else parts[0]
        return self._tables[name]

    @cached_property
    def stakes(self) -> list[float]:
        """Value of all output wanted over the reported months, by outcome (USD)."""
        return [float(outcome.record.get("stake_usd", 0.0)) for outcome in self.outcomes]

    @cached_property
    def _parts(self) -> dict[tuple[int, str], pd.DataFrame]:
        return {}

    def of(self, position: int, name: str) -> pd.DataFrame:
        """Return one table of one outcome, responses in their order."""
        if (position, name) not in self._parts:
            self._parts[position, name] = self._ordered(position, name)
        return self._parts[position, name]

    def _ordered(self, position: int, name: str) -> pd.DataFrame:
        table = self.outcomes[position].tables.get(name, pd.DataFrame())
        wanted = ["scenario", "response", *COLUMNS[name]]
        table = table.reindex(columns=wanted)
        table["scenario"] = self.labels[position]
        codes, levels = pd.factorize(table["response"])
        rank = np.array([RESPONSES.index(level) for level in levels], dtype=int)[codes] if len(table) else codes
        if np.all(rank[1:] >= rank[:-1]):
            return table.reset_index(drop=True)
        return table.iloc[rank.argsort(kind="stable")].reset_index(drop=True)

    @cached_property
    def alone(self) -> list[int]:
        """Outcomes of one control alone: those named after their control or, where none is, all that have one only."""
        one = [k for k, outcome in enumerate(self.outcomes) if len(outcome.scenario.controls) == 1]
        named = [k for k in one if self.outcomes[k].scenario.name == self.outcomes[k].scenario.controls[0]]
        return named or one

    def headline(self, position: int) -> str:
        """Return the response level that is quoted for an outcome: voluntary, where it was run."""
        present = set(self.of(position, "summary")["response"])
        return next((response for response in HEADLINES if response in present), HEADLINES[0])
