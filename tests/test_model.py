import datetime as dt

import pytest
from pydantic import ValidationError

from exposure.calendar import Calendar, Month
from exposure.errors import Finding, InputError, nearest
from exposure.model import KEYS, NEEDED, TABLES, Item, Override, Rule, Scenario
from tests.tiny import tiny_network

NET = tiny_network(
    recipes="recipe,item,region,output0,capacity\nmine_cn,ore,CN,120,120\nplant_us,metal,US/auto,10,12",
    bom="recipe,input,quantity\nplant_us,ore,2",
    lanes="item,origin,destination,flow0\nore,CN,US/auto,120",
    stocks="item,region,cover_months\nore,US/auto,2\nore,CN,1",
    demand="item,region,quantity,value_usd\nmetal,US/auto,10,1000",
    controls="control,title,announced,effective,status\nC1,Ban,2025-04-01,2025-04-01,in_force",
    control_scope="control,item,origin,destination,mechanism,value,from\nC1,ore,CN,!JP,licence,0.5,2025-06-01",
)


def test_tiny_network_fills_items_and_regions():
    assert [row.region for row in NET.regions] == ["CN", "US", "US/auto", "JP"]
    assert NET.region["US/auto"].within == "US"
    assert NET.item["ore"].price_usd == 1
    assert [row.line for row in NET.recipes] == [2, 3]


def test_records_are_frozen_and_closed():
    with pytest.raises(ValidationError, match="frozen"):
        NET.items[0].price_usd = 2
    with pytest.raises(ValidationError, match="Extra inputs"):
        Item(item="a", name="a", kind="material", unit="t", price_usd=1, colour="red")


def test_rows_are_equal_wherever_they_stand():
    row = {"item": "a", "name": "a", "kind": "material", "unit": "t", "price_usd": "1"}
    assert Item(**row, line=2) == Item(**row, line=9)
    assert hash(Item(**row, line=2)) == hash(Item(**row, line=9))
    assert Item(**row) != Item(**{**row, "price_usd": "2"})


def test_blank_cells_mean_their_defaults():
    net = tiny_network(
        items="item,name,kind,unit,price_usd,storable,life_months\na,A,material,t,1,,",
        recipes="recipe,item,region,output0,capacity,extra_cost_usd,start_months,ramp_months\nr,a,CN,,,,,",
        lanes="item,origin,destination,flow0,max_flow,lead_months\na,CN,US,,,",
        demand="item,region,quantity,value_usd,value_added_usd,priority,deferrable,late_cost\na,US,,5,,,,",
    )
    assert (net.items[0].storable, net.items[0].life_months) == (True, None)
    recipe = net.recipes[0]
    assert (recipe.output0, recipe.capacity, recipe.extra_cost_usd, recipe.ramp_months) == (None, None, 0, 0)
    assert (net.lanes[0].max_flow, net.lanes[0].lead_months) == (None, 0)
    demand = net.demand[0]
    assert (demand.priority, demand.deferrable, demand.late_cost, demand.quantity) == (1, 0, 0.01, None)


def test_what_cannot_be_kept():
    row = {"item": "a", "name": "a", "unit": "t", "price_usd": 1}
    assert Item(**row, kind="material").keeps
    assert not Item(**row, kind="material", storable="no").keeps
    assert not Item(**row, kind="people").keeps


def test_sources():
    rule = Rule(control="C1", mechanism="ban", source="RE-1; RE-2,estimate;")
    assert rule.fact_ids == ("RE-1", "RE-2")
    assert not rule.is_estimate
    assert Rule(control="C1", mechanism="ban", source="estimate").is_estimate


def test_rule_number_and_path():
    rule = NET.control_scope[0]
    assert (rule.number, rule.from_) == (0.5, dt.date(2025, 6, 1))
    assert Rule(control="C1", mechanism="ban").number == 0
    assert rule.path_key == ("C1", "ore", "CN", "!JP", "licence")


def test_look_ups():
    assert [line.input for line in NET.bom_of["plant_us"]] == ["ore"]
    assert NET.bom_of["mine_cn"] == ()
    assert [rule.value for rule in NET.rules_of["C1"]] == ["0.5"]
    assert NET.ancestors["US/auto"] == ("US/auto", "US")
    assert NET.country("US/auto") == "US"


@pytest.mark.parametrize(
    ("scope", "region", "covered"),
    [("*", "US", True), ("", "US", True), ("US", "US/auto", True), ("US/auto", "US", False), ("!US", "US/auto", False),
     ("!US", "CN", True), ("!US/auto", "US", True)],
)  # fmt: skip
def test_scopes_cover_what_lies_within(scope, region, covered):
    assert NET.covers(scope, region) is covered


def test_changed_figures():
    changed = NET.with_values(
        [
            Override(table="stocks", item="ore", region="US/auto", column="cover_months", value=6),
            Override(table="control_scope", control="C1", column="value", value="0.75"),
            Override(table="lanes", column="lead_months", value=2),
        ]
    )
    assert [row.cover_months for row in changed.stocks] == [6, 1]
    assert changed.control_scope[0].number == 0.75
    assert changed.lanes[0].lead_months == 2
    assert changed.rules_of["C1"][0].number == 0.75
    assert NET.stocks[0].cover_months == 2
    assert NET.with_values([]) is NET


def test_quantity_and_cover_take_each_others_place():
    changed = NET.with_values([Override(table="stocks", item="ore", region="CN", column="quantity", value="50")])
    assert [(row.quantity, row.cover_months) for row in changed.stocks] == [(None, 2), (50, None)]


def test_changed_figures_that_do_not_fit_are_told_together():
    with pytest.raises(InputError) as caught:
        NET.with_values(
            [
                Override(table="stock", item="ore", column="cover_months", value=1),
                Override(table="stocks", item="orre", column="cover_months", value=1),
                Override(table="stocks", itm="ore", column="cover_months", value=1),
                Override(table="stocks", item="ore", column="cover_months", value=-1),
            ]
        )
    messages = [finding.message for finding in caught.value.findings]
    assert messages[0] == 'no such table; did you mean "stocks"?'
    assert messages[1] == 'no row of stocks fits; did you mean "ore"?'
    assert messages[2] == 'no column "itm" in stocks; did you mean "item"?'
    assert len(messages) == 4


def test_scenarios():
    case = Scenario(name=" a ", start="2025-04", controls=["C1", "C2", "C1"])
    assert (case.name, case.start, case.controls) == ("a", Month(2025, 4), ("C1", "C2"))
    for wrong in ({"months": 0}, {"months": 10_000}, {"name": "a\nb"}, {"start": "2025-13"}, {"contrls": []}):
        with pytest.raises(ValidationError):
            Scenario(**wrong)


def test_override_in_words():
    override = Override(table="stocks", item="ore", region="CN", column="reserve", value=1)
    assert str(override) == "stocks (item ore, region CN): reserve = 1"
    assert override.where == {"item": "ore", "region": "CN"}


def test_months():
    assert Month.parse("2025-11") + 3 == Month(2026, 2)
    assert Month(2026, 2) - Month(2025, 11) == 3
    assert (Month(2024, 2).days, Month(2024, 2).last) == (29, dt.date(2024, 2, 29))
    assert [str(month) for month in Calendar(Month(2025, 12), 2)] == ["2025-12", "2026-01"]
    assert Calendar(Month(2025, 12), 2).index(Month(2025, 10)) == -2
    for text in ("2025-13", "25-04", "2025/04", "2025-4", "1899-12"):
        with pytest.raises(ValueError, match="is not a month"):
            Month.parse(text)


def test_findings_in_words():
    finding = Finding("must be a share", "bom.csv", 4, "quantity", "2")
    assert str(finding) == 'bom.csv row 4, quantity "2": must be a share'
    assert str(Finding("broken")) == "broken"
    assert str(InputError([finding, Finding("broken")])) == f"{finding}\nbroken"
    assert nearest("NdFeB Hot", ["ndfeb_hot", "ore"]) == '; did you mean "ndfeb_hot"?'
    assert nearest("zzz", ["ore"]) == ""


def test_keys_and_needed_tables_exist():
    assert set(KEYS) == set(TABLES)
    assert set(NEEDED) <= set(TABLES)
