"""The laws of the three levels under the other mechanisms: revenue shares, buyers' bans, evasion, technology, investment."""

from hypothesis import given
from hypothesis import strategies as st

from tests.response.shaken import FEW, MANY, SEEDS, SEVERAL, damage_with_tail, outcome, prepared, shaken
from tests.support import rows_left
from tests.transform import network_of, rows_of


@MANY
@given(SEEDS, st.sampled_from(["announced", "perfect", "none"]))
def test_the_walk_of_contracts_satisfies_every_row(seed, foresight):
    ready = prepared(shaken(seed, more_rules=True), foresight)
    columns, rows = rows_left(ready, ready.contracts())
    assert columns <= 1e-9
    assert rows <= 1e-7


@FEW
@given(SEEDS, st.sampled_from(["announced", "perfect"]), st.sampled_from(["voluntary", "planner"]))
def test_plans_satisfy_every_row(seed, foresight, response):
    ready = prepared(shaken(seed, more_rules=True), foresight)
    columns, rows = rows_left(ready, ready.solved(response))
    assert columns <= 1e-7
    assert rows <= 1e-6


@SEVERAL
@given(SEEDS)
def test_damage_falls_from_contracts_to_voluntary_to_planner(seed):
    found = damage_with_tail(outcome(shaken(seed, more_rules=True), "perfect"))
    assert found["voluntary"] <= found["contracts"] * (1 + 1e-7) + 1e-6
    assert found["planner"] <= found["voluntary"] * (1 + 1e-7) + 1e-6


@FEW
@given(SEEDS)
def test_fewer_rules_never_hurt_a_planner_who_knows(seed):
    net = shaken(seed, more_rules=True)
    tables = rows_of(net)
    tables["control_scope"] = [row for row in tables["control_scope"] if not row["control"].startswith("M")]
    kept = {row["control"] for row in tables["control_scope"]}
    tables["controls"] = [row for row in tables["controls"] if row["control"] in kept]
    eases = any(rule.mechanism == "evasion" for rule in net.control_scope)
    fewer = damage_with_tail(outcome(network_of(tables), "perfect", response="planner"))["planner"]
    every = damage_with_tail(outcome(net, "perfect", response="planner"))["planner"]
    assert eases or fewer <= every * (1 + 1e-7) + 1e-6
