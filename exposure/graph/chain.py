"""Who supplies whom in a closed baseline: the linear system behind explosion, origin shares and concentration.

A pool is what stands at a node (an item in a region); what leaves it has the mix of what came into it. One unit taken from a
pool asks for units from the pools upstream, and those for others, round any loop of returning scrap:

    passing = factor x (wanted + asked x passing)        so        passing = (1 - factor x asked)^-1 x factor x wanted

- ``asked[m, n]``: units taken from pool m per unit that comes into pool n: over lanes, the origin's share of what comes in; by
  recipes, their share of what comes in x units of input per unit of output.
- ``factor``: 1 to read what is in a good. To read what was made on its account: what comes into a pool over what is taken
  from it, above 1 where goods of a joint recipe are thrown away, so that those who take from the pool answer for what nobody
  takes.

A joint recipe's inputs are shared among its outputs by an explicit rule (`Allocation`). Under each of them everything that is
made belongs to somebody's final demand: what is made on account of final demand = baseline production.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from exposure.errors import InputError
from exposure.graph.bill import Bill, Floats, Ints, bill_of, ints
from exposure.graph.loops import along
from exposure.graph.makers import NOTHING, Amounts, Maker
from exposure.model import ItemId, Network, NodeId, RegionId

Allocation = Literal["value", "mass", "main"]
"""How a joint recipe's inputs are shared among its outputs: by the value of what is used of each (price x units, USD), by units
(of one measure of mass), or all on the recipe's own item."""

IMBALANCE = 1e-5
"""Share of what leaves a pool by which more may leave than came in: beyond it the figures are no closed baseline."""
ROUNDING = 1e-14
"""Share of the most of a good that passes for any other below which a figure is the rounding of the linear solve."""


@dataclass(frozen=True)
class Chain:
    """A closed baseline as pools, makers and lanes (unit/yr). Made by `chain_of`.

    Nodes (N): ``nodes``, ``inflow`` (made or arrived), ``used`` (by recipes, renewals and final demand there), ``taken``
    (used or shipped on), ``served`` (final demand). Makers (M), each a recipe with one of its outputs: ``makers``,
    ``maker_recipe``, ``maker_node``, ``made``, ``spare`` (more that could be made), ``run`` (runs of the recipe per unit of
    that output). Inputs (U): ``use_recipe``, ``use_node``, ``use_quantity`` (units per run, renewals of installed items
    included). Lanes (L): ``origin``, ``destination`` (nodes), ``flow``, ``room``.
    """

    net: Network
    nodes: tuple[NodeId, ...]
    inflow: Floats
    used: Floats
    taken: Floats
    served: Floats
    makers: tuple[Maker, ...]
    maker_recipe: Ints
    maker_node: Ints
    made: Floats
    spare: Floats
    run: Floats
    use_recipe: Ints
    use_node: Ints
    use_quantity: Floats
    origin: Ints
    destination: Ints
    flow: Floats
    room: Floats

    @cached_property
    def node_index(self) -> dict[NodeId, int]:
        """Position of each node."""
        return {node: n for n, node in enumerate(self.nodes)}

    @cached_property
    def country(self) -> tuple[RegionId, ...]:
        """Country or bloc of each node."""
        return tuple(self.net.country(region) for _, region in self.nodes)

    @cached_property
    def _pools(self) -> dict[ItemId, Ints]:
        places: dict[ItemId, list[int]] = {}
        for n, (item, _) in enumerate(self.nodes):
            places.setdefault(item, []).append(n)
        return {item: ints(found) for item, found in places.items()}

    def pools(self, item: ItemId) -> Ints:
        """Return the nodes of an item."""
        return self._pools.get(item, ints([]))

    @cached_property
    def thrown_away(self) -> Floats:
        """Units of each pool that nobody takes, unit/yr."""
        return np.maximum(self.inflow - self.taken, 0.0)

    @cached_property
    def made_share(self) -> Floats:
        """Share of each maker in what comes into its pool."""
        return over(self.made, self.inflow[self.maker_node])

    @cached_property
    def factor(self) -> Floats:
        """What comes into a pool over what is taken from it; 0 for a pool that nobody takes from."""
        return over(self.inflow, self.taken)

    @cached_property
    def taken_by_maker(self) -> Floats:
        """Units taken from each pool per unit that each maker makes, (N, M)."""
        by_recipe = np.zeros((len(self.nodes), len(self.net.recipes)))
        np.add.at(by_recipe, (self.use_node, self.use_recipe), self.use_quantity)
        return np.asarray(by_recipe[:, self.maker_recipe] * self.run)

    @cached_property
    def asked(self) -> Floats:
        """Units taken from pool m per unit that comes into pool n, (N, N); nothing for pools that nobody takes from."""
        asked = np.zeros((len(self.nodes), len(self.nodes)))
        np.add.at(asked, (self.origin, self.destination), over(self.flow, self.inflow[self.destination]))
        for m, n in enumerate(self.maker_node):
            asked[:, n] += self.taken_by_maker[:, m] * self.made_share[m]
        return np.asarray(asked * (self.taken > 0))

    @cached_property
    def held_per_unit(self) -> Floats:
        """Units that passed through pool m in a unit taken from pool n, (N, N)."""
        return _solved(self.asked, (self.taken > 0).astype(float))

    @cached_property
    def passing_per_unit(self) -> Floats:
        """Units that pass through pool m on account of a unit taken from pool n, what is thrown away included, (N, N)."""
        return _solved(self.asked, self.factor)

    def wanted(self, item: ItemId, region: RegionId | None = None) -> Floats:
        """Return one unit of an item as taken from pools, (N,): where it is used, in a region and all within it, or in the world.

        Pools count by what is used there; where nothing is used in the region (goods are only made there or passed on), by
        what comes in.

        Raises
        ------
        InputError
            If none is made, arrives or is used there in the baseline.
        """
        inside = [n for n in self.pools(item) if region is None or region in self.net.ancestors[self.nodes[n][1]]]
        for amount in (self.used, self.inflow):
            weight = np.zeros(len(self.nodes))
            weight[inside] = np.where(self.taken[inside] > 0, amount[inside], 0.0)
            if weight.sum() > 0:
                return np.asarray(weight / weight.sum())
        place = "the world" if region is None else region
        message = f"{item} in {place}: nothing is made, arrives or is used there in the baseline"
        raise InputError(message)

    def made_for(self, wanted: Floats) -> Floats:
        """Return units that each maker makes on account of units taken from pools, (M,)."""
        return np.asarray(self.made_share * _times(self.passing_per_unit, wanted)[self.maker_node])

    def made_in(self, wanted: Floats) -> Floats:
        """Return units of each maker that are in units taken from pools, (M,): as `made_for`, without what is thrown away."""
        return np.asarray(self.made_share * _times(self.held_per_unit, wanted)[self.maker_node])


def chain_of(
    net: Network,
    output: Amounts,
    flow: Amounts,
    served: Amounts,
    *,
    capacity: Amounts | None = None,
    max_flow: Amounts | None = None,
    allocation: Allocation = "value",
) -> Chain:
    """Read who supplies whom from a closed baseline.

    Parameters
    ----------
    net
        The network.
    output, capacity
        Baseline output and most that can be made, unit/yr, by recipe in the order of ``net.recipes``. Without ``capacity``
        there is no spare capacity, and what stands installed fits the output.
    flow, max_flow
        Baseline flow and most that can flow, unit/yr, by lane in the order of ``net.lanes``.
    served
        Final demand that is served (quantity less baseline gap), unit/yr, in the order of ``net.demand``.
    allocation
        How a joint recipe's inputs are shared among its outputs.

    Raises
    ------
    InputError
        If more leaves a pool than comes in: the figures are no closed baseline of this network.
    """
    made = np.asarray(output, dtype=float)
    most = np.asarray(made if capacity is None else capacity, dtype=float)
    bill = bill_of(net, made, most)
    at = {node: n for n, node in enumerate(bill.nodes)}
    lanes = _Lanes(
        origin=ints(at[lane.item, lane.origin] for lane in net.lanes),
        destination=ints(at[lane.item, lane.destination] for lane in net.lanes),
        flow=np.asarray(flow, dtype=float),
    )
    final = np.zeros(len(bill.nodes))
    np.add.at(final, ints(at[row.item, row.region] for row in net.demand), np.asarray(served, dtype=float))
    inflow = _into(bill, lanes, made)
    small = _small(bill.nodes, inflow)
    _check(bill, lanes, made, final, inflow, small)
    lanes = replace(lanes, flow=np.where(lanes.flow <= small[lanes.destination], 0.0, lanes.flow))
    made = np.where(made <= small[ints(at[row.item, row.region] for row in net.recipes)], 0.0, made)
    inflow = _into(bill, lanes, made)
    used = final + _used(bill, made)
    taken = _taken(bill, lanes, made, final)
    taken = np.where(np.abs(inflow - taken) <= IMBALANCE * taken, inflow, np.minimum(taken, inflow))
    return Chain(
        net=net, nodes=bill.nodes, inflow=inflow, used=used, taken=taken, served=final,
        makers=bill.makers, maker_recipe=bill.maker_recipe, maker_node=bill.maker_node,
        made=bill.each * made[bill.maker_recipe],
        spare=bill.each * np.maximum(most - made, 0.0)[bill.maker_recipe],
        run=_runs(net, bill, allocation, over(taken, inflow)[bill.maker_node]),
        use_recipe=bill.use_recipe, use_node=bill.use_node, use_quantity=bill.use_quantity,
        origin=lanes.origin, destination=lanes.destination, flow=lanes.flow,
        room=np.maximum(np.asarray(lanes.flow if max_flow is None else max_flow, dtype=float) - lanes.flow, 0.0),
    )  # fmt: skip


@dataclass(frozen=True)
class _Lanes:
    """Nodes at both ends of each lane and its flow, unit/yr."""

    origin: Ints
    destination: Ints
    flow: Floats


def _into(bill: Bill, lanes: _Lanes, made: Floats) -> Floats:
    """What is made at or arrives at each node, unit/yr."""
    inflow = np.zeros(len(bill.nodes))
    np.add.at(inflow, bill.maker_node, bill.each * made[bill.maker_recipe])
    np.add.at(inflow, lanes.destination, lanes.flow)
    return inflow


def _used(bill: Bill, made: Floats) -> Floats:
    """What recipes take at each node, unit/yr."""
    used = np.zeros(len(bill.nodes))
    np.add.at(used, bill.use_node, bill.use_quantity * made[bill.use_recipe])
    return used


def _small(nodes: Sequence[NodeId], inflow: Floats) -> Floats:
    """Amount at each node that is rounding beside its item's largest pool."""
    largest: dict[ItemId, float] = {}
    for (item, _), units in zip(nodes, inflow, strict=True):
        largest[item] = max(largest.get(item, 0.0), float(units))
    return np.array([NOTHING * largest[item] for item, _ in nodes], dtype=float)


def _check(bill: Bill, lanes: _Lanes, made: Floats, final: Floats, inflow: Floats, small: Floats) -> None:
    """Raise an `InputError` that names the pool in which the most is missing, if more leaves it than came in."""
    leaving = final + _used(bill, made) + bill.idle
    np.add.at(leaving, lanes.origin, lanes.flow)
    missing = leaving - inflow - small
    if np.any(missing > IMBALANCE * leaving):
        n = int(np.argmax(over(missing, leaving)))
        item, region = bill.nodes[n]
        message = f"{item} in {region}: {leaving[n]:.6g} a year leaves and {inflow[n]:.6g} comes in; this is no closed baseline"
        raise InputError(message)


def _taken(bill: Bill, lanes: _Lanes, made: Floats, final: Floats) -> Floats:
    """What of each pool goes where it reaches some final demand in the end, unit/yr; the rest counts as thrown away."""
    useful = final > 0
    while True:
        works = np.zeros(len(made), dtype=bool)
        works[bill.maker_recipe[useful[bill.maker_node]]] = True
        works &= made > 0
        taken = final + _used(bill, np.where(works, made, 0.0))
        np.add.at(taken, lanes.origin, np.where(useful[lanes.destination], lanes.flow, 0.0))
        if np.array_equal(useful, taken > 0):
            return taken
        useful = taken > 0


def _runs(net: Network, bill: Bill, allocation: Allocation, kept: Floats) -> Floats:
    """Runs of its recipe for which a unit of each output answers; over what is used of all outputs of a run they sum to one.

    ``kept`` is the share of each output that somebody takes. Where the rule gives no output any weight (worth nothing, or
    none of the main one is taken), units do.
    """
    price = np.array([net.item[item].price_usd for _, item in bill.makers], dtype=float)
    main = np.array([item == net.recipe[recipe].item for recipe, item in bill.makers], dtype=float)
    units = bill.each * kept
    share = np.zeros(len(bill.makers))
    for weight in ({"value": price * units, "mass": units, "main": main * units}[allocation], units):
        total = np.bincount(bill.maker_recipe, weight, len(net.recipes)).astype(float)[bill.maker_recipe]
        is_open = np.bincount(bill.maker_recipe, share, len(net.recipes))[bill.maker_recipe] == 0
        share = np.where(is_open, over(weight, total), share)
    return np.asarray(share / bill.each)


def _solved(asked: Floats, factor: Floats) -> Floats:
    """Return (1 - factor x asked)^-1 x factor, without what is rounding."""
    try:
        solved = along(factor[:, None] * asked, factor)
    except np.linalg.LinAlgError:
        message = "a loop of recipes or lanes returns all that goes into it, so the chain has no answer"
        raise InputError(message) from None
    largest = solved.max(axis=1, keepdims=True, initial=0.0)
    if np.any(solved < -1e-6 * np.maximum(largest, 1.0)):
        message = "a loop of recipes gives back more than goes into it; look at the by-products on it"
        raise InputError(message)
    return np.asarray(np.where(solved > ROUNDING * largest, solved, 0.0))


def _times(matrix: Floats, few: Floats) -> Floats:
    """Multiply a matrix by a vector that is nothing but for a few entries."""
    filled = np.flatnonzero(few)
    return np.asarray(matrix[:, filled] @ few[filled])


def over(part: Floats, whole: Floats) -> Floats:
    """Divide, with anything over nothing as 0."""
    return np.asarray(np.divide(part, whole, out=np.zeros_like(part, dtype=float), where=whole > 0))
