"""The laws of the three levels and of the tables under the other mechanisms.

One kind of network has revenue shares, buyers' bans, evasion, technology and investment rules; the other has content rules, rules
on what is made with an item, and re-export rules, so that goods are told apart by origin.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exposure.lp.world import world_of
from exposure.response import close_once
from tests.random_networks import random_network
from tests.response.shaken import (
    FEW,
    MANY,
    SEEDS,
    SEVERAL,
    damage_with_tail,
    outcome,
    prepared,
    shaken,
)
from tests.support import rows_left, run
from tests.transform import network_of, rows_of

KIND = st.sampled_from(["more_rules", "origin_rules"])
FORESIGHT = st.sampled_from(["announced", "perfect", "none"])


def network(seed, kind):
    return shaken(seed, **{kind: True})


@MANY
@given(SEEDS, KIND, FORESIGHT)
def test_the_walk_of_contracts_satisfies_every_row(seed, kind, foresight):
    ready = prepared(network(seed, kind), foresight)
    columns, rows = rows_left(ready, ready.contracts())
    assert columns <= 1e-9
    assert rows <= 1e-7


@FEW
@given(SEEDS, KIND, st.sampled_from(["announced", "perfect"]), st.sampled_from(["voluntary", "planner"]))
def test_plans_satisfy_every_row(seed, kind, foresight, response):
    ready = prepared(network(seed, kind), foresight)
    columns, rows = rows_left(ready, ready.solved(response))
    assert columns <= 1e-7
    assert rows <= 1e-6


@SEVERAL
@given(SEEDS, KIND)
def test_damage_falls_from_contracts_to_voluntary_to_planner(seed, kind):
    found = damage_with_tail(outcome(network(seed, kind), "perfect"))
    assert found["voluntary"] <= found["contracts"] * (1 + 1e-7) + 1e-6
    assert found["planner"] <= found["voluntary"] * (1 + 1e-7) + 1e-6


@SEVERAL
@given(SEEDS, KIND)
def test_fewer_rules_never_hurt_a_planner_who_knows(seed, kind):
    net = network(seed, kind)
    tables = rows_of(net)
    tables["control_scope"] = [row for row in tables["control_scope"] if row["control"].startswith("C")]
    kept = {row["control"] for row in tables["control_scope"]}
    tables["controls"] = [row for row in tables["controls"] if row["control"] in kept]
    eases = any(rule.mechanism == "evasion" for rule in net.control_scope)
    fewer = damage_with_tail(outcome(network_of(tables), "perfect", response="planner"))["planner"]
    every = damage_with_tail(outcome(net, "perfect", response="planner"))["planner"]
    assert eases or fewer <= every * (1 + 1e-7) + 1e-6


@SEVERAL
@given(SEEDS, KIND, FORESIGHT)
def test_tables_speak_of_real_goods_and_add_up(seed, kind, foresight):
    net = network(seed, kind)
    out = outcome(net, foresight)
    gap = out.gap
    filled = gap["other_origins"] + gap["own_makers"] + gap["from_stock"] - gap["thrown_away"] - gap["passed_on"]
    filled += gap["replaced"] + gap["users_stopped"] + gap["unmet"]
    world = world_of(net, close_once(net))
    size = [world.throughput[world.node_index[node]] for node in zip(gap["item"], gap["region"], strict=True)]
    digits = np.where(gap["response"] == "contracts", 1e-9, 1e-7)
    assert ((gap["cut"] - filled).abs() <= digits * np.maximum(size, gap["cut"].abs())).all()
    shipped = out.shipments["usual"] + out.shipments["extra"]
    assert (shipped <= out.shipments["allowed"] * (1 + 1e-6) + 1e-6).all()
    made = out.production["usual"] + out.production["extra"]
    assert (made <= out.production["capacity"] * (1 + 1e-6) + 1e-6).all()
    for table in out.tables.values():
        assert "item" not in table or set(table["item"]) <= {*net.item, ""}
    late = out.loss[out.loss["response"] == "planner"]["loss_usd"].sum()
    assert late == pytest.approx(out.summary.set_index("response").loc["planner", "loss_usd"])


@FEW
@given(SEEDS)
def test_goods_told_apart_change_nothing_before_the_rule_begins(seed):
    net = random_network(seed, origin_rules=True)
    tables = rows_of(net)
    tables["control_scope"] = [row for row in tables["control_scope"] if row["control"].startswith("V")]
    for row in tables["control_scope"]:
        row |= {"from": "2026-01-01"}
    for row in tables["controls"]:
        row |= {"announced": "2026-01-01", "effective": "2026-01-01"}
    controls = tuple({row["control"] for row in tables["control_scope"]})
    out = run(network_of(tables), controls=controls, start="2025-03", months=8, tail=3)
    assert (out.summary["damage_usd"] == 0).all()
    for name in ("shipments", "production"):
        assert np.allclose(out.tables[name]["usual"], out.tables[name]["baseline"], rtol=1e-9, atol=1e-12)
        assert (out.tables[name]["extra"] == 0).all()


@SEVERAL
@given(SEEDS)
def test_telling_goods_apart_costs_a_planner_nothing(seed):
    net = shaken(seed, origin_rules=True)
    tables = rows_of(net)
    whole = {name: [row for row in tables[name] if row["control"][0] == "C"] for name in ("controls", "control_scope")}
    stop = {"announced": "2025-01-01", "effective": "2025-01-01", "status": "in_force"}
    for number, row in enumerate(r for r in list(tables["controls"]) if r["control"][0] == "V"):
        tables["controls"].append({"control": f"S{number}", "title": "suspended from the first day", **stop})
        scope = {"mechanism": "suspension", "value": row["control"]}
        tables["control_scope"].append({"control": f"S{number}", **scope})
    apart = damage_with_tail(outcome(network_of(tables), "perfect", response="planner"))["planner"]
    alone = damage_with_tail(outcome(network_of(tables | whole), "perfect", response="planner"))["planner"]
    assert apart == pytest.approx(alone, rel=1e-6, abs=1e-3)
