"""What a scenario lays over the matrix: caps, and the fixed past."""

from dataclasses import replace

import numpy as np
import pytest

from exposure.lp.groups import Groups
from exposure.lp.limits import bounds_of
from exposure.policy import Quota
from exposure.response.plan import no_limits
from tests.support import world_and_statement
from tests.tiny import tiny_network

T = 4


@pytest.fixture
def stated():
    """Two parts: ore CN -> US beside lime, metal made in the US; and ethane US -> CN, of which ore knows nothing."""
    net = tiny_network(
        recipes="""recipe, item, region, output0, capacity
            dig, ore, CN, 120, 180
            smelt, metal, US, 120, 120
            crack, ethane, US, 60, 60""",
        bom="recipe,input,quantity\nsmelt,ore,1\nsmelt,slag,-0.5",
        lanes="""item, origin, destination, flow0, max_flow
            ore, CN, US, 120, 150
            slag, US, MX, 60, 60
            ethane, US, CN, 60, 60""",
        stocks="item,region,quantity,reserve\nore,US,30,6",
        demand="item,region,quantity,value_usd\nmetal,US,120,1000\nslag,MX,60,10\nethane,CN,60,500",
    )
    return world_and_statement(net, T, Groups(quotas=((0, 2),)))


def limits_with(world, lane=0, share=None, cap=None):
    free = no_limits(world, T)
    if share is not None:
        free.share[lane, 1:] = share
        free.extra[lane, 1:] = False
    caps = np.full(T, np.inf) if cap is None else np.full(T, cap)
    return replace(free, quotas=(Quota(0, "Q", (0, 2), caps),))


def bounds(stated, limits, start=0, past=None):
    world, statement = stated
    headroom = np.tile(world.headroom[:, None], (1, T))
    past = statement.columns.baseline() if past is None else past
    return bounds_of(statement, limits, headroom, start=start, past=past)


def test_a_share_caps_the_usual_flow_and_closes_the_extra(stated):
    world, statement = stated
    found = bounds(stated, limits_with(world, share=0.25))
    assert found.upper[statement.columns["ship_usual"].row(0)].tolist() == [10, 2.5, 2.5, 2.5]
    assert found.upper[statement.columns["ship_extra"].row(0)].tolist() == pytest.approx([2.5, 0, 0, 0])
    assert found.upper[statement.columns["make_extra"].row(0)] == pytest.approx([5] * T)


def test_a_reserve_is_a_floor_under_the_usual_stock(stated):
    world, statement = stated
    found = bounds(stated, limits_with(world, share=0.25))
    node = world.node_index["ore", "US"]
    stock = statement.columns["stock_usual"].row(node)
    assert found.lower[stock].tolist() == [6] * T
    assert found.upper[stock].tolist() == [30] * T


def test_a_quota_caps_its_row_while_it_is_on(stated):
    world, statement = stated
    assert np.isinf(bounds(stated, limits_with(world)).row_upper[statement.rows_of("quota")[0]]).all()
    found = bounds(stated, limits_with(world, cap=7.0))
    assert found.row_upper[statement.rows_of("quota")[0]].tolist() == [7] * T


def test_the_past_is_fixed_and_its_rows_are_freed(stated):
    world, statement = stated
    past = statement.columns.baseline() + 0.125
    found = bounds(stated, limits_with(world, share=0.25), start=2, past=past)
    for block in statement.columns.blocks.values():
        if len(block):
            early = block.grid[:, :2]
            assert (found.lower[early] == past[early]).all()
            assert (found.upper[early] == past[early]).all()
    rows = statement.rows_of("balance")
    assert np.isinf(found.row_lower[rows[:, :2]]).all()
    node = world.node_index["ore", "US"]
    assert np.isfinite(found.row_lower[rows[node, 2:]]).all()
