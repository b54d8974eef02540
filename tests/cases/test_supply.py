"""What runs short, and for whom: stocks, suppliers, recipes, by-products. Every number can be checked on paper.

All networks run from January 2025; controls bite on 1 March unless said otherwise. Rates of 120 a year are 10 a month.
"""

import pytest

from tests.support import ALL, FREE, damages, gap_row, months, run, summary
from tests.tiny import tiny_network

CONTROL = "control,title,announced,effective,status\nC1,Control one,2025-03-01,2025-03-01,in_force"


def controlled(item="ore", mechanism="ban", value="", **tables):
    """Build a network with one control by China on one item, from 1 March 2025."""
    scope = f"control,item,origin,destination,mechanism,value\nC1,{item},CN,*,{mechanism},{value}"
    return tiny_network(controls=CONTROL, control_scope=scope, **tables)


def test_a_stock_runs_out():
    net = controlled(
        recipes="recipe,item,region,output0\nmine,ore,CN,120",
        lanes="item,origin,destination,flow0,max_flow\nore,CN,US,120,120",
        stocks="item,region,cover_months\nore,US,2",
        demand="item,region,quantity,value_usd\nore,US,120,1000",
    )
    out = run(net)
    for response in ALL:
        # 20 t last for March and April; May and June lack 10 t each, at 1000 USD
        assert months(out.stocks, "stock", response, region="US") == [20, 20, 10, 0, 0, 0]
        assert months(out.loss, "unmet", response, region="US") == [0, 0, 0, 0, 10, 10]
        row = summary(out, response)
        assert (row["loss_usd"], row["cost_usd"]) == (20_000, 0)
        assert (row["first_loss_month"], row["worst_month"], row["recovered_month"]) == ("2025-05", "2025-05", None)
        # the mine stands still; nothing piles up at the pit
        assert months(out.production, "usual", response, recipe="mine") == [10, 10, 0, 0, 0, 0]
        assert months(out.stocks, "stock", response, region="CN") in ([], [0] * 6)


def test_a_reserve_may_not_be_drawn():
    net = controlled(
        recipes="recipe,item,region,output0\nmine,ore,CN,120",
        lanes="item,origin,destination,flow0,max_flow\nore,CN,US,120,120",
        stocks="item,region,quantity,reserve\nore,US,20,12",
        demand="item,region,quantity,value_usd\nore,US,120,1000",
    )
    out = run(net)
    for response in ALL:
        # only 20 - 12 = 8 t may go: March lacks 2, then 10 a month
        assert months(out.loss, "unmet", response) == [0, 0, 2, 10, 10, 10]
        assert months(out.stocks, "stock", response, region="US") == [20, 20, 12, 12, 12, 12]


def test_a_second_supplier_steps_in_up_to_its_lane():
    net = controlled(
        recipes="""recipe, item, region, output0, capacity, extra_cost_usd
            mine_cn, ore, CN, 60, 60, 0
            mine_au, ore, AU, 60, 90, 2""",
        lanes="""item, origin, destination, flow0, max_flow, extra_cost_usd
            ore, CN, US, 60, 60, 0
            ore, AU, US, 60, 84, 3""",
        demand="item,region,quantity,value_usd\nore,US,120,1000",
    )
    out = run(net)
    # 5 t a month are cut. Australia could dig (90 - 60) / 12 = 2.5 more, its lane carries (84 - 60) / 12 = 2 more:
    # 3 t remain short; the 2 cost 2 + 3 USD each
    assert months(out.loss, "unmet", "contracts") == [0, 0, 5, 5, 5, 5]
    for response in FREE:
        assert months(out.loss, "unmet", response) == [0, 0, 3, 3, 3, 3]
        assert months(out.shipments, "extra", response, origin="AU") == [0, 0, 2, 2, 2, 2]
        assert months(out.production, "extra", response, recipe="mine_au") == [0, 0, 2, 2, 2, 2]
        gap = gap_row(out, response, "ore", "US", "2025-04")
        assert (gap["cut"], gap["other_origins"], gap["unmet"], gap["cause"]) == (5, 2, 3, "control")
    # 4 months x 5 x 1000; 4 x (3 x 1000 + 2 x 5)
    assert damages(out) == {"contracts": 20_000, "voluntary": 12_040, "planner": 12_040}


def test_the_scarcer_of_two_inputs_decides_and_the_rest_is_handed_back():
    net = tiny_network(
        recipes="""recipe, item, region, output0
            magnets, magnet, CN, 120
            chips, chip, TW, 240
            cars, car, US, 120""",
        bom="recipe,input,quantity\ncars,magnet,1\ncars,chip,2",
        lanes="item,origin,destination,flow0,max_flow\nmagnet,CN,US,120,120\nchip,TW,US,240,240",
        demand="item,region,quantity,value_usd\ncar,US,120,1000",
        controls=CONTROL,
        control_scope="control,item,origin,destination,mechanism,value\n"
        "C1,magnet,CN,US,licence,0.6\nC1,chip,TW,US,licence,0.4",
    )
    out = run(net)
    for response in ALL:
        # magnets for 6 cars, chips for 4: 4 cars, 6 short; only 4 magnets are taken though 6 may come
        assert months(out.loss, "unmet", response) == [0, 0, 6, 6, 6, 6]
        assert months(out.shipments, "usual", response, item="magnet") == [10, 10, 4, 4, 4, 4]
        assert months(out.shipments, "usual", response, item="chip") == [20, 20, 8, 8, 8, 8]
        assert months(out.shipments, "allowed", response, item="magnet") == [10, 10, 6, 6, 6, 6]


def test_two_units_of_ore_per_unit_of_metal():
    net = controlled(
        mechanism="licence",
        value="0.5",
        recipes="recipe,item,region,output0\nmine,ore,CN,240\nsmelt,metal,US,120",
        bom="recipe,input,quantity\nsmelt,ore,2",
        lanes="item,origin,destination,flow0,max_flow\nore,CN,US,240,240",
        demand="item,region,quantity,value_usd\nmetal,US,120,1000",
    )
    out = run(net)
    for response in ALL:
        # 20 x 0.5 = 10 t of ore make 5 t of metal
        assert months(out.loss, "unmet", response) == [0, 0, 5, 5, 5, 5]
        gap = gap_row(out, response, "ore", "US", "2025-03")
        assert (gap["cut"], gap["users_stopped"], gap["unmet"]) == (10, 10, 0)


def test_surplus_of_a_joint_process_is_thrown_away():
    net = controlled(
        item="neodymium",
        recipes="recipe,item,region,output0\nrefine,neodymium,CN,120",
        bom="recipe,input,quantity\nrefine,cerium,-2",
        lanes="item,origin,destination,flow0,max_flow\nneodymium,CN,US,120,120",
        demand="item,region,quantity,value_usd\nneodymium,US,120,1000\ncerium,CN,60,10",
    )
    out = run(net)
    for response in ALL:
        # usually 10 t of neodymium with 20 t of cerium, of which 5 are wanted and 15 thrown away. Without buyers of neodymium
        # the plant runs for the cerium: 5 / 2 = 2.5, whose neodymium is thrown away
        assert months(out.production, "usual", response) == [10, 10, 2.5, 2.5, 2.5, 2.5]
        assert months(out.loss, "unmet", response, item="cerium") == [0] * 6
        assert months(out.loss, "unmet", response, item="neodymium") == [0, 0, 10, 10, 10, 10]
        assert months(out.stocks, "stock", response, region="CN") in ([], [0] * 6, [0] * 12)


def test_a_by_product_is_short_with_its_main_product():
    net = controlled(
        item="concentrate",
        mechanism="licence",
        value="0.5",
        recipes="recipe,item,region,output0\ndig,concentrate,CN,120\nsmelt,zinc,US,120",
        bom="recipe,input,quantity\nsmelt,concentrate,1\nsmelt,germanium,-0.1",
        lanes="item,origin,destination,flow0,max_flow\nconcentrate,CN,US,120,120",
        demand="item,region,quantity,value_usd\nzinc,US,120,10\ngermanium,US,12,5000",
    )
    out = run(net)
    for response in ALL:
        # half the concentrate: 5 t of zinc at 10 USD and 0.5 t of germanium at 5000 USD are short
        assert months(out.loss, "unmet", response, item="zinc") == [0, 0, 5, 5, 5, 5]
        assert months(out.loss, "unmet", response, item="germanium") == [0, 0, 0.5, 0.5, 0.5, 0.5]
        assert summary(out, response)["loss_usd"] == pytest.approx(4 * (50 + 2500))


def pool(priorities=("1", "1")):
    return controlled(
        item="magnet",
        mechanism="licence",
        value="0.6",
        recipes="recipe,item,region,output0\nmake,magnet,CN,144",
        lanes="""item, origin, destination, flow0, max_flow
            magnet, CN, US, 144, 144
            magnet, US, US/defence, 48, 48
            magnet, US, US/auto, 96, 96""",
        demand=f"""item, region, quantity, value_usd, priority
            magnet, US/defence, 48, 100, {priorities[0]}
            magnet, US/auto, 96, 500, {priorities[1]}""",
    )


def test_two_users_share_in_proportion_or_by_value():
    out = run(pool())
    # 12 a month become 7.2. Contracts: 60 % each, so 1.6 of 4 and 3.2 of 8 are short. Nobody may be left worse off, and
    # together they lack 4.8 whoever bears it, so voluntary trade is the same. A planner serves the dearer use first:
    # 7.2 to the car makers (0.8 short), nothing to defence
    for response in ("contracts", "voluntary"):
        assert months(out.loss, "unmet", response, region="US/defence")[2:] == pytest.approx([1.6] * 4)
        assert months(out.loss, "unmet", response, region="US/auto")[2:] == pytest.approx([3.2] * 4)
    assert months(out.loss, "unmet", "planner", region="US/defence") == [0, 0, 4, 4, 4, 4]
    assert months(out.loss, "unmet", "planner", region="US/auto")[2:] == pytest.approx([0.8] * 4)
    # a month: 1.6 x 100 + 3.2 x 500 = 1760; 4 x 100 + 0.8 x 500 = 800
    assert damages(out) == pytest.approx({"contracts": 7040, "voluntary": 7040, "planner": 3200})


def test_a_planner_with_priorities_serves_the_rank_not_the_value():
    out = run(pool(("1", "2")))
    assert months(out.loss, "unmet", "planner", region="US/defence") == [0] * 6
    assert months(out.loss, "unmet", "planner", region="US/auto")[2:] == pytest.approx([4.8] * 4)
    # 4.8 x 500 = 2400 a month: the rank costs more than contracts do
    assert damages(out) == pytest.approx({"contracts": 7040, "voluntary": 7040, "planner": 9600})


def test_a_taker_that_cannot_use_its_share_leaves_it_to_the_others():
    net = tiny_network(
        recipes="""recipe, item, region, output0
            dig, ore, CN, 144
            brew, acid, CN, 96
            smelt, metal, US, 96""",
        bom="recipe,input,quantity\nsmelt,ore,1\nsmelt,acid,1",
        lanes="item,origin,destination,flow0,max_flow\nore,CN,US,144,144\nacid,CN,US,96,96",
        demand="item,region,quantity,value_usd\nmetal,US,96,1000\nore,US,48,10",
        controls=CONTROL,
        control_scope="control,item,origin,destination,mechanism,value\nC1,ore,CN,US,licence,0.6\nC1,acid,CN,US,licence,0.4",
    )
    out = run(net)
    # ore: 7.2 of 12. The smelter (usually 8) has acid for 3.2 and takes no more; 4 remain for direct users, who need 4.
    # In plain proportion these would get 2.4
    for response in ALL:
        assert months(out.loss, "unmet", response, item="ore") == [0] * 6
        assert months(out.loss, "unmet", response, item="metal")[2:] == pytest.approx([4.8] * 4)


def test_nothing_piles_up_at_a_plant_that_stands_still():
    net = controlled(
        item="magnet",
        recipes="""recipe, item, region, output0
            magnets, magnet, CN, 120
            mill, steel, US, 240
            cars, car, US, 120""",
        bom="recipe,input,quantity\ncars,magnet,1\ncars,steel,2",
        lanes="item,origin,destination,flow0,max_flow\nmagnet,CN,US,120,120",
        stocks="item,region,cover_months\nsteel,US,1\nmagnet,US,1",
        demand="item,region,quantity,value_usd\ncar,US,120,1000",
    )
    out = run(net, tail=3)
    for response in ALL:
        # magnets in stock carry March; from April no car is made, the mill stands still and its store stays as it was
        assert months(out.loss, "unmet", response) == [0, 0, 0, 10, 10, 10]
        assert months(out.production, "usual", response, recipe="mill") == [20, 20, 20, 0, 0, 0]
        assert months(out.stocks, "stock", response, item="steel") == [20] * 6


def test_a_substitute_recipe_costs_more_and_is_small():
    net = controlled(
        item="magnet",
        recipes="""recipe, item, region, output0, capacity, extra_cost_usd
            magnets, magnet, CN, 120, 120, 0
            ferrites, ferrite, US, 0, 240, 1
            motor_magnet, motor, US, 120, 120, 0
            motor_ferrite, motor, US, 0, 48, 50""",
        bom="recipe,input,quantity\nmotor_magnet,magnet,1\nmotor_ferrite,ferrite,2",
        lanes="item,origin,destination,flow0,max_flow\nmagnet,CN,US,120,120",
        demand="item,region,quantity,value_usd\nmotor,US,120,1000",
    )
    out = run(net)
    assert months(out.loss, "unmet", "contracts") == [0, 0, 10, 10, 10, 10]
    for response in FREE:
        # 48 / 12 = 4 motors with 8 ferrites, at 4 x 50 + 8 x 1 = 208 USD; 6 motors are short
        assert months(out.production, "extra", response, recipe="motor_ferrite") == [0, 0, 4, 4, 4, 4]
        assert months(out.loss, "unmet", response) == [0, 0, 6, 6, 6, 6]
        assert months(out.costs, "cost_usd", response, kind="extra") == [208] * 4
        # of the 10 magnets that did not come, 4 were replaced and the users of 6 stopped
        gap = gap_row(out, response, "magnet", "US", "2025-05")
        assert (gap["cut"], gap["replaced"], gap["users_stopped"]) == (10, 4, 6)


def test_installed_machines_wear_out():
    def fab(cover):
        need = 60 * (1 + cover / 10)  # 0.5 machines per chip a year, 120 chips; each stands 10 months
        return controlled(
            item="scanner",
            items="item,name,kind,unit,price_usd,life_months\nscanner,scanner,equipment,unit,1,10",
            recipes=f"recipe,item,region,output0,capacity\nbuild,scanner,CN,{need / 10 * 12},\nfab,chip,US,120,120",
            bom="recipe,input,quantity\nfab,scanner,0.5",
            lanes=f"item,origin,destination,flow0,max_flow\nscanner,CN,US,{need / 10 * 12},{need / 10 * 12}",
            stocks=f"item,region,cover_months\nscanner,US,{cover}",
            demand="item,region,quantity,value_usd\nchip,US,120,1000",
        )

    bare, spare = run(fab(0)), run(fab(2))
    for response in ALL:
        # 60 stand, 6 expire a month: 54, 48, 42, 36 remain, and 6 are needed per chip a month
        assert months(bare.loss, "unmet", response) == [0, 0, 1, 2, 3, 4]
        # with two months' cover 72 stand and 7.2 expire: 64.8 (enough for 10), 57.6, 50.4, 43.2
        assert months(spare.loss, "unmet", response) == pytest.approx([0, 0, 0, 0.4, 1.6, 2.8])


def test_a_service_cannot_be_hoarded():
    net = tiny_network(
        items="item,name,kind,unit,price_usd,storable\neda,design software,software,seat,1,no",
        recipes="recipe,item,region,output0,capacity\nwrite,eda,US,120,240\ndesign,chip,CN,120,120",
        bom="recipe,input,quantity\ndesign,eda,1",
        lanes="item,origin,destination,flow0,max_flow\neda,US,CN,120,240",
        demand="item,region,quantity,value_usd\nchip,CN,120,1000",
        controls="control,title,announced,effective,status\nC1,Letter,2025-01-01,2025-04-01,in_force",
        control_scope="control,item,origin,destination,mechanism,value\nC1,eda,US,CN,ban,",
    )
    out = run(net)
    # told in January, twice the usual seats could come in three months; but a seat is used when it is there. Chips cannot
    # be made ahead: the design house is full
    for response in ALL:
        assert months(out.loss, "unmet", response) == [0, 0, 0, 10, 10, 10]
