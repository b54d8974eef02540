"""Stages of knowledge: from which month what is believed about every lane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exposure.calendar import Calendar, Month
from exposure.model import Network, Scenario
from exposure.policy.belief import believed
from exposure.policy.clauses import Clause, clauses
from exposure.policy.days import Days
from exposure.policy.limits import Limits, limits
from exposure.policy.owners import with_affiliates


@dataclass(frozen=True, eq=False)
class Stage:
    """Limits as believed from one period on, until the next stage; earlier periods hold what truly held."""

    period: int
    limits: Limits


def stages(net: Network, scenario: Scenario, calendar: Calendar) -> tuple[Stage, ...]:
    """Return what is believed about every lane, one stage per month in which that changes.

    ``calendar`` covers every period of the run, warm-up and tail included. News from before its start is known in
    period 0. A stage that believes what the one before it believed is left out, so is a first stage without any limit.

    Raises
    ------
    InputError
        If a control does not exist.
    """
    resolved = clauses(net, scenario)
    days = Days(calendar, calendar.periods + max((lane.lead_months for lane in net.lanes), default=0))
    found: list[Stage] = []
    for period, now in _months(resolved, scenario, calendar):
        held = limits(net, with_affiliates(net, believed(resolved, now, days)), days)
        if (found and held.same_as(found[-1].limits)) or (not found and held.is_free):
            continue
        found.append(Stage(period, held))
    return tuple(found)


def _months(resolved: Sequence[Clause], scenario: Scenario, calendar: Calendar) -> list[tuple[int, Month | None]]:
    """Periods in which something becomes known, with the month (None: all is known)."""
    if scenario.foresight == "perfect":
        return [(0, None)]
    known = {month for clause in resolved for month in (clause.known, clause.end_known)}
    periods = sorted({max(0, calendar.index(month)) for month in known})
    return [(period, calendar[period]) for period in periods if period < calendar.periods]
