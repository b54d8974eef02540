"""Controls in force: one row per rule and month, for the sheet of that name."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from exposure.calendar import Calendar
from exposure.model import Network, Scenario
from exposure.model.controls import RATES
from exposure.policy.belief import Term, believed
from exposure.policy.clauses import ON_RECIPES, STOPPING, clauses
from exposure.policy.days import Days
from exposure.policy.limits import limits


def in_force(net: Network, scenario: Scenario, calendar: Calendar) -> list[dict[str, object]]:
    """Return the rules that truly hold on any day of each month, with each rule's own average over the month.

    Keys are control, title, item, origin, destination, mechanism, value, month (``YYYY-MM``), share (of the flow or of new
    capacity), tariff (rate, also of a revenue share) and quota (unit per month); what a mechanism does not set is None. Months
    are the rule's own: of shipping for exporters' rules, of arrival for tariffs and buyers' bans. Switches show only through
    what they turn off, ownership and talks through the rules that they extend or soften.
    """
    days = Days(calendar, calendar.periods + max((lane.lead_months for lane in net.lanes), default=0))
    terms = believed(clauses(net, scenario), None, days)
    caps = {quota.rule: quota.cap for quota in limits(net, terms, days).quotas} if terms else {}
    rows: list[dict[str, object]] = []
    for term in terms:
        rows.extend(_rows(term, caps.get(term.clause.row), days))
    return sorted(rows, key=lambda row: str(row["month"]))


def _rows(term: Term, cap: np.ndarray | None, days: Days) -> Iterator[dict[str, object]]:
    rule, control, calendar = term.clause.rule, term.clause.control, days.calendar
    shares, present = days.mean(term.share), days.mean(term.holds)
    for t in np.flatnonzero(days.any(term.holds)[: calendar.periods]).tolist():
        yield {
            "control": control.control,
            "title": control.title,
            "item": rule.item,
            "origin": rule.origin,
            "destination": rule.destination,
            "mechanism": rule.mechanism,
            "value": rule.value,
            "month": str(calendar[t]),
            "share": float(shares[t]) if rule.mechanism in STOPPING | ON_RECIPES else None,
            "tariff": float(present[t]) * rule.number if rule.mechanism in RATES else None,
            "quota": None if cap is None else float(cap[t]),
        }
