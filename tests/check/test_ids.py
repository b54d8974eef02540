import pytest

from exposure.check import ids
from exposure.check.countries import region_hint
from tests.tiny import tiny_network

REGIONS = (
    "region,name,within\nCN,China,\nUS,United States,\nKR,South Korea,\nROW,Rest of world,\nUS/auto,US car makers,US"
)


def told(rule, **tables):
    return [str(finding) for finding in rule(tiny_network(**tables))]


def test_duplicate_keys_name_both_rows():
    lanes = "item,origin,destination,flow0\nore,CN,US,1\nore,CN,US,2\nore,US,CN,1\nore,CN,US,1"
    assert told(ids.duplicate_keys, lanes=lanes) == [
        'lanes.csv row 3, item "ore": the same key with other values stands in row 2 (ore, CN, US); keep one',
        'lanes.csv row 5, item "ore": the same row stands in row 2 (ore, CN, US); keep one',
    ]


def test_rules_of_one_control_differ_by_their_first_day():
    scope = "control,item,origin,destination,mechanism,value,from\nC1,ore,CN,US,licence,0.1,\nC1,ore,CN,US,licence,0.6,2025-06-01"
    assert told(ids.duplicate_keys, control_scope=scope) == []


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("South Korea", 'did you mean "KR"?'),
        ("kr", 'did you mean "KR"?'),
        ("U.S.A.", 'did you mean "US"?'),
        ("US/Auto", 'did you mean "US/auto"?'),
        ("UK", 'United Kingdom has no row in regions.csv; there is "ROW" for the rest of the world'),
        ("GB", "United Kingdom has no row in regions.csv"),
        ("Türkiye", "Turkey has no row in regions.csv"),
        ("TÜRKİYE", "Turkey has no row in regions.csv"),
        ("Atlantis", ""),
    ],
)
def test_unknown_region_is_answered_with_the_id_that_was_meant(name, hint):
    lanes = f"item,origin,destination\nore,CN,{name}"
    (line,) = told(ids.unknown_ids, fill=False, regions=REGIONS, items=ITEMS, lanes=lanes)
    assert line.startswith(f'lanes.csv row 2, destination "{name}": no row of regions.csv has this id')
    assert hint in line


ITEMS = "item,name,kind,unit,price_usd\nore,Ore,material,t,1\nndfeb_hot,Hot magnet,component,t,1"


def test_namibia_and_norway_are_no_missing_values():
    assert region_hint("NO", {"CN": "China"}) == "; Norway has no row in regions.csv"
    assert region_hint("NA", {"NA": "Namibia"}) == '; did you mean "NA"?'


def test_unknown_ids_of_every_table():
    found = told(
        ids.unknown_ids,
        fill=False,
        regions=REGIONS + "\nEU/auto,EU car makers,EU",
        items=ITEMS,
        recipes="recipe,item,region\nmine,ores,CN",
        bom="recipe,input,quantity\nmined,NdFeB hot,1",
        capacity="recipe,month,capacity\nmines,2026-01,1",
        stocks="item,region,quantity\nndfeb,US,1",
        demand="item,region,value_usd\nndfeb_hot,,1",
        controls="control,title,announced,effective,status\nCN-2025-04-RE7,A,2025-04-01,2025-04-04,in_force",
        control_scope="control,item,origin,destination,mechanism\nCN-2025-04-RE,*,!CM,*,ban",
    )
    assert found == [
        'regions.csv row 7, within "EU": no row of regions.csv has this id; '
        'European Union has no row in regions.csv; there is "ROW" for the rest of the world',
        'recipes.csv row 2, item "ores": no row of items.csv has this id; did you mean "ore"?',
        'bom.csv row 2, recipe "mined": no row of recipes.csv has this id; did you mean "mine"?',
        'bom.csv row 2, input "NdFeB hot": no row of items.csv has this id; did you mean "ndfeb_hot"?',
        'capacity.csv row 2, recipe "mines": no row of recipes.csv has this id; did you mean "mine"?',
        'stocks.csv row 2, item "ndfeb": no row of items.csv has this id; did you mean "ndfeb_hot"?',
        "demand.csv row 2, region: no row of regions.csv has this id",
        'control_scope.csv row 2, control "CN-2025-04-RE": no row of controls.csv has this id; '
        'did you mean "CN-2025-04-RE7"?',
        'control_scope.csv row 2, origin "!CM": no row of regions.csv has this id',
    ]


def test_switches_name_another_control():
    controls = "control,title,announced,effective,status\nC1,A,2025-04-01,2025-04-01,in_force\nC2,B,2025-11-01,2025-11-10,in_force"
    scope = "control,mechanism,value\nC2,suspension,C1\nC2,lifting,C2\nC2,snap_back,C11"
    assert told(ids.unknown_switch_targets, controls=controls, control_scope=scope) == [
        'control_scope.csv row 3, value "C2": a control cannot switch itself',
        'control_scope.csv row 4, value "C11": must be the id of the control that it switches; did you mean "C1"?',
    ]


def test_mentions_in_lists():
    controls = "control,title,announced,effective,status,supersedes\nC1,A,2025-04-01,2025-04-01,in_force,C0; C1"
    scope = "control,item,mechanism,covered\nC1,ore,content_rule,ore;orre"
    net = tiny_network(controls=controls, control_scope=scope)
    assert [(f.severity, str(f)) for f in ids.unknown_mentions(net)] == [
        ("notice", 'controls.csv row 2, supersedes "C0; C1": no control "C0"'),
    ]


def test_ids_are_single_words():
    regions = [
        {"region": "!CN", "name": "a"},
        {"region": "two\nlines", "name": "b"},
        {"region": "South Korea", "name": "c"},
    ]
    found = list(ids.plain_ids(tiny_network(regions=regions)))
    assert [finding.severity for finding in found] == ["error", "error", "notice"]


def test_regions_within_each_other():
    regions = "region,name,within\nA,a,B\nB,b,C\nC,c,B\nD,d,D\nE,e,A"
    assert told(ids.region_loops, regions=regions) == [
        'regions.csv row 2, within "B": regions lie within each other in a circle: B -> C -> B',
        'regions.csv row 5, within "D": regions lie within each other in a circle: D -> D',
    ]
