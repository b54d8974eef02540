from exposure.check import flows
from tests.tiny import tiny_network


def told(rule, **tables):
    return [str(finding) for finding in rule(tiny_network(**tables))]


LOOP = {
    "recipes": "recipe,item,region\nsmelter,metal,CN\nshredder,ore,US",
    "bom": "recipe,input,quantity\nsmelter,ore,1\nshredder,metal,2",
}


def test_loop_that_closes_within_a_month_is_listed():
    # ore in CN -> metal in CN -> metal in US -> ore in US -> ore in CN, no lead anywhere
    lanes = "item,origin,destination,lead_months\nmetal,CN,US,0\nore,US,CN,0"
    assert told(flows.loops_take_time, lanes=lanes, **LOOP) == [
        'recipes.csv row 2, recipe "smelter": a loop that closes within one month: '
        "ore in CN -> [smelter] metal in CN -> [lane] metal in US -> [shredder] ore in US -> [lane] ore in CN; "
        "give one of its lanes a lead of a month"
    ]


def test_a_month_of_lead_opens_the_loop():
    lanes = "item,origin,destination,lead_months\nmetal,CN,US,0\nore,US,CN,1"
    assert told(flows.loops_take_time, lanes=lanes, **LOOP) == []


def test_lanes_both_ways_are_no_loop():
    lanes = "item,origin,destination\nore,CN,US\nore,US,CN\nmetal,CN,US\nmetal,US,CN"
    net = {"recipes": "recipe,item,region\nsmelter,metal,CN", "bom": "recipe,input,quantity\nsmelter,ore,1"}
    assert told(flows.loops_take_time, lanes=lanes, **net) == []


def test_scrap_that_returns_at_once_is_a_loop():
    # the magnet plant gives scrap beside, the recycler turns it into the metal that the plant uses
    recipes = "recipe,item,region\nplant,magnet,CN\nrecycler,metal,CN"
    bom = "recipe,input,quantity\nplant,metal,1\nplant,scrap,-0.2\nrecycler,scrap,1"
    (line,) = told(flows.loops_take_time, recipes=recipes, bom=bom)
    assert "[plant] scrap in CN" in line
    assert "[recycler] metal in CN" in line


def test_two_loops_are_two_findings():
    recipes = "recipe,item,region\na,x,CN\nb,y,CN\nc,x,US\nd,y,US"
    bom = "recipe,input,quantity\na,y,1\nb,x,1\nc,y,1\nd,x,1"
    assert len(told(flows.loops_take_time, recipes=recipes, bom=bom)) == 2


def test_long_chain_needs_no_recursion():
    recipes = [{"recipe": f"r{n}", "item": f"i{n}", "region": "CN"} for n in range(1, 5000)]
    bom = [{"recipe": f"r{n}", "input": f"i{n - 1}", "quantity": 1} for n in range(1, 5000)]
    assert told(flows.loops_take_time, recipes=recipes, bom=bom) == []


def test_demand_without_supply_path_is_a_baseline_gap():
    tables = {
        "recipes": "recipe,item,region,output0\nmine,ore,CN,5\nplant,magnet,US,\nshut,ore,AU,0",
        "bom": "recipe,input,quantity\nplant,ore,1\nplant,glue,1",
        "lanes": "item,origin,destination,flow0\nore,CN,US,\nore,CN,JP,0\nore,AU,EU,5",
        "stocks": "item,region,quantity\nmagnet,KR,5",
        "demand": "item,region,quantity,value_usd\nmagnet,US,1,1\nore,US,1,1\nore,JP,1,1\nore,EU,1,1\nmagnet,KR,1,1\nore,IN,0,1",
    }
    assert told(flows.demand_has_a_supply_path, **tables) == [
        'demand.csv row 2, item "magnet": nothing can supply magnet in US (plant lacks glue); '
        "the demand is treated as lost and shown as baseline gap",
        'demand.csv row 4, item "ore": nothing can supply ore in JP; '
        "the demand is treated as lost and shown as baseline gap",
        'demand.csv row 5, item "ore": nothing can supply ore in EU; '
        "the demand is treated as lost and shown as baseline gap",
    ]
    assert told(flows.recipes_have_their_inputs, **tables) == [
        'bom.csv row 3, input "glue": nothing can supply it in US, so plant makes nothing'
    ]


def test_by_products_and_later_plants_supply():
    net = tiny_network(
        recipes="recipe,item,region,output0\nmine,ore,CN,5\nnew,metal,CN,0",
        bom="recipe,input,quantity\nmine,side,-1\nnew,side,1",
        capacity="recipe,month,capacity\nnew,2026-01,5",
    )
    assert ("metal", "CN") in flows.supplied_nodes(net)


def test_rows_that_nothing_touches():
    tables = {
        "items": "item,name,kind,unit,price_usd\nlost,Lost,material,t,1",
        "regions": "region,name,within\nUS,US,\nUS/auto,Cars,US\nXX,Nowhere,",
        "demand": "item,region,value_usd\nore,US/auto,1",
    }
    assert told(flows.items_are_used, **tables) == [
        'items.csv row 2, item "lost": no recipe, lane or demand uses this item'
    ]
    assert told(flows.regions_are_used, **tables) == [
        'regions.csv row 4, region "XX": no recipe, lane, stock or demand lies in this region'
    ]
