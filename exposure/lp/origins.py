"""Origins: where goods of a covered origin can be, where goods free of them can be, and where the difference matters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from exposure.graph.exact import exact
from exposure.lp.world import World
from exposure.model import ItemId, NodeId, Rule
from exposure.model.content import Family


@dataclass(frozen=True)
class Origins:
    """What one family of rules sees in a network; recipes and lanes by position.

    Parameters
    ----------
    caught
        Nodes whose goods may be caught: covered goods can reach them in a share that meets the threshold.
    clean
        Nodes at which goods that are not caught can be had.
    needs
        Inputs that a recipe must take clean so that its output is clean.
    dirty
        Recipes whose output may be caught.
    able
        Recipes that can make clean output, from clean inputs where they need them.
    sources
        Recipes with those of their outputs that are covered goods themselves.
    """

    caught: frozenset[NodeId]
    clean: frozenset[NodeId]
    needs: dict[int, tuple[ItemId, ...]]
    dirty: frozenset[int]
    able: frozenset[int]
    sources: frozenset[tuple[int, ItemId]]

    def doubled(self, w: World, lanes: Iterable[int]) -> frozenset[NodeId]:
        """Return the nodes at which caught and clean goods must be told apart for the sake of some lanes.

        Those from which goods can get to such a lane, over other lanes or through recipes that need them clean, and at which
        both kinds can be had.
        """
        net = w.network
        into: dict[NodeId, list[NodeId]] = defaultdict(list)
        for k in _open_lanes(w):
            lane = net.lanes[k]
            into[lane.item, lane.destination].append((lane.item, lane.origin))
        for p in self.dirty & self.able:
            recipe = net.recipes[p]
            for item in outputs(w, p):
                into[item, recipe.region] += [(need, recipe.region) for need in self.needs[p]]
        found = {(net.lanes[k].item, net.lanes[k].origin) for k in lanes} & self.caught
        waiting = list(found)
        while waiting:
            for node in into[waiting.pop()]:
                if node in self.caught and node not in found:
                    found.add(node)
                    waiting.append(node)
        return frozenset(found & self.clean)


def outputs(w: World, p: int) -> dict[ItemId, Fraction]:
    """Return what one unit of a recipe's run makes, by-products included (units of each)."""
    recipe = w.network.recipes[p]
    made = {recipe.item: Fraction(1)}
    for line in w.network.bom_of[recipe.recipe]:
        if line.quantity < 0:
            made[line.input] = made.get(line.input, Fraction(0)) - exact(line.quantity)
    return made


def origins_of(w: World, family: Family, passing: frozenset[int] = frozenset()) -> Origins:
    """Follow covered goods, and goods free of them, through every lane and recipe that can run.

    ``passing``: recipes that make nothing, but say what goods may serve as.
    """
    seen = _Seen(w, family, passing)
    caught = _spread(w, {node for p in seen.recipes for node in seen.caught_outputs(p)}, _open_lanes(w))
    needs = {p: seen.needed(p, caught) for p in seen.recipes}
    able: set[int] = set()
    clean: frozenset[NodeId] = frozenset()
    while True:
        more = {p for p in seen.recipes if p not in able and seen.can_be_clean(p, needs[p], clean)}
        if not more:
            break
        able |= more
        clean = _spread(w, {node for p in able for node in seen.spared_outputs(p)}, _open_lanes(w))
    dirty = frozenset(p for p in seen.recipes if seen.caught_outputs(p))
    sources = frozenset((p, item) for p in seen.recipes for item in seen.made[p] if seen.is_source(p, item))
    return Origins(caught, clean, needs, dirty, frozenset(able), sources)


def _open_lanes(w: World) -> list[int]:
    return [k for k in range(len(w.ship0)) if w.ship0[k] > 0 or w.ship_room[k] > 0]


def _spread(w: World, start: Iterable[NodeId], lanes: Iterable[int]) -> frozenset[NodeId]:
    """Return everything that goods can reach over some lanes from some nodes, the start included."""
    out: dict[NodeId, list[NodeId]] = defaultdict(list)
    for k in lanes:
        lane = w.network.lanes[k]
        out[lane.item, lane.origin].append((lane.item, lane.destination))
    found, waiting = set(start), list(start)
    while waiting:
        for node in out[waiting.pop()]:
            if node not in found:
                found.add(node)
                waiting.append(node)
    return frozenset(found)


class _Seen:
    """Most that can be inside: covered USD per unit at each node, with suppliers as bad as they can be."""

    def __init__(self, w: World, family: Family, passing: frozenset[int]) -> None:
        self.w, self.family, self.passing, net = w, family, passing, w.network
        stepped = {step.recipe for step in net.capacity}
        self.recipes = [
            p for p, r in enumerate(net.recipes) if w.make0[p] > 0 or w.headroom[p] > 0 or r.recipe in stepped
        ]
        self.made = {p: outputs(w, p) for p in self.recipes}
        self.price = {item: exact(row.price_usd) for item, row in net.item.items()}
        self.inputs = {p: self._inputs(p) for p in self.recipes}
        self.tooled = self._made_with_tools()
        self.most = self._most()

    def _inputs(self, p: int) -> dict[ItemId, Fraction]:
        """What is used up in a unit of a recipe's run."""
        net = self.w.network
        used: dict[ItemId, Fraction] = defaultdict(Fraction)
        for line in net.bom_of[net.recipes[p].recipe]:
            if line.quantity > 0 and (p in self.passing or net.item[line.input].life_months is None):
                used[line.input] += exact(line.quantity)
        return dict(used)

    def is_source(self, p: int, item: ItemId) -> bool:
        """Tell whether a recipe makes a covered item in the covered origin."""
        net, family = self.w.network, self.family
        if p in self.passing:
            return False
        real = net.real_item(item)
        return (not family.items or real in family.items) and net.covers(family.origin, net.recipes[p].region)

    def _made_with_tools(self) -> set[int]:
        """Recipes that work with covered equipment: any that stands there from the origin counts for the whole plant."""
        net, w = self.w.network, self.w
        if self.family.kind != "tool":
            return set()
        start = {
            (item, net.recipes[p].region)
            for p in self.recipes
            if w.make0[p] > 0
            for item in self.made[p]
            if self.is_source(p, item)
        }
        found = _spread(w, start, (k for k in _open_lanes(w) if w.ship0[k] > 0))
        return {
            p
            for p in self.recipes
            for line in net.bom_of[net.recipes[p].recipe]
            if line.quantity > 0
            and net.item[line.input].life_months is not None
            and (line.input, net.recipes[p].region) in found
        }

    def _most(self) -> dict[NodeId, Fraction]:
        """Largest covered value per unit at each node (tools and origins: 1 if covered), from below until nothing rises.

        After the first round only what takes from a node that rose is looked at again.
        """
        net = self.w.network
        most: dict[NodeId, Fraction] = defaultdict(Fraction)
        lanes = [net.lanes[k] for k in _open_lanes(self.w)]
        first = {p for p in self.recipes if p in self.tooled or any(self.is_source(p, item) for item in self.made[p])}
        before: set[NodeId] = set()
        for count in range(len(net.items) + len(net.regions)):
            rose: set[NodeId] = set()

            def lift(node: NodeId, value: Fraction, rose: set[NodeId] = rose) -> None:
                if value > most[node]:
                    most[node] = value
                    rose.add(node)

            for p in self.recipes:
                region = net.recipes[p].region
                taken = [(need, region) for need in self.inputs[p]]
                if (count == 0 and p in first) or any(node in rose or node in before for node in taken):
                    for item in self.made[p]:
                        lift((item, region), self._inside(p, item, most))
            for lane in lanes:
                origin = (lane.item, lane.origin)
                if origin in rose or origin in before:
                    lift((lane.item, lane.destination), most[origin])
            if not rose:
                break
            before = rose
        return most

    def _inside(self, p: int, item: ItemId, most: dict[NodeId, Fraction]) -> Fraction:
        """Covered value in a unit of one of a recipe's outputs; the inputs of a joint recipe are shared by value."""
        kind = self.family.kind
        if self.is_source(p, item):
            return self.price[item] if kind == "content" and self.price[item] else Fraction(1)
        if kind == "origin" and p not in self.passing:
            return Fraction(0)
        worth = sum((self.contribution(p, need, most) for need in self.inputs[p]), Fraction(0))
        if kind != "content":
            return Fraction(int(p in self.tooled or worth > 0))
        return worth * self.price[item] if self.price[item] else worth

    def contribution(self, p: int, need: ItemId, most: dict[NodeId, Fraction]) -> Fraction:
        """Share of the value of a recipe's outputs that covered goods inside one input make up."""
        inside = self.inputs[p][need] * most[need, self.w.network.recipes[p].region]
        value = sum((units * self.price[item] for item, units in self.made[p].items()), Fraction(0))
        return inside / value if value and self.family.kind == "content" else inside

    def caught_outputs(self, p: int) -> list[NodeId]:
        """Nodes of a recipe's outputs that may be caught."""
        region = self.w.network.recipes[p].region
        return [(item, region) for item in self.made[p] if self.family.catches(self._share(p, item))]

    def spared_outputs(self, p: int) -> list[NodeId]:
        """Nodes of a recipe's outputs that can be clean."""
        region = self.w.network.recipes[p].region
        return [(item, region) for item in self.made[p] if not self.is_source(p, item)]

    def _share(self, p: int, item: ItemId) -> Fraction:
        inside = self._inside(p, item, self.most)
        return inside / self.price[item] if self.family.kind == "content" and self.price[item] else inside

    def needed(self, p: int, caught: frozenset[NodeId]) -> tuple[ItemId, ...]:
        """Inputs that must be clean: all that may be caught but for the smallest, which together stay under the threshold."""
        region = self.w.network.recipes[p].region
        if not self.caught_outputs(p) or (self.family.kind == "origin" and p not in self.passing):
            return ()
        parts = sorted(
            (self.contribution(p, need, self.most), need) for need in self.inputs[p] if (need, region) in caught
        )
        tolerated = Fraction(0)
        for k, (part, _) in enumerate(parts):
            tolerated += part
            if self.family.catches(tolerated):
                return tuple(sorted(need for _, need in parts[k:]))
        return ()

    def can_be_clean(self, p: int, needs: tuple[ItemId, ...], clean: frozenset[NodeId]) -> bool:
        """Tell whether some output of a recipe can be clean with what is clean so far."""
        if not self.spared_outputs(p) or p in self.tooled:
            return False
        region = self.w.network.recipes[p].region
        spared = {item for item, _ in self.spared_outputs(p)}
        if not any(self.family.catches(self._share(p, item)) for item in spared):
            return True
        return bool(needs) and all((need, region) in clean for need in needs)


def caught_lanes(w: World, rule: Rule, scope: Iterable[int], origins: Origins) -> list[int]:
    """Return the lanes of a rule's scope on which goods may be caught."""
    lanes = w.network.lanes
    return [k for k in scope if (lanes[k].item, lanes[k].origin) in origins.caught]
