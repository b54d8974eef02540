"""Where a scenario hurts: the product lost most, the good whose gap matters behind it, and the limit that binds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from exposure.report.gaps import MINUS, PLUS, worth
from exposure.report.limits import saving
from exposure.report.losses import losses
from exposure.report.names import country, upstream
from exposure.report.results import Results

FILLED = ("from_stock", "other_origins", "own_makers", "replaced")
"""Terms of the gap that fill it; users that stopped and unmet demand leave it open."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A product in a country: its loss (USD) and the first month of it."""

    item: str
    country: str
    usd: float
    month: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A good that stopped coming: shares of what was cut, by term of the identity, and who sent more instead."""

    item: str
    region: str
    shares: dict[str, float]
    origin: str
    origin_share: float

    @property
    def open(self) -> float:
        """Share of the cut that nothing filled."""
        return self.shares["users_stopped"] + self.shares["unmet"]


def hits(results: Results, position: int) -> list[Hit]:
    """Return products and countries with a loss at the headline level, the largest loss first."""
    net = results.outcomes[position].network
    every = losses(results)
    rows = every[(every["scenario"] == results.labels[position]) & (every["response"] == results.headline(position))]
    if rows.empty:
        return []
    place = rows["region"].map(lambda region: country(net, str(region)))
    groups = rows.assign(country=place, loss_usd=rows["loss_usd"].astype(float)).groupby(["item", "country"], sort=True)
    table = groups.agg(usd=("loss_usd", "sum"), month=("month", "min")).reset_index()
    table = table.sort_values("usd", ascending=False, kind="stable")
    return [Hit(str(r["item"]), str(r["country"]), float(r["usd"]), str(r["month"])) for r in table.to_dict("records")]


def first_hit(results: Results, position: int) -> Hit | None:
    """Return the product and country with the largest loss among those hit in the very first month."""
    found = hits(results, position)
    first = min((hit.month for hit in found), default="")
    return next((hit for hit in found if hit.month == first), None)


def gap_behind(results: Results, position: int, hit: Hit | None) -> Gap | None:
    """Return the gap that matters most behind a loss: held back by a control itself, on the product's own chain, by value.

    Each of these is asked for only as far as it leaves a row; without a loss all gaps are looked at.
    """
    rows = results.of(position, "gap")
    rows = rows[(rows["response"] == results.headline(position)) & (rows["cut"].astype(float) > 0)]
    if rows.empty:
        return None
    for wanted in (rows["cause"] == "control", *_behind(results, position, rows, hit)):
        if (wanted := wanted.reindex(rows.index)).any():
            rows = rows[wanted]
    value = worth(results, rows, "cut")
    by_item = value.groupby(rows["item"]).sum()
    item = str(min(by_item[by_item == by_item.max()].index))
    rows = rows[rows["item"] == item]
    by_region = worth(results, rows, "cut").groupby(rows["region"]).sum()
    region = str(min(by_region[by_region == by_region.max()].index))
    cut = float(rows["cut"].sum())
    shares = {term: float(rows[term].sum()) / cut for term in (*PLUS, *MINUS)}
    origin, share = _sender(results, position, item, set(rows["region"]))
    return Gap(item, region, shares, origin, share)


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
    extra = rows["extra"].astype(float).groupby(rows["origin"].map(lambda origin: country(net, str(origin)))).sum()
    return str(min(extra[extra == extra.max()].index)), float(extra.max() / extra.sum())


def binding(results: Results, position: int, hit: Hit | None) -> dict[str, str] | None:
    """Return the limit that holds most back at the headline level: ids of kind, item, origin, destination and what moved it.

    Limits on the costliest chain of the hardest-hit product come first, then those on goods of that chain, then any. Within
    these, ranked by price times size, summed over the months and over the regions of one country; where no price is known,
    by what was not let through at the item's price.
    """
    net = results.outcomes[position].network
    rows = results.of(position, "limits")
    rows = rows[(rows["response"] == results.headline(position)) & rows["binding"].fillna(False).astype(bool)]
    if rows.empty:
        return None
    rows = _on_chain(rows, costliest_chain(results, position, hit) if hit else "")
    weight = saving(rows)
    if not (weight > 0).any():
        lost = rows.assign(_lost=(rows["baseline"].astype(float) - rows["allowed"].astype(float)).clip(lower=0.0))
        weight = worth(results, lost, "_lost")
    keys = rows[["kind", "item", "origin", "destination", "moved_by"]].fillna("").astype(str)
    for end in ("origin", "destination"):
        keys[end] = [country(net, region) if region else "" for region in keys[end]]
    total = weight.groupby([keys[name] for name in keys.columns]).sum()
    if not (total > 0).any():
        return None
    best = min(total[total == total.max()].index)
    return dict(zip(keys.columns, (str(part) for part in best), strict=True))


def _on_chain(rows: pd.DataFrame, chain: str) -> pd.DataFrame:
    steps = zip(rows["item"], rows["origin"], rows["destination"], strict=True)
    exact = [f" {item} {origin}->{to} " in chain for item, origin, to in steps]
    near = [f" {item} " in chain for item in rows["item"]]
    return next((rows[wanted] for wanted in (exact, near) if any(wanted)), rows)
