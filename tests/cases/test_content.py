"""Content rules, products made with foreign tools, re-export. Every number can be checked on paper."""

import pytest

from tests.support import ALL, FREE, damages, gap_row, months, run, summary
from tests.tiny import tiny_network

HEAD = "control,item,origin,destination,mechanism,value,days,covered,from,to\n"
CONTROLS = "control,title,imposer,announced,effective,status\nC1,Content,CN,2025-03-01,2025-03-01,in_force"
RULE = "C1,motor,!CN,US,content_rule,0.1,,CN:magnet,,"


def motors(scope=RULE, china=90, australia=30, room=0, spare=0, cost=0, extra="", capacity=120, start=0, **tables):
    """Japan winds motors from Chinese and Australian magnets, half for the US and half for itself."""
    return tiny_network(
        **{
            "items": "item,name,kind,unit,price_usd\nmagnet,magnet,material,t,50\nmotor,motor,component,unit,100",
            "recipes": f"""recipe,item,region,output0,capacity,extra_cost_usd,start_months,ramp_months
                cn,magnet,CN,{china},{china},0,0,0
                au,magnet,AU,{australia},{australia + spare},3,0,0
                wind,motor,JP,120,{capacity},{cost},{start},{start and 1}""",
            "bom": "recipe,input,quantity\nwind,magnet,1",
            "lanes": f"""item,origin,destination,flow0,max_flow,extra_cost_usd
                magnet,CN,JP,{china},{china},0
                magnet,AU,JP,{australia},{australia + room},1
                motor,JP,US,60,60,0""",
            "demand": "item,region,quantity,value_usd\nmotor,US,60,1000\nmotor,JP,60,1000",
            "controls": CONTROLS,
            "control_scope": HEAD + scope,
        }
        | tables
    )


def test_without_clean_goods_the_product_stops():
    out = run(motors(china=120, australia=0))
    # every magnet is Chinese, half of a motor's value: 5 motors a month stop, Japan keeps its own 5
    for response in ALL:
        assert months(out.loss, "unmet", response, region="US") == [0, 0, 5, 5, 5, 5]
        assert months(out.loss, "unmet", response, region="JP") == [0] * 6
    held = out.limits[(out.limits["kind"] == "lane") & (out.limits["response"] == "planner")]
    assert held[["item", "origin", "destination", "moved_by"]].drop_duplicates().values.tolist() == [
        ["motor", "JP", "US", "C1"]
    ]
    assert held["binding"].all()
    assert held["price_usd"].tolist() == [1000] * 4


def test_contracts_keep_the_usual_mix_and_the_others_sort():
    out = run(motors())
    # a quarter of the motors holds Australian magnets. In contracts a quarter of what goes to the US passes: 3.75 short;
    # sorted, all 2.5 clean motors go to the US and Japan takes those with Chinese magnets: 2.5 short
    assert months(out.loss, "unmet", "contracts", region="US") == [0, 0, 3.75, 3.75, 3.75, 3.75]
    for response in FREE:
        assert months(out.loss, "unmet", response, region="US") == [0, 0, 2.5, 2.5, 2.5, 2.5]
    for response in ALL:
        assert months(out.loss, "unmet", response, region="JP") == [0] * 6
    assert damages(out) == {"contracts": 15_000, "voluntary": 10_000, "planner": 10_000}
    row = gap_row(out, "planner", "motor", "US", "2025-03")
    # of 5 a quarter still comes by the usual lane and as much again as extra
    assert (row["cut"], row["other_origins"], row["unmet"]) == (3.75, 1.25, 2.5)
    assert row["cause"] == "control"
    assert set(out.why.loc[out.why["region"] == "US", "control"]) == {"C1"}


def test_more_clean_magnets_turn_the_motors_at_the_recipes_cost():
    out = run(motors(room=120, spare=120, cost=2))
    # 2.5 more clean magnets a month at 3 + 1, wound into clean motors at 2: 2.5 x 6 USD; nothing is lost
    for response in FREE:
        assert months(out.loss, "unmet", response, region="US") == [0] * 6
        assert months(out.production, "extra", response, recipe="au") == [0, 0, 2.5, 2.5, 2.5, 2.5]
        assert damages(out)[response] == 60
        # the plant makes 10 in all: 2.5 clean instead of 2.5 caught
        made = [
            a + b
            for a, b in zip(
                months(out.production, "usual", response, recipe="wind"),
                months(out.production, "extra", response, recipe="wind"),
                strict=True,
            )
        ]
        assert made == [10] * 6
    assert damages(out)["contracts"] == 15_000


def test_a_recipe_that_takes_time_turns_later():
    out = run(motors(room=120, spare=120, start=2))
    # news in March, two months to start, all from May on; till then only what is clean in the usual mix
    for response in FREE:
        assert months(out.loss, "unmet", response, region="US") == [0, 0, 2.5, 2.5, 0, 0]


def test_both_modes_share_one_plant():
    lanes = "item,origin,destination,flow0,max_flow\nmagnet,CN,JP,90,90\nmagnet,AU,JP,30,150\nmotor,JP,US,60,120"
    out = run(motors(room=120, spare=120, lanes=lanes))
    # clean motors for the US take the place of caught ones; Japan's 5 and the 5 of the US are all that the plant can make
    for response in FREE:
        assert months(out.loss, "unmet", response) == [0] * 6
        total = out.production[(out.production["response"] == response) & (out.production["recipe"] == "wind")]
        assert (total["usual"] + total["extra"]).tolist() == pytest.approx([10] * 6)


def test_the_price_of_the_shared_plant_is_shown():
    tables = {
        "recipes": """recipe,item,region,output0,capacity
            cn,magnet,CN,90,180
            au,magnet,AU,30,60
            wind,motor,JP,120,120
            other,motor,KR,60,60""",
        "bom": "recipe,input,quantity\nwind,magnet,1",
        "lanes": """item,origin,destination,flow0,max_flow
            magnet,CN,JP,90,180
            magnet,AU,JP,30,60
            motor,JP,US,60,60
            motor,KR,EU,60,60
            motor,JP,EU,0,60""",
        "demand": "item,region,quantity,value_usd\nmotor,US,60,1000\nmotor,JP,60,1000\nmotor,EU,60,700",
        "control_scope": HEAD + RULE + "\nC1,motor,KR,EU,ban,,,,,",
    }
    out = run(motors(**tables))
    # Japan winds 10 a month, of which at most 5 can be clean: all go to the US, 5 stay; Europe goes without its 5 at 700
    assert months(out.loss, "unmet", "planner", region="EU") == [0, 0, 5, 5, 5, 5]
    assert months(out.loss, "unmet", "planner", region="US") == [0] * 6
    full = out.limits[(out.limits["response"] == "planner") & (out.limits["kind"] == "capacity")]
    assert full[["recipe", "price_usd"]].values.tolist() == [["wind", pytest.approx(700)]] * 4


@pytest.mark.parametrize(("edge", "lost"), [("at_or_above", [0, 0, 5, 5]), ("above", [0, 0, 0, 0])])
def test_the_threshold_is_exact_at_the_edge(edge, lost):
    net = motors(
        f"C1,motor,!CN,US,content_rule,0.001,,CN:magnet;{edge},,", china=12, australia=0,
        items="item,name,kind,unit,price_usd\nmagnet,magnet,material,t,1\nmotor,motor,component,unit,100",
        bom="recipe,input,quantity\nwind,magnet,0.1",
    )  # fmt: skip
    # 0.1 t x 1 USD in 100 USD is 0.1 % exactly
    for response in ALL:
        assert months(run(net, months=4).loss, "unmet", response, region="US") == lost


def test_licences_and_their_queue():
    out = run(motors("C1,motor,!CN,US,content_rule,0.1,31,CN:magnet;approved=0.4,,", china=120, australia=0))
    for response in ALL:
        # 31 days: nothing in March; then four in ten
        assert months(out.loss, "unmet", response, region="US") == [0, 0, 5, 3, 3, 3]


def test_what_is_deeper_in_the_product_counts():
    net = tiny_network(
        items="item,name,kind,unit,price_usd\nmagnet,magnet,material,t,50\nmotor,motor,component,unit,100\ncar,car,product,unit,1000",
        recipes="recipe,item,region,output0\ncn,magnet,CN,120\nwind,motor,JP,120\nbuild,car,KR,120",
        bom="recipe,input,quantity\nwind,magnet,1\nbuild,motor,1",
        lanes="item,origin,destination,flow0\nmagnet,CN,JP,120\nmotor,JP,KR,120\ncar,KR,US,120",
        demand="item,region,quantity,value_usd\ncar,US,120,1000",
        controls=CONTROLS,
        control_scope=HEAD + "C1,*,!CN,US,content_rule,{},,CN:magnet,,",
    )

    def lost(threshold):
        rule = net.control_scope[0].model_copy(update={"value": threshold})
        changed = net.model_copy(update={"control_scope": (rule,)})
        return months(run(changed, months=3).loss, "unmet", "planner")

    # 50 of 1000 USD are 5 %
    assert lost("0.05") == [0, 0, 10]
    assert lost("0.0501") == [0, 0, 0]


def test_small_parts_below_the_threshold_need_not_be_clean():
    net = motors(
        "C1,motor,!CN,US,content_rule,0.1,,CN:magnet;screw,,", china=120, australia=0, spare=120, room=120,
        items="item,name,kind,unit,price_usd\nmagnet,magnet,material,t,50\nscrew,screw,material,t,1\nmotor,motor,component,unit,100",
        recipes="""recipe,item,region,output0,capacity
            cn,magnet,CN,120,120
            au,magnet,AU,0,120
            turn,screw,CN,480,480
            wind,motor,JP,120,120""",
        bom="recipe,input,quantity\nwind,magnet,1\nwind,screw,4",
        lanes="""item,origin,destination,flow0,max_flow
            magnet,CN,JP,120,120
            magnet,AU,JP,0,120
            screw,CN,JP,480,480
            motor,JP,US,60,60""",
    )  # fmt: skip
    out = run(net)
    # Chinese screws alone are 4 %: motors with Australian magnets pass
    for response in FREE:
        assert months(out.loss, "unmet", response) == [0] * 6
    assert months(out.loss, "unmet", "contracts", region="US") == [0, 0, 5, 5, 5, 5]


def test_a_product_made_with_a_foreign_tool_stops_and_one_made_without_goes_on():
    net = tiny_network(
        items="""item,name,kind,unit,price_usd,life_months
            tool,tool,equipment,unit,50,60
            die,die,component,unit,100,""",
        recipes="""recipe,item,region,output0,capacity,extra_cost_usd,start_months,ramp_months
            us_tool,tool,US,24,24,0,0,0
            with_tool,die,TW,120,120,0,0,0
            without,die,TW,0,60,7,1,1""",
        bom="recipe,input,quantity\nwith_tool,tool,1",
        lanes="item,origin,destination,flow0,max_flow\ntool,US,TW,24,24\ndie,TW,CN,60,60\ndie,TW,US,60,60",
        demand="item,region,quantity,value_usd\ndie,CN,60,1000\ndie,US,60,1000",
        controls=CONTROLS,
        control_scope=HEAD + "C1,die,TW,CN,foreign_product,,,US:tool,,",
    )
    out = run(net)
    assert months(out.loss, "unmet", "contracts", region="CN") == [0, 0, 5, 5, 5, 5]
    for response in FREE:
        # the other process starts a month after the news, 5 a month at 7 USD
        assert months(out.loss, "unmet", response, region="CN") == [0, 0, 5, 0, 0, 0]
        assert damages(out)[response] == 5000 + 3 * 5 * 7
    for response in ALL:
        assert months(out.loss, "unmet", response, region="US") == [0] * 6


def hub(scope="C1,ore,CN,US,reexport,,,,,"):
    return tiny_network(
        recipes="recipe,item,region,output0,capacity\ncn,ore,CN,180,180\njp,ore,JP,60,60",
        lanes="""item,origin,destination,flow0,max_flow
            ore,CN,JP,120,120
            ore,CN,KR,60,60
            ore,JP,KR,0,120
            ore,JP,US,60,60
            ore,KR,US,0,60""",
        demand="item,region,quantity,value_usd\nore,US,60,1000\nore,JP,120,100\nore,KR,60,100",
        controls=CONTROLS,
        control_scope=HEAD + scope,
    )


def test_a_country_passes_on_no_more_than_its_own():
    out = run(hub())
    # Japan digs 5 a month and takes 10 from China, a third of what it has is its own: in contracts a third of 5 passes;
    # sorted, it sends its own 5 to the US and uses what is Chinese
    assert months(out.loss, "unmet", "contracts", region="US") == pytest.approx([0, 0] + [5 * 2 / 3] * 4)
    for response in FREE:
        assert months(out.loss, "unmet", response) == [0] * 6


def test_nor_does_it_by_way_of_another_country():
    net = hub("C1,ore,CN,US,reexport,,,,,\nC1,ore,JP,US,quota,12,,,,")
    out = run(net)
    # Japan may send 1 a month itself; the other 4 of its own go by way of Korea, what is Chinese does not
    assert months(out.loss, "unmet", "planner", region="US") == [0] * 6
    shipped = months(out.shipments, "extra", "planner", origin="KR")
    assert shipped == [0, 0, 4, 4, 4, 4]
    few = tiny_network(**{**_tables(net), "recipes": "recipe,item,region,output0,capacity\ncn,ore,CN,216,216\njp,ore,JP,24,24",
                          "lanes": _tables(net)["lanes"].replace("ore,CN,JP,120,120", "ore,CN,JP,156,156")})  # fmt: skip
    # with 2 a month of its own only 2 reach the US, however they go
    assert months(run(few).loss, "unmet", "planner", region="US") == [0, 0, 3, 3, 3, 3]


def _tables(net):
    return {
        "lanes": """item,origin,destination,flow0,max_flow
            ore,CN,JP,120,120
            ore,CN,KR,60,60
            ore,JP,KR,0,120
            ore,JP,US,60,60
            ore,KR,US,0,60""",
        "demand": "item,region,quantity,value_usd\nore,US,60,1000\nore,JP,120,100\nore,KR,60,100",
        "controls": CONTROLS,
        "control_scope": HEAD + "C1,ore,CN,US,reexport,,,,,\nC1,ore,JP,US,quota,12,,,,",
    }


def test_before_the_rule_nothing_moves():
    out = run(motors(), months=2, tail=0)
    for name in ("shipments", "production"):
        table = out.tables[name]
        assert (table["usual"] == table["baseline"]).all()
        assert not table["extra"].any()
    assert out.gap.empty
    assert summary(out, "contracts")["damage_usd"] == 0
