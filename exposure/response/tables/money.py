"""Tables in USD: costs by kind, and the summary."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from exposure.response.plan import duty_on_landing
from exposure.response.tables.view import TINY, Floats, View

Ints = NDArray[np.int64]
TRANSFERS = ("tariff", "share")
"""Kinds of cost that somebody else receives."""


def costs(view: View) -> pd.DataFrame:
    """Return what the response costs beside the loss: extra (making and shipping), tariff, share, lateness, by node, month.

    A tariff stands at the destination, a revenue share at the origin, whose seller pays it.
    """
    w, span, months = view.world, view.reported, view.months
    rows: list[pd.DataFrame] = []
    for kind, node, usd in charges(view):
        position, t = np.nonzero(usd[:, span] > 0)
        rows.append(
            pd.DataFrame(
                {
                    "kind": kind,
                    "item": [w.nodes[n][0] for n in node[position]],
                    "region": [w.nodes[n][1] for n in node[position]],
                    "month": [months[k] for k in t],
                    "cost_usd": usd[:, span][position, t],
                }
            )
        )
    table = pd.concat(rows, ignore_index=True)
    keys = ["kind", "item", "region", "month"]
    return pd.DataFrame(table.groupby(keys, sort=True)["cost_usd"].sum().reset_index()) if len(table) else table


def charges(view: View) -> tuple[tuple[str, Ints, Floats], ...]:
    """Return each kind of cost: its name, the node of each row, and USD in rows x all periods."""
    w = view.world
    make_extra = view.part("make_extra", len(w.make0))
    return (
        ("extra", w.output_node, make_extra * w.make_cost[:, None]),
        ("extra", w.destination, view.ship_extra * w.ship_cost[:, None]),
        ("tariff", w.destination, view.ship * view.limits.tariff * w.price[:, None] + _on_landing(view)),
        ("share", w.origin, view.ship * view.limits.revenue_share * w.price[:, None]),
        ("lateness", w.demand_node, view.waiting * (w.late_cost * w.value)[:, None]),
    )


def _on_landing(view: View) -> Floats:
    """Tariff on goods under way before the first month, in the month of arrival, lanes x all periods."""
    duty = duty_on_landing(view.world, view.limits)
    whole = np.zeros_like(view.ship)
    months = min(duty.shape[1], whole.shape[1])
    whole[:, :months] = duty[:, :months]
    return whole


def summary(view: View, cost_table: pd.DataFrame) -> pd.DataFrame:
    """Return one row: loss, cost, damage (USD over the reported months), gap closed, and the months that matter."""
    cost = float(cost_table["cost_usd"].sum())
    transfers = float(cost_table.loc[cost_table["kind"].isin(TRANSFERS), "cost_usd"].sum())
    return pd.DataFrame([totals(view, cost, transfers)])


def summary_alone(view: View) -> dict[str, float | str | None]:
    """Return the summary without any table of costs: the same sums over the same charges."""
    paid = [(kind, usd[:, view.reported]) for kind, _, usd in charges(view)]
    by_kind = [(kind, float(usd[usd > 0].sum())) for kind, usd in paid]
    transfers = sum(usd for kind, usd in by_kind if kind in TRANSFERS)
    return totals(view, sum(usd for _, usd in by_kind), transfers)


def totals(view: View, cost: float, transfers: float) -> dict[str, float | str | None]:
    """Return the figures of the summary by name; ``cost`` and the transfers in it are USD over the reported months."""
    w, span = view.world, view.reported
    usd = view.unmet * w.value[:, None]
    by_month = usd[:, span].sum(axis=0)
    count = len(w.demand)
    closed = (w.gap0[:, None] - view.part("unmet_usual", count))[:, span]
    gap = w.gap0[:, None] * np.ones((1, view.end - view.first))
    loss = float(by_month.sum())
    first, worst, recovered = _months_that_matter(view, by_month)
    return {
        "loss_usd": loss,
        "cost_usd": cost,
        "of_which_transfers_usd": transfers,
        "damage_usd": loss + cost,
        "loss_value_added_usd": float((view.unmet * w.value_added[:, None])[:, span].sum()),
        "gap_closed_usd": float((closed * w.value[:, None]).sum()),
        "first_loss_month": first,
        "worst_month": worst,
        "recovered_month": recovered,
        "loss_in_tail_usd": float(usd[:, view.end :].sum()),
        "baseline_gap_usd": float((gap * w.value[:, None]).sum()),
    }


def _months_that_matter(view: View, by_month: Floats) -> tuple[str | None, str | None, str | None]:
    """First month of loss, worst month, first month after the last loss (None while it lasts)."""
    w = view.world
    threshold = TINY * float((w.demand * w.value).sum())
    hit = np.flatnonzero(by_month > threshold)
    if not len(hit):
        return None, None, None
    recovered = view.months[hit[-1] + 1] if hit[-1] + 1 < len(by_month) else None
    return view.months[hit[0]], view.months[int(np.argmax(by_month))], recovered
