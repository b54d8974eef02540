"""Rules on technology and investment: which recipes, how much, in which months."""

import pytest

from exposure.calendar import Month
from exposure.policy import first_news, in_force, news, stages
from tests.policy.world import calendar, case
from tests.tiny import tiny_network

HEAD = "control,item,origin,destination,mechanism,value,days,from,to\n"
CN, US, JP, CHIP = range(4)


def world(scope):
    return tiny_network(
        recipes="recipe,item,region,output0\ncn,magnet,CN,1\nus,magnet,US,1\njp,magnet,JP,1\nchip,chip,US,1",
        lanes="item,origin,destination\nmagnet,CN,US",
        demand="item,region,quantity,value_usd\nmagnet,US,1,1",
        controls="control,title,announced,effective,status\n"
        "A,A,2025-03-10,2025-04-01,in_force\nB,B,2025-05-01,2025-05-01,in_force",
        control_scope=HEAD + scope,
    )


def growth(net):
    return stages(net, case(net), calendar())[-1].limits.growth


def test_technology_holds_back_recipes_abroad_and_lets_its_own_country_be():
    held = growth(world("A,magnet,CN,*,technology,0.25,,2025-04-16,"))
    # half of April free: 0.5 + 0.5 x 0.25; chips and China itself are not touched
    for recipe in (US, JP):
        assert held.share[recipe, 2:5].tolist() == pytest.approx([1, 0.625, 0.25])
    assert held.share[[CN, CHIP]].min() == 1
    assert held.cause[US, 3] == ("A",)
    assert (US, 2) not in held.cause


def test_the_smallest_share_and_the_longest_delay_hold():
    rules = "A,magnet,CN,US,technology,0.5,61,,\nB,*,EU,US,investment,0.2,,,\nB,magnet,CN,!CN,technology,0.9,30.4375,,"
    held = growth(world(rules))
    # April: half, two months; from May a fifth
    assert held.share[US, 3:5].tolist() == [0.5, 0.2]
    assert held.delay[US, 3:5].tolist() == pytest.approx([2.0041, 2.0041], abs=1e-4)
    assert held.delay[JP, 3:5].tolist() == pytest.approx([0, 1])
    assert held.cause[US, 4] == ("A", "B")
    assert held.share[CHIP, 4] == 0.2


def test_a_rule_on_growth_is_news_from_its_announcement():
    net = world("A,magnet,CN,!CN,technology,,,,")
    assert first_news(net, case(net)) == Month(2025, 3)
    assert news(net, case(net), calendar()) == {"cn": 2, "us": 2, "jp": 2}


def test_controls_in_force_show_the_share_of_growth():
    net = world("A,magnet,CN,!CN,technology,0.25,,2025-04-16,")
    rows = in_force(net, case(net), calendar(periods=5))
    assert [(row["month"], row["mechanism"], row["share"]) for row in rows] == [
        ("2025-04", "technology", pytest.approx(0.625)),
        ("2025-05", "technology", 0.25),
    ]
