"""Explaining a reported figure: its parts at each level, the chain as a list, the rows behind it with their numbers."""

import pytest

import exposure as ex
from exposure.studies.amounts import dollars, exact, quantity
from exposure.studies.explain import explain
from tests.tiny import tiny_network

# 120 t of ore a year from a Chinese mine, a plant of cars in each of two US regions, 1 t a car; US/a takes 6 t a month and
# US/b takes 4; the ban of April lets nothing through, US/b holds one month of stock
NETWORK = tiny_network(
    regions="region,name,within\nCN,China,\nUS,United States,\nUS/a,Makers without stock,US\nUS/b,Makers with stock,US",
    items="item,name,kind,unit,price_usd\nore,Ore,material,t,10\ncar,Cars,product,unit,1000",
    recipes="""
        recipe,item,region,output0,capacity,low,high,source
        mine,ore,CN,120,120,100,150,F1
        car_a,car,US/a,72,72,60,80,estimate
        car_b,car,US/b,48,48,40,50,estimate""",
    bom="recipe,input,quantity,source\ncar_a,ore,1,F1\ncar_b,ore,1,F1",
    lanes="""
        item,origin,destination,flow0,lead_months,low,high,source
        ore,CN,US/a,72,0,70,80,F1
        ore,CN,US/b,48,0,40,50,F1
        car,US/a,US,72,0,,,estimate
        car,US/b,US,48,0,,,estimate""",
    stocks="item,region,quantity,low,high,source\nore,US/b,4,3,5,F1",
    demand="item,region,quantity,value_usd,source\ncar,US,120,1000,estimate",
    controls="control,title,announced,effective,status\nC1,Ban on ore,2025-04-01,2025-04-01,in_force",
    control_scope="control,item,origin,destination,mechanism,source\nC1,ore,CN,US,ban,F1",
    facts="fact,quantity,value,publisher\nF1,ore,120,USGS",
)
CASE = ex.Scenario(name="ban", start="2025-04", months=2, tail=0, controls=["C1"])


def told(ident, case=CASE, response="contracts"):
    return explain(NETWORK, ident, case, response=response)


def words(answer, heading):
    return [" ".join(line.split()) for line in answer.sections[heading]]


def test_a_loss_with_its_parts_and_its_chain():
    # April: US/a makes nothing, US/b its 4 from stock; 6 of 10 cars are lost, worth 6,000 USD
    answer = told("loss.car:US.2025-04")
    assert answer.title == "loss.car:US.2025-04: Cars in United States, 2025-04"
    assert words(answer, "figures") == [
        "contracts", "demand 10", "served 4", "unmet 6", "waiting at the end of the month 0", "output lost USD 6,000",
        "of it value added USD 5,940",
    ]  # fmt: skip
    assert words(answer, "chain") == [
        "contracts:", "1. Ban on ore (C1)", "2. Ore (ore), China (CN) to Makers without stock (US/a)",
        "3. Cars (car) made in Makers without stock (US/a)", "4. Cars (car), Makers without stock (US/a) to United States (US)",
        "contracts in 2025-04: Ban on ore: Ore from China to Makers without stock held back by 100%; less Cars in Makers without "
        "stock (100%); Cars in United States fall short by 60%.",
    ]  # fmt: skip
    assert answer.json["figures"]["contracts"]["unmet"] == pytest.approx(6)
    assert [step.get("control") or step["item"] for step in answer.json["chain"]["contracts"]] == [
        "C1",
        "ore",
        "car",
        "car",
    ]


def test_the_rows_on_the_way_are_those_of_the_chain_with_number_unit_range_and_source():
    # the makers with stock are not in the chain of April, so their rows are not named
    assert told("loss.car:US.2025-04").sections["rows of data on the way"] == [
        "control_scope C1: ban ore CN->US; F1",
        "lanes ore:CN:US/a: flow0 = 72 t/yr (range 70 to 80); F1",
        "recipes car_a: output0 = 72 unit/yr (range 60 to 80); estimate",
        "bom car_a:ore: quantity = 1 t of ore per unit of car; F1",
        "lanes car:US/a:US: flow0 = 72 unit/yr; estimate",
        "demand car:US: quantity = 120 unit/yr; estimate",
    ]


def test_without_a_month_the_reported_months_are_summed():
    # May: nothing is left, 10 lost; with April 16
    answer = told("loss.car:US")
    assert "unmet 16" in words(answer, "figures")
    assert "output lost USD 16,000" in words(answer, "figures")
    assert answer.title.endswith("all reported months")


def test_a_region_stands_for_what_lies_within_where_it_has_no_row_of_its_own():
    # ore goes to US/a and US/b only: 10 t cut in May in both, none left in stock
    answer = told("gap.ore:US.2025-05")
    assert "(2 regions within, summed)" in answer.title
    assert "usually came and did not 10" in words(answer, "figures")
    assert words(answer, "what came") == [
        "from CN: usual 6 t; contracts 0 (shipped 2025-05)", "from CN: usual 4 t; contracts 0 (shipped 2025-05)",
    ]  # fmt: skip


def test_a_gap_is_filled_from_stock():
    answer = told("gap.ore:US/b.2025-04")
    assert {"usually came and did not 4", "+ from stock 4", "+ users that stopped 0"} <= set(words(answer, "figures"))


def test_a_flow_tells_the_limit_on_it_and_a_stock_its_last_month():
    assert words(told("shipments.ore:CN:US/a.2025-04"), "limits there") == [
        "2025-04 contracts: lane allows 0 of 6 t, moved by C1; binds"
    ]
    assert "held at month end 0" in words(told("stocks.ore:US/b.2025-04"), "figures")
    assert "made of the usual 0" in words(told("production.car_a.2025-04"), "figures")


def test_the_summary_names_what_it_is_made_of():
    answer = told("summary.loss_usd")
    assert words(answer, "figures") == ["contracts", "output lost USD 16,000"]
    assert words(answer, "made up of") == ["contracts", "car:US USD 16,000"]
    assert "damage = output lost + cost USD 16,000" in words(told("summary"), "figures")


def test_all_levels_stand_side_by_side():
    assert words(told("loss.car:US.2025-04", response="all"), "figures")[0] == "contracts voluntary planner"


def test_a_what_if_changes_the_figure_and_says_so():
    more = ex.Override(table="stocks", item="ore", region="US/b", column="quantity", value=8)
    case = CASE.model_copy(update={"set": (more,)})
    # 8 t of stock carry US/b through both months: 6 and 6 lost
    answer = told("loss.car:US", case)
    assert "unmet 12" in words(answer, "figures")
    assert "changed: stocks (item ore, region US/b): quantity = 8" in answer.sections["scenario"]
    assert told("stocks.ore:US/b.quantity", case).sections["stocks ore:US/b"][:2] == [
        "quantity = 4 t (range 3 to 5)", "the scenario makes it 8 t",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("ident", "message"),
    [
        ("loss.carr:US.2025-04", 'no such item in the table loss of this run .* did you mean "car"'),
        ("loss.car.2025-04", "the address of such a figure is loss.item:region.YYYY-MM"),
        ("loss.car:US.2026-04", "the run reports 2025-04 to 2025-05"),
        ("stocks.ore:US/c.quantity", 'no row of stocks fits; did you mean "stocks.ore:US/b.quantity"'),
        ("losses.car:US.2025-04", "nothing has this name"),
    ],
)
def test_faults_name_what_there_is(ident, message):
    with pytest.raises(ex.InputError, match=message):
        told(ident)


def test_a_reported_figure_needs_a_run():
    with pytest.raises(ex.InputError, match="name its scenario, or its controls"):
        told("loss.car:US.2025-04", ex.Scenario())


def test_numbers_are_told_with_sensible_digits():
    assert [quantity(v) for v in (191_666.67, 53.7966, 0.0032, 1e-9, -2.5)] == [
        "191,667",
        "53.8",
        "0.0032",
        "0",
        "-2.5",
    ]
    assert [dollars(v) for v in (757_796_000, 999_999_999, 12_345, 0.2)] == [
        "USD 758 m",
        "USD 1 bn",
        "USD 12,345",
        "USD 0",
    ]
    assert [exact(v) for v in (2_300_000, 750.7, 0.0022)] == ["2,300,000", "750.7", "0.0022"]
