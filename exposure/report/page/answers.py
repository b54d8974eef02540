"""One severity on the page: its sentence, its figures by response level, and the series behind every chart."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd

from exposure.report.gaps import MINUS, PLUS, without_rounding, worth
from exposure.report.losses import losses_at
from exposure.report.page.series import by_month, countries, rounded
from exposure.report.results import NOISE, Results
from exposure.report.sentences import answer

MOST_GAPS = 80
"""Most pairs of item and country whose gap the page holds, those worth most at baseline prices."""
MOST_CHAINS = 3
"""Most chains from control to product that the page tells for one product in one country."""
TERMS = ("cut", *PLUS, *MINUS)
Pair = tuple[str, str]


def case_of(
    results: Results, position: int, months: Sequence[str], pairs: Collection[Pair], goods: Collection[str]
) -> dict[str, Any]:
    """Return one outcome as the page reads it; every part is by response level.

    Parameters
    ----------
    results, position
        The outcomes of all severities, and which one is meant.
    months
        The reported months.
    pairs
        Items and countries whose gap is told.
    goods
        Items whose flows are told.
    """
    told = answer(results, position)
    summary = results.of(position, "summary")
    levels = [str(level) for level in summary["response"]]
    return {
        "sentence": told.sentence,
        "headline": told.headline,
        "summary": {str(row["response"]): _figures(row, told.loss) for row in summary.to_dict("records")},
        "loss": {level: _losses(results, position, level, months) for level in levels},
        "gap": {level: _gaps(results, position, level, months, pairs) for level in levels},
        "flows": {level: _flows(results, position, level, months, goods) for level in levels},
        "matrix": {level: _matrix(results, position, level) for level in levels},
        "why": {level: _why(results, position, level) for level in levels},
    }


def pairs_that_matter(results: Results) -> list[Pair]:
    """Return items and countries with the largest gaps by value over all outcomes and levels, the largest first."""
    weights: list[pd.Series[Any]] = []
    for position, outcome in enumerate(results.outcomes):
        rows = results.of(position, "gap")
        if len(rows):
            keys = [rows["item"].astype(str), countries(outcome.network, rows["region"]).rename("region")]
            weights.append(worth(results, rows, "cut").abs().groupby(keys).sum())
    if not weights:
        return []
    total = pd.concat(weights).groupby(level=[0, 1]).max()
    largest = sorted(total.items(), key=lambda pair: (-float(pair[1]), pair[0]))
    return [(str(key[0]), str(key[1])) for key, _ in largest[:MOST_GAPS]]


def _figures(row: Mapping[Any, Any], loss: Mapping[str, float]) -> dict[str, Any]:
    money = ("cost_usd", "damage_usd", "loss_value_added_usd", "loss_in_tail_usd")
    months = ("first_loss_month", "worst_month", "recovered_month")
    figures: dict[str, Any] = {name: rounded(float(row[name] or 0.0)) for name in money}
    figures["loss_usd"] = rounded(loss[str(row["response"])])
    return figures | {name: row[name] if isinstance(row[name], str) else "" for name in months}


def _level(results: Results, position: int, table: str, level: str) -> pd.DataFrame:
    rows = results.of(position, table)
    return rows[rows["response"] == level]


def _losses(results: Results, position: int, level: str, months: Sequence[str]) -> list[list[Any]]:
    """Return item, country, USD of each month, demand and unmet units over the run; the largest loss first."""
    net = results.outcomes[position].network
    rows = losses_at(results, position, level)
    rows = rows.assign(place=countries(net, rows["region"]))
    series = by_month(rows, ["item", "place"], "loss_usd", months)
    unmet = by_month(rows, ["item", "place"], "unmet", months)
    noise = NOISE * results.stakes[position]
    kept = sorted((key for key in series if sum(series[key]) > noise), key=lambda key: (-sum(series[key]), key))
    return [[*key, series[key], unmet[key]] for key in kept]


def _gaps(
    results: Results, position: int, level: str, months: Sequence[str], pairs: Collection[Pair]
) -> dict[str, dict[str, list[float]]]:
    """Return for each item and country the terms of the gap that are not 0 throughout, unit per month."""
    rows = without_rounding(_level(results, position, "gap", level))
    rows = rows.assign(place=countries(results.outcomes[position].network, rows["region"]))
    rows = rows[[pair in pairs for pair in zip(rows["item"], rows["place"], strict=True)]]
    found: dict[str, dict[str, list[float]]] = {}
    for term in TERMS:
        for (item, place), values in by_month(rows, ["item", "place"], term, months).items():
            if any(values):
                found.setdefault(f"{item}|{place}", {})[term] = values
    return found


def _flows(
    results: Results, position: int, level: str, months: Sequence[str], goods: Collection[str]
) -> dict[str, list[list[Any]]]:
    """Return for each item origin, destination, usual flow and the flow of each month, unit per month."""
    rows = _level(results, position, "shipments", level)
    rows = _abroad(results, position, rows[rows["item"].isin(sorted(goods))])
    keys = ["item", "from", "into"]
    usual = by_month(rows, keys, "baseline", months)
    real = by_month(rows, keys, "sent", months)
    found: dict[str, list[list[Any]]] = {}
    for (item, origin, destination), values in real.items():
        base = usual[item, origin, destination]
        if any(values) or any(base):
            found.setdefault(item, []).append([origin, destination, max(base), values])
    return found


def _abroad(results: Results, position: int, rows: pd.DataFrame) -> pd.DataFrame:
    """Keep flows that cross a border, with ends as countries and what is really sent."""
    net = results.outcomes[position].network
    rows = rows.assign(
        **{"from": countries(net, rows["origin"]), "into": countries(net, rows["destination"])},
        sent=rows["usual"].astype(float) + rows["extra"].astype(float),
    )
    return rows[rows["from"] != rows["into"]]


def _matrix(results: Results, position: int, level: str) -> list[list[Any]]:
    """Return origin, destination, trade that stopped and trade that was added, USD at baseline prices over the run."""
    rows = _abroad(results, position, _level(results, position, "shipments", level))
    if rows.empty:
        return []
    change = worth(results, rows.assign(change=rows["sent"] - rows["baseline"].astype(float)), "change")
    parts = rows.assign(less=-change.clip(upper=0.0), more=change.clip(lower=0.0))
    total = parts.groupby(["from", "into"], sort=True)[["less", "more"]].sum()
    noise = NOISE * results.stakes[position]
    return [
        [str(key[0]), str(key[1]), rounded(float(less)), rounded(float(more))]
        for key, less, more in zip(total.index, total["less"], total["more"], strict=True)
        if less > noise or more > noise
    ]


def _why(results: Results, position: int, level: str) -> dict[str, list[list[Any]]]:
    """Return for each product and country the costliest chains: words, controls, USD, first month."""
    rows = _level(results, position, "why", level)
    if rows.empty:
        return {}
    place = countries(results.outcomes[position].network, rows["region"])
    rows = rows.assign(place=place, loss_usd=rows["loss_usd"].astype(float))
    worst_first = rows.sort_values("loss_usd", ascending=False, kind="stable")
    groups = worst_first.groupby(["item", "place", "chain", "control"], sort=True).agg(
        usd=("loss_usd", "sum"), first=("month", "min"), words=("words", "first")
    )
    costliest = groups.reset_index().sort_values(
        ["usd", "item", "place", "chain"], ascending=[False, True, True, True], kind="stable"
    )
    found: dict[str, list[list[Any]]] = {}
    for row in costliest.to_dict("records"):
        chains = found.setdefault(f"{row['item']}|{row['place']}", [])
        if len(chains) < MOST_CHAINS:
            chains.append([row["words"], row["control"], rounded(float(row["usd"])), row["first"]])
    return found
