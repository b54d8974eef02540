"""Where blank lanes should stand: each user's need, shared among makers in proportion to what they make.

Worked out without a programme, so that no id and no row order has a say: an optimum would put each need on one maker.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exposure.lp.matrix import sum_by

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PASSES = 200
"""Most passes up the chain; a chain without loops needs as many as it has tiers."""
SETTLED = 1e-13
"""Change of all lanes together, as a share of what they carry, at which the passes end."""


@dataclass(frozen=True)
class Trade:
    """A network in numbers, unit/yr; NaN where a figure is blank.

    Nodes: ``item`` (number of its item), ``use`` (wanted whatever is made). Makes and uses: node, recipe, quantity per unit of
    the recipe; by-products are makes too. Recipes: ``output`` (node of the product), ``level``, ``most``. Lanes: ``origin``,
    ``destination``, ``flow``.
    """

    item: Ints
    use: Floats
    make_node: Ints
    make_recipe: Ints
    make_quantity: Floats
    use_node: Ints
    use_recipe: Ints
    use_quantity: Floats
    output: Ints
    level: Floats
    most: Floats
    origin: Ints
    destination: Ints
    flow: Floats

    def into(self, lanes: Floats) -> Floats:
        """Sum an amount of each lane by destination."""
        return sum_by(self.destination, lanes, len(self.use))

    def out_of(self, lanes: Floats) -> Floats:
        """Sum an amount of each lane by origin."""
        return sum_by(self.origin, lanes, len(self.use))


def targets(t: Trade) -> Floats:
    """Return what each lane should carry: as stated or, if blank, destination's need x origin's share of what makers offer it.

    Needs run up the chain from demand. A maker offers its stated output or, if blank, its capacity or else a typical output of
    the item; a region that makes none passes goods on only where no maker can be reached. A region's own make counts as one
    of those that serve it.
    """
    blank_lane, blank_recipe = np.isnan(t.flow), np.isnan(t.level)
    stated_flow = np.where(blank_lane, 0.0, t.flow)
    weight = _weights(t)
    level = np.where(blank_recipe, 0.0, t.level)
    count = len(t.use)
    lanes, sold = stated_flow, np.zeros(count)
    for _ in range(PASSES):
        made = sum_by(t.make_node, t.make_quantity * level[t.make_recipe], count)
        offer = made + sum_by(t.output, np.where(blank_recipe, weight - level, 0.0), count)
        offer = np.where(offer > 0, offer, np.maximum(t.into(stated_flow) - t.use, 0.0))
        need = t.use + sum_by(t.use_node, t.use_quantity * level[t.use_recipe], count) + np.where(offer > 0, 0.0, sold)
        left = np.maximum(need - t.into(stated_flow), 0.0)
        reach = offer + t.into(np.where(blank_lane, offer[t.origin], 0.0))
        pull = np.where(reach[t.destination] > 0, offer[t.origin], 1.0) * blank_lane
        everything = t.into(pull) + offer
        ratio = np.where(everything > 0, left / np.where(everything > 0, everything, 1.0), 0.0)
        before, lanes = lanes, stated_flow + pull * ratio[t.destination]
        sold = t.out_of(lanes) + offer * ratio
        level = _levels(t, weight, sold)
        if np.sum(np.abs(lanes - before)) <= SETTLED * np.sum(lanes):
            break
    return lanes


def _weights(t: Trade) -> Floats:
    """What each recipe offers to make: its figure, else its capacity, else the middle one of its item, else one unit."""
    known = np.where(np.isnan(t.level), t.most, t.level)
    weight = np.where(np.isfinite(known), known, np.nan)
    item = t.item[t.output]
    middle = np.ones(int(np.max(t.item, initial=-1)) + 1)
    here = np.flatnonzero(weight > 0)
    order = here[np.argsort(item[here], kind="stable")]
    for group in np.split(order, np.flatnonzero(np.diff(item[order])) + 1) if len(order) else ():
        middle[item[group[0]]] = np.median(weight[group])
    return np.where(np.isnan(weight), middle[item], weight)


def _levels(t: Trade, weight: Floats, sold: Floats) -> Floats:
    """What recipes make when that much is sold: as stated; blank ones share the rest by weight, within their capacity."""
    blank = np.isnan(t.level)
    stated = sum_by(t.output, np.where(blank, 0.0, t.level), len(t.use))
    shared = sum_by(t.output, np.where(blank, weight, 0.0), len(t.use))
    rest = np.maximum(sold - stated, 0.0)[t.output] * weight / np.where(shared > 0, shared, 1.0)[t.output]
    return np.where(blank, np.minimum(rest, t.most), t.level)
