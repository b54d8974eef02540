"""Variants: a network in which goods that a content rule catches and goods that it spares are two items.

Whether a motor may pass depends on whose magnets are in it, so for each family of rules that look for the same covered goods the
network is rewritten before the programme is stated, as a pure function of the closed world. Everything after it (equations, the
walk of contracts, stages) works on the larger network without knowing, but for one equation, `origin_variants`, by which the
variants of one recipe or lane share one capacity. The plan is summed back to real goods before any table is read.

At a node that is doubled (covered goods can be there in a share that meets the threshold, goods free of them too, and a caught lane
lies downstream) the item stands for units that may be caught, and ``item~n`` for clean ones, where n numbers the family:

- a recipe whose inputs decide has a *clean mode*, which takes clean inputs and makes clean goods; usual parts follow the baseline
  mix, and more than that is extra, at the recipe's start, ramp and cost;
- clean goods *serve* as caught ones by a recipe of no cost; what is clean by birth goes out with a *certificate*, one more such;
- a lane between doubled nodes, or under the rule itself, has a variant of its own; caught goods that take the place of usual clean
  ones are made and carried by a third variant, without cost, since nothing has changed for plant and ship.

Stocks follow the mix, equipment is not told apart. Families are applied one after the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from exposure.lp.baseline import Baseline
from exposure.lp.origins import Origins, origins_of, outputs
from exposure.lp.world import World, nodes_of, world_of
from exposure.model import BomLine, CapacityStep, Item, ItemId, Lane, Network, NodeId, Recipe, RecipeId, RegionId, Stock
from exposure.model.content import Family
from exposure.units import MONTHS_PER_YEAR

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

PSEUDO = -1
"""Real position of a recipe that only says what goods may serve as."""
MIXED = 1e-9
"""A share closer to 0 or 1 than this is rounding; a node through which nothing but rounding passes would have no size."""
ROUNDS = 2000
"""Most rounds in which the mix of nodes that trade in circles settles."""


@dataclass(frozen=True)
class Variants:
    """A world with variants, and the way back.

    ``recipe_of``, ``lane_of``: position in the real world of each recipe (-1: none) and lane.
    ``instead``, ``lane_instead``: recipes that make, and lanes that carry, caught goods in place of usual clean ones;
    ``swaps``, ``lane_swaps``: each with the clean ones whose place it takes.
    ``caught``: for each rule (position in ``control_scope``) the lanes that it covers, which ``network`` knows.
    """

    world: World
    real: World
    network: Network
    recipe_of: Ints
    lane_of: Ints
    instead: Bools
    lane_instead: Bools
    swaps: tuple[tuple[int, ...], ...]
    lane_swaps: tuple[tuple[int, ...], ...]
    caught: dict[int, tuple[int, ...]]

    @property
    def pseudo(self) -> Ints:
        """Recipes that only say what goods may serve as, or take the place of usual ones: they need no news."""
        return np.flatnonzero((self.recipe_of == PSEUDO) | self.instead)

    def sharing(self, kind: Ints) -> tuple[tuple[int, ...], ...]:
        """Return the positions that stand for one real recipe or lane, where there are several; the real one first."""
        members: dict[int, list[int]] = defaultdict(list)
        for position, real in enumerate(kind.tolist()):
            if real != PSEUDO:
                members[real].append(position)
        return tuple(tuple(group) for group in members.values() if len(group) > 1)


def plain(world: World) -> Variants:
    """Return a world as it is: nothing doubled."""
    recipes, lanes = len(world.make0), len(world.ship0)
    return Variants(
        world=world,
        real=world,
        network=world.network,
        recipe_of=np.arange(recipes),
        lane_of=np.arange(lanes),
        instead=np.zeros(recipes, dtype=np.bool_),
        lane_instead=np.zeros(lanes, dtype=np.bool_),
        swaps=(),
        lane_swaps=(),
        caught={},
    )


def with_variants(world: World, families: Mapping[Family, Mapping[int, tuple[int, ...]]]) -> Variants:
    """Rewrite a world for families of rules, one after the other.

    Parameters
    ----------
    world
        The undisturbed world.
    families
        For each family its rules (position in ``control_scope``) with the lanes of their scope (positions in the world).
    """
    found = plain(world)
    for number, (family, rules) in enumerate(families.items(), start=1):
        found = _split(found, number, family, rules)
    if not families:
        return found
    net = found.world.network
    fields = {name: getattr(net, name) for name in type(net).model_fields}
    return replace(found, network=Network.model_construct(**{**fields, "caught": found.caught}))


def _split(before: Variants, number: int, family: Family, rules: Mapping[int, tuple[int, ...]]) -> Variants:
    """Rewrite a world for one family."""
    w = before.world
    passing = frozenset(np.flatnonzero(before.recipe_of == PSEUDO).tolist())
    origins = origins_of(w, family, passing)
    lanes = before.lane_of.tolist()
    under = {
        row: [k for k, real in enumerate(lanes) if real in scope and _end(w, k, "origin") in origins.caught]
        for row, scope in ((row, set(scope)) for row, scope in rules.items())
    }
    caught = {k for scope in under.values() for k in scope}
    doubled = origins.doubled(w, caught)
    if not doubled:
        return replace(before, caught=before.caught | {row: tuple(scope) for row, scope in under.items()})
    made = _Rewriting(before, number, origins, doubled, caught)
    made.write()
    world = made.world()
    old = {row: _followed((scope,), made.lanes_of)[0] for row, scope in before.caught.items()}
    new = {row: tuple(j for k in scope for j in made.plain_lanes[k]) for row, scope in under.items()}
    return Variants(
        world=world,
        real=before.real,
        network=world.network,
        recipe_of=np.array([PSEUDO if p == PSEUDO else before.recipe_of[p] for p in made.recipe_of], dtype=np.int64),
        lane_of=before.lane_of[np.array(made.lane_of, dtype=np.int64)],
        instead=np.array(made.instead, dtype=np.bool_),
        lane_instead=np.array(made.lane_instead, dtype=np.bool_),
        swaps=_followed(before.swaps, made.recipes_of) + tuple(made.swaps),
        lane_swaps=_followed(before.lane_swaps, made.lanes_of) + tuple(made.lane_swaps),
        caught=old | new,
    )


def _followed(groups: Iterable[tuple[int, ...]], now: dict[int, list[int]]) -> tuple[tuple[int, ...], ...]:
    """Return groups of positions with each position replaced by those that it has become."""
    return tuple(tuple(new for old in group for new in now[old]) for group in groups)


def _as_before(world: World, before: World, doubled: frozenset[NodeId], plain_of: dict[ItemId, ItemId]) -> World:
    """Leave sizes, equipment, what may be thrown away, and stocks of nodes not doubled, as they were, to the last digit."""
    stock, reserve, throughput = world.stock0.copy(), world.reserve.copy(), np.zeros(len(world.nodes))
    joint = world.joint.copy()
    old = before.node_index
    for n, node in enumerate(world.nodes):
        throughput[n] = before.throughput[old[node if node in old else (plain_of[node[0]], node[1])]]
        joint[n] |= node in old and bool(before.joint[old[node]])
        if node in old and node not in doubled:
            stock[n], reserve[n] = before.stock0[old[node]], before.reserve[old[node]]
    return replace(world, stock0=stock, reserve=reserve, throughput=throughput, joint=joint, base0=before.base0)


def _end(w: World, lane: int, end: str) -> NodeId:
    row = w.network.lanes[lane]
    return row.item, row.origin if end == "origin" else row.destination


def clean_shares(w: World, origins: Origins, doubled: frozenset[NodeId]) -> dict[NodeId, float]:
    """Return the clean share of what passes through each node in the baseline: 1 where nothing is caught, 0 where all is.

    What leaves a node has the mix of what came into it; a recipe turns out clean what its least clean needed input allows.
    """
    net = w.network
    share = {node: 0.0 if node in origins.caught else 1.0 for node in w.nodes}
    inflow: dict[NodeId, list[tuple[float, int, int]]] = defaultdict(list)
    for p, recipe in enumerate(net.recipes):
        for item, units in outputs(w, p).items():
            if w.make0[p] > 0:
                inflow[item, recipe.region].append((float(units) * w.make0[p], p, -1))
    for k, lane in enumerate(net.lanes):
        if w.ship0[k] > 0:
            inflow[lane.item, lane.destination].append((float(w.ship0[k]), -1, k))
    mixed = [node for node in w.nodes if node in doubled and inflow[node]]
    for _ in range(ROUNDS):
        moved = 0.0
        for node in mixed:
            total = sum(units for units, _, _ in inflow[node])
            clean = sum(
                units * (_clean_output(w, origins, p, node[0], share) if p >= 0 else share[_end(w, k, "origin")])
                for units, p, k in inflow[node]
            )
            new = clean / total
            new = 0.0 if new < MIXED else 1.0 if new > 1 - MIXED else new
            moved = max(moved, abs(new - share[node]))
            share[node] = new
        if moved < 1e-15:
            break
    return share


def _clean_output(w: World, origins: Origins, p: int, item: ItemId, share: dict[NodeId, float]) -> float:
    """Share of a recipe's usual output of an item that is clean."""
    if p not in origins.able or (p, item) in origins.sources:
        return 0.0
    region = w.network.recipes[p].region
    return min((share[need, region] for need in origins.needs[p]), default=1.0)


@dataclass
class _Rewriting:
    """The tables of a network while they are rewritten; quantities in unit/yr, new rows after the old ones."""

    before: Variants
    number: int
    origins: Origins
    doubled: frozenset[NodeId]
    caught: set[int]
    recipes: list[Recipe] = field(default_factory=list)
    recipe_of: list[int] = field(default_factory=list)
    instead: list[bool] = field(default_factory=list)
    output: list[float] = field(default_factory=list)
    capacity: list[float] = field(default_factory=list)
    bom: list[BomLine] = field(default_factory=list)
    steps: list[CapacityStep] = field(default_factory=list)
    lanes: list[Lane] = field(default_factory=list)
    lane_of: list[int] = field(default_factory=list)
    lane_instead: list[bool] = field(default_factory=list)
    swaps: list[tuple[int, ...]] = field(default_factory=list)
    lane_swaps: list[tuple[int, ...]] = field(default_factory=list)
    flow: list[float] = field(default_factory=list)
    max_flow: list[float] = field(default_factory=list)
    stocks: list[Stock] = field(default_factory=list)
    clean_in: dict[NodeId, float] = field(default_factory=lambda: defaultdict(float))
    clean_out: dict[NodeId, float] = field(default_factory=lambda: defaultdict(float))

    def write(self) -> None:
        """Write every table."""
        self.w = self.before.world
        self.share = clean_shares(self.w, self.origins, self.doubled)
        self.net = self.w.network
        self.planned: dict[RecipeId, list[CapacityStep]] = defaultdict(list)
        for step in self.net.capacity:
            self.planned[step.recipe].append(step)
        self.recipes_of: dict[int, list[int]] = defaultdict(list)
        self.lanes_of: dict[int, list[int]] = defaultdict(list)
        self.plain_lanes: dict[int, list[int]] = defaultdict(list)
        self.landings: dict[NodeId, None] = {}
        self.certified: dict[NodeId, None] = {}
        later = [made for p in range(len(self.net.recipes)) for made in self._recipe(p)]
        for mode in later:
            mode()
        for k in range(len(self.net.lanes)):
            self._lane(k)
        self._servings()
        self._stocks()

    def clean(self, item: ItemId) -> ItemId:
        """Name of the clean variant of an item."""
        return ItemId(f"{item}~{self.number}")

    def _add_recipe(
        self,
        row: Recipe,
        real: int,
        bom: Iterable[tuple[ItemId, float]],
        output: float,
        capacity: float,
        *,
        instead: bool = False,
    ) -> None:
        if real != PSEUDO:
            self.recipes_of[real].append(len(self.recipes))
        self.recipes.append(row)
        self.recipe_of.append(real)
        self.instead.append(instead or (real != PSEUDO and bool(self.before.instead[real])))
        self.output.append(output)
        self.capacity.append(capacity)
        self.bom += [BomLine(recipe=row.recipe, input=item, quantity=quantity) for item, quantity in bom]

    def _recipe(self, p: int) -> list[Callable[[], None]]:
        """Write a recipe's own row; return what writes its clean mode, which comes after all own rows."""
        w, net, origins = self.w, self.net, self.origins
        row, lines = net.recipes[p], net.bom_of[net.recipes[p].recipe]
        tells_apart = any((item, row.region) in self.doubled for item in outputs(w, p))
        make, capacity = w.make0[p] * MONTHS_PER_YEAR, (w.make0[p] + w.headroom[p]) * MONTHS_PER_YEAR
        steps = self.planned[row.recipe]
        own = [(line.input, line.quantity) for line in lines]
        if not tells_apart or p not in origins.able:
            self._add_recipe(row, p, own, make, capacity)
            self.steps += steps
            return []
        clean_row, clean_bom = self._clean_mode(p)
        if not origins.needs[p]:
            self._add_recipe(row.model_copy(update={"item": clean_row.item}), p, clean_bom, make, capacity)
            self.steps += steps
            self._count(p, make)
            return []
        clean = make * min(self.share[need, row.region] for need in origins.needs[p])
        self._add_recipe(row, p, own, make - clean, capacity - clean)
        self.steps += [step.model_copy(update={"capacity": step.capacity - clean}) for step in steps]
        name = RecipeId(f"{row.recipe}~{self.number}")

        def clean_mode() -> None:
            self._add_recipe(clean_row.model_copy(update={"recipe": name}), p, clean_bom, clean, capacity)
            self.steps.extend(step.model_copy(update={"recipe": name}) for step in steps)
            self._count(p, clean)
            if clean > 0:
                free = {
                    "recipe": RecipeId(f"{name}~instead"),
                    "extra_cost_usd": 0.0,
                    "start_months": 0,
                    "ramp_months": 0,
                }
                self.swaps.append((len(self.recipes) - 1, len(self.recipes)))
                self._add_recipe(row.model_copy(update=free), p, own, 0.0, clean, instead=True)

        return [clean_mode]

    def _clean_mode(self, p: int) -> tuple[Recipe, list[tuple[ItemId, float]]]:
        """A recipe that takes clean inputs where it needs them and makes clean goods where they are told apart."""
        row = self.net.recipes[p]
        needs = set(self.origins.needs[p])
        bom = []
        for line in self.net.bom_of[row.recipe]:
            node = (line.input, row.region)
            made_clean = line.quantity < 0 and (p, line.input) not in self.origins.sources
            told_apart = node in self.doubled and (made_clean or line.input in needs)
            bom.append((self.clean(line.input) if told_apart else line.input, line.quantity))
        is_clean = (row.item, row.region) in self.doubled and (p, row.item) not in self.origins.sources
        return row.model_copy(update={"item": self.clean(row.item)}) if is_clean else row, bom

    def _count(self, p: int, run: float) -> None:
        """Count what a clean mode makes and takes at doubled nodes in the baseline."""
        row, bom = self._clean_mode(p)
        if row.item != self.net.recipes[p].item:
            self.clean_in[self.net.recipes[p].item, row.region] += run
        for line, (item, quantity) in zip(self.net.bom_of[self.net.recipes[p].recipe], bom, strict=True):
            if item != line.input:
                (self.clean_in if quantity < 0 else self.clean_out)[line.input, row.region] += abs(quantity) * run

    def _lane(self, k: int) -> None:
        """Write the variants of a lane: caught, clean, or both."""
        w, row = self.w, self.net.lanes[k]
        origin, destination = _end(w, k, "origin"), _end(w, k, "destination")
        flow, most = w.ship0[k] * MONTHS_PER_YEAR, (w.ship0[k] + w.ship_room[k]) * MONTHS_PER_YEAR
        apart = destination in self.doubled or k in self.caught
        if apart and origin not in self.origins.caught:
            if destination in self.doubled:
                self.certified[origin] = None
                self._add_lane(k, row.model_copy(update={"item": self.clean(row.item)}), flow, most, clean=True)
                return
        elif apart and origin in self.doubled:
            clean = flow * self.share[origin]
            self._add_lane(k, row, flow - clean, most, clean=False)
            self._add_lane(k, row.model_copy(update={"item": self.clean(row.item)}), clean, most, clean=True)
            if clean > 0:
                self.lane_swaps.append((len(self.lanes) - 1, len(self.lanes)))
                self._add_lane(k, row.model_copy(update={"extra_cost_usd": 0.0}), 0.0, clean, clean=False, instead=True)
            return
        self._add_lane(k, row, flow, most, clean=False)

    def _add_lane(
        self, k: int, row: Lane, flow: float, most: float, *, clean: bool, instead: bool = False
    ) -> None:  # fmt: skip
        if not clean:
            self.plain_lanes[k].append(len(self.lanes))
        self.lane_instead.append(instead or bool(self.before.lane_instead[k]))
        self.lanes_of[k].append(len(self.lanes))
        self.lanes.append(row)
        self.lane_of.append(k)
        self.flow.append(flow)
        self.max_flow.append(most)
        if clean:
            origin, destination = _end(self.w, k, "origin"), _end(self.w, k, "destination")
            self.clean_out[origin] += flow
            self.clean_in[destination] += flow
            if destination not in self.doubled:
                self.landings[destination] = None

    def _servings(self) -> None:
        """Clean goods serve as caught ones; what is clean by birth gets its certificate."""
        plenty = self._plenty()
        for item, region in sorted({*self.doubled, *self.landings}):
            surplus = self.clean_in[item, region] - self.clean_out[item, region]
            surplus = surplus if surplus > MIXED * self.clean_in[item, region] else 0.0
            self._serving(item, region, self.clean(item), item, surplus, plenty)
        for item, region in sorted(self.certified):
            self._serving(item, region, item, self.clean(item), self.clean_out[item, region], plenty)

    def _serving(
        self, item: ItemId, region: RegionId, taken: ItemId, given: ItemId, usual: float, plenty: dict[ItemId, float]
    ) -> None:
        name = RecipeId(f"{taken}~as~{given}~{region}")
        row = Recipe(recipe=name, item=given, region=region, output0=usual)
        self._add_recipe(row, PSEUDO, [(taken, 1.0)], usual, usual + plenty[item])

    def _plenty(self) -> dict[ItemId, float]:
        """More of each item than can ever pass through a node in a year."""
        most: dict[ItemId, float] = defaultdict(float)
        for p, row in enumerate(self.net.recipes):
            steps = (step.capacity for step in self.planned[row.recipe])
            peak = max([(self.w.make0[p] + self.w.headroom[p]) * MONTHS_PER_YEAR, *steps])
            for item, units in outputs(self.w, p).items():
                most[item] += float(units) * peak
        for k, lane in enumerate(self.net.lanes):
            most[lane.item] += (self.w.ship0[k] + self.w.ship_room[k]) * MONTHS_PER_YEAR
        for (item, _), stock in zip(self.w.nodes, self.w.stock0, strict=True):
            most[item] += stock * MONTHS_PER_YEAR
        return most

    def _stocks(self) -> None:
        """Split stocks by the mix of the node."""
        for row in self.net.stocks:
            node = (row.item, row.region)
            if node not in self.doubled:
                self.stocks.append(row)
                continue
            n, share = self.w.node_index[node], self.share[node]
            for item, part in ((row.item, 1 - share), (self.clean(row.item), share)):
                if part > 0:
                    held = {
                        "quantity": self.w.stock0[n] * part,
                        "cover_months": None,
                        "reserve": self.w.reserve[n] * part,
                    }
                    self.stocks.append(row.model_copy(update={"item": item, **held}))

    def world(self) -> World:
        """Return the rewritten world; what is not told apart is as before, to the last digit."""
        plain_of = {self.clean(item): item for item, _ in self.w.nodes}
        return _as_before(world_of(self.network(), self.baseline()), self.w, self.doubled, plain_of)

    def network(self) -> Network:
        """Return the network with the rewritten tables."""
        net = self.net
        kinds = {item for item, _ in {*self.doubled, *self.landings, *self.certified}}
        items: list[Item] = [net.item[item].model_copy(update={"item": self.clean(item)}) for item in sorted(kinds)]
        real = net.variant_of | {self.clean(item): net.real_item(item) for item in kinds}
        fields = {name: getattr(net, name) for name in type(net).model_fields}
        tables = {
            "items": (*net.items, *items), "recipes": tuple(self.recipes), "bom": tuple(self.bom),
            "capacity": tuple(self.steps), "lanes": tuple(self.lanes), "stocks": tuple(self.stocks), "variant_of": real,
            "serving": net.serving | {row.recipe for row, p in zip(self.recipes, self.recipe_of, strict=True) if p == PSEUDO},
        }  # fmt: skip
        return Network.model_construct(**{**fields, **tables})

    def baseline(self) -> Baseline:
        """Return the closed baseline of the rewritten network: the same world, told apart."""
        old, places = self.w.baseline, nodes_of(self.network())
        thrown = dict(zip(self.w.nodes, self.w.discard0 * MONTHS_PER_YEAR, strict=True))
        return Baseline(
            output=np.array(self.output), capacity=np.array(self.capacity), flow=np.array(self.flow),
            max_flow=np.array(self.max_flow), quantity=old.quantity, gap=old.gap,
            discard=np.array([thrown.get(node, 0.0) for node in places]), moved=old.moved, corrections=old.corrections,
        )  # fmt: skip
