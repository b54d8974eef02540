"""What filled the gap: an identity read from the balance of item and region, in the buyer's month."""

from __future__ import annotations

import numpy as np
import pandas as pd

from exposure.response.tables.view import TINY, Floats, View


def gap(view: View) -> pd.DataFrame:
    """Return one row per node and month in which usual goods did not come.

    ::

        cut = other_origins + own_makers + from_stock - thrown_away - passed_on + replaced + users_stopped + unmet

    all in the item's unit per month. ``short``: one more unit here would save something. ``cause``: ``control`` where a rule
    held the goods back on their lane, else ``tier above``.
    """
    w = view.world
    terms = gap_terms(view)
    span = view.reported
    significant = terms["cut"][:, span] > TINY * view.size()[:, None]
    node, t = np.nonzero(significant)
    by_control = _held_back(view)
    short = _short(view, terms)
    table = {
        "item": [w.nodes[n][0] for n in node],
        "region": [w.nodes[n][1] for n in node],
        "month": [view.months[k] for k in t],
    }
    table |= {name: values[:, span][node, t] for name, values in terms.items()}
    table["short"] = short[:, span][node, t]
    table["cause"] = np.where(by_control[:, span][node, t], "control", "tier above").tolist()
    return pd.DataFrame(table)


def gap_terms(view: View) -> dict[str, Floats]:
    """Return every term of the identity, nodes x all periods."""
    w, count, periods = view.world, len(view.world.nodes), view.calendar.periods
    usual, extra = view.arrivals(view.ship_usual), view.arrivals(view.ship_extra)
    lead = w.lead[:, None] > np.arange(periods)[None, :]
    extra = np.where(lead, 0.0, extra)
    made = _sum_to(w.output_node, view.make - w.make0[:, None], count)
    made += _sum_to(w.by_node, w.by_quantity[:, None] * (view.make - w.make0[:, None])[w.by_recipe], count)
    before = np.concatenate([w.stock0[:, None], view.stock[:, :-1]], axis=1)
    replaced, stopped = _users(view)
    idle_renewals = np.zeros((count, periods))
    idle_renewals[w.base_node] = w.install0[:, None]
    stopped = stopped + idle_renewals - view.install
    gap_served = (w.demand - w.gap0)[:, None] - view.served
    return {
        "cut": _sum_to(w.destination, w.ship0[:, None] - usual, count),
        "other_origins": _sum_to(w.destination, extra, count),
        "own_makers": made,
        "from_stock": before - view.stock,
        "thrown_away": view.discard - w.discard0[:, None],
        "passed_on": _sum_to(w.origin, view.ship - w.ship0[:, None], count),
        "replaced": replaced,
        "users_stopped": stopped,
        "unmet": _sum_to(w.demand_node, gap_served, count),
    }


def _users(view: View) -> tuple[Floats, Floats]:
    """Split the use that fell away: made by another recipe of the same item and region instead, or not made at all."""
    w, count, periods = view.world, len(view.world.nodes), view.calendar.periods
    less = w.make0[:, None] - view.make
    lost = np.maximum(less, 0.0)
    lost_by_node = _sum_to(w.output_node, lost, count)
    net_by_node = np.maximum(_sum_to(w.output_node, less, count), 0.0)
    share = np.divide(net_by_node, lost_by_node, out=np.zeros((count, periods)), where=lost_by_node > 0)
    fallen = w.use_quantity[:, None] * less[w.use_recipe]
    stopped = w.use_quantity[:, None] * lost[w.use_recipe] * share[w.output_node[w.use_recipe]]
    return _sum_to(w.use_node, fallen - stopped, count), _sum_to(w.use_node, stopped, count)


def _held_back(view: View) -> np.ndarray:
    """True where a rule lowered a lane into the node, in the month in which its goods would have arrived."""
    w = view.world
    lowered = (view.limits.share < 1) & (w.ship0[:, None] > 0)
    for quota in view.limits.quotas:
        lowered[list(quota.lanes)] |= np.isfinite(quota.cap)
    arriving = np.zeros_like(lowered)
    for lead in np.unique(w.lead):
        lanes = w.lead == lead
        arriving[lanes, lead:] = lowered[lanes, : view.calendar.periods - lead]
    return _sum_to(w.destination, arriving.astype(float), len(w.nodes)) > 0


def _short(view: View, terms: dict[str, Floats]) -> np.ndarray:
    """True where one more unit would save something: by its price or, in contracts, where users stop beside an empty store."""
    w = view.world
    if view.plan.dual is not None:
        dearest = max(float(w.value.max(initial=0.0)), 1e-9)
        return view.scarcity > 1e-9 * dearest
    size = view.size()[:, None]
    wanting = terms["users_stopped"] + terms["unmet"] + terms["replaced"] > TINY * size
    return wanting & (view.stock <= w.reserve[:, None] + TINY * size)


def _sum_to(node: np.ndarray, values: Floats, count: int) -> Floats:
    total = np.zeros((count, values.shape[1]))
    np.add.at(total, node, values)
    return total
