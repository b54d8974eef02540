"""The rules in the order in which an analyst would ask them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from exposure.check import cells, controls, evidence, flows, goods, ids, trade
from exposure.errors import Finding
from exposure.model import Network

CheckRule = Callable[[Network], Iterable[Finding]]

ROW_RULES: tuple[CheckRule, ...] = (
    ids.duplicate_keys,
    ids.unknown_ids,
    ids.unknown_switch_targets,
    ids.plain_ids,
    ids.region_loops,
    cells.ranges_hold_their_number,
    cells.numbers_are_not_tiny,
    cells.codes_have_a_length,
    goods.capacity_covers_output,
    goods.extra_recipes_state_their_output,
    goods.by_products_are_other_items,
    goods.installed_items_are_inputs,
    goods.lives_are_not_zero,
    goods.capacity_steps_raise,
    trade.lanes_lead_elsewhere,
    trade.lanes_carry_their_flow,
    trade.unstorable_items_keep_nothing,
    trade.stocks_have_one_size,
    trade.reserves_lie_in_the_stock,
    trade.value_added_is_part_of_value,
    controls.control_dates_are_in_order,
    controls.rule_dates_are_in_order,
    controls.rule_values_fit,
    controls.covered_inputs_can_be_read,
    controls.owners_state_their_share,
    controls.queues_belong_to_licences,
    controls.tariffs_meet_prices,
)
"""Rules that look at single rows and what they refer to; they hold on part of a network too."""

WHOLE_RULES: tuple[CheckRule, ...] = (
    flows.loops_take_time,
    flows.demand_has_a_supply_path,
    flows.recipes_have_their_inputs,
    flows.items_are_used,
    flows.regions_are_used,
    goods.recipes_can_run,
    goods.bom_quantities_are_not_zero,
    trade.demand_is_worth_something,
    ids.unknown_mentions,
    controls.controls_have_rules,
    controls.scopes_match_lanes,
    controls.rules_on_growth_find_recipes,
    controls.listed_firms_own_something,
    controls.firms_lie_in_countries,
    controls.rules_do_not_repeat,
    cells.units_are_known,
    cells.formula_like_texts,
    evidence.sources_are_named,
    evidence.sources_exist,
    evidence.estimates_are_explained,
    evidence.controls_are_sourced,
)
"""Rules that need the whole network."""

RULES: tuple[CheckRule, ...] = ROW_RULES + WHOLE_RULES
"""Every rule; a test keeps the list complete."""


def check_network(net: Network, *, partial: bool = False) -> list[Finding]:
    """Return every finding about a network, errors first.

    Parameters
    ----------
    net
        Any network, also one that refers to what does not exist.
    partial
        True if rows are missing because they could not be read: only rules about single rows are asked.
    """
    rules = ROW_RULES if partial else RULES
    findings = [finding for rule in rules for finding in rule(net)]
    return sorted(findings, key=lambda finding: finding.severity != "error")
