"""Growth: how far technology and investment rules hold back new capacity, recipe by recipe."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from exposure.calendar import Month
from exposure.model import ControlId
from exposure.policy.belief import Term
from exposure.policy.clauses import ON_RECIPES
from exposure.policy.days import Days, Floats

DAYS_PER_MONTH = 365.25 / 12


@dataclass(frozen=True, eq=False)
class Growth:
    """What rules leave of the growth of each recipe; recipe axis as ``net.recipes``, period axis as the calendar.

    Parameters
    ----------
    share
        Share of new capacity that may still be built in a period, 0 to 1, shape (P, T).
    delay
        Months by which rules in force in a period put off a start, shape (P, T).
    cause
        Controls that hold back a recipe (position) in a period (index).
    since
        Month in which the oldest rule began that holds back a recipe (position) at the start of the calendar.
    """

    share: Floats
    delay: Floats
    cause: dict[tuple[int, int], tuple[ControlId, ...]]
    since: dict[int, Month] = field(default_factory=dict)

    @classmethod
    def free(cls, recipes: int, periods: int) -> Growth:
        """Return the growth of a world without such rules."""
        return cls(np.ones((recipes, periods)), np.zeros((recipes, periods)), {})

    def same_as(self, other: Growth) -> bool:
        """Return True if every recipe may grow alike in every period, for the same causes."""
        alike = np.array_equal(self.share, other.share) and np.array_equal(self.delay, other.delay)
        return bool(alike and self.cause == other.cause and self.since == other.since)


def growth(recipes: int, terms: Sequence[Term], days: Days) -> Growth:
    """Combine the rules on each recipe day by day and average them over the months: smallest share, longest delay."""
    periods = days.calendar.periods
    found = Growth.free(recipes, periods)
    covering: dict[int, list[Term]] = defaultdict(list)
    for term in terms:
        if term.clause.mechanism in ON_RECIPES and term.holds.any():
            for p in term.clause.recipes:
                covering[p].append(term)
    for p, group in covering.items():
        found.share[p] = days.mean(np.minimum.reduce([term.share for term in group]))[:periods]
        delays = [term.holds * (term.clause.rule.days / DAYS_PER_MONTH) for term in group]
        found.delay[p] = days.mean(np.maximum.reduce(delays))[:periods]
        begun = [Month.of(term.clause.first) for term in group if term.holds[0]]
        if begun:
            found.since[p] = min(begun)
        felt = [(term.clause.control.control, days.any(term.holds)[:periods]) for term in group]
        for t in range(periods):
            names = tuple(dict.fromkeys(control for control, holds in felt if holds[t]))
            if names:
                found.cause[p, t] = names
    return found
