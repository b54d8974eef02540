"""For each loss the chain from control to product, in ids and in words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from exposure.model import Network
from exposure.model.controls import RATES
from exposure.response.tables.gap import gap_terms
from exposure.response.tables.view import TINY, View

ENOUGH = 0.9
"""Share of what a recipe makes less that an input must be short by, to be named before others as the reason."""
LONGEST = 14
"""Most steps of a chain."""
COLUMNS = ["item", "region", "month", "loss_usd", "control", "chain", "words"]


@dataclass(frozen=True)
class Step:
    """One step down a chain: a lane that carried less, or a recipe that made less, by a share of its usual amount."""

    item: str
    origin: str
    region: str
    less: float
    controls: tuple[str, ...] = ()


def why(view: View) -> pd.DataFrame:
    """Return one row per product, region and month of loss, largest loss first within a month."""
    tracer = _Tracer(view)
    w, rows = view.world, []
    usd = view.unmet * w.value[:, None]
    for b in range(len(w.demand)):
        for t in range(view.first, view.end):
            if view.unmet[b, t] <= TINY * max(w.demand[b], 1e-12):
                continue
            steps = tracer.chain(int(w.demand_node[b]), t)
            item, region = w.network.demand[b].item, w.network.demand[b].region
            rows.append(
                {
                    "item": item,
                    "region": region,
                    "month": str(view.calendar[t]),
                    "loss_usd": usd[b, t],
                    "control": " + ".join(steps[-1].controls) if steps else "",
                    "chain": _ids(steps, item, region),
                    "words": _words(w.network, steps, item, region, view.unmet[b, t] / w.demand[b]),
                }
            )
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.sort_values(["month", "loss_usd"], ascending=[True, False], ignore_index=True, kind="stable")


class _Tracer:
    """Follows what was missing up the chain, largest part first, until a control's own lane."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.found: dict[tuple[int, int], tuple[Step, ...] | None] = {}
        w = view.world
        self.cut = w.ship0[:, None] - view.arrivals(view.ship_usual)
        self.held_back = (view.limits.share < 1) | ~view.limits.extra
        for quota in view.limits.quotas:
            self.held_back[list(quota.lanes)] |= np.isfinite(quota.cap)
        self.less = w.make0[:, None] - view.make
        self.stopping = {rule.control for rule in w.network.control_scope if rule.mechanism not in RATES}

    @cached_property
    def lanes_into(self) -> list[list[int]]:
        """Lanes into each node."""
        into: list[list[int]] = [[] for _ in self.view.world.nodes]
        for lane, node in enumerate(self.view.world.destination):
            into[int(node)].append(lane)
        return into

    @cached_property
    def recipes_of(self) -> list[list[int]]:
        """Recipes that make each node's item there, beside or on purpose."""
        w = self.view.world
        of: list[list[int]] = [[] for _ in w.nodes]
        for p, node in enumerate(w.output_node):
            of[int(node)].append(p)
        for p, node in zip(w.by_recipe, w.by_node, strict=True):
            of[int(node)].append(int(p))
        return of

    @cached_property
    def missing(self) -> np.ndarray:
        """What is missing at each node as a share of its throughput: goods cut and own output lost."""
        terms = gap_terms(self.view)
        return (terms["cut"] - terms["own_makers"]) / self.view.size()[:, None]

    @cached_property
    def short(self) -> np.ndarray:
        """What is missing of what recipes need of each node, as a share: goods, or standing equipment, which runs on unrenewed."""
        w, short = self.view.world, self.missing.copy()
        standing = self.view.part("installed", len(w.base_node))
        short[w.base_node] = 1 - standing / np.maximum(w.base_need0, 1e-12)[:, None]
        return short

    def chain(self, node: int, t: int) -> tuple[Step, ...]:
        """Return the steps from the product down to the control's lane, or as far as they can be followed."""
        return self._follow(node, t, frozenset(), LONGEST) or ()

    def _follow(self, node: int, t: int, seen: frozenset[int], left: int) -> tuple[Step, ...] | None:
        if left == 0 or node in seen:
            return None
        if (node, t) in self.found:
            return self.found[node, t]
        seen = seen | {node}
        path = self._over_lanes(node, t, seen, left) or self._over_recipes(node, t, seen, left)
        if path is None and t > 0 and self.view.stock[node, t - 1] < self.view.world.stock0[node]:
            path = self._follow(node, t - 1, seen - {node}, left - 1)  # the store was emptied earlier
        if path is not None or len(seen) == 1:
            self.found[node, t] = path
        return path

    def _over_lanes(self, node: int, t: int, seen: frozenset[int], left: int) -> tuple[Step, ...] | None:
        w, view = self.view.world, self.view
        least = TINY * view.size()[node]
        losses = sorted(((self.cut[lane, t], lane) for lane in self.lanes_into[node]), reverse=True)
        for lost, lane in losses:
            if lost <= least:
                break
            shipped = t - int(w.lead[lane])
            row = w.network.lanes[lane]
            controls = tuple(c for c in view.limits.cause.get((lane, shipped), ()) if c in self.stopping)
            if controls and shipped >= 0 and self.held_back[lane, shipped]:
                return (Step(row.item, row.origin, row.destination, lost / w.ship0[lane], controls),)
        for lost, lane in losses:
            if lost <= least:
                break
            shipped = t - int(w.lead[lane])
            row = w.network.lanes[lane]
            path = self._follow(int(w.origin[lane]), shipped, seen, left - 1) if shipped >= 0 else None
            if path is not None:
                return (Step(row.item, row.origin, row.destination, lost / w.ship0[lane]), *path)
        return None

    def _over_recipes(self, node: int, t: int, seen: frozenset[int], left: int) -> tuple[Step, ...] | None:
        w, view = self.view.world, self.view
        item, region = w.nodes[node]
        losers = sorted(((self.less[p, t], p) for p in self.recipes_of[node]), reverse=True)
        for lost, p in losers:
            if lost <= TINY * max(w.make0[p], 1e-12):
                break
            inputs = [int(n) for n in w.use_node[w.use_recipe == p]]
            inputs += [int(w.base_node[e]) for e in w.need_base[w.need_recipe == p]]
            worth = view.scarcity[:, t] * view.size()
            explains = self.short[:, t] >= ENOUGH * lost / w.make0[p]
            for n in sorted(inputs, key=lambda n: (not explains[n], -worth[n], -self.missing[n, t], n)):
                path = self._follow(n, t, seen, left - 1)
                if path is not None:
                    return (Step(item, "", region, lost / w.make0[p]), *path)
        return None


def _ids(steps: tuple[Step, ...], item: str, region: str) -> str:
    parts = [f"{s.item} {s.origin}->{s.region}" if s.origin else f"{s.item} {s.region}" for s in reversed(steps)]
    if steps:
        parts.insert(0, " + ".join(steps[-1].controls))
    if not steps or (steps[0].item, steps[0].region) != (item, region):
        parts.append(f"{item} {region}")
    return " -> ".join(parts)


def _words(net: Network, steps: tuple[Step, ...], item: str, region: str, short: float) -> str:
    """Tell a chain from the control on, each step with the share of its usual amount that is missing."""
    goods, place = net.item_name(item), net.region_name(region)
    if not steps:
        return f"{goods} in {place} fall short by {_share(short)}; the chain to a control could not be followed."
    held = steps[-1]
    titles = " and ".join(dict.fromkeys(c.title for c in net.controls if c.control in held.controls))
    lane = f"{net.item_name(held.item)} from {net.region_name(held.origin)} to {net.region_name(held.region)}"
    between: dict[str, float] = {}
    for step in reversed(steps[:-1]):
        between.setdefault(f"{net.item_name(step.item)} in {net.region_name(step.region)}", step.less)
    between.pop(f"{goods} in {place}", None)
    told = ", then ".join(f"{step} ({_share(less)})" for step, less in between.items())
    less = f"; less {told}" if told else ""
    return f"{titles}: {lane} held back by {_share(held.less)}{less}; {goods} in {place} fall short by {_share(short)}."


def _share(share: float) -> str:
    return "less than 1%" if share < 0.01 else f"{share:.0%}"
