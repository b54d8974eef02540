"""Where a scenario hurts: the product lost most, the good whose gap matters behind it, and the limit that binds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from exposure.model import Network, RegionId
from exposure.model.controls import SWITCHES
from exposure.once import once
from exposure.report.gaps import MINUS, PLUS, worth
from exposure.report.limits import saving
from exposure.report.losses import losses_at
from exposure.report.names import country, upstream
from exposure.report.results import NOISE, Results

OPEN = ("users_stopped", "unmet")
"""Terms of the gap that leave it open."""
SMALL = 0.1
"""Share of the largest loss of a month below which another one of that month is not named as the first."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A product in a country: its loss (USD) and the first month of it."""

    item: str
    country: str
    usd: float
    month: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A good that stopped coming to a country: who filled the gap, in shares that sum to 1, and who sent more instead.

    ``shares`` has the terms of the identity that filled it (``thrown_away`` and ``passed_on``: less of either than usual)
    and ``users_stopped`` and ``unmet``, which leave it open. ``region`` is the place in the country where most was cut.
    """

    item: str
    country: str
    region: str
    shares: dict[str, float]
    origin: str
    origin_share: float

    @property
    def open(self) -> float:
        """Share of the gap that nothing filled."""
        return sum(self.shares.get(term, 0.0) for term in OPEN)


def hits(results: Results, position: int, level: str = "") -> list[Hit]:
    """Return products and countries with a loss at a level (the headline, if none is named), the largest loss first."""
    net = results.outcomes[position].network
    level = level or results.headline(position)
    return once(results, ("hits", position, level), lambda: _hits(net, losses_at(results, position, level)))


def _hits(net: Network, rows: pd.DataFrame) -> list[Hit]:
    if rows.empty:
        return []
    place = rows["region"].map(lambda region: country(net, str(region)))
    groups = rows.assign(country=place, loss_usd=rows["loss_usd"].astype(float)).groupby(["item", "country"], sort=True)
    table = groups.agg(usd=("loss_usd", "sum"), month=("month", "min")).reset_index()
    table = table.sort_values("usd", ascending=False, kind="stable")
    return [Hit(str(r["item"]), str(r["country"]), float(r["usd"]), str(r["month"])) for r in table.to_dict("records")]


def first_hit(results: Results, position: int) -> Hit | None:
    """Return who loses the largest share of demand in the first month of any loss, among those whose loss then is not small."""
    found = hits(results, position)
    first = min((hit.month for hit in found), default="")
    at_once = [hit for hit in found if hit.month == first]
    if len(at_once) < 2:
        return at_once[0] if at_once else None
    net, rows = results.outcomes[position].network, results.of(position, "loss")
    rows = rows[(rows["response"] == results.headline(position)) & (rows["month"] == first)]
    place = rows["region"].map(lambda region: country(net, str(region)))
    sums = rows[["unmet", "demand", "loss_usd"]].astype(float).groupby([rows["item"], place]).sum()
    share = (sums["unmet"] / sums["demand"].clip(lower=1e-12)).where(sums["loss_usd"] >= SMALL * sums["loss_usd"].max())
    return max(at_once, key=lambda hit: float(share.fillna(0.0)[hit.item, hit.country]))


def gap_behind(results: Results, position: int, hit: Hit | None) -> Gap | None:
    """Return the gap that matters most behind a loss: held back by a control itself, on the product's own chain, by value.

    Each of these is asked for only as far as it leaves a row. Without a loss, and where no control holds anything back, it is a gap
    in what a rule covers, in a place that the rule names as destination: a duty turns trade away without a limit.
    """
    net = results.outcomes[position].network
    rows = results.of(position, "gap")
    rows = rows[(rows["response"] == results.headline(position)) & (rows["cut"].astype(float) > 0)]
    if rows.empty:
        return None
    if hit is None and not (rows["cause"] == "control").any():
        rows = rows[_under_rules(results, position, rows)]
        if rows.empty:
            return None
    for wanted in (rows["cause"] == "control", *_behind(results, position, rows, hit)):
        if (wanted := wanted.reindex(rows.index)).any():
            rows = rows[wanted]
    item = _top(worth(results, rows, "cut"), rows["item"])
    rows = rows[rows["item"] == item]
    place = _top(rows["cut"].astype(float), rows["region"].map(lambda region: country(net, str(region))))
    rows = rows[rows["region"].map(lambda region: country(net, str(region)) == place)]
    region = _top(rows["cut"].astype(float), rows["region"])
    origin, share = _sender(results, position, item, set(rows["region"]))
    return Gap(item, place, region, _shares(rows), origin, share)


def _under_rules(results: Results, position: int, rows: pd.DataFrame) -> pd.Series[Any]:
    """Return which rows of the gap are of goods that a rule of the scenario covers, where it names their place as destination."""
    outcome = results.outcomes[position]
    net, chosen = outcome.network, set(outcome.scenario.controls)
    rules = [rule for rule in net.control_scope if rule.control in chosen and rule.mechanism not in SWITCHES]

    def covered(item: str, region: str) -> bool:
        return any(
            rule.item in ("*", "", item)
            and net.covers(rule.destination, RegionId(region))
            and not net.covers(rule.origin, RegionId(region))
            for rule in rules
        )

    pairs = zip(rows["item"].astype(str), rows["region"].astype(str), strict=True)
    return pd.Series([covered(item, region) for item, region in pairs], index=rows.index, dtype=bool)


def _top(weight: pd.Series[Any], keys: pd.Series[Any]) -> str:
    """Return the key with the largest sum of weights, the first by name among equals."""
    total = weight.groupby(keys).sum()
    return str(min(total[total == total.max()].index))


def _shares(rows: pd.DataFrame) -> dict[str, float]:
    """Return what filled a gap or left it open, as shares of all that did either."""
    amounts = {term: float(rows[term].sum()) for term in PLUS} | {term: -float(rows[term].sum()) for term in MINUS}
    filling = {term: amount for term, amount in amounts.items() if amount > 0}
    return {term: amount / sum(filling.values()) for term, amount in filling.items()}


def _behind(results: Results, position: int, rows: pd.DataFrame, hit: Hit | None) -> list[pd.Series[Any]]:
    """Return which rows lie behind a loss: on its costliest chain, upstream of the product at all, in its country."""
    if hit is None:
        return []
    net = results.outcomes[position].network
    above, chain = upstream(net, hit.item), costliest_chain(results, position, hit)
    return [
        rows["item"].isin(sorted(above)),
        rows["item"].map(lambda item: f" {item} " in chain),
        rows["region"].map(lambda region: country(net, str(region)) == hit.country),
    ]


def costliest_chain(results: Results, position: int, hit: Hit) -> str:
    """Return the chain of ids along which most of a product's loss in a country came, between spaces; else nothing."""
    net = results.outcomes[position].network
    why = results.of(position, "why")
    own = (why["response"] == results.headline(position)) & (why["item"] == hit.item)
    rows = why[own & why["region"].map(lambda region: country(net, str(region)) == hit.country).astype(bool)]
    if rows.empty:
        return ""
    total = rows["loss_usd"].astype(float).groupby(rows["chain"]).sum()
    return f" {min(total[total == total.max()].index)} "


def _sender(results: Results, position: int, item: str, regions: set[str]) -> tuple[str, float]:
    """Return the country that sends most above its baseline into some regions, and its share of all that do."""
    net = results.outcomes[position].network
    rows = results.of(position, "shipments")
    chosen = (
        (rows["response"] == results.headline(position))
        & (rows["item"] == item)
        & rows["destination"].isin(sorted(regions))
    )
    rows = rows[chosen & (rows["extra"].astype(float) > 0)]
    if rows.empty:
        return "", 0.0
    extra, origins = rows["extra"].astype(float), rows["origin"].map(lambda origin: country(net, str(origin)))
    top = _top(extra, origins)
    return top, float(extra[origins == top].sum() / extra.sum())


def binding(results: Results, position: int, hit: Hit | None) -> dict[str, str] | None:
    """Return the limit that holds most back at the headline level: ids of kind, item, origin, destination and what moved it.

    Limits on the costliest chain of the hardest-hit product come first, then those on goods of that chain, then any; without
    a loss only limits that a control moved. Within these, ranked by price times size, summed over the months and over the
    regions of one country; where no price is known, by what was not let through at the item's price.
    """
    net = results.outcomes[position].network
    rows = results.of(position, "limits")
    rows = rows[(rows["response"] == results.headline(position)) & rows["binding"].fillna(False).astype(bool)]
    if rows.empty:
        return None
    rows = _on_chain(rows, costliest_chain(results, position, hit)) if hit else rows[rows["moved_by"].fillna("") != ""]
    weight = saving(rows)
    if not (weight > 0).any():
        lost = rows.assign(_lost=(rows["baseline"].astype(float) - rows["allowed"].astype(float)).clip(lower=0.0))
        weight = worth(results, lost, "_lost")
    keys = rows[["kind", "item", "origin", "destination", "moved_by"]].fillna("").astype(str)
    for end in ("origin", "destination"):
        keys[end] = [country(net, region) if region else "" for region in keys[end]]
    total = weight.groupby([keys[name] for name in keys.columns]).sum()
    if not (total > NOISE * results.stakes[position]).any():
        return None
    best = min(total[total == total.max()].index)
    return dict(zip(keys.columns, (str(part) for part in best), strict=True))


def _on_chain(rows: pd.DataFrame, chain: str) -> pd.DataFrame:
    steps = zip(rows["item"], rows["origin"], rows["destination"], strict=True)
    exact = [f" {item} {origin}->{to} " in chain for item, origin, to in steps]
    near = [f" {item} " in chain for item in rows["item"]]
    return next((rows[wanted] for wanted in (exact, near) if any(wanted)), rows)
