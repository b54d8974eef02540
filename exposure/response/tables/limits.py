"""The bounds that a control moved, and the limits that bind, with the programme's price."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from exposure.response.tables.view import TINY, View

ONE_SIDED = "one-sided price of the programme, not yet re-solved"
ADDRESS = "address"
"""Column for re-solves: family of columns (or quota), position in the world, period. It is dropped from the finished table."""
COLUMNS = [
    "kind", "item", "origin", "destination", "recipe", "month", "baseline", "allowed", "used", "moved_by", "binding",
    "price_usd", "price_low_usd", "price_high_usd", "note",
]  # fmt: skip


def limits(view: View) -> pd.DataFrame:
    """Return lanes, quotas and growth that a control moved, and every other binding limit with its price (USD per unit).

    Prices speak of the voluntary or planner world, never of contracts, and are one-sided until they are re-solved: what one unit
    more saves (``price_low_usd``) and one unit less costs (``price_high_usd``) are filled in by `exposure.response.prices`.
    """
    rows = [*_moved_lanes(view), *_quotas(view), *_held_back_growth(view)]
    if view.plan.reduced is not None:
        rows += [*_full_recipes(view), *_full_lanes(view)]
    table = pd.DataFrame(rows, columns=[*COLUMNS, ADDRESS])
    table[["price_low_usd", "price_high_usd"]] = np.nan
    table["note"] = ONE_SIDED if view.plan.reduced is not None else "contracts have no prices"
    return table


def _moved_lanes(view: View) -> list[dict[str, Any]]:
    w = view.world
    usual_price = view.price("ship_usual", len(w.ship0))
    extra_price = view.price("ship_extra", len(w.ship0))
    rows = []
    for (lane, t), controls in sorted(view.limits.cause.items()):
        if not view.first <= t < view.end or (w.ship0[lane] <= 0 and w.ship_room[lane] <= 0):
            continue
        allowed = min([view.allowed[lane, t], *(quota.cap[t] for quota in view.limits.quotas if lane in quota.lanes)])
        used = view.ship[lane, t]
        closed = view.limits.share[lane, t] < 1 or not view.limits.extra[lane, t]
        beyond = 0.0 if view.limits.extra[lane, t] else extra_price[lane, t]
        price = max(usual_price[lane, t], beyond)
        family = "ship_extra" if beyond > usual_price[lane, t] else "ship_usual"
        row = w.network.lanes[lane]
        rows.append(
            _row(view, t, "lane", item=row.item, origin=row.origin, destination=row.destination)
            | {"baseline": w.ship0[lane], "allowed": allowed, "used": used, "moved_by": " + ".join(controls)}
            | {"binding": bool(closed and used >= allowed * (1 - TINY)), "price_usd": price}
            | {ADDRESS: (family, int(lane), int(t))}
        )
    return rows


def _quotas(view: View) -> list[dict[str, Any]]:
    w, rows = view.world, []
    dual = view.plan.dual
    places = view.statement.rows_of("quota")
    for q, quota in enumerate(view.limits.quotas):
        lanes = list(quota.lanes)
        scope = w.network.control_scope[quota.rule]
        for t in range(view.first, view.end):
            if not np.isfinite(quota.cap[t]):
                continue
            used = float(view.ship[lanes, t].sum())
            price = 0.0 if dual is None else max(0.0, -float(dual[places[q, t]]))
            rows.append(
                _row(view, t, "quota", item=scope.item, origin=scope.origin, destination=scope.destination)
                | {"baseline": float(w.ship0[lanes].sum()), "allowed": float(quota.cap[t]), "used": used}
                | {"moved_by": quota.control, "binding": used >= quota.cap[t] * (1 - TINY), "price_usd": price}
                | {ADDRESS: ("quota", q, t)}
            )
    return rows


def _held_back_growth(view: View) -> list[dict[str, Any]]:
    """Recipes that could make more but for a rule on technology or investment."""
    w, price = view.world, view.price("make_extra", len(view.world.make0))
    rows = []
    for (p, t), controls in sorted(view.limits.growth.cause.items()):
        lost = view.free_headroom[p, t] - view.headroom[p, t]
        allowed = w.make0[p] + view.headroom[p, t]
        if not view.first <= t < view.end or lost <= TINY * max(allowed, lost):
            continue
        recipe, used = w.network.recipes[p], view.make[p, t]
        rows.append(
            _row(view, t, "growth", item=recipe.item, destination=recipe.region, recipe=recipe.recipe)
            | {"baseline": w.make0[p], "allowed": allowed, "used": used, "moved_by": " + ".join(controls)}
            | {"binding": bool(price[p, t] > _worth(view)), "price_usd": price[p, t]}
            | {ADDRESS: ("make_extra", int(p), int(t))}
        )
    return rows


def _full_recipes(view: View) -> list[dict[str, Any]]:
    w = view.world
    rows = []
    for family, usual in (("make_usual", True), ("make_extra", False)):
        price = view.price(family, len(w.make0))
        for p, t in np.argwhere(price[:, view.reported] > _worth(view)):
            t += view.first
            if usual and view.headroom[p, t] > 0:
                continue
            if (int(p), int(t)) in view.limits.growth.cause and view.headroom[p, t] < view.free_headroom[p, t]:
                continue
            recipe = w.network.recipes[p]
            allowed = w.make0[p] + view.headroom[p, t]
            rows.append(
                _row(view, t, "capacity", item=recipe.item, destination=recipe.region, recipe=recipe.recipe)
                | {"baseline": w.make0[p], "allowed": allowed, "used": view.make[p, t], "moved_by": ""}
                | {"binding": True, "price_usd": price[p, t], ADDRESS: (family, int(p), int(t))}
            )
    return rows


def _full_lanes(view: View) -> list[dict[str, Any]]:
    w = view.world
    price = view.price("ship_extra", len(w.ship0))
    rows = []
    for lane, t in np.argwhere(price[:, view.reported] > _worth(view)):
        t += view.first
        if (int(lane), int(t)) in view.limits.cause:
            continue
        row = w.network.lanes[lane]
        rows.append(
            _row(view, t, "lane_capacity", item=row.item, origin=row.origin, destination=row.destination)
            | {"baseline": w.ship0[lane], "allowed": w.ship0[lane] + w.ship_room[lane], "used": view.ship[lane, t]}
            | {"moved_by": "", "binding": True, "price_usd": price[lane, t]}
            | {ADDRESS: ("ship_extra", int(lane), int(t))}
        )
    return rows


def _worth(view: View) -> float:
    """A price below this is the solver's tolerance."""
    return 1e-9 * max(float(view.world.value.max(initial=0.0)), 1e-9)


def _row(view: View, t: int, kind: str, **ids: str) -> dict[str, Any]:
    blank = {"item": "", "origin": "", "destination": "", "recipe": ""}
    return {"kind": kind} | blank | ids | {"month": str(view.calendar[int(t)])}
