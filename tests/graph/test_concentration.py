"""Concentration, N-1 ratios and tiers by hand."""

import pytest

from exposure.errors import InputError
from exposure.graph import chain_of, distances, hhi, seen_shares, tiers, without_largest, world_shares
from tests.graph.worlds import car_world, closed, spare
from tests.tiny import tiny_network


def chain():
    args = car_world()
    return chain_of(*args, **spare(args[0]))


def test_concentration_of_the_world_and_as_seen():
    # 60 and 20 of 80: (3/4)^2 + (1/4)^2 = 10/16
    assert world_shares(chain(), "magnet") == {"CN": 0.75, "JP": 0.25}
    assert hhi(world_shares(chain(), "magnet")) == pytest.approx(0.625)
    assert seen_shares(chain(), "magnet", "US") == {"CN": pytest.approx(0.75), "JP": pytest.approx(0.25)}
    assert world_shares(chain(), "car") == {"US": 1}


def test_a_hub_hides_nothing():
    # Korea sells 20, of which 10 are Chinese: last port says one supplier, look-through two
    net = tiny_network(
        recipes="recipe,item,region,output0\na,ore,CN,10\nb,ore,KR,10",
        lanes="item,origin,destination,flow0\nore,CN,KR,10\nore,KR,US,20",
        demand="item,region,quantity,value_usd\nore,US,20,1",
    )
    found = chain_of(*closed(net))
    assert seen_shares(found, "ore", "US") == {"CN": pytest.approx(0.5), "KR": pytest.approx(0.5)}
    assert without_largest(found, "ore", "US").largest == "KR"


def test_what_is_left_of_the_world_without_its_largest_maker():
    # Japan's 20 of 80 are left; with its spare 5, 25 of 80
    found = without_largest(chain(), "magnet")
    assert (found.largest, found.share, found.demand) == ("CN", 0.75, 80)
    assert found.without == pytest.approx(20 / 80)
    assert found.with_spare == pytest.approx(25 / 80)


def test_what_is_left_of_a_country_without_its_largest_supplier():
    # the lane from Japan has room for 50: 50 of 80 (the hub US and its makers are one country)
    found = without_largest(chain(), "magnet", "US/lean")
    assert (found.largest, found.supply, found.demand) == ("CN", 80, 80)
    assert found.without == pytest.approx(20 / 80)
    assert found.with_spare == pytest.approx(50 / 80)
    # China uses none of its magnets, it ships them: without its own makers nothing is left
    assert without_largest(chain(), "magnet", "CN").without == 0
    assert without_largest(chain(), "car", "JP") is None


def test_tiers_are_the_fewest_recipes_between():
    net = car_world(bom="recipe,input,quantity\nmagnet_cn,dy,0.1\nmagnet_jp,dy,0.1\ncar_us,magnet,2\ncar_us,dy,0")[0]
    assert tiers(net, "car") == {"car": 0, "magnet": 1, "dy": 2}
    assert distances(net, ["dy"]) == {"dy": 0, "magnet": 1, "car": 2}
    assert distances(net, ["magnet", "car"]) == {"car": 0, "magnet": 0}
    with pytest.raises(InputError, match='no item "carr"'):
        tiers(net, "carr")


def test_a_by_product_stands_one_recipe_from_what_its_recipe_takes():
    net = tiny_network(
        recipes="recipe,item,region,output0\nmine,ore,CN,80\nsplit,nd,CN,10",
        bom="recipe,input,quantity\nsplit,ore,8\nsplit,ce,-2",
    )
    assert tiers(net, "ce") == {"ce": 0, "ore": 1}
    assert distances(net, ["ore"]) == {"ore": 0, "ce": 1, "nd": 1}
