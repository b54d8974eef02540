"""Shares of covered value, by hand.

A car (1000 USD) in the US takes 2 magnets (50 USD each) from its pool: 60 of 80 magnets are Chinese, 20 Japanese. A Japanese magnet
takes 0.1 kg of dysprosium (100 USD/kg), all Chinese.
"""

from fractions import Fraction

import pytest

from exposure.errors import InputError
from exposure.graph import Contents, content_share
from exposure.graph.exact import exact, solve
from tests.tiny import tiny_network

ITEMS = """
item,name,kind,unit,price_usd
dy,Dysprosium,material,kg,100
magnet,Magnet,component,unit,50
car,Car,product,unit,1000
"""
RECIPES = """
recipe,item,region,output0,capacity
dy_cn,dy,CN,8,8
magnet_cn,magnet,CN,60,60
magnet_jp,magnet,JP,20,20
car_us,car,US,40,40
"""
BOM = "recipe,input,quantity\nmagnet_cn,dy,0.1\nmagnet_jp,dy,0.1\ncar_us,magnet,2"
LANES = "item,origin,destination,flow0\nmagnet,CN,US,60\nmagnet,JP,US,20\ndy,CN,JP,2"
DEMAND = "item,region,quantity,value_usd\ncar,US,40,1000"


def network(**changed):
    tables = {"items": ITEMS, "recipes": RECIPES, "bom": BOM, "lanes": LANES, "demand": DEMAND, **changed}
    return tiny_network(**tables)


def baseline(net):
    return [row.output0 or 0.0 for row in net.recipes], [row.flow0 or 0.0 for row in net.lanes]


def share(net, covered, origin="CN", item="car", region="US", **options):
    return content_share(net, *baseline(net), item=item, region=region, covered=covered, origin=origin, **options)


def test_covered_magnets_and_the_covered_dysprosium_inside_others():
    # tier 1: 2 magnets, 3/4 Chinese, at 50 USD = 75 of 1000; tier 2: 2 x 1/4 Japanese x 0.1 kg x 100 USD = 5 of 1000.
    # The dysprosium inside Chinese magnets is part of their price and not counted again.
    found = share(network(), ["magnet", "dy"])
    assert found.by_tier == (0, Fraction(75, 1000), Fraction(5, 1000))
    assert found.share == Fraction(8, 100)
    # all magnets Japanese: 2 x 0.1 x 100 = 20 of 1000; all Chinese: 2 x 50 = 100 of 1000
    assert (found.least, found.most) == (Fraction(20, 1000), Fraction(100, 1000))


def test_only_what_the_origin_made_counts():
    assert share(network(), ["magnet"], origin="JP").share == Fraction(25, 1000)  # 2 x 1/4 x 50
    assert share(network(), ["magnet"], origin="!CN").share == Fraction(25, 1000)
    assert share(network(), ["magnet"], origin="*").share == Fraction(100, 1000)
    assert share(network(), ["dy"], origin="JP").share == 0


def test_a_covered_product_of_that_origin_is_all_covered():
    found = share(network(), ["car", "magnet"], origin="US")
    assert found.by_tier == (1,)
    assert (found.least, found.most) == (1, 1)


def test_the_edge_of_a_threshold_is_exact():
    # 0.1 kg x 0.1 USD = 0.01 of 10 USD: exactly 0.1 %. In binary numbers 0.1 x 0.1 / 10 is above 0.001.
    net = network(
        items="item,name,kind,unit,price_usd\ndy,Dysprosium,material,kg,0.1\nmagnet,Magnet,component,unit,10",
        recipes="recipe,item,region,output0\ndy_cn,dy,CN,2\nmagnet_jp,magnet,JP,20",
        bom="recipe,input,quantity\nmagnet_jp,dy,0.1",
        lanes="item,origin,destination,flow0\ndy,CN,JP,2",
        demand="item,region,quantity,value_usd\nmagnet,JP,20,10",
    )
    found = share(net, ["dy"], item="magnet", region="JP")
    assert found.share == Fraction(1, 1000)
    assert 0.1 * 0.1 / 10 > 0.001
    assert found.reaches("0.001")
    assert not found.reaches("0.001", edge="above")
    assert not share(net, ["dy"], item="magnet", region="JP", value_usd="10.000001").reaches("0.001")


def test_origin_is_where_a_thing_was_made_not_the_last_port():
    # Chinese magnets by way of Korea stay Chinese: 10 of the 20 that Korea sends on, since 10 are its own
    net = network(
        recipes="recipe,item,region,output0\nmagnet_cn,magnet,CN,10\nmagnet_kr,magnet,KR,10\ncar_us,car,US,10",
        bom="recipe,input,quantity\ncar_us,magnet,2",
        lanes="item,origin,destination,flow0\nmagnet,CN,KR,10\nmagnet,KR,US,20",
    )
    assert share(net, ["magnet"]).share == Fraction(50, 1000)  # 2 x 1/2 x 50


def test_trade_both_ways_is_solved_not_walked():
    # A makes 9 and gets 1 from B; B gets 5 from A and makes 5. Own shares: A 9/10, B 5/10.
    # a = share of A's make in A's pool: a = 9/10 + 1/10 b, b = 1/2 a  ->  a = 9/10 / (1 - 1/20) = 18/19, b = 9/19
    net = network(
        recipes="recipe,item,region,output0\nm_a,magnet,A,9\nm_b,magnet,B,5",
        bom=[],
        lanes="item,origin,destination,flow0\nmagnet,A,B,5\nmagnet,B,A,1",
        demand="item,region,quantity,value_usd\nmagnet,A,5,50\nmagnet,B,9,50",
    )
    assert share(net, ["magnet"], origin="A", item="magnet", region="A").share == Fraction(18, 19)
    assert share(net, ["magnet"], origin="A", item="magnet", region="B").share == Fraction(9, 19)


def test_scrap_that_returns_is_solved_exactly():
    # A magnet takes 1 kg of metal, half of it made from ore (covered, 10 USD), half from scrap that the magnet plant gives back
    # (0.5 kg per magnet, worth nothing, so the magnet answers for all inputs): ore per magnet = 1/2 x 1 = 0.5 -> 5 USD of 50
    net = network(
        items="""
        item,name,kind,unit,price_usd
        ore,Ore,material,kg,10
        metal,Metal,material,kg,20
        scrap,Scrap,material,kg,0
        magnet,Magnet,component,unit,50
        """,
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
    assert share(net, ["ore"], item="magnet", region="CN").share == Fraction(5, 50)
    # with scrap at 50 USD/kg a magnet's run makes 50 + 25 USD, so 1/75 of a run per USD of output. Let v be ore USD per USD of
    # output and m ore USD per kg of metal: m = (10 + 50 v)/2, v = m/75 -> 75 v = 5 + 25 v -> v = 1/10
    dear = net.with_values([override("items", "price_usd", 50, item="scrap")])
    found = share(dear, ["ore"], item="magnet", region="CN")
    assert found.share == Fraction(1, 10)
    assert sum(found.by_tier) == found.share


def override(table, column, value, **where):
    from exposure.model import Override

    return Override(table=table, column=column, value=value, **where)


def test_joint_products_share_the_inputs_by_value():
    # 1 kg of nd (30 USD) comes with 2 kg of ce (5 USD) from 8 kg of ore (1 USD, covered): 8 USD over 40 USD of output = 0.2 each
    net = network(
        items="""
        item,name,kind,unit,price_usd
        ore,Ore,material,kg,1
        nd,Neodymium,material,kg,30
        ce,Cerium,material,kg,5
        """,
        recipes="recipe,item,region,output0\nmine,ore,CN,80\nsplit,nd,CN,10",
        bom="recipe,input,quantity\nsplit,ore,8\nsplit,ce,-2",
        lanes=[],
        demand="item,region,quantity,value_usd\nnd,CN,10,30\nce,CN,20,5",
    )
    assert share(net, ["ore"], item="nd", region="CN").share == Fraction(1, 5)
    assert share(net, ["ore"], item="ce", region="CN").share == Fraction(1, 5)


def test_equipment_is_no_content():
    net = network(
        items=ITEMS + "tool,Tool,equipment,unit,1000000",
        bom=BOM + "\ncar_us,tool,1",
        recipes=RECIPES + "tool_cn,tool,CN,40,40",
        lanes=LANES + "\ntool,CN,US,40",
    )
    standing = net.with_values([override("items", "life_months", 120, item="tool")])
    assert share(net, ["tool"]).share == 1000
    assert share(standing, ["tool"]).share == 0


def test_a_recipe_that_does_not_run_has_a_share_of_its_own():
    net = network(
        recipes=RECIPES + "magnet_us,magnet,US,0,10",
        bom=BOM + "\nmagnet_us,dy,0.2",
        lanes=LANES + "\ndy,CN,US,0.5",
    )
    contents = Contents(net, *baseline(net), covered=["dy"], origin="CN")
    assert contents.share_of_recipe("magnet_us").share == Fraction(20, 50)
    assert contents.share_of_recipe("magnet_jp").share == Fraction(10, 50)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"item": "carr"}, 'no item "carr"; did you mean "car"?'),
        ({"region": "USA"}, 'no region "USA"'),
        ({"origin": "!CNN"}, 'no region "CNN"; did you mean "CN"?'),
        ({"covered": ["magnets"]}, 'no item "magnets"; did you mean "magnet"?'),
        ({"region": "JP"}, "car in JP: nothing is made or arrives there"),
        ({"value_usd": "0"}, "some value"),
    ],
)
def test_faults_are_named(options, words):
    with pytest.raises(InputError, match=words.replace("?", r"\?")):
        share(network(), **{"covered": ["dy"], **options})


def test_goods_that_nobody_made_are_refused():
    net = network(
        recipes="recipe,item,region,output0\ncar_us,car,US,0",
        lanes="item,origin,destination,flow0\nmagnet,CN,US,5\nmagnet,US,CN,5",
        bom=[],
    )
    with pytest.raises(InputError, match="nobody made it"):
        share(net, ["magnet"], item="magnet")


def test_numbers_are_read_as_they_are_written():
    assert exact(0.0022) == Fraction(22, 10000)
    assert exact(1e-05) == Fraction(1, 100000)


def test_a_small_system_by_hand():
    # x = 1 + y/2, y = x/2  ->  x = 4/3, y = 2/3
    half = Fraction(1, 2)
    assert solve({"x": {"y": half}, "y": {"x": half}}, {"x": {"": Fraction(1)}, "y": {}}) == {
        "x": {"": Fraction(4, 3)},
        "y": {"": Fraction(2, 3)},
    }
