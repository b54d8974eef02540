"""Equipment that stands installed, wears out, is renewed, and bounds what can be made with it."""

from __future__ import annotations

import numpy as np

from exposure.lp.columns import Columns
from exposure.lp.equations.rows import Rows


def installed_base(v: Columns) -> Rows:
    """The base is what stood before, less what reaches the end of its life, plus what is installed.

    ::

        installed[e, t] = installed[e, t-1] - expiring[e, t] + install[e, t] - install[e, t - life[e]]     (units)

    for every installed node e and month t. The starting base is evenly aged: expiring = base / life in each of the first
    ``life`` months, a known number. Its dual is what one more unit standing in that month would save.
    """
    w, periods = v.world, v.periods
    rows = Rows.over("installed_base", "==", np.arange(len(w.base_node)), periods)
    at = np.arange(len(w.base_node) * periods).reshape(len(w.base_node), periods)
    standing = v["installed"].grid
    rows.add(at, standing, 1.0)
    rows.add(at[:, 1:], standing[:, :-1], -1.0)
    rows.right[at[:, 0]] += w.base0
    for e, life in enumerate(w.life):
        rows.right[at[e, : int(life)]] -= w.base0[e] / life
    for family in ("install_usual", "install_extra"):
        block = v[family]
        rows.add(at[block.members], block.grid, -1.0)
        for k, e in enumerate(block.members):
            life = int(w.life[e])
            rows.add(at[e, life:], block.grid[k, : max(0, periods - life)], 1.0)
    return rows


def installed_need(v: Columns) -> Rows:
    """What is made needs its equipment standing.

    ::

        sum over p of 12 x quantity[p, e] x make[p, t] <= installed[e, t]                                  (units)

    for every installed node e and month t (quantity: units standing per unit/yr of output, hence 12). Its dual is what one
    more unit standing would save through the output it allows.
    """
    w = v.world
    rows = Rows.over("installed_need", "<=", np.arange(len(w.base_node)), v.periods)
    at = np.arange(len(w.base_node) * v.periods).reshape(len(w.base_node), v.periods)
    rows.add(at, v["installed"].grid, -1.0)
    for family in ("make_usual", "make_extra"):
        block = v[family]
        for p, e, quantity in zip(w.need_recipe, w.need_base, w.need_quantity, strict=True):
            if int(p) in block.slot:
                rows.add(at[e], block.row(int(p)), 12.0 * float(quantity))
    return rows
