import pytest

from exposure.check import controls
from tests.tiny import tiny_network

HEAD = "control,title,announced,effective,ends,status\n"
C1 = f"{HEAD}C1,A,2025-04-01,2025-04-04,2025-12-31,in_force"
LANES = "item,origin,destination\nore,CN,US\nore,CN,CN/firm\nore,CN,US/defence"


def found(rule, scope="", table=C1, **tables):
    rows = {"controls": table, "lanes": LANES, **tables}
    if scope:
        rows["control_scope"] = scope
    return [(finding.severity, str(finding)) for finding in rule(tiny_network(**rows))]


def test_dates_of_controls():
    table = f"{HEAD}C1,A,2025-04-01,2025-04-04,2025-04-03,lifted\nC2,B,2025-04-05,2025-04-04,,in_force"
    assert found(controls.control_dates_are_in_order, table=table) == [
        ("error", 'controls.csv row 2, ends "2025-04-03": before the control is effective (2025-04-04)'),
        ("notice", 'controls.csv row 3, announced "2025-04-05": after the control is effective (2025-04-04)'),
    ]


def test_dates_of_rules():
    scope = """control,item,mechanism,known,from,to
        C1,ore,ban,,2025-06-01,2025-05-01
        C1,ore,ban,,,2025-04-03
        C1,ore,ban,,2026-01-01,
        C1,ore,ban,2025-07-01,2025-06-15,2025-06-15"""
    assert found(controls.rule_dates_are_in_order, scope) == [
        ("error", 'control_scope.csv row 2, to "2025-05-01": before the rule begins (2025-06-01)'),
        ("error", 'control_scope.csv row 3, to "2025-04-03": before the rule begins (2025-04-04)'),
        (
            "notice",
            'control_scope.csv row 4, from "2026-01-01": after the control ends (2025-12-31), '
            "so the rule is never in force",
        ),
        (
            "notice",
            'control_scope.csv row 5, known "2025-07-01": after the rule begins (2025-06-15); '
            "it is known from its first day",
        ),
    ]


def test_control_without_rules():
    assert [severity for severity, _ in found(controls.controls_have_rules)] == ["notice"]


def test_covered_inputs():
    scope = """control,item,origin,mechanism,covered
        C1,ore,!CN,content_rule,CN:ore;magnet;above;approved=0.3
        C1,ore,!CN,content_rule,
        C1,ore,!CN,content_rule,ore
        C1,ore,!CN,content_rule,CN:approved=0.5
        C1,ore,!CN,content_rule,CN:ore;approved=3
        C1,ore,!CN,foreign_product,CNN:ore
        C1,ore,!CN,foreign_product,CN:orre
        C1,ore,CN,reexport,
        C1,ore,*,reexport,
        C1,ore,CN,ban,CN:ore"""
    assert found(
        controls.covered_inputs_can_be_read, scope, lanes="item,origin,destination\nore,CN,US\nmagnet,CN,US"
    ) == [
        ("error", "control_scope.csv row 3, covered: name the origin and the covered items, as in CN:magnet;alloy"),
        (
            "error",
            'control_scope.csv row 4, covered "ore": name the origin and the covered items, as in CN:magnet;alloy',
        ),
        ("error", 'control_scope.csv row 5, covered "CN:approved=0.5": no item "approved=0.5"'),
        (
            "error",
            'control_scope.csv row 6, covered "CN:ore;approved=3": approved must be a share between 0 and 1, not 3',
        ),
        ("error", 'control_scope.csv row 7, covered "CNN:ore": no region "CNN"; did you mean "CN"?'),
        ("error", 'control_scope.csv row 8, covered "CN:orre": no item "orre"; did you mean "ore"?'),
        ("error", 'control_scope.csv row 10, origin "*": must be the country whose goods may not be passed on'),
        (
            "notice",
            'control_scope.csv row 11, covered "CN:ore": a ban looks for no covered inputs, so this changes nothing',
        ),
    ]


@pytest.mark.parametrize(
    ("mechanism", "value", "words"),
    [
        ("licence", "", "must not be blank for a licence"),
        ("licence", "60", "must be a share between 0 and 1"),
        ("licence", "1.02", "must be a share between 0 and 1"),
        ("licence", "60 %", "12 % as 0.12"),
        ("licence", "nan", "must be a share between 0 and 1"),
        ("entity", "US/defence", "the firm or end use stands in destination"),
        ("quota", "", "must not be blank for a quota"),
        ("quota", "-1", "0 or more"),
        ("quota", "inf", "must be a finite number"),
        ("tariff", "-0.1", "0 or more"),
        ("tariff", "25%", "12 % as 0.12"),
        ("buyer_ban", "0.2", "a buyer_ban has no value"),
        ("ban", "20", "must be a share between 0 and 1"),
        ("evasion", "2", "must be a share"),
        ("content_rule", "0.001 at_or_above", "must be a plain number"),
        ("content_rule", "", "must not be blank for a content_rule"),
        ("foreign_product", "0.1", "a foreign_product has no value"),
        ("people", "", "must not be blank for a people"),
        ("revenue_share", "15 %", "12 % as 0.12"),
        ("talks", "soon", "must be a plain number"),
        ("technology", "2", "must be a share"),
        ("ownership", "", "must not be blank for a ownership"),
    ],
)
def test_values_that_do_not_fit(mechanism, value, words):
    scope = f"control,item,destination,mechanism,value\nC1,ore,US/defence,{mechanism},{value}"
    ((severity, line),) = found(controls.rule_values_fit, scope)
    assert severity == "error"
    assert words in line


@pytest.mark.parametrize(
    ("mechanism", "value"),
    [("licence", "0.6"), ("licence", "0"), ("quota", "500"), ("tariff", "0.25"), ("ban", ""), ("ban", "0"), ("ban", "0.2"),
     ("entity", ""), ("end_use", "0.1"), ("content_rule", "0.001"), ("suspension", "C2")],
)  # fmt: skip
def test_values_that_fit(mechanism, value):
    assert found(controls.rule_values_fit, f"control,item,mechanism,value\nC1,ore,{mechanism},{value}") == []


def test_steep_tariff_is_a_notice():
    ((severity, line),) = found(controls.rule_values_fit, "control,item,mechanism,value\nC1,ore,tariff,25")
    assert severity == "notice"
    assert "a tariff of 2500 %" in line


def test_days_only_for_licences():
    scope = "control,item,mechanism,value,days\nC1,ore,ban,,45\nC1,ore,licence,0.5,45\nC1,ore,tariff,0.1,0"
    assert found(controls.queues_belong_to_licences, scope) == [
        ("error", 'control_scope.csv row 2, days "45": only licences have a queue; a ban has none')
    ]


def test_scope_that_matches_no_lane():
    scope = """control,item,origin,destination,mechanism
        C1,ore,CN,US,ban
        C1,ore,US,CN,ban
        C1,*,CN,!US,ban
        C1,ore,*,*,ban
        C1,ore,CN,CN/firm,ban
        C1,ore,CN,CN/firm,entity
        C1,magnet,CN,US,ban
        C1,ore,US,CN,technology"""
    lines = [line for _, line in found(controls.scopes_match_lanes, scope)]
    assert lines == [
        f'control_scope.csv row {row}, control "C1": ban of {what} covers no lane, so it changes nothing'
        for row, what in [
            (3, "ore from US to CN"),
            (4, "* from CN to !US"),
            (6, "ore from CN to CN/firm"),
            (8, "magnet from CN to US"),
        ]
    ]


def test_scope_with_unknown_region_is_left_to_the_id_rule():
    net = tiny_network(
        fill=False, regions="region,name\nCN,China", controls=C1, control_scope="control,origin,mechanism\nC1,!XX,ban"
    )
    assert list(controls.scopes_match_lanes(net)) == []


def test_tariff_on_an_item_without_price():
    free = "item,name,kind,unit,price_usd\nore,Ore,material,t,0"
    ((severity, line),) = found(
        controls.tariffs_meet_prices, "control,item,mechanism,value\nC1,ore,tariff,0.1", items=free
    )
    assert severity == "error"
    assert "price_usd 0" in line


def test_entity_rule_on_a_country():
    scope = "control,item,destination,mechanism\nC1,ore,US,entity\nC1,ore,US/defence,end_use"
    assert [line[:24] for _, line in found(controls.firms_lie_in_countries, scope)] == ["control_scope.csv row 2,"]


def test_rules_that_repeat_each_other():
    # row 3 says again what row 2 says; rows 4 and 5 follow one another; rows 6 to 8 go up, down and up again
    scope = """control,item,mechanism,value,from,to
        C1,ore,licence,0.5,,
        C1,ore,licence,0.5,2025-06-01,2025-07-01
        C1,magnet,licence,0.5,2025-05-01,2025-05-31
        C1,magnet,licence,0.5,2025-06-01,2025-06-30
        C1,metal,tariff,0.1,2025-05-01,
        C1,metal,tariff,0.2,2025-06-01,
        C1,metal,tariff,0.1,2025-07-01,"""
    assert found(controls.rules_do_not_repeat, scope) == [
        (
            "notice",
            'control_scope.csv row 3, from "2025-06-01": says the same as row 2, which still holds on 2025-06-01',
        )
    ]


def test_days_of_talks_stand_in_value():
    ((_, line),) = found(controls.queues_belong_to_licences, "control,item,mechanism,value,days\nC1,ore,talks,30,30")
    assert line.endswith("only licences have a queue; a talks has none; write them in value")


def test_rules_on_growth_that_find_nothing_to_hold_back():
    recipes = "recipe,item,region,output0,start_months\nold,ore,US,1,0\nnew,ore,US,0,6\nhome,ore,CN,0,6"
    scope = """control,item,origin,destination,mechanism,value
        C1,ore,CN,!CN,technology,
        C1,ore,CN,CN,technology,
        C1,chip,CN,US,technology,
        C1,ore,*,US,investment,0.5
        C1,ore,US,US,investment,0.5"""
    lines = [line for _, line in found(controls.rules_on_growth_find_recipes, scope, recipes=recipes)]
    assert [line.split(",")[0] for line in lines] == [f"control_scope.csv row {row}" for row in (3, 4, 6)]
    assert "technology for ore in CN finds no recipe with a start, a ramp or a new plant" in lines[0]


def test_ownership_needs_owned_regions():
    regions = "region,name,within,owner,owner_share\nCN,China,,,\nCN/firm,Firm,CN,,\nCN/arm,Arm,CN,CN/firm,0.5"
    scope = """control,item,origin,destination,mechanism,value
        C1,*,US,CN/firm,ownership,0.5
        C1,*,US,CN/firm,ownership,0.6
        C1,*,US,CN/arm,ownership,0.5"""
    lines = [line for _, line in found(controls.listed_firms_own_something, scope, regions=regions)]
    assert [line.split(",")[0] for line in lines] == [f"control_scope.csv row {row}" for row in (3, 4)]


def test_owners_and_their_shares():
    regions = "region,name,within,owner,owner_share\nCN,China,,,\nA,a,CN,CN,\nB,b,CN,,0.5\nC,c,CN,C,1\nD,d,CN,A,0.5"
    assert [line for _, line in found(controls.owners_state_their_share, regions=regions)] == [
        "regions.csv row 3, owner_share: must state the share that CN holds, between 0 and 1",
        "regions.csv row 4, owner: must name the region that holds the share",
        'regions.csv row 5, owner "C": a region cannot own itself',
    ]
