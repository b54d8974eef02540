"""What a scenario does to what an analyst laid over the data: her products, and her plants at their worst month."""

from __future__ import annotations

import pandas as pd

from exposure.model import RESPONSES, Network, key_text, row_key
from exposure.report.money import usd
from exposure.report.names import Names
from exposure.report.results import NOISE, Results

USUAL = 0.995
"""Share of its usual output from which on a plant counts as undisturbed."""


def own_sentences(results: Results, position: int) -> dict[str, str]:
    """Return a sentence for each extension that brings products or plants of its own; rows that replace others are not.

    First which of its products fall short, from when, worth how much at each level; then the plant that runs lowest.
    """
    net = results.outcomes[position].network
    told = {}
    for package in net.extensions:
        parts = [_lost(results, position, package), _lowest(results, position, package)]
        if text := "; ".join(part for part in parts if part):
            told[package] = f"{text}."
    return told


def _new(net: Network, table: str, package: str) -> list[tuple[object, ...]]:
    """Return the keys of rows that an extension adds."""
    replaced = set(net.replaced)
    rows = [row for row in getattr(net, table) if row.package == package]
    return [row_key(table, row) for row in rows if f"{table} {key_text(table, row)}" not in replaced]


def _lost(results: Results, position: int, package: str) -> str:
    net = results.outcomes[position].network
    products = _new(net, "demand", package)
    if not products:
        return ""
    loss = results.of(position, "loss")
    rows = loss[pd.Series(zip(loss["item"], loss["region"], strict=True), index=loss.index).isin(products)]
    rows = rows[rows["loss_usd"].astype(float) > NOISE * results.stakes[position]]
    names = results.names
    if rows.empty:
        return f"{_goods(names, products)}: nothing is lost at any level"
    sums = rows.groupby("response")["loss_usd"].sum().astype(float)
    hit = [key for key in products if ((rows["item"] == key[0]) & (rows["region"] == key[1])).any()]
    amounts = ", ".join(f"{level} {usd(float(sums.get(level, 0.0)))}" for level in _levels(results, position))
    return f"{_goods(names, hit)}: lost from {rows['month'].min()} on; {amounts}"


def _goods(names: Names, products: list[tuple[object, ...]]) -> str:
    item, region = products[0][:2]
    more = f" and {len(products) - 1} more" if len(products) > 1 else ""
    return f"{names.item(item)} in {names.place(region)}{more}"


def _lowest(results: Results, position: int, package: str) -> str:
    """Tell the plant that runs lowest and when, at each level."""
    recipes = [key[0] for key in _new(results.outcomes[position].network, "recipes", package)]
    made = results.of(position, "production")
    made = made[made["recipe"].isin(recipes) & (made["baseline"].astype(float) > 0)]
    if made.empty:
        return ""
    shares = made.assign(share=(made["usual"] + made["extra"]) / made["baseline"])
    lowest = shares.nsmallest(1, "share")
    recipe = str(lowest["recipe"].iloc[0])
    if float(lowest["share"].iloc[0]) >= USUAL:
        return "its plants run as usual"
    words = []
    for level in _levels(results, position):
        rows = shares[(shares["recipe"] == recipe) & (shares["response"] == level)].nsmallest(1, "share")
        if len(rows):
            words.append(f"{level} {float(rows['share'].iloc[0]):.0%} in {rows['month'].iloc[0]}")
    return f"{recipe} at its lowest: {', '.join(words)}"


def _levels(results: Results, position: int) -> list[str]:
    found = set(results.of(position, "summary")["response"])
    return [level for level in RESPONSES if level in found]
