"""Usual and extra parts that cost the same are one column: same optimum, same prices, and only where their rows agree."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from exposure.lp.limits import bounds_of
from exposure.lp.matrix import Bounds
from exposure.lp.objective import damage
from exposure.lp.reach import Reach
from exposure.lp.session import open_session
from exposure.lp.twins import Twins
from tests.cases.test_content import motors
from tests.response.shaken import FEW, SEEDS, prepared, shaken
from tests.support import case, responder, world_and_statement
from tests.tiny import tiny_network


def small():
    return tiny_network(
        recipes="recipe,item,region,output0,capacity\ndig,ore,CN,120,180",
        lanes="item,origin,destination,flow0,max_flow,extra_cost_usd\nore,CN,US,120,150,3",
        stocks="item,region,quantity\nore,US,10",
        demand="item,region,quantity,value_usd\nore,US,120,100",
    )


def test_twins_are_the_parts_of_one_flow():
    _, statement = world_and_statement(small(), 3)
    twins = Twins.of(statement.columns, statement.matrix)
    v = statement.columns
    # 3 months each of: the mine, the lane, the stock in the US (that in CN has no usual part)
    assert len(twins.usual) == len(twins.extra) == 9
    us = v["stock_usual"].members[0]
    assert twins.extra[-3:].tolist() == v["stock_extra"].row(int(us)).tolist()


def test_only_what_costs_the_same_and_can_move_is_joined():
    _, statement = world_and_statement(small(), 1)
    twins = Twins.of(statement.columns, statement.matrix)
    bounds = replace(Bounds.of(statement.matrix), upper=np.full(statement.matrix.shape[1], 2.0))
    cost = np.zeros(statement.matrix.shape[1])
    cost[statement.columns["ship_extra"].grid] = 3.0  # the lane's extra part costs 3, so it stays a column of its own
    same = twins.that_cost_the_same(bounds, cost)
    joined = same.joined(bounds)
    assert len(same.usual) == 2  # mine and stock
    assert joined.upper[same.usual].tolist() == [4.0, 4.0]
    assert joined.upper[same.extra].tolist() == [0.0, 0.0]
    assert joined.upper[statement.columns["ship_extra"].grid].tolist() == [[2.0]]


def test_a_capacity_that_variants_share_parts_the_twins():
    # motors of two origins share a lane: the row on the lane's room holds extra flow differently from usual flow
    prepared = responder(motors(room=120, spare=120, cost=2), case(motors(), controls=("C1",), months=6))
    v, matrix = prepared.statement.columns, prepared.statement.matrix
    twins = Twins.of(v, matrix)
    for u, e in zip(twins.usual.tolist(), twins.extra.tolist(), strict=True):
        of_u, of_e = matrix.index == u, matrix.index == e
        assert np.array_equal(matrix.row_of_entry()[of_u], matrix.row_of_entry()[of_e])
        assert np.array_equal(matrix.value[of_u], matrix.value[of_e])
    every = sum(
        len(set(v[f"{flow}_usual"].members.tolist()) & set(v[f"{flow}_extra"].members.tolist())) * v.periods
        for flow in ("make", "ship", "stock", "discard", "install")
    )
    assert 0 < len(twins.usual) < every


@given(SEEDS)
@FEW
def test_joining_twins_changes_no_optimum(seed):
    made = prepared(shaken(seed))
    statement, stage = made.statement, made.stages[0]
    past = statement.columns.baseline()
    natural = bounds_of(statement, stage.limits, made.headroom(stage.period), start=stage.period, past=past)
    bounds = statement.to_solver(natural)
    cost = damage(statement.columns, stage.limits.rate) * statement.column_scale
    cost *= 1e3 / cost.max()
    reach = Reach(statement, *(open_session(statement.matrix) for _ in range(2)))
    joined = reach.solve(bounds, cost).solution
    reach = Reach(statement, *(open_session(statement.matrix) for _ in range(2)))
    reach.twins = Twins(reach.twins.usual[:0], reach.twins.extra[:0])
    apart = reach.solve(bounds, cost).solution
    assert joined.objective == pytest.approx(apart.objective, rel=1e-9)
    assert np.all(joined.value <= bounds.upper + 1e-8)
    assert np.all(joined.value >= bounds.lower - 1e-8)
