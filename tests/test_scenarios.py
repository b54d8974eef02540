"""The scenarios that ship with the tool: each can be run, says in words what it is, and shows its episode."""

import functools

import pytest

from exposure.calendar import Month
from exposure.check import check_scenario
from exposure.io import built_in_path, read_scenario
from exposure.load import load
from exposure.model.controls import SWITCHES

FILES = sorted((built_in_path() / "scenarios").glob("*.yaml"))

EPISODES = {
    "chip_rules_2022": ("2022-10", {"US-2022-10-AC-SME"}),
    "beijing_talks_2023": ("2023-08", {"JOINT-2023-08-BEIJING", "US-2023-08-UVL27"}),
    "hbm_and_tools_2024": ("2024-12", {"US-2024-12-HBM-SME"}),
    "december_2024_ban": ("2024-12", {"CN-2024-12-BAN46", "CN-2024-12-BAN46-2", "CN-2024-12-BAN46-RX"}),
    "april_2025_licensing": ("2025-04", {"CN-2025-04-RE7"}),
    "h20_letter_2025": ("2024-12", {"US-2025-04-H20", "US-2023-10-AC-SME2"}),
    "may_2025_letters": ("2025-05", {"US-2025-05-EDA", "US-2025-05-ETHANE", "US-2025-05-JETENGINE", "US-2025-07-LIFT"}),
    "london_2025": ("2025-04", {"JOINT-2025-06-LONDON", "CN-2025-04-RE7", "US-2025-07-LIFT"}),
    "october_2025_package": ("2025-10", {f"CN-2025-10-ANN{n}" for n in (55, 56, 57, 58, 61, 62)}),
    "tariff_threat_100": ("2025-10", {"US-2025-10-THREAT100"}),
    "nexperia_october_2025": ("2025-10", {"EV-2025-10-NEXPERIA", "CN-2025-10-NEXPERIA"}),
    "kuala_lumpur_busan": (
        "2025-10",
        {"JOINT-2025-10-BUSAN", "CN-2025-11-ANN70", "CN-2025-11-ANN72", "US-2025-11-AFFILSUSP"},
    ),
    "november_2026_lapse": ("2026-11", {"BR-2026-11-LAPSE"}),
    "november_2026_partial": ("2026-11", {"BR-2026-11-PARTIAL"}),
    "november_2026_renew": ("2026-11", {"BR-2026-11-RENEW"}),
    "full_escalation": ("2025-10", {"US-2025-10-THREAT100", "CN-2025-10-ANN61", "US-2025-05-EDA", "US-2026-04-MATCH"}),
    "full_truce": ("2026-11", {"BR-2026-12-TRUCE"}),
}
"""Month in which the episode begins, and the acts that make it."""


@functools.cache
def shipped():
    return load()


def case(name):
    return read_scenario(built_in_path() / "scenarios" / f"{name}.yaml")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_scenario_is_sound_and_changes_something(path):
    scenario = read_scenario(path)
    assert scenario.name == path.stem
    assert len(scenario.title) > 20 and scenario.start is not None
    found = check_scenario(shipped(), scenario)
    assert [f for f in found if f.severity == "error"] == []
    assert [f for f in found if "changes nothing" in f.message] == []


@pytest.mark.parametrize("name", EPISODES)
def test_each_episode_has_its_acts_from_its_month(name):
    start, acts = EPISODES[name]
    scenario = case(name)
    assert str(scenario.start) == start
    assert acts <= set(scenario.controls)


@pytest.mark.parametrize("name", sorted(set(EPISODES) - {"full_escalation"}))
def test_an_episode_holds_only_controls_announced_before_it_ends(name):
    scenario = case(name)
    last = scenario.start + (scenario.months - 1)
    late = [c for c in scenario.controls if Month.of(shipped().control[c].announced) > last]
    assert late == []


def test_today_is_every_control_in_force_that_bites():
    bites = {rule.control for rule in shipped().control_scope if rule.mechanism not in SWITCHES}
    in_force = {c.control for c in shipped().controls if c.status == "in_force" and c.control in bites}
    assert set(case("all_controls_today").controls) == in_force - {"JOINT-2023-08-BEIJING"}


def test_truce_lifts_every_control_of_today_and_nothing_else():
    lifted = {rule.value for rule in shipped().rules_of["BR-2026-12-TRUCE"]}
    today = set(case("all_controls_today").controls)
    # the ban on Japanese seafood is no part of the dispute, and stays
    assert today - lifted == {"CN-2023-08-SEAFOOD"}
    assert lifted <= today
    assert set(case("full_truce").controls) == today | {"BR-2026-12-TRUCE"}


@pytest.mark.parametrize("branch", ["lapse", "partial", "renew"])
def test_branches_of_november_2026_hold_what_is_suspended_with_its_suspension(branch):
    controls = set(case(f"november_2026_{branch}").controls)
    assert set(case("all_controls_today").controls) < controls
    name = f"BR-2026-11-{branch.upper()}"
    switched = {rule.value for rule in shipped().rules_of[name] if rule.mechanism in SWITCHES}
    assert switched <= controls
    suspended = {rule.value for c in controls for rule in shipped().rules_of[c] if rule.mechanism == "suspension"}
    assert {c for c in controls if shipped().control[c].status == "suspended"} <= suspended


def test_full_escalation_undoes_the_easings_of_its_paths():
    net = shipped().with_values(case("full_escalation").set)
    last = {}
    for rule in net.control_scope:
        last[rule.control, rule.item, rule.origin, rule.destination, rule.mechanism] = (
            rule.number if rule.value[:1].isdigit() else 0
        )
    # the duties that Geneva left stay: the threat of October 2025 came on top of them
    assert last["US-2025-04-RECIP", "smco_magnet", "CN", "US", "tariff"] == 0.1
    assert last["US-2025-02-FENT", "*", "CN", "US", "tariff"] == 0.2
    assert last["CN-2025-04-RE7", "ndfeb_hot", "CN", "US", "licence"] == 0.04
