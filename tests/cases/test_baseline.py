"""The undisturbed world: how conflicting figures are brought to close. Every number can be checked on paper.

A sourced figure without a range is 10 % of itself wide, an estimate 50 %; a width inside the range costs 1, outside 10.
"""

import pytest

from exposure.lp.baseline import close
from tests.support import months, run, summary
from tests.tiny import tiny_network


def chain(recipe, lane, demand):
    """Close one mine, one lane, one user; each given as "figure, low, high, source"."""
    return close(
        tiny_network(
            recipes=f"recipe,item,region,output0,low,high,source\nmine,ore,CN,{recipe}",
            lanes=f"item,origin,destination,flow0,low,high,source,max_flow\nore,CN,US,{lane},500",
            demand=f"item,region,value_usd,quantity,low,high,source\nore,US,1000,{demand}",
        )
    )


def test_figures_that_agree_stay():
    base = chain("120,,,f1", "120,,,estimate", "120,,,f2")
    assert (base.output[0], base.flow[0], base.quantity[0], base.gap[0]) == (120, 120, 120, 0)
    assert base.moved == ()


def test_an_estimate_gives_way_to_sources():
    base = chain("100,,,estimate", "120,,,f1", "120,,,f2")
    # step 1: x = 120 moves the estimate by 20 / 50 = 0.4 widths, the sources by nothing.
    # step 2 may spend 5 % more, 0.42, to make the largest smaller: x = 120 - d costs 0.4 - d / 50 + 2 d / 12 <= 0.42,
    # so d = 0.02 / (2 / 12 - 1 / 50) = 0.13636
    expected = 120 - 0.02 / (2 / 12 - 1 / 50)
    for model in (base.output[0], base.flow[0], base.quantity[0]):
        assert model == pytest.approx(expected, abs=1e-4)
    assert base.moved[0]["table"] == "recipes", "the largest correction first"
    assert base.moved[0]["widths"] == pytest.approx((expected - 100) / 50, abs=1e-6)
    assert not any(row["left_range"] for row in base.moved)


def test_leaving_a_range_costs_ten_times_as_much():
    base = chain("100,95,105,f1", "130,90,170,f2", "130,90,170,f3")
    # widths 5, 40, 40. At x = 100 + d the total is 2 (30 - d) / 40 + d / 5: least at d = 0 with 1.5.
    # step 2: 1.5 + (1 / 5 - 2 / 40) d <= 1.575, d = 0.5: the largest correction falls from 30 / 40 to 29.5 / 40
    assert base.output[0] == pytest.approx(100.5, abs=1e-4)
    assert base.flow[0] == pytest.approx(100.5, abs=1e-4)
    assert base.corrections["largest"] == pytest.approx(29.5 / 40, abs=1e-6)


def test_ranges_that_contradict_each_other_are_never_infeasible():
    base = chain("100,99,101,f1", "100,99,101,f2", "60,59,61,f3")
    # all are 1 wide; two figures stand against one. At x = 99 the two cost 1 each and the third 1 + 10 x (99 - 61) = 381: 383.
    # lower, the two cost 20 per unit and the third saves 10; higher, the third costs 10 and the two save 2
    assert base.corrections["sum_in_widths"] == pytest.approx(383)
    # step 2 may spend 383 x 0.05 = 19.15 at 10 per unit: x = 99 - 1.915, and all three leave their ranges
    assert base.output[0] == pytest.approx(97.085, abs=1e-4)
    assert base.moved[0]["key"] == "ore/US"
    assert {row["key"] for row in base.moved[1:]} == {"mine", "ore/CN/US"}
    assert all(row["left_range"] for row in base.moved)


def test_a_correction_is_spread_evenly():
    base = close(
        tiny_network(
            recipes="recipe,item,region,output0,source\nmine_cn,ore,CN,60,f\nmine_au,ore,AU,60,f",
            lanes="item,origin,destination,flow0,source,max_flow\nore,CN,US,60,f,90\nore,AU,US,60,f,90",
            demand="item,region,quantity,value_usd,source\nore,US,100,1000,f",
        )
    )
    # 120 are dug, 100 wanted. The sum alone would put 10 on the demand and split the other 10 anyhow; spread, all five figures
    # move by the same x widths of 10 %: 2 x 60 (1 - x / 10) = 100 (1 + x / 10), x = 20 / 22
    x = 20 / 22
    assert base.output.tolist() == pytest.approx([60 * (1 - x / 10)] * 2, abs=1e-4)
    assert base.flow.tolist() == pytest.approx([60 * (1 - x / 10)] * 2, abs=1e-4)
    assert base.quantity[0] == pytest.approx(100 * (1 + x / 10), abs=1e-4)
    assert base.corrections["largest"] == pytest.approx(x, abs=1e-6)


def test_a_stated_zero_stays_zero():
    base = close(
        tiny_network(
            recipes="recipe,item,region,output0,capacity,source\nmine_cn,ore,CN,60,60,f\nmine_au,ore,AU,0,100,f",
            lanes="item,origin,destination,flow0,source,max_flow\nore,CN,US,60,f,90\nore,AU,US,0,f,90",
            demand="item,region,quantity,value_usd,low,high\nore,US,100,1000,99.9,100.1",
        )
    )
    # Australia could serve the 40 that are missing, but it is said to make nothing. The 40 are a gap
    assert (base.output[1], base.flow[1]) == (0, 0)
    assert base.output[0] == pytest.approx(60, abs=1e-6)
    assert base.quantity[0] - base.gap[0] == pytest.approx(60, abs=1e-6)
    assert base.capacity.tolist() == pytest.approx([60, 100])


def test_blank_lanes_follow_the_makers_shares():
    base = close(
        tiny_network(
            recipes="recipe,item,region,output0\nmine_cn,ore,CN,90\nmine_au,ore,AU,30",
            lanes="item,origin,destination\nore,CN,US\nore,CN,JP\nore,AU,US\nore,AU,JP",
            demand="item,region,quantity,value_usd\nore,US,80,1000\nore,JP,40,1000",
        )
    )
    # China sells three quarters: 60 of the 80 that the US use, 30 of Japan's 40
    assert base.flow.tolist() == pytest.approx([60, 30, 20, 10], abs=1e-4)
    assert base.max_flow.tolist() == pytest.approx([75, 37.5, 25, 12.5], abs=1e-4)
    assert base.moved == ()


def test_blank_outputs_and_demand_follow_from_the_rest():
    base = close(
        tiny_network(
            recipes="recipe,item,region,output0\ndig,ore,CN,\nsmelt,metal,US,",
            bom="recipe,input,quantity\nsmelt,ore,2.5",
            lanes="item,origin,destination,flow0\nore,CN,US,",
            demand="item,region,quantity,value_usd\nmetal,US,40,1000",
        )
    )
    # 40 t of metal need 100 t of ore
    assert base.output.tolist() == pytest.approx([100, 40])
    assert base.flow[0] == pytest.approx(100)


def test_a_joint_process_is_sized_by_the_item_that_is_short():
    base = close(
        tiny_network(
            recipes="recipe,item,region,output0\nrefine,neodymium,CN,",
            bom="recipe,input,quantity\nrefine,cerium,-2",
            lanes="item,origin,destination,flow0\nneodymium,CN,US,",
            demand="item,region,quantity,value_usd\nneodymium,US,120,1000\ncerium,CN,60,10",
        )
    )
    # 120 t of neodymium bring 240 t of cerium, of which 60 are wanted
    assert base.output[0] == pytest.approx(120)
    assert base.discard.sum() == pytest.approx(180)


def test_a_gap_is_counted_apart_from_any_loss():
    net = tiny_network(
        recipes="recipe,item,region,output0,capacity\nmine,ore,CN,60,60",
        lanes="item,origin,destination,flow0,max_flow\nore,CN,US,60,60",
        demand="item,region,quantity,value_usd,low,high\nore,US,96,1000,95.99,96.01",
        controls="control,title,announced,effective,status\nC1,Ban,2025-03-01,2025-03-01,in_force",
        control_scope="control,item,origin,destination,mechanism,value\nC1,ore,CN,US,ban,",
    )
    out = run(net, months=4)
    for response in out.summary["response"]:
        # 8 wanted, 5 served a month: a gap of 3 x 1000 USD in each of 4 months; the ban costs the 5 in March and April
        row = summary(out, response)
        assert row["baseline_gap_usd"] == pytest.approx(12_000, abs=1e-3)
        assert row["loss_usd"] == pytest.approx(10_000, abs=1e-3)
        # by item and region: what is wanted, less what is served, less what the ban costs
        loss = {
            name: months(out.loss, name, response, item="ore", region="US") for name in ("demand", "served", "unmet")
        }
        gap = [d - s - u for d, s, u in zip(*loss.values(), strict=True)]
        assert gap == pytest.approx([3] * 4, abs=1e-3)
