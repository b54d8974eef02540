"""Headroom by month and knowledge, prices in USD per unit, priorities, and a run in which nothing happens."""

import pytest

from tests.support import case, responder, run
from tests.tiny import tiny_network

SCOPE = "control,item,origin,destination,mechanism,value\nC1,ore,CN,US,ban,"
CONTROLS = "control,title,announced,effective,status\nC1,Ban,2025-03-01,2025-03-01,in_force"


def two_mines(extra="", **tables):
    return tiny_network(
        **{
            "recipes": "recipe,item,region,output0,capacity,extra_cost_usd,start_months,ramp_months\n"
            f"mine_cn,ore,CN,60,60,0,0,0\nmine_au,ore,AU,60,180,2,1,4\n{extra}",
            "lanes": "item,origin,destination,flow0,max_flow,extra_cost_usd\nore,CN,US,60,60,0\nore,AU,US,60,84,3",
            "demand": "item,region,quantity,value_usd\nore,US,120,1000",
            "controls": CONTROLS,
            "control_scope": SCOPE,
        }
        | tables
    )


def test_headroom_ramps_from_the_news():
    net = two_mines()
    room = responder(net, case(net, months=9, tail=0)).headroom(2)
    # 10 a month above the baseline; news in March (period 2), a month to start, four equal steps
    assert room[1].tolist() == pytest.approx([0, 0, 0, 2.5, 5, 7.5, 10, 10, 10])
    assert not room[0].any()


def test_headroom_grows_by_plants_once_they_are_announced():
    steps = "recipe,month,capacity,announced\nmine_au,2025-06,240,2025-05\nmine_au,2025-08,300,\nmine_cn,2025-04,30,"
    net = two_mines(capacity=steps)
    ready = responder(net, case(net, months=9, tail=0))
    # ramp 0, 0, 0, 2.5, 5, 7.5, 10, ...; 240 a year are 5 a month above the old capacity, from June, known in May (period 4);
    # 300 are 10 above, from August, known all along
    assert ready.headroom(2)[1].tolist() == pytest.approx([0, 0, 0, 2.5, 5, 7.5, 10, 20, 20])
    assert ready.headroom(4)[1].tolist() == pytest.approx([0, 0, 0, 2.5, 5, 12.5, 15, 20, 20])
    assert [stage.period for stage in ready.stages] == [2, 4], "a plant that is announced is news for a new plan"
    assert not ready.headroom(4)[0].any(), "a smaller capacity takes no usual output away"


def test_a_recipe_without_news_makes_no_extra():
    net = two_mines(
        "chips,chip,US,12,24,0,0,0\n", demand="item,region,quantity,value_usd\nore,US,120,1000\nchip,US,12,5"
    )
    ready = responder(net, case(net, months=4, tail=0))
    assert not ready.headroom(2)[2].any()
    assert not ready.solved("planner").point[ready.statement.columns["make_extra"].row(2)].any()


def test_prices_are_dollars_per_unit_in_natural_units():
    net = two_mines()
    ready = responder(net, case(net, months=9, tail=0))
    plan = ready.solved("planner")
    columns, world = ready.statement.columns, ready.world
    # from April on 2 more come over a full lane: one more unit of lane would save 1000 - 3 - 2; one more unit in the US saves 1000
    lane = columns["ship_extra"].row(1)
    assert plan.reduced[lane[4:]] == pytest.approx([-995] * 5)
    balance = ready.statement.rows_of("balance")
    assert plan.dual[balance[world.node_index["ore", "US"], 4:]] == pytest.approx([1000] * 5)
    assert plan.dual[balance[world.node_index["ore", "AU"], 4:]] == pytest.approx([2] * 5)
    assert not plan.reduced[lane[:2]].any(), "no price before the news"
    # March lacks 5; from April the mine could dig 2.5 more, of which the lane carries 2 at 2 + 3 USD
    assert plan.damage_usd == pytest.approx((5 + 6 * 3) * 1000 + 6 * 2 * 5)


def test_contracts_have_no_prices():
    net = two_mines()
    plan = responder(net, case(net, months=4, tail=0)).contracts()
    assert plan.reduced is None
    assert plan.dual is None


def test_without_news_nothing_is_solved():
    net = two_mines()
    ready = responder(net, case(net, controls=(), months=4, tail=0))
    for plan in ready.plans():
        assert plan.damage_usd == 0
        assert (plan.point == ready.base).all()
        assert plan.solves == ()


def test_three_classes_are_served_in_order():
    net = tiny_network(
        recipes="recipe,item,region,output0\nmake,magnet,CN,120",
        lanes="item,origin,destination,flow0,max_flow\nmagnet,CN,US,120,120\n"
        + "\n".join(f"magnet,US,US/{user},{rate},{rate}" for user, rate in (("a", 24), ("b", 36), ("c", 60))),
        demand="item,region,quantity,value_usd,priority\nmagnet,US/a,24,1,1\nmagnet,US/b,36,10,2\nmagnet,US/c,60,100,3",
        controls="control,title,announced,effective,status\nC1,C,2025-03-01,2025-03-01,in_force",
        control_scope="control,item,origin,destination,mechanism,value\nC1,magnet,CN,US,licence,0.3",
    )
    out = run(net, months=3)
    last = out.loss[(out.loss["response"] == "planner") & (out.loss["month"] == "2025-03")].set_index("region")["unmet"]
    # 3 a month: 2 for a, 1 of 3 for b, nothing of 5 for c, dear as it is
    assert last.to_dict() == pytest.approx({"US/a": 0, "US/b": 2, "US/c": 5}, abs=1e-6)
