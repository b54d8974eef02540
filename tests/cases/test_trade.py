"""Quotas, tariffs, detours, goods at sea, parts of months, several controls. Every number can be checked on paper."""

import pytest

from tests.support import ALL, FREE, damages, gap_row, months, run, summary
from tests.tiny import tiny_network

HEAD = "control,item,origin,destination,mechanism,value,days,from,to\n"
CONTROLS = "control,title,announced,effective,status\n"
MARCH = CONTROLS + "C1,Control one,2025-03-01,2025-03-01,in_force"

ONE_LANE = {
    "recipes": "recipe,item,region,output0\nmine,ore,CN,120",
    "lanes": "item,origin,destination,flow0,max_flow\nore,CN,US,120,120",
    "demand": "item,region,quantity,value_usd\nore,US,120,1000",
}


def test_a_quota_caps_lanes_together():
    net = tiny_network(
        recipes="recipe,item,region,output0\nmine,ore,CN,120",
        lanes="item,origin,destination,flow0,max_flow\nore,CN,US,60,60\nore,CN,JP,60,60",
        demand="item,region,quantity,value_usd\nore,US,60,1000\nore,JP,60,400",
        controls=MARCH,
        control_scope=HEAD + "C1,ore,CN,*,quota,72",
    )
    out = run(net)
    # 72 a year are 6 a month for 10. In proportion: 2 short in each country, 2 x 1000 + 2 x 400 = 2800 USD a month
    for response in ("contracts", "voluntary"):
        assert months(out.loss, "unmet", response, region="US") == [0, 0, 2, 2, 2, 2]
        assert months(out.loss, "unmet", response, region="JP") == [0, 0, 2, 2, 2, 2]
    # by value: 5 to the US and 1 to Japan, 4 x 400 = 1600 USD a month
    assert months(out.loss, "unmet", "planner", region="US") == [0] * 6
    assert months(out.loss, "unmet", "planner", region="JP") == [0, 0, 4, 4, 4, 4]
    assert damages(out) == {"contracts": 11_200, "voluntary": 11_200, "planner": 6_400}


def test_the_unused_part_of_a_quota_lapses():
    net = tiny_network(
        **ONE_LANE, controls=MARCH, control_scope=HEAD + "C1,ore,CN,US,quota,60,,,2025-03-31\nC1,ore,CN,US,ban,"
    )
    # 5 t might leave in March under the quota but the ban lets nothing go; they cannot be sent later
    assert months(run(net).loss, "unmet", "planner") == [0, 0, 10, 10, 10, 10]


@pytest.mark.parametrize("flow", ["120", ""])
def test_a_quota_leaves_the_days_before_it_free(flow):
    tables = ONE_LANE | {"lanes": f"item,origin,destination,flow0,max_flow\nore,CN,US,{flow},120"}
    out = run(tiny_network(**tables, controls=MARCH, control_scope=HEAD + "C1,ore,CN,US,quota,60,,2025-03-17"))
    for response in ALL:
        # 5 t a month from 17 March: 16 days at 10 and 15 days at 5, whether the lane's flow is stated or derived
        assert months(out.loss, "unmet", response) == pytest.approx([0, 0, 10 - (160 + 75) / 31, 5, 5, 5], abs=1e-6)


def test_half_a_month_is_counted_by_days():
    net = tiny_network(**ONE_LANE, controls=MARCH, control_scope=HEAD + "C1,ore,CN,US,ban,,,2025-03-17,2025-04-10")
    out = run(net)
    for response in ALL:
        # March: 16 of 31 days free; April: closed to the 10th, 20 of 30 days free
        expected = [0, 0, 10 * 15 / 31, 10 * 10 / 30, 0, 0]
        assert months(out.loss, "unmet", response) == pytest.approx(expected, abs=1e-6)


def test_a_licence_queue_lets_nothing_through():
    net = tiny_network(**ONE_LANE, controls=MARCH, control_scope=HEAD + "C1,ore,CN,US,licence,0.5,45")
    out = run(net)
    for response in ALL:
        # 45 days: all 31 of March and 14 of April; 16 days of April at one half, then one half
        expected = [0, 0, 10, 10 - 10 * 0.5 * 16 / 30, 5, 5]
        assert months(out.loss, "unmet", response) == pytest.approx(expected, abs=1e-6)


def two_origins(detour_cost):
    return tiny_network(
        items="item,name,kind,unit,price_usd\nore,ore,material,t,100",
        recipes="recipe,item,region,output0,capacity\nmine_cn,ore,CN,120,120\nmine_au,ore,AU,0,120",
        lanes=f"""item, origin, destination, flow0, max_flow, extra_cost_usd
            ore, CN, US, 120, 120, 0
            ore, AU, US, 0, 36, {detour_cost}""",
        demand="item,region,quantity,value_usd\nore,US,120,1000",
        controls=MARCH,
        control_scope=HEAD + "C1,ore,CN,US,tariff,0.2",
    )


def test_a_tariff_is_avoided_where_elsewhere_is_cheaper():
    out = run(two_origins(15))
    # a tariff of 20 % on 100 USD is 20 USD/t. Australia is 15 dearer but sends only 36 / 12 = 3 t:
    # 3 x 15 = 45 and 7 x 20 = 140 USD a month; contracts pay 10 x 20
    assert damages(out) == {"contracts": 800, "voluntary": 740, "planner": 740}
    for response in FREE:
        assert months(out.shipments, "extra", response, origin="AU") == [0, 0, 3, 3, 3, 3]
        assert months(out.costs, "cost_usd", response, kind="tariff") == [140] * 4
        assert months(out.costs, "cost_usd", response, kind="extra") == [45] * 4
        assert summary(out, response)["of_which_transfers_usd"] == 560
    assert summary(out, "contracts")["of_which_transfers_usd"] == 800


def test_a_tariff_is_paid_where_elsewhere_is_dearer():
    out = run(two_origins(25))
    assert damages(out) == {"contracts": 800, "voluntary": 800, "planner": 800}
    assert months(out.shipments, "extra", "planner", origin="AU") == [0] * 6
    assert summary(out, "planner")["loss_usd"] == 0


def test_goods_at_sea_arrive_in_spite_of_a_ban():
    tables = ONE_LANE | {"lanes": "item,origin,destination,flow0,max_flow,lead_months\nore,CN,US,120,120,2"}
    out = run(tiny_network(**tables, controls=MARCH, control_scope=HEAD + "C1,ore,CN,US,ban"))
    for response in ALL:
        # what left in January and February arrives in March and April
        assert months(out.shipments, "usual", response) == [10, 10, 0, 0, 0, 0]
        assert months(out.loss, "unmet", response) == [0, 0, 0, 0, 10, 10]


def test_a_buyers_ban_stops_goods_on_arrival():
    tables = ONE_LANE | {"lanes": "item,origin,destination,flow0,max_flow,lead_months\nore,CN,US,120,120,2"}
    told = CONTROLS + "C1,Import ban,2025-01-01,2025-03-01,in_force"
    out = run(tiny_network(**tables, controls=told, control_scope=HEAD + "C1,ore,CN,US,buyer_ban"))
    for response in ALL:
        # nobody sends in January what may not land in March
        assert months(out.shipments, "usual", response) == [0, 0, 0, 0, 0, 0]
        assert months(out.loss, "unmet", response) == [0, 0, 10, 10, 10, 10]


def test_goods_go_round_through_a_third_country():
    net = tiny_network(
        recipes="recipe,item,region,output0\nmine,ore,CN,180",
        lanes="""item, origin, destination, flow0, max_flow, extra_cost_usd
            ore, CN, US, 120, 120, 0
            ore, CN, JP, 60, 120, 1
            ore, JP, US, 0, 36, 2""",
        demand="item,region,quantity,value_usd\nore,US,120,1000\nore,JP,60,500",
        controls=MARCH,
        control_scope=HEAD + "C1,ore,CN,US,ban",
    )
    out = run(net)
    # 3 t a month by way of Japan, at 1 + 2 USD/t; 7 short. Under contracts nobody goes round
    assert damages(out) == {"contracts": 40_000, "voluntary": 28_036, "planner": 28_036}
    for response in FREE:
        assert months(out.shipments, "extra", response, origin="CN", destination="JP") == [0, 0, 3, 3, 3, 3]
        assert months(out.shipments, "extra", response, origin="JP") == [0, 0, 3, 3, 3, 3]
        assert months(out.loss, "unmet", response, region="JP") == [0] * 6
        passed = out.gap[(out.gap["response"] == response) & (out.gap["region"] == "JP")]
        assert passed.empty, "what Japan sends on came as extra: nothing was cut there"
        gap = gap_row(out, response, "ore", "US", "2025-03")
        assert (gap["cut"], gap["other_origins"], gap["unmet"]) == (10, 3, 7)


def chip_and_magnet(controls):
    scope = {"A": "A,magnet,CN,US,licence,0.5,,2025-03-01,", "B": "B,chip,TW,US,licence,0.3,,2025-04-01,"}
    return tiny_network(
        recipes="recipe,item,region,output0\nmagnets,magnet,CN,120\nchips,chip,TW,120\ncars,car,US,120",
        bom="recipe,input,quantity\ncars,magnet,1\ncars,chip,1",
        lanes="item,origin,destination,flow0,max_flow\nmagnet,CN,US,120,120\nchip,TW,US,120,120",
        demand="item,region,quantity,value_usd\ncar,US,120,1000",
        controls=CONTROLS + "A,A,2025-03-01,2025-03-01,in_force\nB,B,2025-04-01,2025-04-01,in_force",
        control_scope=HEAD + "\n".join(scope[c] for c in controls),
    )


def test_two_controls_on_one_product_overlap():
    # A alone: half of the cars for 4 months. B alone: 7 of 10 for 3 months. Together: 5, then 7, 7, 7, not the sum
    assert damages(run(chip_and_magnet("A"), controls=("A",)))["planner"] == 20_000
    assert damages(run(chip_and_magnet("B"), controls=("B",)))["planner"] == 21_000
    both = run(chip_and_magnet("AB"))
    for response in ALL:
        assert months(both.loss, "unmet", response) == [0, 0, 5, 7, 7, 7]


def test_the_smaller_share_of_two_controls_on_one_lane_holds():
    two = CONTROLS + "A,A,2025-03-01,2025-03-01,in_force\nB,B,2025-04-01,2025-04-01,in_force"
    scope = HEAD + "A,ore,CN,US,licence,0.5\nB,ore,CN,*,licence,0.3"
    out = run(tiny_network(**ONE_LANE, controls=two, control_scope=scope))
    for response in ALL:
        assert months(out.loss, "unmet", response) == [0, 0, 5, 7, 7, 7]


def test_a_control_that_keeps_goods_at_home_closes_a_gap_there():
    net = tiny_network(
        recipes="recipe,item,region,output0,capacity,low,high\nmine,ore,JP,90,90,89.99,90",
        lanes="item,origin,destination,flow0,max_flow,low,high\nore,JP,US,60,60,59.99,60.01",
        demand="""item, region, quantity, value_usd, low, high
            ore, US, 60, 1000, 59.99, 60.01
            ore, JP, 60, 400, 59.99, 60.01""",
        controls=MARCH,
        control_scope=HEAD + "C1,ore,JP,US,buyer_ban",
    )
    out = run(net)
    # Japan digs 90 for a need of 60 at home and 60 abroad: 30 a year, 2.5 a month at 400 USD, are missing in any case
    assert summary(out, "planner")["baseline_gap_usd"] == 6 * 2.5 * 400
    # the US shuts its door: 5 t a month are short there, and Japan serves its own gap for 4 months
    for response in ALL:
        assert months(out.loss, "unmet", response, region="US") == [0, 0, 5, 5, 5, 5]
        assert months(out.loss, "unmet", response, region="JP") == [0] * 6
        assert summary(out, response)["loss_usd"] == 20_000
    for response in FREE:
        assert summary(out, response)["gap_closed_usd"] == pytest.approx(4 * 2.5 * 400)
    # under contracts orders fall with the orders from abroad, and nobody makes more for the gap
    assert summary(out, "contracts")["gap_closed_usd"] == 0


@pytest.mark.parametrize(
    ("announced", "foresight"), [("2025-03-01", "announced"), ("2025-01-01", "announced"), ("2025-03-01", "perfect")]
)
def test_goods_at_sea_pay_the_tariff_that_they_find(announced, foresight):
    net = tiny_network(
        items="item,name,kind,unit,price_usd\nore,ore,material,t,100",
        recipes=ONE_LANE["recipes"],
        lanes="item,origin,destination,flow0,max_flow,lead_months\nore,CN,US,120,120,2",
        demand=ONE_LANE["demand"],
        controls=CONTROLS + f"C1,Tariff,{announced},2025-03-01,in_force",
        control_scope=HEAD + "C1,ore,CN,US,tariff,0.2",
    )
    out = run(net, foresight=foresight, tail=2)
    for response in ALL:
        # 10 t x 20 USD on what arrives from March on, that is on what leaves from January on, told before or not
        assert months(out.costs, "cost_usd", response, kind="tariff") == [200] * 6
        assert damages(out)[response] == 1200


def test_a_quota_that_covers_no_lane_does_nothing():
    scope = HEAD + "C1,ore,JP,*,quota,60\nC1,ore,CN,US,ban"
    out = run(tiny_network(**ONE_LANE, controls=MARCH, control_scope=scope))
    assert months(out.loss, "unmet", "planner") == [0, 0, 10, 10, 10, 10]
