"""The answer of an ensemble: tidy tables, text, JSON, workbook."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from exposure.model import RESPONSES
from exposure.response import records
from exposure.response.draw import MEASURES, MONTHS
from exposure.studies.ensemble import measures
from exposure.studies.ensemble.figures import Figure
from exposure.studies.ensemble.store import Store

Floats = NDArray[np.float64]
Columns = dict[tuple[str, str, str, str], Floats]

TABLES = ("quantiles", "tornado", "information", "draws", "values")
SHOWN = 8
"""Groups of figures that the text shows."""
HEADLINE = "voluntary"


@dataclass(frozen=True)
class Ensemble:
    """Many draws of one scenario; money in USD over the reported months.

    Parameters
    ----------
    draws
        One row per draw and response: loss, cost, damage, value added, months, and why it failed where it did.
    values
        One row per draw, one column per group of figures that move together: the value of the first of them.
    quantiles
        Quantiles over the draws by response and measure: totals, and loss by item and region.
    tornado
        How the damage leans on each group of figures.
    information
        By how much the answer would narrow if a group of figures were known.
    record
        Seed, draws, distribution, hashes, versions, counts.
    """

    draws: pd.DataFrame
    values: pd.DataFrame
    quantiles: pd.DataFrame
    tornado: pd.DataFrame
    information: pd.DataFrame
    record: Mapping[str, Any]

    @property
    def failed(self) -> Mapping[int, str]:
        """Reason of each draw that failed."""
        one = self.draws[(self.draws["response"] == RESPONSES[0]) & self.draws["reason"].notna()]
        return dict(zip(one["draw"].tolist(), one["reason"].tolist(), strict=True))

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by name."""
        return {name: getattr(self, name) for name in TABLES}

    def to_json(self) -> str:
        """Return one JSON object: the record, and a list of records per table."""
        tables = {name: records(table) for name, table in self.tables.items()}
        return json.dumps({"record": dict(self.record), **tables}, allow_nan=False, ensure_ascii=False)

    def to_excel(self, path: str | Path) -> Path:
        """Write the tables as a workbook and return its path; raise OutputError if it cannot be written."""
        from exposure.studies.ensemble.workbook import write_workbook

        return write_workbook(self, Path(path))

    def text(self) -> str:
        """Return the answer as lines for a terminal."""
        r = self.record
        head = (
            f"{r['scenario']}: {r['draws']:,} draws (seed {r['seed']}) of {r['figures']} figures that move in "
            f"{r['groups']} groups, {r['first_month']} to {r['last_month']}"
        )
        parts = [head]
        if self.failed:
            first = next(iter(self.failed.items()))
            parts.append(f"{len(self.failed)} draws failed and are left out; the first, draw {first[0]}: {first[1]}")
        if len(self.failed) == r["draws"]:
            return "\n".join(parts)
        totals = self.quantiles[(self.quantiles["item"] == "") & (self.quantiles["measure"] == "damage_usd")]
        parts.append("damage in bn USD" + "".join(f"{name:>10}" for name in ("p10", "p50", "p90", "mean")))
        for row in totals.to_dict("records"):
            figures = "".join(f"{row[name] / 1e9:>10,.3g}" for name in ("p10", "p50", "p90", "mean"))
            parts.append(f"  {row['response']:<14}{figures}")
        return "\n".join([*parts, *self._leaning(), *self._narrowing()])

    def _leaning(self) -> list[str]:
        """Lines of the tornado of the headline level."""
        table = self.tornado[(self.tornado["response"] == HEADLINE) & self.tornado["beyond_chance"]].head(SHOWN)
        if table.empty:
            return [f"no figure sways the {HEADLINE} damage beyond chance at this number of draws"]
        rows = [
            f"  {row['damage_low_usd'] / 1e9:>9,.3g} {row['damage_high_usd'] / 1e9:>9,.3g}  {_named(row)}"
            for row in table.to_dict("records")
        ]
        return [f"{HEADLINE} damage, mean where the figure is low and where it is high (bn USD):", *rows]

    def _narrowing(self) -> list[str]:
        """Lines of the value of information of the headline level."""
        table = self.information[self.information["response"] == HEADLINE].head(SHOWN)
        table = table[table["variance_share"] > 0.01]
        if table.empty:
            return []
        rows = [
            f"  {row['variance_share']:>9.0%} {row['narrowed_by']:>9.0%}  {_named(row)}"
            for row in table.to_dict("records")
        ]
        return [
            f"{HEADLINE} damage: share of variance, and of the p10-p90 width, that would go if the figure were known:",
            *rows,
        ]


def _named(row: Mapping[Any, Any]) -> str:
    """Name a group of figures by its first one."""
    more = row["count"] - 1
    return f"{row['first']}" + (f" and {more} more with its sources" if more else "")


def ensemble_of(
    store: Store, figures: Sequence[Figure], record: Mapping[str, Any], demand: Mapping[str, tuple[str, str]]
) -> Ensemble:
    """Read the tables from a folder of draws.

    Parameters
    ----------
    store, figures, record
        Draws, what was drawn, and what is told of the run.
    demand
        Item and region of each column of losses, by the end of its name.
    """
    names = [f"{response}.{name}" for response in RESPONSES for name in (*MEASURES, *MONTHS)]
    first = {figure.group: figure for figure in reversed(figures)}
    groups = {figure.group: first[figure.group] for figure in figures}
    value_names = [f"value.{figure.address}" for figure in groups.values()]
    read = store.read(["draw", "reason", *names, *value_names])
    good = np.array([reason is None for reason in read["reason"]], dtype=bool)
    values = {g: np.array(read[f"value.{f.address}"], dtype=float)[good] for g, f in groups.items()}
    damage: dict[str, Floats] = {r: np.array(read[f"{r}.damage_usd"], dtype=float)[good] for r in RESPONSES}
    totals: Columns = {
        (r, m, "", ""): np.array(read[f"{r}.{m}"], dtype=float)[good] for r in RESPONSES for m in MEASURES
    }
    count = {group: sum(figure.group == group for figure in figures) for group in groups}
    told = {
        g: {"count": count[g], "first": f.address, "low": f.low, "likely": f.likely, "high": f.high, "source": f.source}
        for g, f in groups.items()
    }
    return Ensemble(
        draws=_draws(read),
        values=pd.DataFrame({"draw": read["draw"], **{g: read[f"value.{f.address}"] for g, f in groups.items()}}),
        quantiles=pd.concat([measures.quantiles(totals)] + _by_product(store, demand, good), ignore_index=True),  # noqa: RUF005
        tornado=measures.tornado(told, values, damage),
        information=measures.information(told, values, damage),
        record={**record, "groups": len(groups), "failed": int((~good).sum())},
    )


def _draws(read: Mapping[str, list[Any]]) -> pd.DataFrame:
    """Return one row per draw and response."""
    parts = []
    for response in RESPONSES:
        named = {name: read[f"{response}.{name}"] for name in (*MEASURES, *MONTHS)}
        parts.append(pd.DataFrame({"draw": read["draw"], "response": response, **named, "reason": read["reason"]}))
    table = pd.concat(parts, ignore_index=True)
    return table.sort_values("draw", kind="stable").reset_index(drop=True)


def _by_product(store: Store, demand: Mapping[str, tuple[str, str]], good: np.ndarray) -> list[pd.DataFrame]:
    """Quantiles of the loss by item and region, where any draw loses anything; one response at a time, to save memory."""
    found = []
    for response in RESPONSES:
        read = store.read([f"{response}.{end}" for end in demand])
        columns: Columns = {
            (response, "loss_usd", *place): np.array(read[f"{response}.{end}"], dtype=float)[good]
            for end, place in demand.items()
        }
        lost = {key: usd for key, usd in columns.items() if len(usd) and usd.max() > 0}
        if lost:
            found.append(measures.quantiles(lost))
    return found
