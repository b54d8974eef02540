"""Who knows what when, who waits, who gives way. Every number can be checked on paper."""

import pytest

from tests.support import ALL, FREE, damages, months, run, summary
from tests.tiny import tiny_network

HEAD = "control,item,origin,destination,mechanism,value,from,to\n"
CONTROLS = "control,title,announced,effective,status\n"


def one_lane(scope, controls, *, max_flow=120, capacity=120, **tables):
    """Ore from China to the US: 10 t a month at 1000 USD, with some room in mine and lane."""
    return tiny_network(
        **{
            "recipes": f"recipe,item,region,output0,capacity\nmine,ore,CN,120,{capacity}",
            "lanes": f"item,origin,destination,flow0,max_flow,extra_cost_usd\nore,CN,US,120,{max_flow},2",
            "demand": "item,region,quantity,value_usd\nore,US,120,1000",
            "controls": CONTROLS + controls,
            "control_scope": HEAD + scope,
            **tables,
        }
    )


BAN = "C1,ore,CN,US,ban,,,"
SURPRISE = "C1,Ban,2025-04-01,2025-04-01,in_force"
TOLD = "C1,Ban,2025-01-01,2025-04-01,in_force"


@pytest.mark.parametrize(
    ("announcement", "foresight", "hoards"),
    [(TOLD, "announced", True), (TOLD, "none", False), (TOLD, "perfect", True),
     (SURPRISE, "announced", False), (SURPRISE, "none", False), (SURPRISE, "perfect", True)],
)  # fmt: skip
def test_an_announced_ban_is_hoarded_against(announcement, foresight, hoards):
    out = run(one_lane(BAN, announcement, max_flow=150, capacity=150), foresight=foresight)
    assert months(out.loss, "unmet", "contracts") == [0, 0, 0, 10, 10, 10]
    for response in FREE:
        # the lane carries 150 / 12 - 10 = 2.5 more: 7.5 t in three months, used up first; each costs 2 USD
        expected = [0, 0, 0, 2.5, 10, 10] if hoards else [0, 0, 0, 10, 10, 10]
        assert months(out.loss, "unmet", response) == expected
        stock = months(out.stocks, "stock", response, item="ore", region="US")
        assert stock == ([2.5, 5, 7.5, 0, 0, 0] if hoards else [])
        assert summary(out, response)["cost_usd"] == pytest.approx(15 if hoards else 0)


def staged(foresight):
    net = tiny_network(
        recipes="recipe,item,region,output0,capacity\nmine_cn,ore,CN,120,120\nmine_au,ore,AU,0,36",
        lanes="""item, origin, destination, flow0, max_flow, extra_cost_usd
            ore, CN, US, 120, 120, 0
            ore, AU, US, 0, 36, 50""",
        stocks="item,region,quantity\nore,US,20",
        demand="item,region,quantity,value_usd\nore,US,120,1000",
        controls=CONTROLS + "C1,Licences,2025-03-01,2025-03-01,in_force",
        control_scope=HEAD + "C1,ore,CN,US,licence,0.25,2025-03-01,2025-04-30\nC1,ore,CN,US,licence,0.6,2025-05-01,",
    )
    return run(net, foresight=foresight)


def test_nobody_foresees_an_easing():
    out = staged("announced")
    # in March 25 % are believed for good: 4 x 7.5 = 30 short, less 20 in stock: 10 from Australia, 3 a month and as early as
    # can be: 3, 3, then 3, 1 planned. In May 60 % come: 8 short, and 20 - 2 x 4.5 = 11 are left in stock: no more is bought
    for response in FREE:
        assert months(out.shipments, "extra", response, origin="AU") == [0, 0, 3, 3, 0, 0]
        assert months(out.stocks, "stock", response, item="ore", region="US") == [20, 20, 15.5, 11, 7, 3]
        assert damages(out)[response] == 300
    # contracts: 12.5 and 5 in stock, then 4 a month are drawn: 1 left, 3 short in June
    assert months(out.stocks, "stock", "contracts", item="ore", region="US") == [20, 20, 12.5, 5, 1, 0]
    assert months(out.loss, "unmet", "contracts") == [0, 0, 0, 0, 0, 3]


def test_perfect_foresight_buys_what_is_really_needed():
    out = staged("perfect")
    # 7.5 + 7.5 + 4 + 4 = 23 short, 20 in stock: 3 t at 50 USD
    for response in FREE:
        assert sum(months(out.shipments, "extra", response, origin="AU")) == 3
        assert damages(out)[response] == 150


def ramped(announced):
    net = tiny_network(
        recipes="""recipe, item, region, output0, capacity, extra_cost_usd, start_months, ramp_months
            mine_cn, ore, CN, 120, 120, 0, 0, 0
            mine_us, ore, US, 0, 120, 100, 2, 2""",
        lanes="item,origin,destination,flow0,max_flow\nore,CN,US,120,120",
        demand="item,region,quantity,value_usd\nore,US,120,1000",
        controls=CONTROLS + f"C1,Ban,{announced},2025-03-01,in_force",
        control_scope=HEAD + BAN,
    )
    return run(net)


def test_a_new_mine_starts_and_ramps_from_the_news():
    out = ramped("2025-03-01")
    for response in FREE:
        # news in March, two months to start: half of 10 t in May, all in June
        assert months(out.production, "capacity", response, recipe="mine_us") == [0, 0, 0, 0, 5, 10]
        assert months(out.loss, "unmet", response) == [0, 0, 10, 10, 5, 0]
        assert months(out.costs, "cost_usd", response, kind="extra") == [500, 1000]
        assert summary(out, response)["recovered_month"] == "2025-06"
    assert months(out.loss, "unmet", "contracts") == [0, 0, 10, 10, 10, 10]


def test_news_ahead_of_the_ban_starts_the_clock():
    # known in January: half in March, all from April
    assert months(ramped("2025-01-15").loss, "unmet", "planner") == [0, 0, 5, 0, 0, 0]


def new_plant(announced):
    return tiny_network(
        recipes="recipe,item,region,output0,extra_cost_usd\nmine_cn,ore,CN,120,0\nmine_us,ore,US,0,3",
        capacity=f"recipe,month,capacity,announced\nmine_us,2025-05,60,{announced}",
        lanes="item,origin,destination,flow0,max_flow\nore,CN,US,120,120",
        demand="item,region,quantity,value_usd\nore,US,120,1000",
        controls=CONTROLS + "C1,Ban,2025-03-01,2025-03-01,in_force",
        control_scope=HEAD + BAN,
    )


@pytest.mark.parametrize("foresight", ["announced", "perfect", "none"])
@pytest.mark.parametrize("announced", ["", "2024-11", "2025-02", "2025-04"])
def test_an_announced_plant_opens_in_its_month(announced, foresight):
    out = run(new_plant(announced), foresight=foresight)
    for response in FREE:
        # 60 a year are 5 a month, from May, at 3 USD each; whoever heard of it when
        assert months(out.production, "extra", response, recipe="mine_us") == [0, 0, 0, 0, 5, 5]
        assert months(out.loss, "unmet", response) == [0, 0, 10, 10, 5, 5]
    assert months(out.loss, "unmet", "contracts") == [0, 0, 10, 10, 10, 10]


WAITING = {"demand": "item,region,quantity,value_usd,deferrable,late_cost\nore,US,120,1000,0.5,0.01"}


def test_what_waits_is_caught_up():
    scope = "C1,ore,CN,US,ban,,2025-03-01,2025-03-31"
    out = run(one_lane(scope, "C1,Ban,2025-03-01,2025-03-01,in_force", max_flow=150, capacity=150, **WAITING))
    for response in FREE:
        # 10 short in March: half is lost, half waits; 2.5 a month more can come in April and May. 10 USD per unit and month
        # of waiting (5 + 2.5), 2 USD for each of 5 extra units shipped
        assert months(out.loss, "unmet", response) == [0, 0, 5, 0, 0, 0]
        assert months(out.loss, "waiting", response) == [0, 0, 5, 2.5, 0, 0]
        assert months(out.loss, "served", response) == [10, 10, 0, 12.5, 12.5, 10]
        assert months(out.costs, "cost_usd", response, kind="lateness") == [50, 25]
        assert damages(out)[response] == pytest.approx(5 * 1000 + 75 + 5 * 2)
    # nobody waits under contracts
    assert months(out.loss, "unmet", "contracts") == [0, 0, 10, 0, 0, 0]


def test_what_waits_at_the_end_is_lost_in_the_month_it_was_put_off():
    scope = "C1,ore,CN,US,ban,,2025-03-01,2025-03-31\nC2,ore,CN,US,ban,,,"
    controls = "C1,Ban,2025-03-01,2025-03-01,in_force\nC2,Again,2025-04-01,2025-04-01,in_force"
    out = run(one_lane(scope, controls, max_flow=150, capacity=150, **WAITING))
    for response in FREE:
        # in March 5 are put off in the belief that April is free. It is not: they wait to the end, 10 USD each a month, and
        # are lost, which shows in March; from April on nobody is put off any more
        assert months(out.loss, "unmet", response) == [0, 0, 10, 10, 10, 10]
        assert months(out.costs, "cost_usd", response, kind="lateness") == [50, 50, 50, 50]
        assert damages(out)[response] == pytest.approx(40_000 + 200)


def test_voluntary_trade_leaves_a_safe_region_its_stock():
    net = tiny_network(
        recipes="recipe,item,region,output0\nmine,ore,CN,240",
        lanes="""item, origin, destination, flow0, max_flow
            ore, CN, US, 120, 120
            ore, CN, JP, 120, 120
            ore, JP, US, 0, 60""",
        stocks="item,region,quantity\nore,JP,40",
        demand="item,region,quantity,value_usd\nore,US,120,1000\nore,JP,120,1000",
        controls=CONTROLS + "C1,Ban,2025-03-01,2025-03-01,in_force",
        control_scope=HEAD + BAN,
    )
    out = run(net)
    for response in ("contracts", "voluntary"):
        assert months(out.loss, "unmet", response, region="US") == [0, 0, 10, 10, 10, 10]
        assert months(out.stocks, "stock", response, item="ore", region="JP") == [40] * 6
    # the planner ships 5 t a month out of Japan's 40, and nothing happens to Japan within the horizon
    assert months(out.loss, "unmet", "planner", region="US") == [0, 0, 5, 5, 5, 5]
    assert months(out.loss, "unmet", "planner", region="JP") == [0] * 6
    assert months(out.stocks, "stock", "planner", item="ore", region="JP") == [40, 40, 35, 30, 25, 20]


@pytest.mark.parametrize(("away", "unmet"), [(1, [0] * 6), (60, [0, 0, 10, 10, 10, 10])])
def test_a_hoard_that_can_hardly_be_shipped_away_serves_its_owner(away, unmet):
    net = tiny_network(
        recipes="""recipe, item, region, output0, capacity
            mine, ore, CN, 120, 120
            boil, glue, CN, 120, 120
            cook, glue, AU, 0, 120
            plant, chip, JP, 120, 120""",
        bom="recipe,input,quantity\nplant,ore,1\nplant,glue,1",
        lanes=f"""item, origin, destination, flow0, max_flow
            ore, CN, JP, 120, 120
            ore, JP, US, 0, {away}
            glue, CN, JP, 120, 120
            glue, AU, JP, 0, 120""",
        stocks="item,region,quantity\nore,JP,40",
        demand="item,region,quantity,value_usd\nchip,JP,120,1000",
        controls=CONTROLS + "C1,Ban,2025-03-01,2025-03-01,in_force",
        control_scope=HEAD + "C1,ore,CN,JP,ban,,,\nC1,glue,CN,JP,ban,,,",
    )
    out = run(net)
    # contracts stop for want of glue, with 40 t of ore in store. With glue from Australia that ore makes chips for four months;
    # where lanes could carry off half of what the plant uses, it stays under the floor that keeps reserves from being sold
    assert months(out.loss, "unmet", "contracts") == [0, 0, 10, 10, 10, 10]
    assert months(out.loss, "unmet", "voluntary") == unmet
    assert months(out.loss, "unmet", "planner") == [0] * 6


def test_voluntary_trade_leaves_a_plant_its_machines():
    net = tiny_network(
        items="item,name,kind,unit,price_usd,life_months\nmachine,machine,equipment,unit,1,12",
        recipes="""recipe, item, region, output0, capacity
            mine, ore, CN, 120, 120
            cars, car, US, 60, 60
            build, machine, US, 60, 60
            fab, chip, JP, 120, 120""",
        bom="recipe,input,quantity\ncars,ore,1\nbuild,ore,1\nfab,machine,0.3333333333333333",
        lanes="""item, origin, destination, flow0, max_flow
            ore, CN, US, 120, 120
            machine, US, JP, 60, 60""",
        stocks="item,region,cover_months\nmachine,JP,6",
        demand="item,region,quantity,value_usd\ncar,US,60,1000\nchip,JP,120,1000",
        controls=CONTROLS + "C1,Licences,2025-03-01,2025-03-01,in_force",
        control_scope=HEAD + "C1,ore,CN,US,licence,0.5",
    )
    out = run(net)
    # 60 machines stand (a third for each of 120 chips a year, half as many again), 40 are needed, 5 expire a month. Half of the
    # ore makes 2.5 cars and 2.5 machines a month: 57.5, 55, 52.5, 50 stand, and nobody may be left with fewer
    for response in ("contracts", "voluntary"):
        assert months(out.production, "usual", response, recipe="build") == pytest.approx([5, 5, 2.5, 2.5, 2.5, 2.5])
        assert months(out.loss, "unmet", response, item="car") == pytest.approx([0, 0, 2.5, 2.5, 2.5, 2.5])
    # the planner spends all ore on cars: 55, 50, 45, 40 machines are just enough until the end
    assert months(out.production, "usual", "planner", recipe="build") == pytest.approx([5, 5, 0, 0, 0, 0])
    assert months(out.loss, "unmet", "planner", item="car") == pytest.approx([0] * 6)


@pytest.mark.parametrize(
    ("warm_up", "expected"),
    # three months of ban before January draw 30 of 40: 10 remain. One month of warm-up draws 10: 30 remain. None: 40
    [(12, [0, 10, 10, 10, 10, 10]), (1, [0, 0, 0, 10, 10, 10]), (0, [0, 0, 0, 0, 10, 10])],
)
def test_an_old_control_has_drawn_stocks_before_the_start(warm_up, expected):
    net = one_lane(BAN, "C1,Ban,2024-10-01,2024-10-01,in_force", stocks="item,region,cover_months\nore,US,4")
    out = run(net, warm_up=warm_up)
    for response in ALL:
        assert months(out.loss, "unmet", response) == expected
        assert list(dict.fromkeys(out.loss["month"])) == [f"2025-{m:02d}" for m in range(1, 7)]


def test_a_loss_in_the_tail_is_announced():
    net = one_lane(BAN, "C1,Ban,2025-03-01,2025-03-01,in_force", stocks="item,region,cover_months\nore,US,4")
    out = run(net, months=6, tail=2)
    for response in ALL:
        # 40 t last from March to June; July and August lack 10 each
        row = summary(out, response)
        assert (row["loss_usd"], row["loss_in_tail_usd"], row["first_loss_month"]) == (0, 20_000, None)


def test_nothing_is_known_before_the_announcement():
    out = run(one_lane(BAN, SURPRISE, max_flow=150, capacity=150, stocks="item,region,cover_months\nore,US,1"))
    for response in ALL:
        assert months(out.shipments, "usual", response) == [10, 10, 10, 0, 0, 0]
        assert months(out.shipments, "extra", response) == [0] * 6
        assert months(out.stocks, "stock", response, item="ore", region="US") == [10, 10, 10, 0, 0, 0]
        assert months(out.loss, "unmet", response) == [0, 0, 0, 0, 10, 10]


def test_a_ban_that_is_called_off_in_time_leaves_a_store_to_be_used_up():
    scope = "C1,ore,CN,US,ban,,,\nS,,,,suspension,C1,2025-03-10,"
    controls = TOLD + "\nS,Truce,2025-03-01,2025-03-10,in_force"
    out = run(one_lane(scope, controls, max_flow=150, capacity=150), months=5)
    for response in FREE:
        # January and February: 2.5 more each against April. In March the truce is known: the 5 in store replace 5 fresh ones
        assert months(out.loss, "unmet", response) == [0] * 5
        assert months(out.shipments, "extra", response) == [2.5, 2.5, 0, 0, 0]
        assert months(out.stocks, "stock", response, item="ore", region="US") == [2.5, 5, 0, 0, 0]
        assert months(out.shipments, "usual", response) == [10, 10, 5, 10, 10]
