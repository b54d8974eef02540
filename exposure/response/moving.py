"""Which items a scenario moves at all: a report of many scenarios speaks of these alone."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from exposure.model import Network

MOVED = 1e-6
"""Share of the baseline below which a difference is the solver's rounding."""


def moving_items(tables: Mapping[str, pd.DataFrame], net: Network) -> set[str]:
    """Return the items of which anything differs from the baseline in any month and response.

    Parameters
    ----------
    tables
        ``shipments``, ``production``, ``stocks``, ``gap`` and ``loss`` of an outcome.
    net
        Its network.
    """
    found: set[str] = set()
    for name in ("shipments", "production"):
        table = tables[name]
        base = table["baseline"].astype(float)
        move = (table["usual"].astype(float) + table["extra"].astype(float) - base).abs()
        moved = table[move > MOVED * base.clip(lower=1e-9)]
        found |= set(moved["item"])
        if name == "production":
            found |= {str(line.input) for recipe in moved["recipe"].unique() for line in net.bom_of[recipe]}
    stocks = tables["stocks"]
    held = stocks["stock"].astype(float).groupby([stocks["item"], stocks["region"], stocks["response"]])
    spread = held.max() - held.min()
    found |= set(spread.index[spread > MOVED * held.max().clip(lower=1e-9)].get_level_values(0))
    found |= set(tables["gap"]["item"])  # goods held back before the first reported month and missed in it
    return found | set(tables["loss"].loc[tables["loss"]["unmet"].astype(float) > 0, "item"])


def rows_of_items(tables: Mapping[str, pd.DataFrame], net: Network, items: set[str]) -> dict[str, pd.DataFrame]:
    """Return the rows of some items in ``shipments``, ``stocks`` and ``loss``, and of recipes that make or use them."""
    recipes = {row.recipe for row in net.recipes if row.item in items}
    recipes |= {line.recipe for line in net.bom if line.input in items}
    kept = {name: tables[name][tables[name]["item"].isin(items)] for name in ("shipments", "stocks", "loss")}
    return kept | {"production": tables["production"][tables["production"]["recipe"].isin(recipes)]}
