"""Rules for a scenario: it names what exists, fits the horizon, and is small enough to be solved."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator

from exposure.calendar import Month
from exposure.check.cells import ranges_hold_their_number
from exposure.check.ids import listed
from exposure.check.registry import check_network
from exposure.errors import Finding, InputError, Severity, nearest
from exposure.model import Control, ControlId, Network, NodeId, Scenario
from exposure.model.controls import SWITCHES

LARGEST_PROGRAMME = 3_000_000
"""Columns of the programme above which a run is refused unless the limit is raised."""

_FILE = "scenario"
UNKNOWN = "; exposure list controls names them, and one of your own can be laid over the data (--extend)"
"""What helps with a control that is like none of those there are."""


def check_scenario(net: Network, scenario: Scenario, *, limit: int = LARGEST_PROGRAMME) -> list[Finding]:
    """Return every finding about a scenario laid over a network.

    Parameters
    ----------
    net, scenario
        The network as loaded, without the scenario's changed figures.
    limit
        Most columns that the programme may have.
    """
    findings = [*_controls_exist(net, scenario), *_changed_figures(net, scenario)]
    findings += _size(net, scenario, limit)
    known = [net.control[name] for name in dict.fromkeys(scenario.controls) if name in net.control]
    findings += _times(net, scenario, known)
    findings += [*_relations(net, known), *_ended_elsewhere(net, known), *_dates_that_change_nothing(net, scenario)]
    if not scenario.controls and not scenario.set:
        findings.append(_finding("neither controls nor changed figures: the undisturbed world", severity="notice"))
    return findings


def _finding(message: str, field: str = "", value: object = "", severity: Severity = "error") -> Finding:
    return Finding(message, _FILE, None, field, str(value), severity)


def _controls_exist(net: Network, scenario: Scenario) -> Iterator[Finding]:
    for name, count in Counter(scenario.controls).items():
        if name not in net.control:
            near = nearest(name, net.control)
            yield _finding(f"no such control{near or UNKNOWN}", "controls", name)
        if count > 1:
            yield _finding("listed twice; it counts once", "controls", name, "notice")


def _changed_figures(net: Network, scenario: Scenario) -> list[Finding]:
    """Try the changed figures: each must fit a row, and the network must stay sane with them.

    A what-if may leave the range of the evidence on purpose: that is told and survives.
    """
    if not scenario.set:
        return []
    try:
        changed = net.with_values(scenario.set)
    except InputError as error:
        return list(error.findings)
    before = {(finding.message, finding.row) for finding in check_network(net) if finding.severity == "error"}
    outside = {(finding.file, finding.row, finding.message) for finding in ranges_hold_their_number(changed)}
    return [
        Finding(
            f"after the scenario's changes: {finding.message}", finding.file, finding.row, finding.field, finding.value,
            "notice" if (finding.file, finding.row, finding.message) in outside else "error",
        )
        for finding in check_network(changed)
        if finding.severity == "error" and (finding.message, finding.row) not in before
    ]  # fmt: skip


def programme_size(net: Network, scenario: Scenario) -> int:
    """Estimate the programme's columns: usual and extra part of every recipe, lane, stock and demand, each month."""
    months = scenario.warm_up + scenario.months + scenario.tail
    nodes: set[NodeId] = {(row.item, row.region) for table in (net.recipes, net.stocks, net.demand) for row in table}
    nodes |= {(lane.item, end) for lane in net.lanes for end in (lane.origin, lane.destination)}
    return 2 * (len(net.recipes) + len(net.lanes) + len(nodes) + len(net.demand)) * months


def _size(net: Network, scenario: Scenario, limit: int) -> Iterator[Finding]:
    size = programme_size(net, scenario)
    if size > limit:
        months = scenario.warm_up + scenario.months + scenario.tail
        message = (
            f"about {size:,} columns over {months} months, more than {limit:,}; run fewer months or raise the limit"
        )
        yield _finding(message, "months", scenario.months)


def _times(net: Network, scenario: Scenario, controls: Iterable[Control]) -> Iterator[Finding]:
    """Tell controls that fall outside the months that are run."""
    controls = list(controls)
    start = scenario.start or min((Month.of(control.announced) for control in controls), default=None)
    if start is None:
        return
    first, end = start + -scenario.warm_up, start + (scenario.months + scenario.tail)
    older: list[str] = []
    for control in controls:
        begins, ends = _span(net, control)
        if Month.of(begins) >= end:
            message = f"begins {begins}, after the last month of the run ({end + -1}), so it changes nothing"
            yield _finding(message, "controls", control.control, "notice")
        elif ends is not None and Month.of(ends) < first:
            message = f"ended {ends}, before the first month of the run ({first}), so it changes nothing"
            yield _finding(message, "controls", control.control, "notice")
        elif Month.of(begins) < first:
            older.append(f"{control.control} since {begins}")
    if older:
        message = (
            f"in force before the run begins, {scenario.warm_up} months before {start}, in {first}: {', '.join(older)}; what they "
            "changed earlier is not in it"
        )
        yield _finding(message, "controls", severity="notice")


def _span(net: Network, control: Control) -> tuple[dt.date, dt.date | None]:
    """Return the first day of a control's rules and the last, None if open."""
    rules = net.rules_of.get(control.control, ())
    first = min((rule.from_ or control.effective for rule in rules), default=control.effective)
    last = [rule.to or control.ends for rule in rules] or [control.ends]
    closed = [day for day in last if day is not None]
    return first, max(closed) if len(closed) == len(last) else None


def _relations(net: Network, controls: Iterable[Control]) -> Iterator[Finding]:
    """Tell switches without their target, and controls together with what they replaced."""
    controls = list(controls)
    names = {control.control for control in controls}
    for control in controls:
        for rule in net.rules_of.get(control.control, ()):
            if rule.mechanism in SWITCHES and rule.value not in names:
                message = f"a {rule.mechanism} of {rule.value}, which is not in the scenario, so it changes nothing"
                yield _finding(message, "controls", control.control, "notice")
        for other in listed(control.supersedes):
            if other in names:
                message = f"replaces {other}, which is in the scenario too; where both hold, the stricter rule counts"
                yield _finding(message, "controls", control.control, "notice")


def _dates_that_change_nothing(net: Network, scenario: Scenario) -> Iterator[Finding]:
    """Tell changed dates of controls whose rules have dates of their own, which count before those of the control."""
    for change in scenario.set:
        own = {"effective": "from", "ends": "to"}.get(change.column)
        if change.table != "controls" or own is None:
            continue
        rules = net.rules_of.get(ControlId(change.where.get("control", "")), ())
        if dated := sum((rule.from_ if own == "from" else rule.to) is not None for rule in rules):
            message = (
                f"{dated} of the {len(rules)} rules of {change.where['control']} have dates of their own, which this does not "
                f"move; change column {own} of control_scope, or lay a control of your own over the data"
            )
            yield _finding(message, f"set, {change.table} {change.column}", change.value, "notice")


def _ended_elsewhere(net: Network, controls: Iterable[Control]) -> Iterator[Finding]:
    """Tell controls that another one, not in the scenario, lifted or suspended: here they go on. Branches are no news."""
    names = {control.control for control in controls}
    branches = {control.control for control in net.controls if control.status == "branch"}
    told = [
        f"{rule.value} ({rule.mechanism} by {rule.control}, {rule.from_ or net.control[rule.control].effective})"
        for rule in net.control_scope
        if rule.mechanism in ("lifting", "suspension") and rule.value in names and rule.control not in names | branches
    ]
    if told:
        message = f"without end here, since what ended them is not in the scenario: {', '.join(dict.fromkeys(told))}"
        yield _finding(message, "controls", severity="notice")
