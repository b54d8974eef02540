"""Fill and call shares of one month of the walk of contracts, settled node by node.

Each node has a *fill share* (what part of usual takings it can serve; everyone who is usually served gets at most that part) and a
*call share* (what part of usual supply it asks for). Only nodes where something changed are looked at, in the order of the chain.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from exposure.once import once
from exposure.response.pools import Pool, Pools

SWEEPS = 8
"""Most sweeps of goods and orders in a month that hand back what is not used; three or four do on most networks."""
ROUNDING = 1e-11
"""Shortage of a pool, as a share of usual takings, that is only rounding (also where nobody takes anything)."""
SETTLED = 1e-8
"""Change of a share below which it has settled."""
ROUNDS = 5000
"""Most rounds in which nodes that trade in circles settle among themselves."""
EDGE = 1e-10
"""A share this close to one is one: the rest is rounding."""
LAST = 1e-15
"""Change of a share that a floating point number cannot tell from none."""


@dataclass(frozen=True)
class Usual:
    """Shares of the undisturbed world, and how a call becomes a share of the usual one: call x unit + base.

    ``call``, ``call_unit``, ``call_base`` and ``rounding`` (unit/month by which usual takings exceed usual supply) per node;
    ``recipe_unit``, ``recipe_base`` per recipe. ``needs``: per recipe the positions of its equipment; ``bases``: per base usual
    renewals, units that its users need standing, and its recipes.
    """

    call: Sequence[float]
    call_unit: Sequence[float]
    call_base: Sequence[float]
    recipe_unit: Sequence[float]
    recipe_base: Sequence[float]
    rounding: Sequence[float]
    needs: Sequence[tuple[int, ...]]
    bases: Sequence[tuple[float, float, tuple[int, ...]]]


@dataclass
class Shares:
    """What is given in one month, and the shares found for it.

    Parameters
    ----------
    pools, usual
        The chain and its usual shares.
    free
        Stock that may be drawn plus what arrives from earlier shipments, per node (unit).
    excess
        Stock and goods under way above their usual level, per node (unit).
    lane
        Allowed share of each lane.
    standing
        Equipment that stands before renewals, per base (unit).
    """

    pools: Pools
    usual: Usual
    free: list[float]
    excess: list[float]
    lane: list[float]
    standing: list[float]
    fill: list[float] = field(init=False)
    call: list[float] = field(init=False)
    able: list[float] = field(init=False)

    def __post_init__(self) -> None:
        count = len(self.pools.pools)
        self.fill = [1.0] * count
        self.call = list(self.usual.call[:count])
        self.able = [1.0] * len(self.pools.inputs)
        self._fills, self._calls, self._lane_calls = (list(shares) for shares in once(self.usual, "begun", self._begun))
        self._fills_seen, self._calls_seen = list(self._fills), list(self._calls)
        self._fill_due: list[set[int]] = [set() for _ in self.pools.levels]
        self._call_due: list[set[int]] = [set() for _ in self.pools.levels]
        self._touched: set[int] = set()

    def _begun(self) -> tuple[list[float], list[float], list[float]]:
        """What recipes can make and are called on for, and what lanes are called on for, in the undisturbed world."""
        return (
            [1.0 if nodes else float("inf") for nodes in self.pools.inputs],
            [self._call_of(p) for p in range(len(self.pools.outputs))],
            [self._lane_call_of(n) for n in range(len(self.pools.pools))],
        )

    def settle(self, nodes: Iterable[int]) -> None:
        """Sweep goods up and orders down until the shares settle, then once more so that no pool is overdrawn.

        The first sweeps hand back what a recipe cannot use; should shares still swing, later sweeps only lower them.

        Parameters
        ----------
        nodes
            Where the month differs from the undisturbed world.
        """
        self._look_at(nodes, nodes)
        for e in range(len(self.usual.bases)):
            self._equip(e)
        for sweep in range(2 * SWEEPS):
            self._sweep(only_down=sweep >= SWEEPS)
            if not (any(self._fill_due) or any(self._call_due)):
                break
        for k, level in enumerate(self.pools.levels):
            mine = [n for n in level if n in self._touched]
            if mine:
                self._fill_nodes(level if self.pools.circular[k] else mine, k, only_down=True)

    def _sweep(self, *, only_down: bool) -> None:
        levels, circular = self.pools.levels, self.pools.circular
        for due, settled, order in (
            (self._fill_due, self._fill_nodes, range(len(levels))),
            (self._call_due, self._call_nodes, range(len(levels) - 1, -1, -1)),
        ):
            for k in order:
                if due[k]:
                    nodes = levels[k] if circular[k] else sorted(due[k])
                    due[k] = set()
                    settled(nodes, k, only_down=only_down)

    def _look_at(self, fill: Iterable[int], call: Iterable[int]) -> None:
        """Note nodes whose fill or call shares may move."""
        for nodes, due in ((fill, self._fill_due), (call, self._call_due)):
            for n in nodes:
                due[self.pools.level_of[n]].add(n)
                self._touched.add(n)

    def _fill_nodes(self, nodes: Sequence[int], level: int, *, only_down: bool) -> None:
        """Settle the fill shares of nodes of a level: what they have, shared by all usual takers."""
        circular = self.pools.circular[level]
        begun = [self.fill[n] for n in nodes]
        if circular and not only_down:
            for n in nodes:
                self._set_fill(n, 1.0)
        for _ in range(ROUNDS if circular else 1):
            found = [min(self.fill[n], self._fill(n)) if only_down or circular else self._fill(n) for n in nodes]
            step = max(self.fill[n] - new for n, new in zip(nodes, found, strict=True))
            for n, new in zip(nodes, found, strict=True):
                if new != self.fill[n]:
                    self._set_fill(n, new)
            if not circular or step < (LAST if only_down else SETTLED):
                break
        for n, before in zip(nodes, begun, strict=True):
            for e in self.pools.bases[n]:
                self._equip(e)
            if self.fill[n] != before:
                self._touched.update(self.pools.pools[n].near)
                if abs(self.fill[n] - before) > SETTLED:
                    self._fill_moved(n)

    def _call_nodes(self, nodes: Sequence[int], level: int, *, only_down: bool) -> None:
        """Settle the call shares of nodes of a level: what takers could use is asked for, less what is held above usual."""
        circular = self.pools.circular[level]
        begun = [self.call[n] for n in nodes]
        for _ in range(ROUNDS if circular else 1):
            found = [min(self.call[n], self._call(n)) if only_down else self._call(n) for n in nodes]
            step = max(abs(self.call[n] - new) for n, new in zip(nodes, found, strict=True))
            for n, new in zip(nodes, found, strict=True):
                if new != self.call[n]:
                    self._set_call(n, new)
            if not circular or step < SETTLED:
                break
        for n, before in zip(nodes, begun, strict=True):
            if self.call[n] != before:
                pool = self.pools.pools[n]
                self._touched.update(pool.asked, pool.beside)
                if abs(self.call[n] - before) > SETTLED:
                    self._call_moved(n)

    def _fill_moved(self, n: int) -> None:
        """Look again at nodes whose shares depend on what this one can serve."""
        for _, p, others in self.pools.pools[n].uses:
            if abs(self._fills[p] - self._fills_seen[p]) > SETTLED:
                self._fills_seen[p] = self._fills[p]
                self._look_at((*others, *self.pools.outputs[p]), (*others, *self.pools.outputs[p]))
            else:  # another input is scarcer: what the others could use may still have changed
                self._look_at((), others)
        far = self.pools.pools[n].sent_to
        self._look_at(far, far)

    def _call_moved(self, n: int) -> None:
        """Look again at nodes whose shares depend on what this one calls for."""
        pool = self.pools.pools[n]
        for _, p in pool.makes:
            if abs(self._calls[p] - self._calls_seen[p]) > SETTLED:
                self._calls_seen[p] = self._calls[p]
                inputs = self.pools.inputs[p]
                self._look_at((*inputs, *self.pools.outputs[p]), inputs)
        self._look_at((*pool.sent_from, n), pool.sent_from)

    def _fill(self, n: int) -> float:
        """Largest share that all usual takers of a node can be served with, from what it has, gets and is sent."""
        pool = self.pools.pools[n]
        able, fills, calls = self.able, self._fills, self._calls
        supply = 0.0
        for weight, p in pool.makes:
            share = able[p] if able[p] < fills[p] else fills[p]
            supply += weight * (share if share < calls[p] else calls[p])
        called, allowed, fill = self._lane_calls[n], self.lane, self.fill
        for weight, lane, origin, now in pool.receives:
            if now:
                share = allowed[lane] if allowed[lane] < fill[origin] else fill[origin]
                supply += weight * (share if share < called else called)
        here = self.free[n] + supply
        return 1.0 if here >= pool.taking else water_fill(self._ceilings(pool), pool.plain, here, pool.taking)

    def _call(self, n: int) -> float:
        """Share of its usual quantity that each usual supplier of a node is asked for."""
        pool = self.pools.pools[n]
        wanted = pool.plain
        for weight, ceiling in self._ceilings(pool):
            wanted += weight * (ceiling if ceiling < 1.0 else 1.0)
        called = max(wanted - self.excess[n] - self.usual.rounding[n], 0.0)
        if called >= pool.supply:
            return 1.0
        able = [(weight, min(self.able[p], self._fills[p])) for weight, p in pool.makes]
        able += [(weight, min(self.lane[lane], self.fill[origin])) for weight, lane, origin, _ in pool.receives]
        return water_fill(able, 0.0, called, pool.supply)

    def _ceilings(self, pool: Pool) -> list[tuple[float, float]]:
        """Usual taking of each recipe and lane, and what share of it each could take if this node had plenty."""
        fill, able, calls, lane_calls = self.fill, self.able, self._calls, self._lane_calls
        ceilings = []
        for weight, p, others in pool.uses:
            most = able[p] if able[p] < calls[p] else calls[p]
            for m in others:
                if fill[m] < most:
                    most = fill[m]
            ceilings.append((weight, most))
        allowed = self.lane
        for weight, lane, destination, _ in pool.sends:
            called = lane_calls[destination]
            ceilings.append((weight, called if called < allowed[lane] else allowed[lane]))
        return ceilings

    def _set_fill(self, n: int, share: float) -> None:
        fill = self.fill
        fill[n] = share
        for p in self.pools.users[n]:
            least = share
            for m in self.pools.inputs[p]:
                if fill[m] < least:
                    least = fill[m]
            self._fills[p] = least

    def _set_call(self, n: int, share: float) -> None:
        self.call[n] = share
        self._lane_calls[n] = self._lane_call_of(n)
        for p in self.pools.makers[n]:
            self._calls[p] = self._call_of(p)

    def _call_of(self, p: int) -> float:
        """Share of usual output of a recipe that is called for, by the output called for most (usual surplus is no call)."""
        most = max(self.call[n] for n in self.pools.outputs[p])
        return _snapped(max(most, 0.0) * self.usual.recipe_unit[p] + self.usual.recipe_base[p])

    def _lane_call_of(self, n: int) -> float:
        return _snapped(self.call[n] * self.usual.call_unit[n] + self.usual.call_base[n])

    def _equip(self, e: int) -> None:
        """Bound the recipes of a base by what stands installed, all its users in the same proportion."""
        for p in self.usual.bases[e][2]:
            able = min(1.0, *(self._standing_share(base) for base in self.usual.needs[p]))
            if abs(able - self.able[p]) > EDGE:
                self.able[p] = able
                nodes = (*self.pools.inputs[p], *self.pools.outputs[p])
                self._look_at(nodes, nodes)

    def _standing_share(self, e: int) -> float:
        renewals, need, _ = self.usual.bases[e]
        here = max(self.standing[e] + renewals * self.fill[self.pools.base_node[e]], 0.0)
        return here / need if need > 0 else 1.0

    def recipe_shares(self) -> list[float]:
        """Share of its usual output that each recipe makes."""
        return [min(able, fill, call) for able, fill, call in zip(self.able, self._fills, self._calls, strict=True)]

    def lane_calls(self) -> list[float]:
        """Share of usual flow that each node calls for on its lanes."""
        return self._lane_calls


def _snapped(share: float) -> float:
    return 1.0 if share > 1 - EDGE else share


def water_fill(takers: Sequence[tuple[float, float]], plain: float, amount: float, usual: float) -> float:
    """Find the largest share s <= 1 with  plain x s + sum of weight x min(ceiling, s)  <=  amount.

    Newton on a concave piecewise linear function, from the left: it ends after as many steps as there are distinct ceilings.

    Parameters
    ----------
    takers
        Weight and ceiling of each.
    plain
        Weight of those without a ceiling.
    amount
        What there is.
    usual
        Sum of all weights: an amount that misses it by rounding is enough.
    """
    whole = plain
    for weight, ceiling in takers:
        whole += weight * (ceiling if ceiling < 1.0 else 1.0)
    if whole <= amount + ROUNDING * usual:
        return 1.0
    share = 0.0
    while True:
        open_weight, reached = plain, plain * share
        for weight, ceiling in takers:
            if ceiling > share:
                open_weight += weight
                reached += weight * share
            else:
                reached += weight * ceiling
        step = (amount - reached) / open_weight if open_weight > 0 else 0.0
        new = min(share + max(step, 0.0), 1.0)
        if new - share <= LAST:
            return _snapped(share)
        share = new
