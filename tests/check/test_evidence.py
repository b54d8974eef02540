from exposure.check import coverage, evidence, unused_facts
from tests.tiny import tiny_network

TABLES = {
    "items": "item,name,kind,unit,price_usd,source,note\nore,Ore,material,t,1,F1; F2,\nmetal,M,material,t,2,estimate,",
    "regions": "region,name\nCN,China\nUS,USA",
    # two numbers with a fact, one with a fact that does not exist, one blank lane that states nothing
    "lanes": "item,origin,destination,flow0,max_flow,source\nore,CN,US,5,6,F1\nmetal,CN,US,5,,F9\nore,US,CN,,,",
    "demand": "item,region,quantity,value_usd,source\nore,US,5,100,",
    "facts": "fact,quantity\nF1,a\nF2,b\nF3,c\nF4,d",
    "controls": "control,title,announced,effective,status,source\nC1,A,2025-04-01,2025-04-01,in_force,F3",
    "control_scope": "control,item,mechanism,value,days,source\nC1,ore,licence,0.5,45,estimate\nC1,ore,ban,,,",
}


def found(rule, **options):
    return [(finding.severity, str(finding)) for finding in rule(tiny_network(**TABLES, **options))]


def test_built_in_numbers_need_a_source():
    assert found(evidence.sources_are_named, built_in=True) == [
        ("error", 'demand.csv row 2, source: must name a fact or say "estimate"')
    ]


def test_an_analysts_package_gets_one_notice():
    assert found(evidence.sources_are_named) == [
        ("notice", "2 numbers in 1 row without a source (first: demand.csv row 2)")
    ]


def test_facts_exist():
    assert found(evidence.sources_exist, built_in=True) == [
        ("error", 'lanes.csv row 3, source "F9": no row of facts.csv has the id "F9"')
    ]
    assert [severity for severity, _ in found(evidence.sources_exist)] == ["notice"]


def test_estimates_and_controls_of_the_built_in_package_are_explained():
    assert [line.split(",")[0] for _, line in found(evidence.estimates_are_explained, built_in=True)] == [
        "items.csv row 3",
        "control_scope.csv row 2",
    ]
    assert found(evidence.estimates_are_explained) == []
    assert found(evidence.controls_are_sourced, built_in=True) == []


def test_coverage_counts_numbers():
    # lanes: flow0 and max_flow of row 2, flow0 of row 3, all with fact ids; scope: value and days of the licence
    rows = {row["table"]: row for row in coverage(tiny_network(**TABLES))}
    assert rows["lanes"] == {
        "table": "lanes",
        "rows": 3,
        "numbers": 3,
        "with_facts": 3,
        "estimates": 0,
        "without_source": 0,
    }
    assert (rows["control_scope"]["numbers"], rows["control_scope"]["estimates"]) == (2, 2)
    assert (rows["demand"]["numbers"], rows["demand"]["without_source"]) == (2, 2)
    total = rows["total"]
    # items 2, lanes 3, demand 2, scope 2
    assert (total["numbers"], total["with_facts"], total["estimates"], total["without_source"]) == (9, 4, 3, 2)


def test_unused_facts():
    assert unused_facts(tiny_network(**TABLES)) == ("F4",)
