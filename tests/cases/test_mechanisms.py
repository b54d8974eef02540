"""Revenue shares, people, evasion, talks, goods turned away on arrival. Every number can be checked on paper."""

import pytest

from tests.support import ALL, damages, gap_row, months, run, summary
from tests.tiny import tiny_network

HEAD = "control,item,origin,destination,mechanism,value,days,from,to\n"
CONTROLS = "control,title,announced,effective,status\n"
MARCH = CONTROLS + "C1,Control one,2025-03-01,2025-03-01,in_force"


def one_lane(scope, controls=MARCH, lead=0, price=100, kind="material", growth=""):
    return tiny_network(
        items=f"item,name,kind,unit,price_usd\nore,ore,{kind},t,{price}",
        recipes=f"recipe,item,region,output0,capacity\nmine,ore,CN,120,120\nother,ore,AU,0,{growth or 0}",
        lanes=f"item,origin,destination,flow0,max_flow,lead_months,extra_cost_usd\nore,CN,US,120,120,{lead},0\nore,AU,US,0,120,0,25",
        demand="item,region,quantity,value_usd\nore,US,120,1000",
        controls=controls,
        control_scope=HEAD + scope,
    )


def test_a_revenue_share_is_a_transfer_that_the_seller_pays():
    out = run(one_lane("C1,ore,CN,US,revenue_share,0.15"))
    # 15 % of 10 t x 100 USD a month from March on: 150 USD, nothing stops
    for response in ALL:
        assert months(out.loss, "unmet", response) == [0] * 6
        assert months(out.costs, "cost_usd", response, kind="share", item="ore", region="CN") == [150] * 4
        assert summary(out, response)["of_which_transfers_usd"] == 600
        assert damages(out)[response] == 600


def test_a_revenue_share_above_the_detour_is_avoided():
    out = run(one_lane("C1,ore,CN,US,revenue_share,0.3", growth="36"))
    # 30 USD/t against a detour of 25: Australia sends 3 t for 75, China 7 t for 210
    assert damages(out) == {"contracts": 1200, "voluntary": 1140, "planner": 1140}


def test_a_cut_in_people_takes_their_share():
    out = run(one_lane("C1,ore,CN,US,people,0.3", kind="people"))
    for response in ALL:
        assert months(out.loss, "unmet", response) == [0, 0, 3, 3, 3, 3]


def test_what_evades_a_ban_arrives():
    out = run(one_lane("C1,ore,CN,US,ban\nC1,ore,CN,US,evasion,0.2"))
    for response in ALL:
        assert months(out.loss, "unmet", response) == [0, 0, 8, 8, 8, 8]


def test_talks_bring_the_first_licences_earlier():
    out = run(one_lane("C1,ore,CN,US,licence,1,61\nC1,ore,CN,US,talks,30"))
    for response in ALL:
        # 61 days: March and April; 30 less: to the 31st of March
        assert months(out.loss, "unmet", response) == [0, 0, 10, 0, 0, 0]


def test_goods_at_sea_are_turned_away_by_a_ban_that_nobody_foresaw():
    out = run(one_lane("C1,ore,CN,US,buyer_ban", lead=2))
    for response in ALL:
        # announced in March, when 20 t are under way: they may not land in March and April
        assert months(out.shipments, "usual", response, origin="CN") == [10, 10, 0, 0, 0, 0]
        assert months(out.loss, "unmet", response) == [0, 0, 10, 10, 10, 10]
        row = gap_row(out, response, "ore", "US", "2025-05")
        assert row["unmet"] == 10


def test_goods_turned_away_are_thrown_away_and_the_store_is_drawn():
    net = tiny_network(
        recipes="recipe,item,region,output0\nmine,ore,CN,120",
        lanes="item,origin,destination,flow0,max_flow,lead_months\nore,CN,US,120,120,1",
        stocks="item,region,quantity\nore,US,25",
        demand="item,region,quantity,value_usd\nore,US,120,1000",
        controls=MARCH,
        control_scope=HEAD + "C1,ore,CN,US,buyer_ban,,,,2025-03-31",
    )
    out = run(net)
    for response in ALL:
        # what left in February is turned away in March; one month later all lands again
        assert months(out.stocks, "stock", response)[:3] == [25, 25, 15]
        assert months(out.loss, "unmet", response) == [0] * 6
        assert months(out.shipments, "usual", response)[:4] == [10, 10, 10, 10]


def test_goods_under_way_at_the_very_start_are_turned_away_too():
    now = CONTROLS + "C1,Import ban,2025-01-01,2025-01-01,in_force"
    out = run(one_lane("C1,ore,CN,US,buyer_ban", controls=now, lead=2), months=4)
    for response in ALL:
        # what left in November and December may not land in January and February
        assert months(out.loss, "unmet", response) == [10, 10, 10, 10]


@pytest.mark.parametrize("foresight", ["announced", "perfect"])
def test_goods_under_way_at_the_very_start_pay_the_tariff_that_they_find(foresight):
    now = CONTROLS + "C1,Tariff,2025-01-01,2025-01-01,in_force"
    out = run(one_lane("C1,ore,CN,US,tariff,0.2", controls=now, lead=2), months=4, tail=2, foresight=foresight)
    for response in ALL:
        # 10 t x 20 USD: on what leaves in four months, and on what left in November and December
        assert months(out.costs, "cost_usd", response, kind="tariff") == [400, 400, 200, 200]
        assert damages(out)[response] == 1200
    assert out.record["damage_with_tail_usd"] == {"contracts": 1600, "voluntary": 1200, "planner": 1200}
