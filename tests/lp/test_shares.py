"""Where blank lanes should stand, and that ids have no say in it. Every number can be checked on paper."""

import numpy as np
import pytest

from exposure.lp import baseline
from exposure.lp.baseline import close
from tests.random_networks import random_network
from tests.tiny import tiny_network
from tests.transform import relabelled, shuffled

COLUMNS = ("output", "flow", "quantity", "gap")


def other_ids(part):
    return f"z{part[::-1]}"


def wanted(monkeypatch, net):
    """Close a network and return what its lanes were to carry, with the baseline."""
    seen = []
    targets = baseline.targets
    monkeypatch.setattr(baseline, "targets", lambda trade: seen.append(targets(trade)) or seen[-1])
    base = close(net)
    monkeypatch.setattr(baseline, "targets", targets)
    return seen[0], base


def test_makers_at_home_count_among_those_that_serve(monkeypatch):
    net = tiny_network(
        recipes="recipe,item,region,output0\nmine_cn,ore,CN,120\nmine_eu,ore,EU,40",
        lanes="item,origin,destination,flow0\nore,CN,EU,\nore,EU,CN,",
        demand="item,region,quantity,value_usd\nore,CN,60,1\nore,EU,100,1",
    )
    flow, base = wanted(monkeypatch, net)
    # China makes three quarters of the ore: 75 of Europe's 100; Europe a quarter: 15 of China's 60
    assert flow.tolist() == pytest.approx([75, 15])
    assert base.flow.tolist() == pytest.approx([75, 15], abs=1e-5)


def test_blank_makers_share_by_capacity_and_needs_run_up_the_chain(monkeypatch):
    net = tiny_network(
        recipes="""recipe,item,region,output0,capacity
            dig_cn,ore,CN,,300
            dig_au,ore,AU,,100
            smelt_us,metal,US,,
            smelt_jp,metal,JP,,""",
        bom="recipe,input,quantity\nsmelt_us,ore,2\nsmelt_jp,ore,2",
        lanes="""item,origin,destination,flow0
            ore,CN,US,
            ore,AU,US,
            ore,CN,JP,
            ore,AU,JP,
            metal,US,EU,
            metal,JP,EU,""",
        demand="item,region,quantity,value_usd\nmetal,EU,80,1\nmetal,JP,10,1",
    )
    flow, base = wanted(monkeypatch, net)
    # neither smelter has a figure: 40 of metal each for the EU, Japan 10 more at home. Ore 2 a unit: 80 and 100, three quarters
    # from China by capacity
    assert flow.tolist() == pytest.approx([60, 20, 75, 25, 40, 40])
    assert base.flow.tolist() == pytest.approx([60, 20, 75, 25, 40, 40], abs=1e-5)
    assert base.output.tolist() == pytest.approx([135, 45, 40, 50], abs=1e-5)


def test_a_region_that_only_passes_on_is_asked_where_no_maker_can_be(monkeypatch):
    net = tiny_network(
        recipes="recipe,item,region,output0\nmine_cn,ore,CN,90",
        lanes="item,origin,destination,flow0\nore,CN,NL,\nore,CN,FR,30\nore,NL,FR,\nore,NL,DE,",
        demand="item,region,quantity,value_usd\nore,FR,30,1\nore,DE,50,1\nore,NL,10,1",
    )
    flow, base = wanted(monkeypatch, net)
    # the stated 30 serve France; Germany has no lane but from the Netherlands, which then take 50 beside their own 10
    assert flow.tolist() == pytest.approx([60, 30, 0, 50])
    assert base.flow.tolist() == pytest.approx([60, 30, 0, 50], abs=1e-5)


def test_blank_demand_takes_what_makers_have_left(monkeypatch):
    net = tiny_network(
        recipes="recipe,item,region,output0\nmine_cn,ore,CN,90\nmine_au,ore,AU,30",
        lanes="item,origin,destination,flow0\nore,CN,US,\nore,CN,JP,\nore,AU,US,\nore,AU,JP,",
        demand="item,region,quantity,value_usd\nore,US,80,1\nore,JP,,1",
    )
    # 120 less 80 leave 40 for Japan, three quarters of each from China
    flow, base = wanted(monkeypatch, net)
    assert flow.tolist() == pytest.approx([60, 30, 20, 10])
    assert base.quantity.tolist() == pytest.approx([80, 40], abs=1e-5)


@pytest.mark.parametrize("seed", [1, 8, 14, 23])
def test_other_ids_close_alike(seed):
    net = random_network(seed)
    first, second = close(net), close(relabelled(net, other_ids))
    for name in COLUMNS:
        assert getattr(second, name) == pytest.approx(getattr(first, name), rel=1e-6, abs=1e-6)


def test_ids_decide_only_between_closings_that_are_equally_near(monkeypatch):
    # in this network two makers without figures were to send 39.4 each and one must send more: either is as near
    net = random_network(29)
    (flow, first), (other_flow, second) = (
        wanted(monkeypatch, each) for each in (net, relabelled(net, lambda part: f"{part[::-1]}_x"))
    )
    assert other_flow == pytest.approx(flow, rel=1e-12)
    near = [np.sum(np.abs(base.flow - flow)[flow > 0] / flow[flow > 0]) for base in (first, second)]
    assert near[0] == pytest.approx(near[1], rel=1e-6)
    assert first.corrections == pytest.approx(second.corrections)


@pytest.mark.parametrize("seed", [8, 29])
def test_row_order_has_no_say(seed):
    net = random_network(seed)
    mixed = shuffled(net, seed)
    first, second = close(net), close(mixed)
    at = {lane.key: k for k, lane in enumerate(mixed.lanes)}
    assert second.flow[[at[lane.key] for lane in net.lanes]] == pytest.approx(first.flow, rel=1e-9, abs=1e-9)
