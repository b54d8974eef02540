"""Laws that hold on any network: who bears what, what tightening does, what a change of names, units or money leaves alone."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pandas.api.types import is_numeric_dtype

from exposure.lp.limits import bounds_of
from exposure.model import RESPONSES, Network
from tests.random_networks import random_network
from tests.response.shaken import FEW, FIELDS, MANY, SEEDS, SEVERAL, damage_with_tail, outcome, prepared, shaken
from tests.support import beyond, rows_left, run
from tests.tiny import tiny_network
from tests.transform import beside, in_other_money, in_other_units, network_of, relabelled, rows_of, settled, shuffled

SAME = {"rel": 1e-6, "abs": 1e-3}
VALUES = {"loss": ["unmet", "waiting"], "shipments": ["usual", "extra"], "production": ["usual", "extra"]}


@MANY
@given(SEEDS, st.sampled_from(["announced", "perfect", "none"]))
def test_the_walk_of_contracts_satisfies_every_row(seed, foresight):
    ready = prepared(shaken(seed), foresight)
    columns, rows = rows_left(ready, ready.contracts())
    assert columns <= 1e-9
    assert rows <= 1e-7


@FEW
@given(SEEDS, st.sampled_from(["announced", "perfect"]), st.sampled_from(["voluntary", "planner"]))
def test_plans_satisfy_every_row(seed, foresight, response):
    ready = prepared(shaken(seed), foresight)
    columns, rows = rows_left(ready, ready.solved(response))
    assert columns <= 1e-7
    assert rows <= 1e-6


@MANY
@given(SEEDS, st.sampled_from(["announced", "none"]), st.sampled_from(["voluntary", "planner"]))
@example(seed=0, foresight="none", response="voluntary")
def test_a_walk_from_any_state_satisfies_every_row(seed, foresight, response):
    # goods may be under way on lanes without a usual flow, and machines have worn out
    ready = prepared(shaken(seed, machines=True), foresight)
    plan = ready.solved(response)
    statement = ready.statement
    for stage in ready.stages:
        walked = ready.walk.run(statement.columns, plan.point, stage.period, stage.limits)
        natural = bounds_of(statement, stage.limits, ready.headroom(stage.period), start=stage.period, past=plan.point)
        columns, rows = beyond(statement, natural, walked)
        assert columns <= 1e-7
        assert rows <= 1e-6


@SEVERAL
@given(SEEDS)
def test_voluntary_trade_leaves_machines_standing(seed):
    net = shaken(seed, machines=True)
    ready = prepared(net, "perfect")
    grid = ready.statement.columns["installed"].grid
    walked, free = ready.contracts().point[grid], ready.solved("voluntary").point[grid]
    assert (free >= walked - 1e-6 * ready.statement.column_scale[grid]).all()


@SEVERAL
@given(SEEDS)
def test_damage_falls_from_contracts_to_voluntary_to_planner(seed):
    found = damage_with_tail(outcome(shaken(seed), "perfect"))
    assert found["voluntary"] <= found["contracts"] * (1 + 1e-7) + 1e-6
    assert found["planner"] <= found["voluntary"] * (1 + 1e-7) + 1e-6


@FEW
@given(SEEDS)
def test_nobody_is_left_worse_off_by_voluntary_trade(seed):
    out = outcome(shaken(seed), "perfect")
    keys = ["item", "region", "month"]
    unmet = out.loss.pivot_table(index=keys, columns="response", values="unmet", aggfunc="sum")
    size = out.loss.groupby(keys)["demand"].sum().clip(lower=1)
    waiting = out.loss.pivot_table(index=keys, columns="response", values="waiting", aggfunc="sum")["voluntary"]
    never_waits = waiting.groupby(["item", "region"]).transform("max") == 0
    assert ((unmet["voluntary"] - unmet["contracts"]) / size)[never_waits].max() <= 1e-6


def harder(net: Network) -> Network:
    """Halve what licences and quotas allow, and raise tariffs by half."""
    tables = rows_of(net)
    for row in tables["control_scope"]:
        factor = {"licence": 0.5, "quota": 0.5, "tariff": 1.5}.get(row["mechanism"])
        row["value"] = repr(float(row["value"]) * factor) if factor else row["value"]
    return network_of(tables)


def earlier(net: Network) -> Network:
    """Let every control start up to 25 days earlier, known as early."""
    tables = rows_of(net)
    for row in tables["control_scope"]:
        row["from"] = max(dt.date(2025, 3, 1), row["from"] - dt.timedelta(days=25))
    for row in tables["controls"]:
        row["announced"] = row["effective"] = dt.date(2025, 3, 1)
    return network_of(tables)


def joined(net: Network, other: Network) -> Network:
    """Add the controls of another random network."""
    tables, more = rows_of(net), rows_of(other)
    for name in ("controls", "control_scope"):
        tables[name] += [row | {"control": f"X{row['control']}"} for row in more[name]]
    return network_of(tables)


@pytest.mark.parametrize("tighten", [harder, earlier, lambda net: joined(net, random_network(7))])
@FEW
@given(seed=SEEDS)
def test_tightening_never_helps_a_planner_who_knows(tighten, seed):
    net = shaken(seed)
    before = damage_with_tail(outcome(net, "perfect", response="planner"))["planner"]
    after = damage_with_tail(outcome(tighten(net), "perfect", response="planner"))["planner"]
    assert after >= before * (1 - 1e-7) - 1e-6


@FEW
@given(SEEDS)
def test_knowing_more_never_hurts_a_planner(seed):
    net = shaken(seed)
    known = {
        f: damage_with_tail(outcome(net, f, response="planner"))["planner"] for f in ("perfect", "announced", "none")
    }
    assert known["perfect"] <= known["announced"] * (1 + 1e-7) + 1e-6
    assert known["perfect"] <= known["none"] * (1 + 1e-7) + 1e-6


@FEW
@given(SEEDS)
@example(392)
def test_row_order_changes_no_table(seed):
    net = shaken(seed)
    first, second = outcome(net), outcome(shuffled(net, seed))
    assert damage_with_tail(second) == pytest.approx(damage_with_tail(first), **SAME)
    for name, values in VALUES.items():
        a, b = first.tables[name], second.tables[name]
        keys = [column for column in a.columns if not is_numeric_dtype(a[column])]
        a, b = a.sort_values(keys), b.sort_values(keys)
        assert a[keys].to_numpy().tolist() == b[keys].to_numpy().tolist()
        assert np.allclose(a[values].to_numpy(float), b[values].to_numpy(float), rtol=1e-5, atol=1e-5), name


@FEW
@given(SEEDS)
def test_ids_change_no_damage(seed):
    net = settled(shaken(seed))
    other = relabelled(net, lambda part: f"{part[::-1]}_x")
    assert damage_with_tail(outcome(other)) == pytest.approx(damage_with_tail(outcome(net)), **SAME)


@FEW
@given(
    SEEDS,
    st.fixed_dictionaries(dict.fromkeys(("ore", "metal", "side", "part", "good"), st.sampled_from([1e3, 0.01, 7.0]))),
)
def test_units_change_no_damage(seed, factors):
    net = settled(shaken(seed))
    assert damage_with_tail(outcome(in_other_units(net, factors))) == pytest.approx(
        damage_with_tail(outcome(net)), **SAME
    )


@FEW
@given(SEEDS, st.sampled_from([1e-3, 7.3, 1e6]))
def test_money_scales_damage_and_moves_nothing(seed, factor):
    net = shaken(seed)
    first, second = outcome(net), outcome(in_other_money(net, factor))
    scaled = {response: usd * factor for response, usd in damage_with_tail(first).items()}
    assert damage_with_tail(second) == pytest.approx(scaled, rel=1e-6, abs=1e-3 * factor)
    assert np.allclose(first.shipments["usual"], second.shipments["usual"], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("response", RESPONSES)
def test_splitting_a_user_changes_no_damage(response):
    def world(users):
        lanes = "\n".join(f"magnet,US,US/{user},{rate},{rate}" for user, rate in users)
        wants = "\n".join(f"magnet,US/{user},{rate},500" for user, rate in users)
        return tiny_network(
            recipes="recipe,item,region,output0\nmake,magnet,CN,144",
            lanes=f"item,origin,destination,flow0,max_flow\nmagnet,CN,US,144,144\nmagnet,US,US/defence,48,48\n{lanes}",
            stocks="item,region,quantity\nmagnet,US,10",
            demand=f"item,region,quantity,value_usd\nmagnet,US/defence,48,100\n{wants}",
            controls="control,title,announced,effective,status\nC1,C,2025-03-01,2025-03-01,in_force",
            control_scope="control,item,origin,destination,mechanism,value\nC1,magnet,CN,*,licence,0.6",
        )

    whole, halves = run(world([("auto", 96)]), tail=2), run(world([("auto", 60), ("van", 36)]), tail=2)
    assert damage_with_tail(halves)[response] == pytest.approx(damage_with_tail(whole)[response])


@FEW
@given(SEEDS, SEEDS)
def test_a_part_that_no_control_touches_stays_as_it_was(seed, other):
    net = shaken(seed)
    both, alone = outcome(beside(net, random_network(other))), outcome(net)
    for name in ("shipments", "production"):
        table = both.tables[name]
        theirs = table[table["item"].str.startswith("other_")]
        assert (theirs["usual"] == theirs["baseline"]).all(), "to the last digit"
        assert (theirs["extra"] == 0).all()
    assert (both.loss.loc[both.loss["item"].str.startswith("other_"), "unmet"] == 0).all()
    assert damage_with_tail(both) == pytest.approx(damage_with_tail(alone), **SAME)


@FEW
@given(SEEDS)
def test_no_control_is_the_baseline_to_the_last_digit(seed):
    net = random_network(seed)
    out = run(net, controls=(), **FIELDS)
    assert damage_with_tail(out) == dict.fromkeys(RESPONSES, 0.0)
    assert out.record["solves"] == 0
    for name in ("shipments", "production"):
        assert (out.tables[name]["usual"] == out.tables[name]["baseline"]).all()
        assert (out.tables[name]["extra"] == 0).all()
    assert out.gap.empty
    assert out.why.empty
    assert out.limits.empty
    for _, stock in out.stocks.groupby(["response", "item", "region"])["stock"]:
        assert stock.nunique() == 1


@FEW
@given(SEEDS)
def test_a_licence_for_everything_leaves_the_baseline(seed):
    net = shaken(seed)
    tables = rows_of(net)
    for row in tables["control_scope"]:
        row |= {"mechanism": "licence", "value": "1"}
    out = outcome(network_of(tables), "perfect")
    assert damage_with_tail(out) == pytest.approx(dict.fromkeys(RESPONSES, 0.0), abs=1e-3)
    for name in ("shipments", "production"):
        table = out.tables[name]
        assert np.allclose(table["usual"], table["baseline"], rtol=1e-5, atol=1e-5)
        assert table["extra"].max() <= 1e-5


@FEW
@given(SEEDS)
def test_two_runs_are_equal(seed):
    net = shaken(seed)
    first, second = outcome(net), outcome(network_of(rows_of(net)))
    for name, table in first.tables.items():
        assert table.equals(second.tables[name]), name
