"""Shares, extra flow, tariffs and quotas, month by month."""

import time

import numpy as np
import pytest

from exposure.errors import InputError
from exposure.policy import stages
from exposure.policy.days import overlap_mean
from tests.policy.world import (
    FROM_AU,
    INSIDE_CN,
    INSIDE_US,
    ORE,
    TO_DEFENCE,
    TO_JP,
    TO_US,
    calendar,
    case,
    world,
)
from tests.tiny import tiny_network

HEAD = "control,item,origin,destination,mechanism,value,days,from,to\n"
APRIL, MAY, JUNE, JULY = 3, 4, 5, 6


def last(net, cal=None, **fields):
    """Limits of the last stage: everything is known by then."""
    return stages(net, case(net, **fields), cal or calendar())[-1].limits


def test_a_ban_from_the_sixteenth_leaves_half_a_month():
    held = last(world(HEAD + "B,magnet,CN,US,ban,,,2025-04-16,"))
    # April has 30 days, the first 15 are free
    assert held.share[TO_US, APRIL] == pytest.approx(15 / 30)
    assert held.share[TO_US, APRIL - 1] == 1
    assert held.share[TO_US, MAY] == 0
    assert not held.extra[TO_US, APRIL]
    assert held.extra[TO_US, APRIL - 1]
    assert held.share[TO_DEFENCE, MAY] == 0, "a region covers what lies within it"
    assert held.share[FROM_AU].min() == 1
    assert held.cause[TO_US, APRIL] == ("B",)
    assert (TO_US, APRIL - 1) not in held.cause


def test_both_end_days_are_included():
    held = last(world(HEAD + "B,magnet,CN,US,ban,,,2025-04-10,2025-04-12"))
    assert held.share[TO_US, APRIL] == pytest.approx(27 / 30)


def test_two_bans_for_half_a_month_each_carry_nothing():
    held = last(world(HEAD + "A,magnet,CN,US,ban,,,2025-04-01,2025-04-15\nB,magnet,CN,US,ban,,,2025-04-16,2025-04-30"))
    assert held.share[TO_US, APRIL] == 0
    assert held.share[TO_US, MAY] == 1
    assert held.cause[TO_US, APRIL] == ("A", "B")


def test_the_smallest_share_holds_on_each_day():
    rules = "A,magnet,CN,US,licence,0.6,,2025-04-01,\nB,magnet,CN,US,licence,0.2,,2025-04-16,2025-04-30"
    held = last(world(HEAD + rules))
    # 15 days at 0.6, 15 days at 0.2
    assert held.share[TO_US, APRIL] == pytest.approx(0.4)
    assert held.share[TO_US, MAY] == pytest.approx(0.6)


def test_a_queue_crosses_month_ends():
    held = last(world(HEAD + "L,magnet,CN,US,licence,0.5,45,2025-04-04,"))
    # 1-3 April free, then nothing for 45 days: 27 in April and 18 in May; 13 days of May at one half
    assert held.share[TO_US, APRIL] == pytest.approx(3 / 30)
    assert held.share[TO_US, MAY] == pytest.approx(13 * 0.5 / 31)
    assert held.share[TO_US, JUNE] == pytest.approx(0.5)


def test_a_licence_never_opens_more_than_the_baseline():
    held = last(world(HEAD + "L,magnet,CN,US,licence,1.15,,,"))
    assert held.share[TO_US, MAY] == 1
    assert not held.extra[TO_US, MAY]


def test_a_star_never_touches_lanes_inside_a_country():
    held = last(world(HEAD + "B,*,*,*,ban,,,,"))
    assert held.share[[TO_US, TO_DEFENCE, TO_JP, FROM_AU, ORE], MAY].max() == 0
    assert held.share[[INSIDE_US, INSIDE_CN], MAY].min() == 1


def test_all_but_one_country():
    held = last(world(HEAD + "B,*,!CN,*,ban,,,,"))
    assert held.share[[FROM_AU, ORE], MAY].max() == 0
    assert held.share[[TO_US, TO_DEFENCE, TO_JP], MAY].min() == 1


def test_an_end_use_rule_reaches_only_its_region():
    held = last(world(HEAD + "E,magnet,*,US/defence,end_use,,,,"))
    assert held.share[TO_DEFENCE, MAY] == 0
    assert held.share[TO_US, MAY] == 1
    assert held.share[INSIDE_US, MAY] == 1, "China has no say inside the US"


def test_an_entity_rule_inside_its_own_country():
    held = last(world(HEAD + "E,magnet,*,CN/military,entity,0.25,,,"))
    assert held.share[INSIDE_CN, MAY] == 0.25
    assert not held.extra[INSIDE_CN, MAY]


def test_an_entity_rule_with_days_works_like_a_licence():
    held = last(world(HEAD + "E,magnet,CN,US/defence,entity,0.5,30,,"))
    assert held.share[TO_DEFENCE, APRIL] == 0
    assert held.share[TO_DEFENCE, MAY] == 0.5


def test_tariffs_add_and_bite_on_arrival():
    held = last(world(HEAD + "A,magnet,CN,JP,tariff,0.25,,,\nB,magnet,CN,JP,tariff,0.1,,2025-04-16,"))
    # two months under way: shipped in February, arrives in April, half of April pays the second tariff too
    assert held.tariff[TO_JP, APRIL - 3] == 0
    assert held.tariff[TO_JP, APRIL - 2] == pytest.approx(0.25 + 0.1 / 2)
    assert held.tariff[TO_JP, APRIL - 1] == pytest.approx(0.35)
    assert held.tariff[TO_JP, -1] == pytest.approx(0.35), "arrivals after the last period count"
    assert held.share.min() == 1
    assert held.extra.all()
    assert held.cause[TO_JP, 1] == ("A", "B")


def test_an_exporters_ban_bites_on_shipping_and_a_buyers_ban_on_arrival():
    ban = last(world(HEAD + "A,magnet,CN,JP,ban,,,,"))
    buyer = last(world(HEAD + "A,magnet,CN,JP,buyer_ban,,,,"))
    assert ban.share[TO_JP].tolist() == [1] * 3 + [0] * 9
    assert buyer.share[TO_JP].tolist() == [1] + [0] * 11
    assert buyer.extra[TO_JP].tolist() == [True] + [False] * 11


def test_a_buyers_ban_and_a_licence_on_one_lane_with_a_lead():
    rules = "A,magnet,CN,JP,licence,0.5,,,\nB,magnet,CN,JP,buyer_ban,,,2025-08-17,"
    held = last(world(HEAD + rules))
    # shipped in June, arrives in August: 16 of 31 days before the ban, at one half
    assert held.share[TO_JP, JUNE] == pytest.approx(0.5 * 16 / 31)


def test_months_of_different_length_are_stretched_to_one():
    shipped, arrived = np.array([0.0] * 14 + [1.0] * 14), np.array([1.0] * 30)
    assert overlap_mean(shipped, arrived) == pytest.approx(0.5)
    assert overlap_mean(shipped, arrived[::-1] * 0.25) == pytest.approx(0.125)


def test_a_quota_is_a_twelfth_a_month_and_leaves_extra_open():
    held = last(world(HEAD + "Q,magnet,CN,US,quota,60,,2025-04-16,2025-06-30"))
    (quota,) = held.quotas
    assert quota.rule == 0
    assert quota.lanes == (TO_US, TO_DEFENCE)
    # usual: (120 + 12) / 12 = 11 a month; capped 5 a month; April is half and half
    assert quota.cap[APRIL] == pytest.approx(11 / 2 + 5 / 2)
    assert quota.cap[[MAY, JUNE]].tolist() == [5, 5]
    assert np.isinf(quota.cap[[2, JULY]]).all()
    assert held.extra.all()
    assert held.share.min() == 1
    assert held.cause[TO_DEFENCE, MAY] == ("Q",)


def test_a_quota_replaced_within_a_month_counts_each_part():
    net = world(HEAD + "Q,magnet,CN,US,quota,60,,,\nQ,magnet,CN,US,quota,12,,2025-06-16,")
    first, second = last(net).quotas
    assert first.cap[MAY] == 5
    # 15 days at 60 a year, 15 at 12 a year
    assert first.cap[JUNE] == second.cap[JUNE] == pytest.approx(3)
    assert np.isinf(first.cap[JULY])
    assert second.cap[JULY] == 1


def test_a_ban_may_exempt_a_share():
    held = last(world(HEAD + "B,magnet,CN,US,ban,,,2025-04-01,\nB,magnet,CN,US,ban,0.2,,2025-05-01,"))
    assert held.share[TO_US, [APRIL, MAY]].tolist() == pytest.approx([0, 0.2])
    assert not held.extra[TO_US, MAY]


def test_a_rule_that_comes_back_has_a_queue_of_its_own():
    controls = "control,title,announced,effective,ends,status\n" + "\n".join(
        f"{name},{name},2025-04-01,2025-04-01,{ends},in_force" for name, ends in (("L", ""), ("S", "2025-06-30"))
    )
    rules = "L,magnet,CN,US,licence,0.5,45,2025-04-01,\nS,,,,suspension,L,,2025-04-11,"
    held = last(world(HEAD + rules, controls))
    # the queue begins on 1 April and ends with the suspension of the 11th: 20 days of April free. Back on 1 July, and nobody
    # holds a licence: 31 days of July and 14 of August
    assert held.share[TO_US, [APRIL, MAY, JUNE, JULY]].tolist() == pytest.approx([20 / 30, 1, 1, 0])
    assert held.share[TO_US, JULY + 1] == pytest.approx(17 * 0.5 / 31)


def test_a_rule_that_a_stricter_one_overrides_is_no_cause():
    rules = "L,magnet,CN,US,licence,0.7,,,\nB,magnet,CN,US,buyer_ban,,,2025-05-01,\nT,magnet,CN,US,tariff,0.1,,,"
    held = last(world(HEAD + rules))
    assert held.cause[TO_US, APRIL] == ("L", "T")
    assert held.cause[TO_US, MAY] == ("B", "T"), "what makes trade dearer still does"


def test_on_a_long_lane_the_end_that_lets_less_pass_is_the_cause():
    rules = "L,magnet,CN,JP,licence,0.7,,,\nB,magnet,CN,JP,buyer_ban,,,2025-08-01,"
    held = last(world(HEAD + rules))
    # two months at sea: what leaves in June arrives in August
    assert held.cause[TO_JP, MAY] == ("L",)
    assert held.cause[TO_JP, JUNE] == ("B",)


def test_evasion_is_a_floor_under_a_ban():
    held = last(world(HEAD + "B,magnet,CN,US,ban,,,,\nV,magnet,CN,US,evasion,0.1,,2025-04-16,"))
    # half of April nothing, half of April a tenth
    assert held.share[TO_US, [APRIL, MAY]].tolist() == pytest.approx([15 / 30 * 0.1, 0.1])
    assert not held.extra[TO_US, MAY]
    assert held.cause[TO_US, MAY] == ("B",), "what softens a rule is not its cause"
    assert stages(*(lambda net: (net, case(net), calendar()))(world(HEAD + "V,magnet,CN,US,evasion,0.1,,,"))) == ()
    open_licence = last(world(HEAD + "L,magnet,CN,US,licence,0.6,,,\nV,magnet,CN,US,evasion,0.1,,,"))
    assert open_licence.share[TO_US, MAY] == 0.6


def test_talks_shorten_a_queue_on_their_lanes():
    rules = "L,magnet,CN,*,licence,0.5,60,2025-04-01,\nT,magnet,CN,JP,talks,30,,2025-04-16,2025-05-15"
    held = last(world(HEAD + rules))
    # 60 days from 1 April end on 30 May; with 30 days less the queue is over from 1 May, as long as the talks go on
    assert held.share[TO_US, [APRIL, MAY, JUNE]].tolist() == pytest.approx([0, 0.5 / 31, 0.5])
    assert held.share[TO_JP, [APRIL, MAY, JUNE]].tolist() == pytest.approx([0, 0.5 * 16 / 31, 0.5])
    assert held.cause[TO_JP, MAY] == ("L",)


def test_a_cut_in_people_stops_their_share_and_nothing_else():
    net = world(HEAD + "P,*,CN,US,people,0.3,,,")
    assert stages(net, case(net), calendar()) == (), "magnets are no people"
    rows = [{"item": "students", "name": "students", "kind": "people", "unit": "person", "price_usd": 1}]
    net = tiny_network(
        items=rows, recipes="recipe,item,region,output0\nschool,students,CN,120",
        lanes="item,origin,destination,flow0\nstudents,CN,US,120\nore,CN,US,60",
        demand="item,region,quantity,value_usd\nstudents,US,120,1000",
        controls="control,title,announced,effective,status\nP,P,2025-04-01,2025-04-01,in_force",
        control_scope=HEAD + "P,*,CN,US,people,0.3,,2025-04-16,",
    )  # fmt: skip
    held = last(net)
    # half a month free, then seven in ten
    assert held.share[:, APRIL].tolist() == pytest.approx([0.85, 1])
    assert held.share[:, MAY].tolist() == [0.7, 1]
    assert held.extra[:, MAY].tolist() == [False, True]


def test_a_revenue_share_is_paid_on_shipping_and_leaves_the_flow_open():
    held = last(world(HEAD + "R,magnet,CN,JP,revenue_share,0.15,,2025-04-16,\nT,magnet,CN,JP,tariff,0.1,,,"))
    # two months under way: the tariff is felt by what leaves in February, the revenue share from mid April on
    assert held.revenue_share[TO_JP, [2, APRIL, MAY]].tolist() == pytest.approx([0, 0.075, 0.15])
    assert held.rate[TO_JP, [0, 1, APRIL]].tolist() == pytest.approx([0, 0.1, 0.175])
    assert held.extra.all()
    assert held.cause[TO_JP, MAY] == ("R", "T")


def test_goods_under_way_at_the_start_have_limits_by_arrival():
    held = last(world(HEAD + "B,magnet,CN,JP,buyer_ban,,,2025-01-17,\nT,magnet,CN,JP,tariff,0.2,,2025-02-01,"))
    # two months under way: what left in November arrives in January (16 of 31 days open), what left in December in February
    assert held.landing[TO_JP].tolist() == pytest.approx([16 / 31, 0])
    assert held.landing_tariff[TO_JP].tolist() == [0, 0.2]
    assert held.landing[TO_US].tolist() == [1, 1]


def test_an_unknown_control_is_named():
    net = world(HEAD + "B,magnet,CN,US,ban,,,,")
    with pytest.raises(InputError, match='controls "X": no such control'):
        stages(net, case(net, controls=("B", "X")), calendar())


def test_no_rule_on_any_lane_means_no_stage():
    net = world(HEAD + "B,magnet,JP,CN,ban,,,,")
    assert stages(net, case(net), calendar()) == ()
    assert stages(net, case(net, controls=()), calendar()) == ()


def test_a_large_case_is_quick():
    lanes = "item,origin,destination,flow0,lead_months\n" + "\n".join(
        f"i{i % 20},R{i // 20},US,1,{i % 4}" for i in range(400)
    )
    scope = HEAD + "\n".join(
        f"C{k},{'*' if k % 3 else f'i{k % 20}'},{'*' if k % 2 else f'R{k % 20}'},US,"
        f"{('ban,', 'licence,0.5', 'tariff,0.5', 'buyer_ban,', 'quota,0.5')[k % 5]},{k},2025-{4 + k % 6:02d}-10,"
        for k in range(30)
    )
    controls = "control,title,announced,effective,status\n" + "\n".join(
        f"C{k},C,2025-{1 + k % 9:02d}-05,2025-04-01,in_force" for k in range(30)
    )
    net = tiny_network(recipes="recipe,item,region,output0\np,i0,US,1", lanes=lanes, controls=controls,
                       control_scope=scope, demand="item,region,quantity,value_usd\ni0,US,1,1")  # fmt: skip
    started = time.perf_counter()
    found = stages(net, case(net), calendar(periods=40))
    assert len(found) == 9
    assert (time.perf_counter() - started) / len(found) < 0.25, "well under; 0.05 s on a quiet machine"
