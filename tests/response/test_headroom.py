"""Headroom under rules that hold back growth."""

import numpy as np
import pytest

from exposure.response.headroom import built
from tests.support import case, months, responder, run, summary
from tests.tiny import tiny_network

FREE, NOW = np.ones(10), np.zeros(10)


def during(value, months):
    share = np.ones(10)
    share[months] = value
    return share


def test_a_ramp_without_rules():
    # news in month 1, 2 months to start, ramp of 4: a quarter in month 3, all from month 6
    assert built(FREE, NOW, 1, 2, 4).tolist() == [0, 0, 0, 0.25, 0.5, 0.75, 1, 1, 1, 1]
    assert built(FREE, NOW, 1, 2, 0).tolist() == [0, 0, 0, 1, 1, 1, 1, 1, 1, 1]


def test_a_stop_holds_the_clock_and_what_stands_goes_on():
    # months 4 and 5 stopped: a quarter stands meanwhile, the rest comes two months later
    assert built(during(0, slice(4, 6)), NOW, 1, 2, 4).tolist() == [0, 0, 0, 0.25, 0.25, 0.25, 0.5, 0.75, 1, 1]
    # a stop before the start puts the start off
    assert built(during(0, slice(1, 3)), NOW, 1, 2, 0).tolist() == [0] * 5 + [1] * 5


def test_a_share_stops_a_part_of_the_projects():
    # three in ten go on, seven in ten never begin
    assert built(during(0.3, slice(0, 10)), NOW, 0, 1, 2).tolist() == pytest.approx([0, 0.15] + [0.3] * 8)
    # the seven in ten wait two months
    expected = [0, 0.15, 0.3, 0.3 + 0.35, 1, 1, 1, 1, 1, 1]
    assert built(during(0.3, slice(0, 2)), NOW, 0, 1, 2).tolist() == pytest.approx(expected)


def test_a_delay_puts_off_the_start_and_never_takes_back_what_stands():
    later = np.full(10, 2.0)
    assert built(FREE, later, 0, 1, 0).tolist() == [0] * 3 + [1] * 7
    # the rule comes in month 3, when half stands: it stays half until the ramp of the delayed project overtakes it
    late = np.where(np.arange(10) >= 3, 2.0, 0.0)
    assert built(FREE, late, 0, 1, 4).tolist() == [0, 0.25, 0.5, 0.5, 0.5, 0.75, 1, 1, 1, 1]
    # a month and a half: half of the first month
    assert built(FREE, np.full(10, 1.5), 0, 1, 0).tolist() == [0, 0, 0.5] + [1] * 7


def mine(scope, capacity="recipe,month,capacity,announced"):
    return tiny_network(
        recipes="""recipe,item,region,output0,capacity,start_months,ramp_months
            mine_cn,ore,CN,120,120,0,0
            idle,ore,AU,0,24,0,0
            new,ore,AU,0,48,1,2""",
        capacity=capacity,
        lanes="item,origin,destination,flow0,max_flow\nore,CN,US,120,120\nore,AU,US,0,120",
        demand="item,region,quantity,value_usd\nore,US,120,1000",
        controls="control,title,announced,effective,status\nA,A,2025-01-01,2025-01-01,in_force\n"
        "B,Technology,2025-01-01,2025-01-01,in_force",
        control_scope=f"control,item,origin,destination,mechanism,value,days,from,to\nA,ore,CN,US,ban,,,,\n{scope}",
    )


def test_technology_caps_new_mines_and_leaves_idle_ones_alone():
    net = mine("B,ore,CN,!CN,technology,0.5,,,")
    out = run(net, months=4)
    # idle 2 a month at once; the new mine 4 a month: nothing, half, all, all, and of that one half: 0, 1, 2, 2
    assert months(out.production, "extra", "planner", recipe="idle") == [2, 2, 2, 2]
    assert months(out.production, "extra", "planner", recipe="new") == [0, 1, 2, 2]
    assert months(out.loss, "unmet", "planner") == [8, 7, 6, 6]
    assert months(out.production, "capacity", "planner", recipe="new") == [0, 1, 2, 2]
    held = out.limits[(out.limits["kind"] == "growth") & (out.limits["response"] == "planner")]
    assert held[["recipe", "month", "allowed", "moved_by", "binding", "price_usd"]].values.tolist() == [
        ["new", f"2025-0{t}", allowed, "B", True, 1000] for t, allowed in ((2, 1), (3, 2), (4, 2))
    ]
    assert summary(out, "contracts")["loss_usd"] == 40_000


def test_announced_plants_open_later():
    steps = "recipe,month,capacity,announced\nidle,2025-02,60,"
    net = mine("B,ore,CN,!CN,investment,0,,2025-01-01,2025-02-28", steps)
    ready = responder(net, case(net, months=6, tail=0))
    # three more a month from February; January and February stand still, so from April
    assert ready.headroom(0)[1].tolist() == [2, 2, 2, 5, 5, 5]
    assert ready.headroom(0, ruled=False)[1].tolist() == [2, 5, 5, 5, 5, 5]


@pytest.mark.parametrize(("began", "ends", "stands"), [
    ("2024-01-01", "", [3.5] * 10),
    # from March on the half that was held back goes on; it had stood still for five months when the others opened in June
    ("2024-01-01", "2025-02-28", [3.5] * 7 + [5] * 3),
    ("2024-07-01", "", [5] * 10),
])  # fmt: skip
def test_a_rule_older_than_the_run_held_back_plants_opened_before_it(began, ends, stands):
    # idle 2 a month, and 3 more from a plant of June 2024, of which an investment rule in force by then let one half be built
    net = mine(f"B,ore,CN,!CN,investment,0.5,,{began},{ends}", "recipe,month,capacity,announced\nidle,2024-06,60,")
    assert responder(net, case(net, months=10, tail=0, warm_up=0)).headroom(0)[1].tolist() == stands
