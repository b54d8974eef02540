"""Goods that are turned away on arrival: what was under way when a buyer's ban came."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from exposure.lp.columns import Columns
from exposure.lp.world import World
from exposure.policy import Limits

Floats = NDArray[np.float64]
NOISE = 1e-7
"""A share of the usual flow below which goods beyond a limit are the solver's tolerance."""


def turned_away(w: World, lanes: Iterable[int], shipped: Floats, limits: Limits, start: int) -> Floats:
    """Return what may not land although it was sent, nodes x periods, by month of arrival.

    Parameters
    ----------
    w
        The world.
    lanes
        Lanes on which goods may be turned away.
    shipped
        Flows by month of shipping, lanes x periods, unit/month; only those before ``start`` count.
    limits
        What is known now: what a lane may carry in the months in which the goods were sent, arrival included.
    start
        First period of the stage; what arrived before it has landed.
    """
    away = np.zeros((len(w.nodes), shipped.shape[1]))
    for lane in lanes:
        lead, node, usual = int(w.lead[lane]), int(w.destination[lane]), float(w.ship0[lane])
        for t in range(start, min(start + lead, shipped.shape[1])):
            sent = t - lead
            if sent < 0:
                away[node, t] += usual * (1.0 - float(limits.landing[lane, t]))
            elif not limits.extra[lane, sent]:
                beyond = float(shipped[lane, sent]) - usual * float(limits.share[lane, sent])
                away[node, t] += beyond if beyond > NOISE * max(usual, float(w.ship_room[lane])) else 0.0
    return away


def flows(v: Columns, point: Floats) -> Floats:
    """Return usual plus extra flow of every lane, lanes x periods."""
    total = np.zeros((len(v.world.ship0), v.periods))
    for family in ("ship_usual", "ship_extra"):
        block = v[family]
        total[block.members] += point[block.grid]
    return total
