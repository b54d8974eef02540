"""What the rules of a session may switch on beyond the bounds of single columns, as positions in the world."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Groups:
    """Rows and columns that a scenario needs and that are off until a rule is in force.

    Parameters
    ----------
    quotas
        Lanes of each quota.
    refusals
        Lanes whose goods may be turned away on arrival.
    recipes, lanes
        Variants that share the capacity of one real recipe or lane; the one that stands for it first.
    swaps, lane_swaps
        Clean variants with those that may make or carry caught goods in their place; and which of them these are.
    """

    quotas: tuple[tuple[int, ...], ...] = ()
    refusals: tuple[int, ...] = ()
    recipes: tuple[tuple[int, ...], ...] = ()
    lanes: tuple[tuple[int, ...], ...] = ()
    swaps: tuple[tuple[int, ...], ...] = ()
    lane_swaps: tuple[tuple[int, ...], ...] = ()
    instead: frozenset[int] = frozenset()
    lane_instead: frozenset[int] = frozenset()
