"""A programme solved where it is disturbed has the optimum of the whole, and leaves the rest alone."""

import numpy as np
import pytest
from hypothesis import given

import exposure.lp.reach as reaching
from exposure.lp.limits import bounds_of
from exposure.lp.objective import damage
from exposure.lp.reach import Downstream, Reach
from exposure.lp.session import open_session
from exposure.model import Network
from exposure.response.plan import no_limits
from tests.response.shaken import FEW, SEEDS, prepared, shaken
from tests.support import world_and_statement
from tests.tiny import tiny_network

T = 4


@pytest.fixture
def stated():
    """Two parts: ore CN -> US beside lime, metal made in the US; and ethane US -> CN, of which ore knows nothing."""
    net = tiny_network(
        recipes="""recipe, item, region, output0, capacity
            dig, ore, CN, 120, 180
            dig_au, ore, AU, 60, 90
            smelt, metal, US, 120, 120
            crack, ethane, US, 60, 60""",
        bom="recipe,input,quantity\nsmelt,ore,1\nsmelt,slag,-0.5",
        lanes="""item, origin, destination, flow0, max_flow, extra_cost_usd
            ore, CN, US, 120, 150, 0
            ore, AU, JP, 60, 60, 0
            ore, AU, US, 0, 60, 5
            slag, US, MX, 60, 60, 0
            ethane, US, CN, 60, 60, 0""",
        demand="item,region,quantity,value_usd\nmetal,US,120,1000\nore,JP,60,400\nslag,MX,60,10\nethane,CN,60,500",
    )
    return world_and_statement(net, T)


def answer(stated, limits, most=reaching.MOST):
    """Least damage in USD, the nodes reached, and the solution."""
    world, statement = stated
    headroom = np.tile(world.headroom[:, None], (1, T))
    bounds = bounds_of(statement, limits, headroom, start=0, past=statement.columns.baseline())
    reach = Reach(statement, open_session(statement.matrix), open_session(statement.matrix))
    inner = statement.to_solver(bounds)
    before, reaching.MOST = reaching.MOST, most
    try:
        found = reach.solve(inner, damage(statement.columns, limits.rate) * statement.column_scale)
    finally:
        reaching.MOST = before
    return found.solution.objective, names(world, found.nodes), found


def names(world, nodes):
    return {world.nodes[n] for n in np.flatnonzero(nodes)}


def halved(world):
    limits = no_limits(world, T)
    limits.share[0, :], limits.extra[0, :] = 0.5, False
    return limits


def test_nothing_is_reached_where_nothing_is_limited(stated):
    cost, nodes, found = answer(stated, no_limits(stated[0], T), most=1.0)
    assert (cost, nodes) == (0, set())
    assert found.solution.method == "none needed"


def test_a_shortage_reaches_what_it_stops_and_whoever_can_help(stated):
    cost, nodes, _ = answer(stated, halved(stated[0]), most=1.0)
    # the US misses 5 of 10 ore a month; AU digs 2.5 more at 5 USD each, the other 2.5 of metal (1,000) are lost, and half as much
    # slag (10); ore of JP is worth less (400) than metal, so AU sends its 5 there to the US instead: 2.5 of them are enough
    assert cost == pytest.approx(T * (2.5 * 5 + 2.5 * 5 + 2.5 * 400))
    assert ("ethane", "US") not in nodes
    assert {("ore", "AU"), ("ore", "JP"), ("metal", "US"), ("slag", "US")} <= nodes


def test_the_part_has_the_optimum_of_the_whole(stated):
    part, whole = answer(stated, halved(stated[0]), most=1.0), answer(stated, halved(stated[0]), most=-1.0)
    assert whole[1] == set(stated[0].nodes) - {("ethane", "US"), ("ethane", "CN")}, "all that is linked with ore"
    assert part[0] == pytest.approx(whole[0], rel=1e-12)


def test_a_tariff_reaches_by_price_alone(stated):
    limits = no_limits(stated[0], T)
    limits.tariff[0, 3] = 0.1
    _, nodes, _ = answer(stated, limits, most=1.0)
    assert ("ore", "US") in nodes
    assert ("ethane", "CN") not in nodes


def test_a_limit_on_a_lane_that_carries_nothing_reaches_nothing(stated):
    limits = no_limits(stated[0], T)
    limits.share[2, :] = 0
    assert answer(stated, limits, most=1.0)[1] == set()


def test_shortage_runs_down_and_surplus_of_what_cannot_be_kept_runs_up(stated):
    world, _ = stated
    seeds = np.zeros(len(world.nodes), dtype=bool)
    seeds[world.node_index["ore", "US"]] = True
    assert names(world, Downstream(world).of(seeds)) == {
        ("ore", "US"), ("metal", "US"), ("slag", "US"), ("slag", "MX"),
    }  # fmt: skip


def damages(net: Network, most: float) -> list[float]:
    before, reaching.MOST = reaching.MOST, most
    try:
        return [plan.damage_usd for plan in prepared(net, "announced").plans(("voluntary", "planner"))]
    finally:
        reaching.MOST = before


@FEW
@given(SEEDS)
def test_stages_solved_where_they_reach_cost_what_the_whole_costs(seed):
    net = shaken(seed)
    assert damages(net, 1.0) == pytest.approx(damages(net, -1.0), rel=1e-7, abs=1e-4)
