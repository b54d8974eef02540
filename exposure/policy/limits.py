"""Limits: what each lane may carry in each month, and which control says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from exposure.model import ControlId, Network
from exposure.model.controls import RATES
from exposure.policy.belief import Term
from exposure.policy.clauses import EASING, ON_ARRIVAL, ON_RECIPES, STOPPING
from exposure.policy.days import Bools, Days, Floats, Ints, overlap_mean
from exposure.policy.growth import Growth, growth

Cause = dict[tuple[int, int], tuple[ControlId, ...]]


@dataclass(frozen=True, eq=False)
class Quota:
    """A cap on the sum of some lanes: ``cap`` in units per month, infinite where the quota is off, shape (T,)."""

    rule: int
    control: ControlId
    lanes: tuple[int, ...]
    cap: Floats


@dataclass(frozen=True, eq=False)
class Limits:
    """What lanes may do in each period, and how recipes may grow; lane axis as ``net.lanes``, period axis as the calendar.

    Parameters
    ----------
    share
        Allowed share of the usual flow shipped in a period, 0 to 1, shape (L, T).
    extra
        Whether flow above the baseline may be shipped, shape (L, T).
    tariff
        Rate on the price of what is shipped in a period, taken on its arrival, shape (L, T).
    quotas
        One for every quota rule of the scenario's controls, also where it is off in all months.
    cause
        Controls that lower the share, close the extra flow, tax or cap a lane (position) in a period (index).
    revenue_share
        Rate on the price of what is shipped in a period that the seller pays, shape (L, T).
    landing, landing_tariff
        For goods under way before the first period, by period of arrival: share that may land and rate on the price, each of
        shape (L, M) with M the longest lead.
    growth
        What rules leave of the growth of recipes.
    """

    share: Floats
    extra: Bools
    tariff: Floats
    quotas: tuple[Quota, ...]
    cause: Cause
    revenue_share: Floats
    landing: Floats
    landing_tariff: Floats
    growth: Growth

    @classmethod
    def free(cls, *, lanes: int, recipes: int, periods: int, longest_lead: int) -> Limits:
        """Return the limits of a world without controls."""
        return cls(
            share=np.ones((lanes, periods)),
            extra=np.ones((lanes, periods), dtype=np.bool_),
            tariff=np.zeros((lanes, periods)),
            quotas=(),
            cause={},
            revenue_share=np.zeros((lanes, periods)),
            landing=np.ones((lanes, longest_lead)),
            landing_tariff=np.zeros((lanes, longest_lead)),
            growth=Growth.free(recipes, periods),
        )

    @property
    def rate(self) -> Floats:
        """Everything paid on the price of what is shipped in a period, shape (L, T)."""
        return self.tariff + self.revenue_share

    def same_as(self, other: Limits) -> bool:
        """Return True if every lane may do the same in every period, for the same causes."""
        return (
            np.array_equal(self.share, other.share)
            and np.array_equal(self.extra, other.extra)
            and np.array_equal(self.tariff, other.tariff)
            and np.array_equal(self.revenue_share, other.revenue_share)
            and np.array_equal(self.landing, other.landing)
            and np.array_equal(self.landing_tariff, other.landing_tariff)
            and self.growth.same_as(other.growth)
            and all(np.array_equal(a.cap, b.cap) for a, b in zip(self.quotas, other.quotas, strict=True))
            and self.cause == other.cause
        )

    @property
    def is_free(self) -> bool:
        """True if nothing is limited, closed, taxed, capped or held back in any period."""
        return (
            not self.cause
            and not self.growth.cause
            and bool((self.landing >= 1).all() and not self.landing_tariff.any())
        )


def limits(net: Network, terms: Sequence[Term], days: Days) -> Limits:
    """Combine clauses day by day and average them over the months of the calendar.

    The smallest share holds, over a floor of evasion; tariffs add up. Lanes under the same clauses and with the same
    lead are worked out once.
    """
    periods = days.calendar.periods
    found = Limits.free(
        lanes=len(net.lanes), recipes=0, periods=periods,
        longest_lead=max((lane.lead_months for lane in net.lanes), default=0),
    )  # fmt: skip
    for members, group, lead in _groups(net, terms):
        group = _with_talks(group)
        found.share[members] = _share(group, lead, days)
        found.extra[members] = ~_any(_of(group, STOPPING), lead, days)
        duty, paid = _rates(group, "tariff", days), _rates(group, "revenue_share", days)
        found.tariff[members] = duty[lead : lead + periods]
        found.revenue_share[members] = paid[:periods]
        found.landing[members, :lead] = _landing(group, days)[:lead]
        found.landing_tariff[members, :lead] = duty[:lead]
        blame = _blame(group, lead, days)
        found.cause.update({(lane, t): controls for lane in members.tolist() for t, controls in blame.items()})
    return replace(found, quotas=_quotas(net, terms, days), growth=growth(len(net.recipes), terms, days))


def _groups(net: Network, terms: Sequence[Term]) -> list[tuple[Ints, list[Term], int]]:
    """Lanes under the same clauses and with the same lead: positions, clauses, lead months."""
    covering: dict[int, list[int]] = defaultdict(list)
    for k, term in enumerate(terms):
        if term.holds.any():
            for lane in term.clause.lanes:
                covering[lane].append(k)
    groups: dict[tuple[tuple[int, ...], int], list[int]] = defaultdict(list)
    for lane, by in covering.items():
        groups[tuple(by), net.lanes[lane].lead_months].append(lane)
    return [(np.array(members, dtype=np.int64), [terms[k] for k in by], lead) for (by, lead), members in groups.items()]


def _of(group: Sequence[Term], mechanisms: frozenset[str]) -> list[Term]:
    return [term for term in group if term.clause.mechanism in mechanisms]


def _with_talks(group: Sequence[Term]) -> list[Term]:
    """Shorten the queues of licences by the talks on the same lanes; of several talks on a day the most helpful counts."""
    talks = [term.holds * term.clause.rule.number for term in _of(group, frozenset({"talks"}))]
    if not talks:
        return list(group)
    shorter = np.maximum.reduce(talks)
    return [replace(term, share=term.after_talks(shorter)) for term in group]


def evasion_floor(group: Sequence[Term]) -> Floats | float:
    """Return the share that gets through whatever stops a lane, by day; 0 where no rule says so."""
    floors = [term.holds * term.clause.rule.number for term in _of(group, frozenset({"evasion"}))]
    return np.maximum.reduce(floors) if floors else 0.0


def allowed(group: Sequence[Term], floor: Floats | float) -> Floats:
    """Return the smallest share of some stopping clauses by day, over a floor."""
    return np.maximum(np.minimum.reduce([term.share for term in group]), floor)


def _share(group: Sequence[Term], lead: int, days: Days) -> Floats:
    """Average share of what is shipped in each period, shape (T,)."""
    periods, floor = days.calendar.periods, evasion_floor(group)
    stopping = _of(group, STOPPING)
    arriving, leaving = _of(group, STOPPING & ON_ARRIVAL), _of(group, STOPPING - ON_ARRIVAL)
    if not stopping:
        return np.ones(periods)
    if not arriving or (leaving and lead == 0):
        return days.mean(allowed(stopping, floor))[:periods]
    arrived = allowed(arriving, floor)
    if not leaving:
        return days.mean(arrived)[lead : lead + periods]
    return _both_sides(allowed(leaving, floor), arrived, lead, days)


def _both_sides(shipped: Floats, arrived: Floats, lead: int, days: Days) -> Floats:
    """Average of the smaller of what may leave in a month and what may arrive ``lead`` months later, shape (T,)."""
    periods = days.calendar.periods
    share = np.minimum(days.mean(shipped)[:periods], days.mean(arrived)[lead : lead + periods])
    steady = days.is_steady(shipped)[:periods] & days.is_steady(arrived)[lead : lead + periods]
    for t in np.flatnonzero(~steady).tolist():
        share[t] = overlap_mean(shipped[days.of(t)], arrived[days.of(t + lead)])
    return share


def _landing(group: Sequence[Term], days: Days) -> Floats:
    """Average share of what may land in each month, shape (months,)."""
    arriving = _of(group, STOPPING & ON_ARRIVAL)
    return days.mean(allowed(arriving, evasion_floor(group))) if arriving else np.ones(days.months)


def _rates(group: Sequence[Term], mechanism: str, days: Days) -> Floats:
    """Average sum of the rates of a mechanism in each month, shape (months,)."""
    rates = np.zeros(days.months)
    for term in _of(group, frozenset({mechanism})):
        rates += days.mean(term.holds) * term.clause.rule.number
    return rates


def _felt(term: Term, lead: int, days: Days) -> Bools:
    """Periods of shipping in which a clause is felt on any day, shape (T,)."""
    return days.any(term.holds)[_shipping(lead, days, arrives=term.clause.mechanism in ON_ARRIVAL)]


def _shipping(lead: int, days: Days, *, arrives: bool) -> slice:
    """Return the months of a rule that are periods of shipping: a rule on arrival sees goods a lead later."""
    shift = lead if arrives else 0
    return slice(shift, shift + days.calendar.periods)


def _any(group: Sequence[Term], lead: int, days: Days) -> Bools:
    felt = np.zeros(days.calendar.periods, dtype=np.bool_)
    for term in group:
        felt |= _felt(term, lead, days)
    return felt


def _blame(group: Sequence[Term], lead: int, days: Days) -> dict[int, tuple[ControlId, ...]]:
    """Return the controls that move a limit in each period, in the order of the control rules.

    Of the rules that stop a lane these are the strictest: one that a stricter rule overrides moves nothing.
    """
    by_period: dict[int, dict[ControlId, None]] = defaultdict(dict)
    strictest = _strictest(group, lead, days)
    for k, term in enumerate(group):
        mechanism = term.clause.mechanism
        if mechanism in EASING | ON_RECIPES or (mechanism in RATES and not term.clause.rule.number):
            continue
        felt = strictest[k] if k in strictest else _felt(term, lead, days)
        for t in np.flatnonzero(felt).tolist():
            by_period[t][term.clause.control.control] = None
    return {t: tuple(controls) for t, controls in sorted(by_period.items())}


def _strictest(group: Sequence[Term], lead: int, days: Days) -> dict[int, Bools]:
    """Periods in which each stopping clause (position) is the strictest of a lane's on some day, shape (T,).

    Where rules act on both ends of a lane, those of the end that lets less pass in the month.
    """
    found: dict[int, Bools] = {}
    passes: dict[bool, Floats] = {}
    for arrives, mechanisms in ((False, STOPPING - ON_ARRIVAL), (True, STOPPING & ON_ARRIVAL)):
        side = {k: term for k, term in enumerate(group) if term.clause.mechanism in mechanisms}
        if side:
            periods = _shipping(lead, days, arrives=arrives)
            least = np.minimum.reduce([term.share for term in side.values()])
            passes[arrives] = days.mean(least)[periods]
            found |= {k: days.any(term.holds & (term.share <= least))[periods] for k, term in side.items()}
    if len(passes) == 2:
        for k in found:
            arrives = group[k].clause.mechanism in ON_ARRIVAL
            found[k] &= passes[arrives] <= passes[not arrives]
    return found


def _quotas(net: Network, terms: Sequence[Term], days: Days) -> tuple[Quota, ...]:
    """One cap per quota rule: a twelfth a month, the uncontrolled days of a month at the baseline flow."""
    periods = days.calendar.periods
    found = [term for term in terms if term.clause.mechanism == "quota"]
    in_force = {term.clause.row: days.mean(term.holds)[:periods] for term in found}
    covered: dict[tuple[str, ...], Floats] = defaultdict(lambda: np.zeros(periods))
    allowance: dict[tuple[str, ...], Floats] = defaultdict(lambda: np.zeros(periods))
    for term in found:
        covered[term.clause.path] += in_force[term.clause.row]
        allowance[term.clause.path] += in_force[term.clause.row] * term.clause.rule.number / 12
    quotas = []
    for term in found:
        clause, days_in = term.clause, in_force[term.clause.row]
        usual = sum(net.lanes[lane].flow0 or 0.0 for lane in clause.lanes) / 12
        cap = allowance[clause.path] + (1 - covered[clause.path]) * usual
        quotas.append(Quota(clause.row, clause.control.control, clause.lanes, np.where(days_in > 0, cap, np.inf)))
    return tuple(quotas)
