"""The walk of contracts in corners that a hand can still follow."""

import pytest

from exposure.response.shares import water_fill
from tests.support import months, run
from tests.tiny import tiny_network

HEAD = "control,item,origin,destination,mechanism,value,from,to\n"
CONTROLS = "control,title,announced,effective,status\nC1,C,2025-03-01,2025-03-01,in_force"


def test_regions_that_trade_in_circles_share_the_shortage():
    net = tiny_network(
        recipes="recipe,item,region,output0\nmine,ore,CN,120",
        lanes="""item, origin, destination, flow0, max_flow
            ore, CN, US, 120, 120
            ore, US, JP, 96, 96
            ore, JP, US, 36, 36""",
        demand="item,region,quantity,value_usd\nore,US,60,1000\nore,JP,60,1000",
        controls=CONTROLS,
        control_scope=HEAD + "C1,ore,CN,US,licence,0.5",
    )
    out = run(net)
    # the US take in 10 + 3 and give 8 + 5; Japan takes in 8 and gives 3 + 5. With 5 from China both serve the same share f:
    # 5 + 3 f = 13 f, so f = 1/2
    for region in ("US", "JP"):
        assert months(out.loss, "unmet", "contracts", region=region) == pytest.approx([0, 0, 2.5, 2.5, 2.5, 2.5])
    assert months(out.shipments, "usual", "contracts", origin="JP") == pytest.approx([3, 3, 1.5, 1.5, 1.5, 1.5])


def test_goods_that_arrive_for_a_plant_that_stands_are_used_before_more_is_ordered():
    net = tiny_network(
        recipes="""recipe, item, region, output0
            magnets, magnet, CN, 120
            mill, steel, JP, 240
            cars, car, US, 120""",
        bom="recipe,input,quantity\ncars,magnet,1\ncars,steel,2",
        lanes="""item, origin, destination, flow0, max_flow, lead_months
            magnet, CN, US, 120, 120, 0
            steel, JP, US, 240, 240, 2""",
        demand="item,region,quantity,value_usd\ncar,US,120,1000",
        controls=CONTROLS,
        control_scope=HEAD + "C1,magnet,CN,US,ban,,2025-03-01,2025-04-30",
    )
    out = run(net, months=8)
    # no car in March and April; the steel of January and February arrives and lies (20, 40). Orders stop for two months;
    # from May the plant uses what lies there, and what is ordered in May arrives in July, when the store is empty
    assert months(out.loss, "unmet", "contracts") == [0, 0, 10, 10, 0, 0, 0, 0]
    assert months(out.stocks, "stock", "contracts", item="steel", region="US") == [0, 0, 20, 40, 20, 0, 0, 0]
    assert months(out.shipments, "usual", "contracts", item="steel") == [20, 20, 0, 0, 20, 20, 20, 20]
    assert months(out.production, "usual", "contracts", recipe="mill") == [20, 20, 0, 0, 20, 20, 20, 20]


def test_orders_fall_up_the_chain():
    net = tiny_network(
        recipes="recipe,item,region,output0\ndig,ore,AU,240\nsmelt,metal,CN,120\ncast,part,CN,120",
        bom="recipe,input,quantity\nsmelt,ore,2\ncast,metal,1",
        lanes="item,origin,destination,flow0,max_flow\nore,AU,CN,240,240\npart,CN,US,120,120",
        demand="item,region,quantity,value_usd\npart,US,120,1000",
        controls=CONTROLS,
        control_scope=HEAD + "C1,part,CN,US,licence,0.3",
    )
    out = run(net)
    # 3 parts a month: 3 of metal, 6 of ore, nothing is left lying anywhere
    assert months(out.production, "usual", "contracts", recipe="dig") == [20, 20, 6, 6, 6, 6]
    assert months(out.production, "usual", "contracts", recipe="smelt") == [10, 10, 3, 3, 3, 3]
    assert out.stocks.empty or out.stocks["stock"].max() == 0


def test_a_service_is_made_only_as_far_as_it_is_used():
    net = tiny_network(
        items="item,name,kind,unit,price_usd\nhours,engineer hours,service,h,1",
        recipes="recipe,item,region,output0\nmagnets,magnet,CN,120\nwork,hours,US,600\ncars,car,US,120",
        bom="recipe,input,quantity\ncars,magnet,1\ncars,hours,5",
        lanes="item,origin,destination,flow0,max_flow\nmagnet,CN,US,120,120",
        demand="item,region,quantity,value_usd\ncar,US,120,1000",
        controls=CONTROLS,
        control_scope=HEAD + "C1,magnet,CN,US,licence,0.4",
    )
    out = run(net)
    for response in ("contracts", "voluntary", "planner"):
        # 4 cars take 20 hours; hours cannot be kept
        assert months(out.production, "usual", response, recipe="work") == [50, 50, 20, 20, 20, 20]


def test_a_user_with_stock_of_its_own_goes_on_longer():
    net = tiny_network(
        recipes="recipe,item,region,output0\nmake,magnet,CN,240",
        lanes="item,origin,destination,flow0,max_flow\nmagnet,CN,US/lean,120,120\nmagnet,CN,US/deep,120,120",
        stocks="item,region,cover_months\nmagnet,US/lean,0.5\nmagnet,US/deep,3",
        demand="item,region,quantity,value_usd\nmagnet,US/lean,120,1000\nmagnet,US/deep,120,1000",
        controls=CONTROLS,
        control_scope=HEAD + "C1,magnet,CN,US,ban,",
    )
    out = run(net)
    # the same ban, cover of half a month and of three: firms lend each other nothing
    assert months(out.loss, "unmet", "contracts", region="US/lean") == [0, 0, 5, 10, 10, 10]
    assert months(out.loss, "unmet", "contracts", region="US/deep") == [0, 0, 0, 0, 0, 10]


def test_a_pool_is_shared_up_to_what_each_taker_can_use():
    # 7.2 in the pool: 8 x 0.4 = 3.2 to the first taker, 4 to the second, all it wants
    takers = [(8.0, 0.4), (4.0, float("inf"))]
    assert water_fill(takers, 0.0, 7.2, 12.0) == pytest.approx(1)
    # 4.8: the first taker's 3.2 leave 1.6 of 4; the share at which both get the same is 0.4
    assert water_fill(takers, 0.0, 4.8, 12.0) == pytest.approx(0.4)
    # 3 for 6 to a taker and 6 of final demand
    assert water_fill([(6.0, 1.0)], 6.0, 3.0, 12.0) == pytest.approx(0.25)


def test_a_pool_from_which_nobody_takes_is_never_short_by_rounding():
    assert water_fill([(8.0, 0.0), (4.0, 0.0)], 0.0, -1e-12, 12.0) == 1
    assert water_fill([(8.0, 1.0), (4.0, 1.0)], 0.0, 12.0 - 1e-12, 12.0) == 1
    assert water_fill([(8.0, 1.0)], 4.0, 0.0, 12.0) == 0
