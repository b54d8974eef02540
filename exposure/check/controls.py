"""Rules for controls and the rules they are made of."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from exposure.check.place import error, line_of, notice
from exposure.errors import Finding, nearest
from exposure.model import Lane, Network, RegionId, Rule
from exposure.model.content import KINDS, covered_of
from exposure.model.controls import RATES, SWITCHES

TO_REGION = frozenset({"entity", "end_use"})
"""Mechanisms aimed at a firm or end use; a country may aim them at its own."""

ON_LANES = TO_REGION | frozenset(KINDS) | {
    "ban", "licence", "quota", "tariff", "revenue_share", "buyer_ban", "people", "talks", "evasion",
}  # fmt: skip
"""Mechanisms that act on lanes."""

_WITHOUT_NUMBER = frozenset({"buyer_ban", "reexport", "foreign_product"})
_ON_RECIPES = frozenset({"technology", "investment"})
_SHARES = (
    TO_REGION | _ON_RECIPES | {"ban", "licence", "revenue_share", "people", "evasion", "ownership", "content_rule"}
)
_MUST_STATE = frozenset(
    {
        "licence",
        "quota",
        "tariff",
        "revenue_share",
        "people",
        "evasion",
        "ownership",
        "investment",
        "talks",
        "content_rule",
    }
)
_QUEUES = frozenset({"licence", "technology"}) | TO_REGION | frozenset(KINDS)
_STEEP = 5.0


def control_dates_are_in_order(net: Network) -> Iterator[Finding]:
    """Check that a control ends after it begins and is known before."""
    for control in net.controls:
        if control.ends is not None and control.ends < control.effective:
            yield error(control, "ends", f"before the control is effective ({control.effective})")
        if control.announced > control.effective:
            yield notice(control, "announced", f"after the control is effective ({control.effective})")


def rule_dates_are_in_order(net: Network) -> Iterator[Finding]:
    """Check that a rule ends after it begins, and begins before its control ends."""
    for rule in net.control_scope:
        control = net.control.get(rule.control)
        first = rule.from_ or (control.effective if control else None)
        if first is None:
            continue
        if rule.to is not None and rule.to < first:
            yield error(rule, "to", f"before the rule begins ({first})")
        if control is not None and control.ends is not None and first > control.ends and rule.mechanism not in SWITCHES:
            yield notice(rule, "from", f"after the control ends ({control.ends}), so the rule is never in force")
        if rule.known is not None and rule.known > first:
            yield notice(rule, "known", f"after the rule begins ({first}); it is known from its first day")


def controls_have_rules(net: Network) -> Iterator[Finding]:
    """Check that a control does something."""
    with_rules = {rule.control for rule in net.control_scope}
    for control in net.controls:
        if control.control not in with_rules:
            yield notice(control, "control", "no row of control_scope.csv belongs to it, so it changes nothing")


def rule_values_fit(net: Network) -> Iterator[Finding]:
    """Check that the value of each rule is what its mechanism needs."""
    for rule in net.control_scope:
        if rule.mechanism in SWITCHES:
            continue
        fault = _value_fault(net, rule)
        if fault:
            yield error(rule, "value", fault)
        elif rule.mechanism == "tariff" and rule.number > _STEEP:
            yield notice(rule, "value", f"a tariff of {rule.number * 100:g} %; a rate of 25 % is written 0.25")


def _value_fault(net: Network, rule: Rule) -> str:
    text = rule.value.strip()
    if rule.mechanism in _MUST_STATE and not text:
        return f"must not be blank for a {rule.mechanism} (write 0 if nothing passes)"
    if text in net.region and rule.mechanism in TO_REGION:
        return "the firm or end use stands in destination; value is the share that still passes (blank: none)"
    if rule.mechanism in _WITHOUT_NUMBER:
        return "" if text in ("", "0") else f"a {rule.mechanism} has no value; a licence lets a share through"
    if not text or rule.mechanism not in _SHARES | _MUST_STATE:
        return ""
    return _number_fault(rule, text)


def _number_fault(rule: Rule, text: str) -> str:
    try:
        value = float(text)
    except ValueError:
        return "must be a plain number with a decimal point; a percent is written as a share, 12 % as 0.12"
    if rule.mechanism in _SHARES and not 0 <= value <= 1:
        return f"must be a share between 0 and 1 for {rule.mechanism}"
    return "" if 0 <= value <= 1e15 else f"must be a finite number, 0 or more, for {rule.mechanism}"


def covered_inputs_can_be_read(net: Network) -> Iterator[Finding]:
    """Check that a rule which looks for goods of an origin says which goods and which origin, and that both exist."""
    for rule in net.control_scope:
        if rule.mechanism not in KINDS:
            if rule.covered.strip():
                yield notice(
                    rule, "covered", f"a {rule.mechanism} looks for no covered inputs, so this changes nothing"
                )
            continue
        if rule.mechanism == "reexport" and rule.origin in ("", "*"):
            yield error(rule, "origin", "must be the country whose goods may not be passed on")
        if rule.mechanism == "reexport" and not rule.covered.strip():
            continue
        try:
            covered = covered_of(rule.covered)
        except ValueError as fault:
            yield error(rule, "covered", str(fault))
            continue
        region = covered.origin.removeprefix("!")
        if region not in net.region and region != "*":
            yield error(rule, "covered", f'no region "{region}"{nearest(region, net.region)}')
        for item in covered.items:
            if item not in net.item:
                yield error(rule, "covered", f'no item "{item}"{nearest(item, net.item)}')


def queues_belong_to_licences(net: Network) -> Iterator[Finding]:
    """Check that days of queue stand only where there is something to wait for."""
    for rule in net.control_scope:
        if rule.days and rule.mechanism not in _QUEUES:
            advice = "; write them in value" if rule.mechanism == "talks" else ""
            yield error(rule, "days", f"only licences have a queue; a {rule.mechanism} has none{advice}")


def scopes_match_lanes(net: Network) -> Iterator[Finding]:
    """Check that a rule on trade covers a lane; a scope that covers none changes nothing."""
    by_item: dict[str, list[Lane]] = defaultdict(list)
    for lane in net.lanes:
        if lane.origin in net.region and lane.destination in net.region:
            by_item[lane.item].append(lane)
            by_item["*"].append(lane)
    inside: dict[str, frozenset[RegionId]] = {}
    for rule in net.control_scope:
        if rule.mechanism not in ON_LANES or not _scopes_exist(net, rule):
            continue
        for scope in (rule.origin, rule.destination):
            if scope not in inside:
                inside[scope] = frozenset(region for region in net.region if net.covers(scope, region))
        lanes = by_item[rule.item or "*"]
        if not any(_covers(net, rule, lane, inside) for lane in lanes):
            scope = f"{rule.item or '*'} from {rule.origin or '*'} to {rule.destination or '*'}"
            yield notice(rule, "control", f"{rule.mechanism} of {scope} covers no lane, so it changes nothing")


def _scopes_exist(net: Network, rule: Rule) -> bool:
    scopes = (scope.removeprefix("!") for scope in (rule.origin, rule.destination))
    return all(scope in ("", "*") or scope in net.region for scope in scopes)


def _covers(net: Network, rule: Rule, lane: Lane, inside: dict[str, frozenset[RegionId]]) -> bool:
    from_scope = lane.origin in inside[rule.origin]
    if from_scope == (rule.mechanism == "reexport") or lane.destination not in inside[rule.destination]:
        return False
    if rule.mechanism == "people" and lane.item in net.item and net.item[lane.item].kind != "people":
        return False
    return rule.mechanism in TO_REGION or net.country(lane.origin) != net.country(lane.destination)


def rules_on_growth_find_recipes(net: Network) -> Iterator[Finding]:
    """Check that a rule on technology or investment holds back a recipe that grows; one that finds none changes nothing."""
    with_steps = {step.recipe for step in net.capacity}
    growing = [r for r in net.recipes if r.region in net.region]
    growing = [r for r in growing if r.start_months or r.ramp_months or r.recipe in with_steps]
    for rule in net.control_scope:
        if rule.mechanism not in _ON_RECIPES or not _scopes_exist(net, rule):
            continue
        abroad = rule.origin in ("", "*")
        if not any(
            rule.item in ("", "*", recipe.item)
            and net.covers(rule.destination, recipe.region)
            and (abroad or not net.covers(rule.origin, recipe.region))
            for recipe in growing
        ):
            what = f"{rule.mechanism} for {rule.item or '*'} in {rule.destination or '*'}"
            yield notice(
                rule, "control", f"{what} finds no recipe with a start, a ramp or a new plant, so it changes nothing"
            )


def listed_firms_own_something(net: Network) -> Iterator[Finding]:
    """Check that an ownership rule names a firm that owns a region at its share; otherwise it extends nothing."""
    for rule in net.control_scope:
        if (
            rule.mechanism != "ownership"
            or not _scopes_exist(net, rule)
            or _number_fault(rule, rule.value.strip() or "0")
        ):
            continue
        owners = {
            row.owner for row in net.regions if row.owner in net.region and net.covers(rule.destination, row.owner)
        }
        if not any(net.affiliates(owner, rule.number) for owner in owners):
            message = "no region has an owner here with that share (columns owner, owner_share of regions.csv)"
            yield notice(rule, "destination", f"{message}, so it extends nothing")


def owners_state_their_share(net: Network) -> Iterator[Finding]:
    """Check that owner and owner_share stand together, and nobody owns itself."""
    for row in net.regions:
        if row.owner and row.owner_share is None:
            yield error(row, "owner_share", f"must state the share that {row.owner} holds, between 0 and 1")
        if row.owner_share is not None and not row.owner:
            yield error(row, "owner", "must name the region that holds the share")
        if row.owner and row.owner == row.region:
            yield error(row, "owner", "a region cannot own itself")


def tariffs_meet_prices(net: Network) -> Iterator[Finding]:
    """Check that what is taxed has a price."""
    free = {item.item for item in net.items if item.price_usd == 0}
    for rule in net.control_scope:
        if rule.mechanism in RATES and rule.item in free:
            yield error(rule, "item", "has price_usd 0, so a rate on its price costs nothing; give it a price")


def firms_lie_in_countries(net: Network) -> Iterator[Finding]:
    """Check that entity and end-use rules name a region inside a country, or say what share of the country still passes."""
    for rule in net.control_scope:
        region = net.region.get(RegionId(rule.destination))
        if rule.mechanism in TO_REGION and region is not None and not region.within and not rule.value.strip():
            message = (
                f"a whole country; {rule.mechanism} rules name a region inside one, or the share that still passes"
            )
            yield notice(rule, "destination", message)


def rules_do_not_repeat(net: Network) -> Iterator[Finding]:
    """Check that a row does not repeat what the row before it on the same path says for the same days."""
    paths: dict[tuple[str, ...], list[tuple[dt.date, Rule]]] = defaultdict(list)
    for rule in net.control_scope:
        control = net.control.get(rule.control)
        if control is not None:
            paths[rule.path_key].append((rule.from_ or control.effective, rule))
    for rows in paths.values():
        rows.sort(key=lambda row: row[0])
        for (_, earlier), (start, later) in pairwise(rows):
            is_same = (earlier.value, earlier.days) == (later.value, later.days) and earlier.mechanism not in SWITCHES
            if is_same and (earlier.to is None or earlier.to >= start):
                yield notice(later, "from", f"says the same as {line_of(earlier)}, which still holds on {start}")
