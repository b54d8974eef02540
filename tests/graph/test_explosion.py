"""Explosion and origin shares by hand."""

import numpy as np
import pytest

from exposure.errors import InputError
from exposure.graph import chain_of, explode, origin_shares
from tests.graph.worlds import car_world, closed
from tests.tiny import tiny_network


def units(chain, item, region=None):
    return {row.item: pytest.approx(row.quantity) for row in explode(chain, item, region)}


def shares(chain, item, region=None, **options):
    found = {}
    for row in origin_shares(chain, item, region, **options):
        found.setdefault(row.item, {})[row.origin] = row.share
    return found


def test_a_car_takes_two_magnets_and_their_dysprosium():
    chain = chain_of(*car_world())
    # 2 magnets a car, 0.1 kg each: 0.2 kg, wherever the car is looked at
    for region in (None, "US", "US/lean"):
        assert units(chain, "car", region) == {"car": 1, "magnet": 2, "dy": 0.2}
    assert [row.tier for row in explode(chain, "car")] == [0, 1, 2]


def test_who_made_what_is_in_a_car():
    chain = chain_of(*car_world())
    found = shares(chain, "car", "US")
    assert found["car"] == {"US": 1}
    assert found["magnet"] == {"CN": pytest.approx(0.75), "JP": pytest.approx(0.25)}
    assert found["dy"] == {"CN": pytest.approx(1)}


def test_following_one_item_weighs_goods_by_what_they_carry():
    # Japanese magnets take twice the dysprosium: 60 x 0.1 = 6 kg in Chinese ones, 20 x 0.2 = 4 kg in Japanese: 10 kg.
    args = car_world(
        bom="recipe,input,quantity\nmagnet_cn,dy,0.1\nmagnet_jp,dy,0.2\ncar_us,magnet,2\ndy_cn,ore,10",
        recipes="""
        recipe,item,region,output0
        mine_mm,ore,MM,80
        mine_cn,ore,CN,20
        dy_cn,dy,CN,10
        magnet_cn,magnet,CN,60
        magnet_jp,magnet,JP,20
        car_us,car,US/lean,40
        """,
        lanes="""
        item,origin,destination,flow0
        ore,MM,CN,80
        magnet,CN,US,60
        magnet,JP,US,20
        magnet,US,US/lean,80
        dy,CN,JP,4
        car,US/lean,US,40
        """,
    )
    found = shares(chain_of(*args), "car", "US", along="dy")
    assert found["magnet"] == {"CN": pytest.approx(0.6), "JP": pytest.approx(0.4)}
    assert found["dy"] == {"CN": pytest.approx(1)}
    assert found["ore"] == {"MM": pytest.approx(0.8), "CN": pytest.approx(0.2)}
    assert found["car"] == {"US": pytest.approx(1)}
    # by number of magnets the shares are those of the trade
    assert shares(chain_of(*args), "car", "US")["magnet"]["CN"] == pytest.approx(0.75)


JOINT = {
    "items": """
        item,name,kind,unit,price_usd
        ore,Ore,material,t,1
        nd,Neodymium,material,t,30
        ce,Cerium,material,t,5
        """,
    "recipes": "recipe,item,region,output0\nmine,ore,CN,80\nsplit,nd,CN,10",
    "bom": "recipe,input,quantity\nsplit,ore,8\nsplit,ce,-2",
    "lanes": [],
    "demand": "item,region,quantity,value_usd\nnd,CN,10,30\nce,CN,20,5",
}


@pytest.mark.parametrize(
    ("allocation", "nd", "ce"),
    [
        # a run makes 1 t nd (30 USD) and 2 t ce (10 USD) from 8 t of ore
        ("value", 8 * 30 / 40, 8 * 10 / 40 / 2),
        ("mass", 8 / 3, 8 * 2 / 3 / 2),
        ("main", 8, 0),
    ],
)
def test_joint_products_share_the_ore_by_the_rule(allocation, nd, ce):
    chain = chain_of(*closed(tiny_network(**JOINT)), allocation=allocation)
    found = {item: dict.fromkeys(["ore"], 0) | units(chain, item) for item in ("nd", "ce")}
    assert found["nd"]["ore"] == nd
    assert found["ce"]["ore"] == ce


def test_what_is_thrown_away_is_answered_for_by_those_who_take():
    # only 5 of 20 t ce are taken: by value of what is used, nd 30 to ce 2 x 1/4 x 5 = 2.5 per run. Ore of nd 8 x 30/32.5; of a
    # tonne of ce used 8 x 2.5/32.5 per run over 0.5 t used per run. Together 10 x .. + 5 x .. = 80
    args = closed(tiny_network(**{**JOINT, "demand": "item,region,quantity,value_usd\nnd,CN,10,30\nce,CN,5,5"}))
    chain = chain_of(*args)
    nd, ce = (next(row.quantity for row in explode(chain, item) if row.item == "ore") for item in ("nd", "ce"))
    assert nd == pytest.approx(8 * 30 / 32.5)
    assert ce == pytest.approx(8 * 2.5 / 32.5 / 0.5)
    assert 10 * nd + 5 * ce == pytest.approx(80)


def test_returning_scrap_is_counted_round_after_round():
    # 20 magnets take 20 kg of metal; every magnet gives back 0.5 kg of scrap, worth nothing, so 10 kg of metal come of scrap and
    # 10 of ore. A magnet takes 1 kg of metal, half of it from ore: 0.5 kg.
    net = tiny_network(
        items="item,name,kind,unit,price_usd\nscrap,Scrap,material,kg,0\nmagnet,Magnet,component,unit,50",
        recipes="""
        recipe,item,region,output0
        mine,ore,CN,10
        from_ore,metal,CN,10
        from_scrap,metal,CN,10
        plant,magnet,CN,20
        """,
        bom="recipe,input,quantity\nfrom_ore,ore,1\nfrom_scrap,scrap,1\nplant,metal,1\nplant,scrap,-0.5",
        lanes=[],
        demand="item,region,quantity,value_usd\nmagnet,CN,20,50",
    )
    assert units(chain_of(*closed(net)), "magnet") == {"magnet": 1, "metal": 1, "ore": 0.5, "scrap": 0.5}
    # If scrap is worth 50 USD/kg, a run makes 50 + 25 USD and each magnet and each kg of scrap answers for 2/3 of a run, which
    # takes 2/3 kg of metal. Ore in a kg of metal: o = 1/2 + 1/2 x 2/3 x o -> o = 3/4; in a magnet: 2/3 x 3/4 = 1/2
    dear = chain_of(*closed(tiny_network(
        items="item,name,kind,unit,price_usd\nscrap,Scrap,material,kg,50\nmagnet,Magnet,component,unit,50",
        **{name: getattr(net, name) and [row.model_dump() for row in getattr(net, name)] for name in ("recipes", "bom")},
        lanes=[], demand="item,region,quantity,value_usd\nmagnet,CN,20,50",
    )))  # fmt: skip
    assert units(dear, "magnet")["ore"] == 0.5


def test_equipment_counts_as_renewals():
    # 40 cars a year need 0.5 tool each standing: 20 tools (capacity 40), renewed every 120 months: 2 a year, 0.05 a car
    net = tiny_network(
        items="""
        item,name,kind,unit,price_usd,life_months
        tool,Tool,equipment,unit,1000,120
        car,Car,product,unit,1000,
        """,
        recipes="recipe,item,region,output0,capacity\ntool_nl,tool,EU,2,2\ncar_us,car,US,40,40",
        bom="recipe,input,quantity\ncar_us,tool,0.5",
        lanes="item,origin,destination,flow0\ntool,EU,US,2",
        demand="item,region,quantity,value_usd\ncar,US,40,1000",
    )
    assert units(chain_of(*closed(net)), "car") == {"car": 1, "tool": 0.05}


def test_goods_on_the_way_are_counted_once_where_they_were_made():
    net = tiny_network(
        recipes="recipe,item,region,output0\nmine,ore,CN,10",
        lanes="item,origin,destination,flow0\nore,CN,KR,10\nore,KR,US,10",
        demand="item,region,quantity,value_usd\nore,US,10,1",
    )
    chain = chain_of(*closed(net))
    assert units(chain, "ore", "US") == {"ore": 1}
    assert shares(chain, "ore", "US") == {"ore": {"CN": 1}}


def test_faults_are_named():
    args = car_world()
    chain = chain_of(*args)
    for call, words in (
        (lambda: explode(chain, "cars"), 'no item "cars"; did you mean "car"'),
        (lambda: explode(chain, "car", "USA"), 'no region "USA"'),
        (lambda: explode(chain, "car", "JP"), "car in JP: nothing is made"),
        (lambda: origin_shares(chain, "car", "US", along="dyy"), 'no item "dyy"'),
        (lambda: origin_shares(chain, "dy", "JP", along="car"), "dy .* holds no car"),
        (lambda: chain_of(args[0], args[1], np.array(args[2]) * 2, args[3]), "no closed baseline"),
    ):
        with pytest.raises(InputError, match=words):
            call()
