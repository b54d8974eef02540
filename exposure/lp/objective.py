"""What a plan costs: the damage in USD that the programme makes small."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from exposure.lp.columns import Columns

Floats = NDArray[np.float64]


def damage(v: Columns, rate: Floats) -> Floats:
    """Return the cost of each column, USD per unit.

    ::

        damage = sum of value[b] x unmet_extra[b, t]  +  value[b] x waiting[b, last]
               + make_cost[p] x make_extra[p, t]  +  ship_cost[l] x ship_extra[l, t]
               + rate[l, t] x price[l] x (ship_usual[l, t] + ship_extra[l, t])
               + late_cost[b] x value[b] x waiting[b, t]

    No discount: a loss next year counts like one next month. The baseline gap (``unmet_usual``) is part of no damage.

    Parameters
    ----------
    v
        The columns.
    rate
        Tariff and revenue share on the price of what is shipped in each month, lanes x periods.
    """
    w = v.world
    cost = np.zeros(v.size)
    for family, unit_cost in (
        ("unmet_extra", w.value),
        ("make_extra", w.make_cost),
        ("waiting", w.late_cost * w.value),
    ):
        block = v[family]
        cost[block.grid] = unit_cost[block.members][:, None]
    queue = v["waiting"]
    cost[queue.grid[:, -1]] += w.value[queue.members]
    duty = rate * w.price[:, None]
    cost[v["ship_usual"].grid] = duty[v["ship_usual"].members]
    extra = v["ship_extra"]
    cost[extra.grid] = duty[extra.members] + w.ship_cost[extra.members][:, None]
    return cost
