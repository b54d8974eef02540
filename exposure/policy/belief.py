"""What is believed in one month: which known clauses hold on which day, switches and paths included."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from exposure.calendar import Month
from exposure.model import ControlId, Rule
from exposure.model.content import KINDS, approved_share
from exposure.policy.clauses import ON_RECIPES, STOPPING, Clause, PathKey
from exposure.policy.days import OPEN, Bools, Days, Floats, Ints


@dataclass(frozen=True, eq=False)
class Term:
    """A clause over the days of a run, as believed: on which days it holds and what share it then allows."""

    clause: Clause
    holds: Bools
    """Days on which it is in force, shape (days,)."""

    share: Floats
    """Allowed share by day, 1 where it does not hold or neither stops a flow nor holds back growth, shape (days,)."""

    wait: Floats
    """Days of its queue that are still to come on each day, 0 where there is none, shape (days,)."""

    def after_talks(self, shorter: Floats) -> Floats:
        """Allowed share by day with a queue that is shorter by some days, by day."""
        return np.where((self.wait > 0) & (self.wait <= shorter), open_share(self.clause.rule), self.share)


def believed(clauses: Sequence[Clause], now: Month | None, days: Days) -> tuple[Term, ...]:
    """Return every clause that is no switch, with its days as believed in month ``now`` (None: as they truly are).

    Clauses not yet known, and those that a switch or a later row of their path turns off, hold on no day.
    """
    spans = _spans(clauses, now)
    holds = {row: days.between(first, last) for row, (first, last) in spans.items()}
    switches = [c for c in clauses if c.is_switch and c.row in spans]
    is_on = _Switchboard(switches, holds, days).is_on
    return tuple(_term(c, holds, is_on(c.control.control), days) for c in clauses if not c.is_switch)


def _spans(clauses: Iterable[Clause], now: Month | None) -> dict[int, tuple[int, int]]:
    """First and last day of each known clause; a later known row of the path ends the earlier one for good."""
    paths: dict[PathKey, list[Clause]] = defaultdict(list)
    for clause in clauses:
        if now is None or clause.known <= now:
            paths[clause.path].append(clause)
    spans: dict[int, tuple[int, int]] = {}
    for path in paths.values():
        path.sort(key=lambda c: (c.first, c.row))
        successors = [c.first.toordinal() - 1 for c in path[1:]]
        for clause, replaced in zip(path, [*successors, OPEN], strict=True):
            spans[clause.row] = clause.first.toordinal(), min(replaced, clause.last_day(now))
    return spans


def _term(clause: Clause, holds: dict[int, Bools], is_on: Bools, days: Days) -> Term:
    in_force = holds[clause.row] & is_on if clause.row in holds else np.zeros(len(days.numbers), dtype=np.bool_)
    share, wait = np.ones(len(days.numbers)), np.zeros(len(days.numbers))
    if clause.mechanism in STOPPING | ON_RECIPES:
        share[in_force] = open_share(clause.rule)
    if clause.mechanism in STOPPING and clause.rule.days:
        queue_ends = _begins(clause, in_force, days) + int(clause.rule.days)
        wait[in_force] = np.maximum(queue_ends - days.numbers, 0)[in_force]
        share[wait > 0] = 0.0
    return Term(clause, in_force, share, wait)


def _begins(clause: Clause, in_force: Bools, days: Days) -> Ints:
    """For each day in force the first day of its term: a rule that comes back after a suspension finds nobody with a licence."""
    comes = in_force & ~np.append(False, in_force[:-1])
    if in_force[0]:
        comes[0] = False  # it came before the run
    return np.maximum(np.maximum.accumulate(np.where(comes, days.numbers, 0)), clause.first.toordinal())


def open_share(rule: Rule) -> float:
    """Share of a flow, or of growth, that a rule which holds it back lets through once its queue is over."""
    if rule.mechanism in KINDS:
        return approved_share(rule)
    share = min(1.0, rule.number)
    return 1.0 - share if rule.mechanism == "people" else share


class _Switchboard:
    """On which days each control is on: the latest announced of the switches active on a day decides."""

    def __init__(self, switches: Sequence[Clause], holds: dict[int, Bools], days: Days) -> None:
        self._holds = holds
        self._always = np.ones(len(days.numbers), dtype=np.bool_)
        self._of: dict[ControlId, list[Clause]] = defaultdict(list)
        for switch in sorted(switches, key=lambda c: (c.rule.known or c.control.announced, c.first, c.row)):
            self._of[switch.target].append(switch)
        self._known: dict[ControlId, Bools] = {}

    def is_on(self, control: ControlId) -> Bools:
        """Days on which a control's rules count; a switch counts only while its own control is on."""
        if control not in self._known:
            self._known[control] = self._always
            on = self._always.copy()
            for switch in self._of.get(control, ()):
                active = self._holds[switch.row] & self.is_on(switch.control.control)
                on[active] = switch.mechanism == "snap_back"
            self._known[control] = on
        return self._known[control]
