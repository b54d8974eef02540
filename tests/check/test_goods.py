from exposure.check import goods
from tests.tiny import tiny_network


def told(rule, **tables):
    return [str(finding) for finding in rule(tiny_network(**tables))]


def test_capacity_covers_output():
    recipes = "recipe,item,region,output0,capacity\na,x,CN,10,9\nb,x,US,10,\nc,x,JP,,5"
    assert told(goods.capacity_covers_output, recipes=recipes) == [
        'recipes.csv row 2, capacity "9": below output0 (10)'
    ]


def test_extra_recipes_state_their_output():
    recipes = """recipe,item,region,output0,extra_cost_usd,start_months,ramp_months
        a,x,CN,,5,0,0
        b,x,US,,0,3,0
        c,x,JP,,0,0,2
        d,x,EU,,0,0,0
        e,x,KR,0,5,3,2"""
    message = "output0: must be written for a recipe with extra cost, start or ramp (0 if it does not run yet)"
    found = told(goods.extra_recipes_state_their_output, recipes=recipes)
    assert found == [f"recipes.csv row {row}, {message}" for row in (2, 3, 4)]


def test_recipes_that_can_never_run():
    net = tiny_network(
        recipes="recipe,item,region,output0,capacity\na,x,CN,0,\nb,x,US,0,0\nc,x,JP,0,5\nd,x,EU,,",
        capacity="recipe,month,capacity\nb,2026-01,10",
    )
    assert [finding.row for finding in goods.recipes_can_run(net)] == [2]


def test_neither_input_nor_by_product_of_itself():
    recipes = "recipe,item,region\na,x,CN\nb,y,CN"
    bom = "recipe,input,quantity\na,x,-0.5\nb,y,0.1\na,y,-2"
    assert told(goods.by_products_are_other_items, recipes=recipes, bom=bom) == [
        'bom.csv row 2, input "x": a by-product of itself; count it in the recipe\'s output instead',
        'bom.csv row 3, input "y": an input of itself; write the net output instead',
    ]


def test_bom_lines_use_something():
    net = tiny_network(recipes="recipe,item,region\na,x,CN", bom="recipe,input,quantity\na,y,0")
    assert [finding.severity for finding in goods.bom_quantities_are_not_zero(net)] == ["notice"]


def test_installed_items():
    items = "item,name,kind,unit,price_usd,life_months\ntool,T,equipment,unit,1,120\nnull,N,equipment,unit,1,0"
    tables = {"items": items, "recipes": "recipe,item,region\na,x,CN", "bom": "recipe,input,quantity\na,tool,-1"}
    assert "cannot be a by-product" in told(goods.installed_items_are_inputs, **tables)[0]
    assert "must be at least 1" in told(goods.lives_are_not_zero, **tables)[0]


def test_capacity_steps():
    net = tiny_network(
        recipes="recipe,item,region,output0,capacity\na,x,CN,10,20",
        capacity="recipe,month,capacity,announced\na,2026-01,30,\na,2026-02,15,\na,2026-03,40,2026-04",
    )
    assert [(finding.severity, str(finding)) for finding in goods.capacity_steps_raise(net)] == [
        ("notice", 'capacity.csv row 3, capacity "15": below the baseline capacity (20): a closure'),
        ("error", 'capacity.csv row 4, announced "2026-04": after the month from which it holds (2026-03)'),
    ]
