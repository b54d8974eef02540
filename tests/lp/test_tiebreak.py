"""One answer among many: weights that depend on ids alone, and the face of plans of least damage."""

import numpy as np
import pytest

from exposure.lp.matrix import Bounds
from exposure.lp.session import Solution
from exposure.lp.tiebreak import face_of, weights
from tests.random_networks import random_network
from tests.support import ALL, FREE, months, run, world_and_statement
from tests.tiny import tiny_network
from tests.transform import shuffled


def by_name(net):
    world, statement = world_and_statement(net, 4)
    columns = statement.columns
    cost = weights(columns)
    found = {}
    for j in range(columns.size):
        family, member, t = columns.name_of(j)
        if family.startswith("make"):
            who = net.recipes[member].recipe
        elif family.startswith("ship"):
            who = net.lanes[member].key
        elif family.startswith(("stock", "discard")):
            who = world.nodes[member]
        else:
            who = net.demand[member].item, net.demand[member].region
        found[family, who, t] = cost[j]
    return found


def test_weights_do_not_depend_on_row_order():
    net = random_network(6)
    assert by_name(shuffled(net, 3)) == pytest.approx(by_name(net))


def test_weights_rank_as_the_design_says():
    cost = by_name(random_network(6))
    largest, smallest = {}, {}
    for (family, _, _), weight in cost.items():
        largest[family] = max(largest.get(family, -np.inf), weight)
        smallest[family] = min(smallest.get(family, np.inf), weight)
    # an early loss is worse than any stock, stock than any flow, a flow than one not used
    assert smallest["unmet_extra"] >= 10 > largest["stock_extra"] >= 1 > largest["ship_extra"] >= 0.1
    assert smallest["ship_extra"] > -smallest["ship_usual"] > 0
    # one month earlier costs 10 more, up to the hair of a thousandth
    rows = {}
    for (family, who, t), weight in cost.items():
        if family == "unmet_extra":
            rows.setdefault(who, {})[t] = weight
    for row in rows.values():
        assert [row[t] for t in range(4)] == pytest.approx([40, 30, 20, 10], rel=1e-3)


def test_hairs_differ_between_columns():
    cost = [weight for (family, _, _), weight in by_name(random_network(6)).items() if family == "ship_extra"]
    assert len(set(cost)) == len(cost)
    assert max(cost) / min(cost) <= 1.0011


def test_the_face_freezes_what_has_a_price():
    bounds = Bounds(np.zeros(4), np.full(4, 5.0), np.array([-np.inf, 2.0]), np.array([3.0, np.inf]))
    best = Solution(
        value=np.array([0.0, 5.0, 2.0, 0.0]),
        reduced=np.array([4.0, -4.0, 0.0, 0.0]),
        dual=np.array([-1.0, 0.0]),
        objective=0.0,
        method="",
    )
    face = face_of(bounds, best, np.array([3.0, 7.0]))
    assert face.lower.tolist() == [0, 5, 0, 0]
    assert face.upper.tolist() == [0, 5, 5, 5]
    assert face.row_lower.tolist() == [3, 2]
    assert face.row_upper.tolist() == [3, np.inf]


def test_the_face_holds_a_plan_that_a_solver_left_a_little_outside_its_limits():
    bounds = Bounds(np.zeros(3), np.full(3, 5.0), np.array([2.0]), np.array([2.0]))
    best = Solution(np.array([-2e-7, 5 + 3e-7, 1e-9]), np.zeros(3), np.zeros(1), 0.0, "cbc")
    face = face_of(bounds, best, np.array([2 - 4e-7]))
    assert face.lower.tolist() == [-2e-7, 0, 0]
    assert face.upper.tolist() == [5, 5 + 3e-7, 5]
    assert (face.row_lower.tolist(), face.row_upper.tolist()) == ([2 - 4e-7], [2])


def test_a_loss_comes_late_rather_than_early():
    net = tiny_network(
        recipes="recipe,item,region,output0\nmine,ore,CN,120",
        lanes="item,origin,destination,flow0,max_flow\nore,CN,US,120,120",
        stocks="item,region,quantity\nore,US,13",
        demand="item,region,quantity,value_usd\nore,US,120,1000",
        controls="control,title,announced,effective,status\nC1,Ban,2025-02-01,2025-02-01,in_force",
        control_scope="control,item,origin,destination,mechanism,value\nC1,ore,CN,US,ban,",
    )
    out = run(net, months=4)
    for response in ALL:
        # 13 t could be spread anyhow at the same damage: 10 in February, 3 in March
        assert months(out.loss, "unmet", response) == [0, 0, 7, 10]


def test_nobody_hoards_for_a_shortage_that_the_stock_covers():
    net = tiny_network(
        recipes="recipe,item,region,output0,capacity\nmine,ore,CN,120,240",
        lanes="item,origin,destination,flow0,max_flow\nore,CN,US,120,240",
        stocks="item,region,quantity\nore,US,10",
        demand="item,region,quantity,value_usd\nore,US,120,1000",
        controls="control,title,announced,effective,status\nC1,Ban,2025-01-01,2025-03-01,in_force",
        control_scope="control,item,origin,destination,mechanism,value,from,to\nC1,ore,CN,US,ban,,2025-03-01,2025-03-31",
    )
    out = run(net, months=5)
    for response in FREE:
        # the stock of 10 carries March and is refilled at once; extra flow costs nothing in money here
        assert months(out.loss, "unmet", response) == [0] * 5
        assert months(out.stocks, "stock", response, region="US") == [10, 10, 0, 10, 10]
