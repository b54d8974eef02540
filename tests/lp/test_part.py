"""A control is answered on the part of the world that it touches, and the answer is the same as on the whole."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given

import exposure as ex
import exposure.lp.part as parts
from exposure.lp.baseline import close
from exposure.lp.part import joined_items, part_of, whole
from exposure.lp.world import world_of
from exposure.model import Network
from tests.random_networks import random_network
from tests.response.shaken import FEW, FIELDS, SEEDS
from tests.support import case
from tests.tiny import tiny_network


@pytest.fixture
def two_chains():
    """Ore goes into metal; gas has nothing to do with either."""
    return tiny_network(
        recipes="""recipe, item, region, output0, capacity
            dig, ore, CN, 120, 180
            well, gas, US, 60, 60
            smelt, metal, US, 120, 120""",
        bom="recipe,input,quantity\nsmelt,ore,1",
        lanes="item,origin,destination,flow0\ngas,US,CN,60\nore,CN,US,120",
        stocks="item,region,quantity\ngas,CN,10\nore,US,20",
        demand="item,region,quantity,value_usd\ngas,CN,60,500\nmetal,US,120,1000",
    )


def world(net):
    return world_of(net, close(net))


def test_items_are_joined_by_bills_of_materials(two_chains):
    group = joined_items(two_chains)
    assert group["ore"] == group["metal"] != group["gas"]


def test_a_part_holds_the_numbers_of_the_whole(two_chains):
    w = world(two_chains)
    part = part_of(w, ["metal"])
    here = part.world
    assert [here.nodes[n] for n in range(len(here.nodes))] == [("metal", "US"), ("ore", "CN"), ("ore", "US")]
    assert [w.nodes[n] for n in part.nodes] == list(here.nodes)
    assert [row.recipe for row in here.network.recipes] == ["dig", "smelt"]
    assert part.recipes.tolist() == [0, 2]
    assert part.lanes.tolist() == [1]
    assert part.demands.tolist() == [1]
    assert here.make0.tolist() == [10, 10]  # 120 a year
    assert here.stock0.tolist() == [0, 0, 20]
    assert (here.use_recipe.tolist(), here.use_node.tolist()) == ([1], [2])  # smelt takes ore in the US
    assert here.baseline.flow.tolist() == [120]
    assert {row.item for row in here.network.stocks} == {"ore"}


def test_a_part_is_the_world_of_its_own_rows(two_chains):
    part = part_of(world(two_chains), ["gas"])
    again = world_of(part.world.network, part.world.baseline)
    for name in ("make0", "headroom", "ship0", "ship_room", "stock0", "throughput", "demand", "origin", "destination"):
        assert getattr(again, name).tolist() == getattr(part.world, name).tolist(), name


def test_most_of_the_world_is_the_whole_world(two_chains):
    w = world(two_chains)
    assert part_of(w, ["metal", "gas"]).world is w


def test_a_gap_in_the_baseline_keeps_its_part_in(two_chains):
    w = world(two_chains)
    short = replace(w, gap0=np.array([1.0, 0.0]))  # some demand for gas is not served: new wells could close the gap
    assert w.network.demand[0].item == "gas"
    assert part_of(short, ["metal"]).world is short


def beside(seed: int) -> Network:
    """Return a random network with a copy of itself beside it that no control touches; ids of the copy end in "2"."""
    net = random_network(seed)

    def twice(table, *ids):
        rows = getattr(net, table)
        return (*rows, *(row.model_copy(update={i: f"{getattr(row, i)}2" for i in ids}) for row in rows))

    tables = {
        "items": twice("items", "item"),
        "recipes": twice("recipes", "recipe", "item"),
        "bom": twice("bom", "recipe", "input"),
        "capacity": twice("capacity", "recipe"),
        "lanes": twice("lanes", "item"),
        "stocks": twice("stocks", "item"),
        "demand": twice("demand", "item"),
    }
    fields = {name: getattr(net, name) for name in Network.model_fields}
    return Network.model_construct(**{**fields, **tables})


def difference(one: pd.DataFrame, other: pd.DataFrame) -> float:
    """Largest difference of two tables as a share; 1 where words differ."""
    if list(one.columns) != list(other.columns) or len(one) != len(other):
        return 1.0
    numbers = one.select_dtypes("number").columns
    words = [c for c in one.columns if c not in numbers]
    if not one[words].astype(str).equals(other[words].astype(str)):
        return 1.0
    a, b = one[numbers].to_numpy(float), other[numbers].to_numpy(float)
    return float(np.nanmax(np.abs(a - b) / (1 + np.abs(b)), initial=0.0))


@given(SEEDS)
@FEW
def test_the_answer_of_a_part_is_that_of_the_whole(seed):
    net = beside(seed)
    scenario = case(net, **FIELDS)
    small = ex.run(net, scenario)
    before, parts.MOST = parts.MOST, 0.0  # never cut
    try:
        large = ex.run(Network.model_construct(**{name: getattr(net, name) for name in Network.model_fields}), scenario)
    finally:
        parts.MOST = before
    assume(small.record["columns"] < large.record["columns"])  # a rule on every item touches the copy too
    for name, table in small.tables.items():
        assert difference(table, large.tables[name]) < 1e-6, name


def test_ethane_is_answered_without_rare_earths():
    net = ex.load()
    out = ex.run(net, ex.Scenario(name="ethane", controls=("US-2025-05-ETHANE",)))
    assert out.record["columns"] < 5_000
    w = whole(world(net)).world
    assert len(out.shipments) == 3 * len(w.ship0) * len(
        out.loss["month"].unique()
    )  # every lane is reported all the same
