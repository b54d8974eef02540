"""Tables of what is served, moved, made and held: loss, shipments, production, stocks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from exposure.response.tables.view import Floats, View

NOTHING = 1e-6
"""Share of a node's throughput below which a stock is a solver's rounding."""


def loss(view: View) -> pd.DataFrame:
    """Return one row per demand row and month: demand, served, unmet beyond the baseline gap, waiting (unit/month), USD."""
    w, span = view.world, view.reported
    unmet = view.unmet[:, span]
    return _long(
        view,
        {"item": [row.item for row in w.network.demand], "region": [row.region for row in w.network.demand]},
        {
            "demand": np.repeat(w.demand[:, None], unmet.shape[1], axis=1),
            "served": view.served[:, span],
            "unmet": unmet,
            "waiting": view.waiting[:, span],
            "loss_usd": unmet * w.value[:, None],
            "loss_value_added_usd": unmet * w.value_added[:, None],
        },
    )


def shipments(view: View) -> pd.DataFrame:
    """Return one row per lane and month of shipping: baseline, allowed, usual, extra (unit/month)."""
    w, span = view.world, view.reported
    lanes = w.network.lanes
    allowed = view.allowed[:, span]
    return _long(
        view,
        {
            "item": [row.item for row in lanes],
            "origin": [row.origin for row in lanes],
            "destination": [row.destination for row in lanes],
        },
        {
            "baseline": np.repeat(w.ship0[:, None], allowed.shape[1], axis=1),
            "allowed": allowed,
            "usual": view.ship_usual[:, span],
            "extra": view.ship_extra[:, span],
        },
    )


def production(view: View) -> pd.DataFrame:
    """Return one row per recipe and month: baseline, capacity, usual, extra (unit/month)."""
    w, span = view.world, view.reported
    recipes, count = w.network.recipes, len(w.make0)
    base = np.repeat(w.make0[:, None], view.end - view.first, axis=1)
    return _long(
        view,
        {
            "recipe": [row.recipe for row in recipes],
            "item": [row.item for row in recipes],
            "region": [row.region for row in recipes],
        },
        {
            "baseline": base,
            "capacity": base + view.headroom[:, span],
            "usual": view.part("make_usual", count)[:, span],
            "extra": view.part("make_extra", count)[:, span],
        },
    )


def stocks(view: View) -> pd.DataFrame:
    """Return one row per node that can hold a stock and month: stock at month end and reserve (unit)."""
    w, span = view.world, view.reported
    held = view.stock.max(axis=1, initial=0.0) > NOTHING * np.where(w.throughput > 0, w.throughput, 1.0)
    kept = np.flatnonzero(w.keeps & ((w.stock0 > 0) | held))
    nodes = [w.nodes[n] for n in kept]
    return _long(
        view,
        {"item": [item for item, _ in nodes], "region": [region for _, region in nodes]},
        {
            "stock": view.stock[kept][:, span],
            "reserve": np.repeat(w.reserve[kept][:, None], view.end - view.first, axis=1),
        },
    )


def _long(view: View, keys: dict[str, list[str]], values: dict[str, Floats]) -> pd.DataFrame:
    """Lay arrays (positions x months) out as one row per position and month."""
    months = view.months
    count = len(next(iter(keys.values())))
    columns: dict[str, object] = {
        name: np.repeat(np.array(ids, dtype=object), len(months)) for name, ids in keys.items()
    }
    columns["month"] = np.tile(np.array(months, dtype=object), count)
    columns |= {name: array.ravel() for name, array in values.items()}
    return pd.DataFrame(columns)
