"""The variables of the programme, as numbered blocks: column = start + position x periods + period."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from exposure.lp.groups import Groups
from exposure.lp.world import World

Ints = NDArray[np.int64]
Family = str
"""Name of a block: make, ship, stock, discard, unmet and install each as _usual and _extra; installed; waiting, postponed,
caught_up; refused."""


@dataclass(frozen=True)
class Block:
    """One family of variables over some positions of the world and all periods."""

    family: Family
    start: int
    members: Ints
    periods: int

    def __len__(self) -> int:
        return len(self.members) * self.periods

    @cached_property
    def grid(self) -> Ints:
        """Column numbers, members x periods."""
        return np.arange(self.start, self.start + len(self), dtype=np.int64).reshape(len(self.members), self.periods)

    @cached_property
    def slot(self) -> dict[int, int]:
        """Row of the grid for a position in the world."""
        return {int(member): k for k, member in enumerate(self.members)}

    def row(self, member: int) -> Ints:
        """Columns of one member, by period."""
        columns: Ints = self.grid[self.slot[member]]
        return columns


class Columns:
    """All blocks of one programme.

    A block holds only what can move: extra flow only where a lane has room, a gap only where the baseline has one,
    deferral only where a demand row allows it, goods refused on arrival only where a scenario has such a rule.
    """

    def __init__(
        self,
        world: World,
        periods: int,
        makes_extra: NDArray[np.bool_] | None = None,
        groups: Groups | None = None,
        ships_extra: NDArray[np.bool_] | None = None,
    ) -> None:
        self.world = world
        self.periods = periods
        self.groups = groups or Groups()
        self.size = 0
        self.blocks: dict[Family, Block] = {}
        w = world
        can_make = w.headroom > 0 if makes_extra is None else makes_extra
        deferrable = np.flatnonzero((w.deferrable > 0) & (w.demand > w.gap0))
        everywhere = np.arange(len(w.nodes))
        for family, members in (
            ("make_usual", np.flatnonzero(w.make0 > 0)),
            ("make_extra", np.flatnonzero(can_make)),
            ("ship_usual", np.flatnonzero(w.ship0 > 0)),
            ("ship_extra", np.flatnonzero(w.ship_room > 0 if ships_extra is None else ships_extra)),
            ("stock_usual", everywhere[w.keeps & (w.stock0 > 0)]),
            ("stock_extra", everywhere[w.keeps]),
            ("discard_usual", everywhere[w.joint & (w.discard0 > 0)]),
            ("discard_extra", everywhere[w.joint]),
            ("unmet_usual", np.flatnonzero(w.gap0 > 0)),
            ("unmet_extra", np.flatnonzero(w.demand > w.gap0)),
            ("installed", np.arange(len(w.base_node))),
            ("install_usual", np.flatnonzero(w.base0 > 0)),
            ("install_extra", np.arange(len(w.base_node))),
            ("waiting", deferrable),
            ("postponed", deferrable),
            ("caught_up", deferrable),
            ("refused", np.unique(w.destination[list(self.groups.refusals)])),
        ):
            self._add(family, members)

    def _add(self, family: Family, members: Ints) -> None:
        self.blocks[family] = Block(family, self.size, members.astype(np.int64), self.periods)
        self.size += len(self.blocks[family])

    def __getitem__(self, family: Family) -> Block:
        return self.blocks[family]

    @cached_property
    def period(self) -> Ints:
        """The period of every column."""
        return np.arange(self.size, dtype=np.int64) % self.periods

    def node_of(self, family: Family) -> Ints:
        """Return the node to which each member of a family belongs; a lane belongs to its destination."""
        w, members = self.world, self.blocks[family].members
        where = {
            "make": w.output_node, "ship": w.destination, "unmet": w.demand_node, "waiting": w.demand_node,
            "postponed": w.demand_node, "caught": w.demand_node, "install": w.base_node, "installed": w.base_node,
        }.get(family.partition("_")[0])  # fmt: skip
        return members if where is None else where[members]

    def baseline(self) -> NDArray[np.float64]:
        """Return the undisturbed world: every usual part at its level, every extra part at nothing."""
        w = self.world
        point = np.zeros(self.size)
        for family, level in (
            ("make_usual", w.make0),
            ("ship_usual", w.ship0),
            ("stock_usual", w.stock0),
            ("discard_usual", w.discard0),
            ("unmet_usual", w.gap0),
            ("installed", w.base0),
            ("install_usual", w.install0),
        ):
            block = self.blocks[family]
            point[block.grid] = level[block.members][:, None]
        return point

    def name_of(self, column: int) -> tuple[Family, int, int]:
        """Return family, position in the world and period of a column."""
        for family, block in self.blocks.items():
            if block.start <= column < block.start + len(block):
                k, t = divmod(column - block.start, self.periods)
                return family, int(block.members[k]), t
        raise IndexError(column)
