"""The network as numbers per month."""

import numpy as np
import pytest

from exposure.lp.baseline import close
from exposure.lp.columns import Columns
from exposure.lp.world import value_added, world_of
from tests.tiny import tiny_network


@pytest.fixture
def net():
    return tiny_network(
        items="""item, name, kind, unit, price_usd, life_months
            kiln, kiln, equipment, unit, 500, 24
            ore, ore, material, t, 3,
            metal, metal, material, t, 20,""",
        recipes="""recipe, item, region, output0, capacity, extra_cost_usd
            dig, ore, CN, 240, 360, 7
            smelt, metal, US, 120, 180, 0""",
        bom="recipe,input,quantity\nsmelt,ore,2\nsmelt,slag,-0.5\nsmelt,kiln,0.5",
        lanes="item,origin,destination,flow0,lead_months,extra_cost_usd\nore,CN,US,240,1,4\nkiln,DE,US,,0,0",
        stocks="item,region,quantity,cover_months,reserve\nore,US,,1.5,4\nmetal,US,9,,20\nkiln,US,,6,0",
        demand="item,region,quantity,value_usd,value_added_usd\nmetal,US,120,1000,\nmetal,US/defence,0,1000,300",
    )


@pytest.fixture
def world(net):
    made = net.recipes[0].model_copy(update={"recipe": "build", "item": "kiln", "region": "DE", "output0": None})
    return world_of(full := net.model_copy(update={"recipes": (*net.recipes, made)}), close(full))


def test_nodes_are_sorted_and_found(world):
    assert list(world.nodes) == sorted(world.nodes)
    assert all(world.nodes[n] == node for node, n in world.node_index.items())


def test_rates_are_per_month(world):
    assert world.make0[:2].tolist() == pytest.approx([20, 10])
    assert world.headroom[:2].tolist() == pytest.approx([10, 5])
    assert world.ship0[0] == pytest.approx(20)
    assert world.ship_room[0] == pytest.approx(20 * 0.25)
    assert world.make_cost.tolist()[:2] == [7, 0]
    assert (world.ship_cost[0], world.lead[0], world.price[0]) == (4, 1, 3)
    assert world.demand.tolist() == pytest.approx([10, 0])


def test_stocks_by_cover_quantity_and_reserve(world):
    at = world.node_index
    # 1.5 months of the 20 t that the smelter uses; a reserve larger than the stock is the stock
    assert world.stock0[at["ore", "US"]] == pytest.approx(30)
    assert world.reserve[at["ore", "US"]] == 4
    assert (world.stock0[at["metal", "US"]], world.reserve[at["metal", "US"]]) == (9, 9)
    assert world.stock0[at["kiln", "US"]] == 0, "cover of an installed item is spare equipment, not a store"


def test_joint_goods_may_be_thrown_away(world):
    at = world.node_index
    assert [world.joint[at[node]] for node in (("slag", "US"), ("metal", "US"), ("ore", "US"))] == [True, True, False]
    assert world.discard0[at["slag", "US"]] == pytest.approx(5)
    assert world.throughput[at["slag", "US"]] == pytest.approx(5)


def test_an_installed_base_is_sized_by_capacity_and_cover(world):
    # 0.5 kilns per t a year x 180 t of capacity x (1 + 6 / 24) = 112.5, of which a 24th is renewed each month
    assert world.base0.tolist() == pytest.approx([112.5])
    assert world.install0.tolist() == pytest.approx([112.5 / 24])
    assert world.ship0[1] == pytest.approx(112.5 / 24)


def test_value_added_is_stated_or_value_less_one_level_of_inputs(net, world):
    # 1000 - (2 x 3 for ore, - 0.5 x 1 for slag sold): machines are no input
    assert value_added(net, 0) == pytest.approx(1000 - 2 * 3 + 0.5 * 1)
    assert value_added(net, 1) == 300
    assert world.value_added.tolist() == pytest.approx([994.5, 300])


def test_value_added_is_the_whole_value_where_nobody_makes_it():
    net = tiny_network(
        recipes="recipe,item,region,output0\ndig,ore,CN,120",
        lanes="item,origin,destination,flow0\nore,CN,US,120",
        demand="item,region,quantity,value_usd\nore,US,120,50\nhope,US,0,70",
    )
    assert [value_added(net, d) for d in (0, 1)] == [50, 70]


def test_value_added_takes_the_recipe_of_the_country_around():
    net = tiny_network(
        items="item,name,kind,unit,price_usd\nore,ore,material,t,10",
        recipes="recipe,item,region,output0\ncn,metal,CN,10\nus,metal,US,10",
        bom="recipe,input,quantity\ncn,ore,5\nus,ore,2",
        lanes="item,origin,destination,flow0",
        demand="item,region,quantity,value_usd\nmetal,US/auto,10,100\nmetal,CN,10,30",
    )
    # 100 - 2 x 10 by the recipe of the US; never below zero: 30 - 5 x 10
    assert [value_added(net, d) for d in (0, 1)] == [80, 0]


def test_columns_hold_only_what_can_move(world):
    columns = Columns(world, 3)
    assert columns["make_usual"].members.tolist() == [0, 1, 2]
    assert len(columns["waiting"]) == 0, "nobody may wait"
    assert columns["unmet_extra"].members.tolist() == [0], "a demand of nothing cannot be lost"
    assert len(columns["unmet_usual"]) == 0
    names = [columns.name_of(j) for j in range(columns.size)]
    assert len(set(names)) == columns.size
    family, member, t = names[-1]
    assert columns[family].row(member)[t] == columns.size - 1
    with pytest.raises(IndexError):
        columns.name_of(columns.size)


def test_the_baseline_is_usual_parts_and_nothing_else(world):
    columns = Columns(world, 2)
    point = columns.baseline()
    assert point[columns["make_usual"].row(0)].tolist() == pytest.approx([20, 20])
    extra = np.concatenate([b.grid.ravel() for f, b in columns.blocks.items() if f.endswith("extra")])
    assert not point[extra].any()
