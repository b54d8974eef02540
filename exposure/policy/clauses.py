"""Clauses: the rules of a scenario's controls with their lanes, their days and the months that make them known."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from exposure.calendar import Calendar, Month
from exposure.errors import Finding, InputError
from exposure.model import Control, ControlId, Lane, Network, Rule, Scenario
from exposure.model.content import KINDS, Family, family_of
from exposure.model.controls import SWITCHES
from exposure.once import once
from exposure.policy.days import OPEN

DUTY_FREE: frozenset[str] = frozenset({"software", "service", "people"})
"""Kinds of items that pass no customs: a tariff on all goods spares them, one that names them does not."""

TO_REGION: frozenset[str] = frozenset({"entity", "end_use"})
"""Mechanisms aimed at a named firm or end use: the imposing country may aim them at its own."""

STOPPING: frozenset[str] = frozenset({"ban", "licence", "buyer_ban", "people"}) | TO_REGION | frozenset(KINDS)
"""Mechanisms that lower the share of a lane and close its extra flow."""

EASING: frozenset[str] = frozenset({"talks", "evasion"})
"""Mechanisms that only soften others: nobody starts to build because of them, and they are no cause of a limit."""

ON_RECIPES: frozenset[str] = frozenset({"technology", "investment"})
"""Mechanisms that hold back the growth of recipes; they touch no lane."""

ON_ARRIVAL: frozenset[str] = frozenset({"tariff", "buyer_ban"})
"""Mechanisms of the importer's side, which act on the day of arrival."""

PathKey = tuple[str, ...]


@dataclass(frozen=True)
class Clause:
    """One rule with everything resolved that does not depend on the calendar.

    ``last`` is the last day (None: open), ``term`` the last day by the control's own instrument; the rule is known from
    month ``known``, its end from month ``end_known`` and until then only ``term`` is believed.
    """

    row: int
    rule: Rule
    control: Control
    first: dt.date
    last: dt.date | None
    term: dt.date | None
    known: Month
    end_known: Month
    path: PathKey
    lanes: tuple[int, ...]
    recipes: tuple[int, ...] = ()

    @property
    def mechanism(self) -> str:
        """Mechanism of the rule."""
        return self.rule.mechanism

    @property
    def is_switch(self) -> bool:
        """True if it turns another control off or on."""
        return self.mechanism in SWITCHES

    @property
    def target(self) -> ControlId:
        """Control that a switch turns off or on."""
        return ControlId(self.rule.value.strip())

    def last_day(self, now: Month | None) -> int:
        """Return the number of the last day as believed in month ``now`` (None: as it truly is)."""
        last = self.last if now is None or self.end_known <= now else self.term
        return OPEN if last is None else last.toordinal()


def clauses(net: Network, scenario: Scenario) -> tuple[Clause, ...]:
    """Resolve every rule of the scenario's controls, in the order of ``net.control_scope``.

    Raises
    ------
    InputError
        If a control of the scenario does not exist.
    """
    _require(net, scenario)
    return once(net, ("clauses", scenario.controls, scenario.foresight), lambda: _clauses(net, scenario))


def _clauses(net: Network, scenario: Scenario) -> tuple[Clause, ...]:
    wanted = frozenset(scenario.controls)
    rows = [(row, rule) for row, rule in enumerate(net.control_scope) if rule.control in wanted]
    earlier = _replaced(net, rows)
    sizes: dict[PathKey, int] = defaultdict(int)
    for _, rule in rows:
        sizes[path_key(rule)] += 1
    return tuple(
        _clause(net, scenario, row, rule, in_path=sizes[path_key(rule)] > 1, is_replaced=row in earlier)
        for row, rule in rows
    )


def families(net: Network, scenario: Scenario, calendar: Calendar) -> dict[Family, dict[int, tuple[int, ...]]]:
    """Return the families of a scenario's rules that look for goods of an origin: each rule (position) with its lanes.

    Rules that end before the calendar or begin after it are left out: goods need not be told apart for them.
    """
    found: dict[Family, dict[int, tuple[int, ...]]] = {}
    for row, rule in enumerate(net.control_scope):
        if rule.control not in scenario.controls or rule.mechanism not in KINDS:
            continue
        last = rule.to or net.control[rule.control].ends
        begins = calendar.index(Month.of(_first(net, rule))) < calendar.periods
        if begins and (last is None or calendar.index(Month.of(last)) >= 0):
            found.setdefault(family_of(rule), {})[row] = covered_lanes(net, rule)
    return dict(sorted(found.items(), key=lambda pair: pair[0].order))


def arrival_stops(net: Network, scenario: Scenario) -> tuple[int, ...]:
    """Return the lanes with goods under way that some rule of the scenario may turn away on arrival."""
    found = {
        lane
        for clause in clauses(net, scenario)
        if clause.mechanism in STOPPING & ON_ARRIVAL
        for lane in clause.lanes
        if net.lanes[lane].lead_months > 0
    }
    return tuple(sorted(found))


def path_key(rule: Rule) -> PathKey:
    """Return what rows of one path share; switches of different controls are never one path."""
    return (*rule.path_key, rule.value.strip()) if rule.mechanism in SWITCHES else rule.path_key


def covered_lanes(net: Network, rule: Rule) -> tuple[int, ...]:
    """Return the positions in ``net.lanes`` that a rule covers; switches and rules on recipes cover none.

    Rules that look for goods of an origin cover every lane that such goods might take; which of them carry any is said by
    ``net.caught``, where the programme has told goods apart. A re-export rule covers the lanes of everybody but its origin.
    """
    if rule.mechanism in SWITCHES | ON_RECIPES:
        return ()
    return once(net, ("lanes", rule.line, rule), lambda: _covered_lanes(net, rule))


def _covered_lanes(net: Network, rule: Rule) -> tuple[int, ...]:
    if rule.mechanism == "ownership":
        return _lanes_to_affiliates(net, rule)
    covers = _own_country(net, rule)
    return tuple(
        i
        for i in _lanes_of(net, rule)
        if net.covers(rule.origin, (lane := net.lanes[i]).origin) != (rule.mechanism == "reexport")
        and net.covers(rule.destination, lane.destination)
        and covers(lane)
        and (rule.mechanism != "people" or net.item[lane.item].kind == "people")
        and not (rule.mechanism == "tariff" and rule.item in ("*", "") and net.item[lane.item].kind in DUTY_FREE)
    )


def _lanes_of(net: Network, rule: Rule) -> Sequence[int]:
    """Return the lanes of a rule's item."""
    return range(len(net.lanes)) if rule.item in ("*", "") else once(net, "by item", lambda: _by_item(net))[rule.item]


def _by_item(net: Network) -> dict[str, list[int]]:
    """Return the lanes of each real item."""
    found: dict[str, list[int]] = defaultdict(list)
    for i, lane in enumerate(net.lanes):
        found[net.real_item(lane.item)].append(i)
    return found


def covered_recipes(net: Network, rule: Rule) -> tuple[int, ...]:
    """Return the positions in ``net.recipes`` whose growth a rule holds back: not those in its own origin's countries."""
    if rule.mechanism not in ON_RECIPES:
        return ()
    abroad = rule.origin in ("*", "")
    return tuple(
        p
        for p, recipe in enumerate(net.recipes)
        if rule.item in ("*", "", net.real_item(recipe.item))
        and net.covers(rule.destination, recipe.region)
        and (abroad or not net.covers(rule.origin, recipe.region))
    )


def _lanes_to_affiliates(net: Network, rule: Rule) -> tuple[int, ...]:
    """Lanes of a rule's items and origins into what the listed regions of its destination own."""
    owners = {row.owner for row in net.regions if row.owner and net.covers(rule.destination, row.owner)}
    affiliates = {region for owner in owners for region in net.affiliates(owner, rule.number)}
    return tuple(
        i
        for i in _lanes_of(net, rule)
        if net.covers(rule.origin, (lane := net.lanes[i]).origin)
        and not affiliates.isdisjoint(net.ancestors[lane.destination])
    )


def _own_country(net: Network, rule: Rule) -> Callable[[Lane], bool]:
    """Return the test that keeps a rule off lanes inside one country, unless it is that country's own entity rule."""
    imposers: set[str] = set()
    if rule.mechanism in TO_REGION and rule.control in net.control:
        imposers = {name.strip() for name in net.control[rule.control].imposer.replace(";", ",").split(",")}

    def covers(lane: Lane) -> bool:
        country = net.country(lane.origin)
        if country != net.country(lane.destination):
            return True
        return country in imposers or net.region[country].name in imposers

    return covers


def _require(net: Network, scenario: Scenario) -> None:
    findings = [
        Finding("no such control", file="scenario", field="controls", value=str(control))
        for control in scenario.controls
        if control not in net.control
    ]
    if findings:
        raise InputError(findings)


def _first(net: Network, rule: Rule) -> dt.date:
    return rule.from_ or net.control[rule.control].effective


def _replaced(net: Network, rows: Sequence[tuple[int, Rule]]) -> frozenset[int]:
    """Return the rows that a later row of their path replaces."""
    paths: dict[PathKey, list[tuple[dt.date, int]]] = defaultdict(list)
    for row, rule in rows:
        paths[path_key(rule)].append((_first(net, rule), row))
    return frozenset(row for path in paths.values() for _, row in sorted(path)[:-1])


def _clause(net: Network, scenario: Scenario, row: int, rule: Rule, *, in_path: bool, is_replaced: bool) -> Clause:
    control = net.control[rule.control]
    first, last = _first(net, rule), rule.to or control.ends
    starts = Month.of(first)
    happens = Month.of(last + dt.timedelta(days=1)) if last and last < dt.date.max else starts
    known = starts if in_path else Month.of(control.announced)
    if rule.known:
        known = Month.of(rule.known)
    known = min(known, starts)
    not_written = is_replaced and rule.to is not None and rule.known is None
    end_known = max(known, happens) if not_written else known
    term = control.ends
    if scenario.foresight == "none":
        known, end_known, term = starts, max(starts, happens), None
    lanes = net.caught[row] if row in net.caught else covered_lanes(net, rule)
    recipes = covered_recipes(net, rule)
    return Clause(row, rule, control, first, last, term, known, end_known, path_key(rule), lanes, recipes)
