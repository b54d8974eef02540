"""Laws on random networks with cross-trade, by-products and goods thrown away."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exposure.errors import InputError
from exposure.graph import Contents, chain_of, explode, hhi, origin_shares, seen_shares, world_shares
from exposure.graph.makers import Makers
from tests.graph.worlds import closed
from tests.random_networks import random_network
from tests.transform import in_other_units, relabelled, settled, shuffled

few = settings(max_examples=25, deadline=None, derandomize=True)
seeds = st.integers(0, 10_000)


def world(seed):
    """A network whose stated figures close, and the arguments of `chain_of` for it."""
    net = settled(random_network(seed))
    return net, closed(net)


def taken(chain):
    """Item and region of every pool that somebody takes from."""
    return [node for node, units in zip(chain.nodes, chain.taken, strict=True) if units > 1e-6]


@few
@given(seeds, st.sampled_from(["value", "mass", "main"]))
def test_explosion_of_final_demand_is_baseline_production(seed, allocation):
    net, args = world(seed)
    chain = chain_of(*args, allocation=allocation)
    made = chain.made_for(chain.served)
    runs = np.zeros(len(net.recipes))
    np.add.at(runs, chain.maker_recipe, made * chain.run)
    # a recipe none of whose outputs reaches a final demand belongs to nobody
    answered = np.zeros(len(net.recipes))
    np.add.at(answered, chain.maker_recipe, chain.run * (chain.taken[chain.maker_node] > 0))
    wanted = np.array(args[1])
    assert runs[answered > 0] == pytest.approx(wanted[answered > 0], rel=1e-6, abs=1e-5)
    # and every pool passes what came into it
    passing = chain.passing_per_unit @ chain.served
    assert passing[chain.taken > 1e-6] == pytest.approx(chain.inflow[chain.taken > 1e-6], rel=1e-5, abs=1e-5)


@few
@given(seeds)
def test_shares_of_each_item_sum_to_one(seed):
    _, args = world(seed)
    chain = chain_of(*args)
    for item, region in taken(chain)[::5]:
        for along in (None, "ore"):
            if along and not any(row.item == along for row in explode(chain, item, region)):
                continue
            totals = {}
            for row in origin_shares(chain, item, region, along=along):
                totals[row.item] = totals.get(row.item, 0.0) + row.share
            assert totals == pytest.approx(dict.fromkeys(totals, 1.0), abs=1e-6)


@few
@given(seeds)
def test_names_and_row_order_change_nothing(seed):
    net, args = world(seed)
    chain = chain_of(*args)
    others = [
        (chain_of(*closed(shuffled(net, seed))), lambda name: name),
        (chain_of(*closed(relabelled(net, lambda part: f"z{part[::-1]}"))), lambda name: f"z{name[::-1]}"),
    ]
    for item, region in taken(chain)[::7]:
        here = {row.item: row.quantity for row in explode(chain, item, region)}
        shares = {(row.item, row.origin): row.share for row in origin_shares(chain, item, region)}
        for other, name in others:
            there = {row.item: row.quantity for row in explode(other, name(item), name(region))}
            assert there == pytest.approx({name(each): units for each, units in here.items()}, rel=1e-6, abs=1e-9)
            found = {(row.item, row.origin): row.share for row in origin_shares(other, name(item), name(region))}
            for key, share in shares.items():
                assert found.get((name(key[0]), name(key[1])), 0.0) == pytest.approx(share, abs=1e-6)


@few
@given(seeds)
def test_a_change_of_units_changes_units_only(seed):
    net, args = world(seed)
    factor = {"ore": 1000.0, "part": 0.01, "good": 7.0, "side": 50.0}
    other = chain_of(*closed(in_other_units(net, factor)))
    chain = chain_of(*args)
    for item, region in taken(chain)[::7]:
        here = {row.item: row.quantity for row in explode(chain, item, region)}
        there = {row.item: row.quantity for row in explode(other, item, region)}
        expected = {each: units * factor.get(each, 1.0) / factor.get(item, 1.0) for each, units in here.items()}
        assert there == pytest.approx(expected, rel=1e-5, abs=1e-7)


@few
@given(seeds)
def test_concentration_lies_between_even_and_single(seed):
    _, args = world(seed)
    chain = chain_of(*args)
    for item in {item for item, _ in taken(chain)}:
        shares = world_shares(chain, item)
        assert 1 / len(shares) - 1e-9 <= hhi(shares) <= 1 + 1e-9


@few
@given(seeds)
def test_exact_and_floating_look_through_agree(seed):
    net, args = world(seed)
    chain, makers = chain_of(*args), Makers(net, args[1], args[2])
    for item, region in taken(chain)[::5]:
        exact = {}
        for (recipe, _), share in makers.at((item, region)).items():
            place = net.recipe[recipe].region
            exact[place] = exact.get(place, 0) + share
        assert sum(exact.values()) == 1
        if chain.used[chain.node_index[item, region]] > 0:
            seen = seen_shares(chain, item, region)
            assert {place: seen.get(place, 0.0) for place in exact} == pytest.approx(
                {place: float(share) for place, share in exact.items()}, abs=1e-6
            )


@few
@given(seeds)
def test_covered_content_lies_between_its_extremes_and_adds_up_over_origins(seed):
    net, args = world(seed)
    contents = {origin: Contents(*args[:3], covered=["ore"], origin=origin) for origin in ("*", "CN", "!CN")}
    recipes = [row for row, output in zip(net.recipes, args[1], strict=True) if output > 0]
    for row in recipes[::4]:
        try:
            found = {origin: each.share(row.item, row.region) for origin, each in contents.items()}
        except InputError:
            continue
        for share in found.values():
            assert 0 <= share.least <= share.share <= share.most
            assert share.share == sum(share.by_tier)
        assert found["CN"].share + found["!CN"].share == found["*"].share
    for row in recipes[:1]:
        everything = Contents(*args[:3], covered=list(net.item), origin="*")
        assert everything.share(row.item, row.region).by_tier == (1,)
