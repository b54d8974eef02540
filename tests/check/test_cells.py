import pytest

from exposure.check import cells, main_number
from tests.tiny import tiny_network


def told(rule, **tables):
    return [str(finding) for finding in rule(tiny_network(**tables))]


def items(**cells_of_item):
    return [{"item": "ore", "name": "Ore", "kind": "material", "unit": "t", "price_usd": 1, **cells_of_item}]


def test_range_holds_its_number():
    lanes = """item,origin,destination,flow0,low,high
        a,CN,US,10,8,12
        a,CN,JP,10,12,8
        a,CN,EU,10,11,
        a,CN,KR,10,,9
        a,CN,IN,,1,2
        a,CN,TW,10,10,10"""
    assert told(cells.ranges_hold_their_number, lanes=lanes) == [
        'lanes.csv row 3, low "12": above high (8)',
        'lanes.csv row 4, low "11": above flow0 (10); the range must hold the number',
        'lanes.csv row 5, high "9": below flow0 (10); the range must hold the number',
    ]


def test_main_number_of_each_table():
    net = tiny_network(
        recipes="recipe,item,region,output0,capacity\nmine,ore,CN,10,12\nplan,ore,US,0,5\nblank,ore,JP,,",
        stocks="item,region,quantity,cover_months\nore,CN,,2",
        demand="item,region,quantity,value_usd\nore,US,,9",
        controls="control,title,announced,effective,status\nC1,A,2025-04-01,2025-04-01,in_force",
        control_scope="control,item,mechanism,value\nC1,ore,tariff,0.25\nC1,ore,ban,\nC1,,lifting,C1",
    )
    assert [main_number(row) for row in net.recipes] == [("output0", 10), ("capacity", 5), None]
    assert main_number(net.stocks[0]) == ("cover_months", 2)
    assert main_number(net.demand[0]) == ("value_usd", 9)
    assert [main_number(row) for row in net.control_scope] == [("value", 0.25), None, None]
    assert main_number(net.regions[0]) is None


def test_tiny_numbers_are_refused():
    lanes = "item,origin,destination,flow0\na,CN,US,1e-300\na,CN,JP,1e-6\na,CN,EU,0"
    assert told(cells.numbers_are_not_tiny, lanes=lanes) == [
        'lanes.csv row 2, flow0 "1e-300": nearer to zero than 1e-12; write 0 or choose a smaller unit'
    ]


def test_unknown_units_are_told_not_converted():
    assert told(cells.units_are_known, items=items(unit="tt")) == [
        'items.csv row 2, unit "tt": not a unit that the tool knows; kept as it is; did you mean "t"?'
    ]
    assert told(cells.units_are_known, items=items(unit="t REO")) == []


@pytest.mark.parametrize(
    "codes", ["HS 2805.30; CN 1C902", "HS 8703.2", "280530", "0280530100", "HS 93", "ECCN 3B001", "9903.88.01"]
)
def test_customs_codes(codes):
    assert told(cells.codes_have_a_length, items=items(codes=codes)) == []


@pytest.mark.parametrize("codes", ["28053", "HS 28053", "HS 280.53", "HS 2805.30; 123", "2805301"])
def test_customs_codes_of_a_wrong_length(codes):
    (line,) = told(cells.codes_have_a_length, items=items(codes=codes))
    assert line.startswith(f'items.csv row 2, codes "{codes}": ')
    assert "is no customs code" in line


def test_texts_like_formulas_are_told_once_per_table():
    regions = [{"region": "CN", "name": "=1+1"}, {"region": "US", "name": "@SUM"}, {"region": "JP", "name": "-5"}]
    regions += [{"region": "KR", "name": "-2+3"}, {"region": "EU", "name": "+58 % in a quarter"}]
    (finding,) = cells.formula_like_texts(tiny_network(regions=regions))
    assert finding.severity == "notice"
    assert str(finding).startswith('regions.csv row 2, name "=1+1": begins like a formula')
    assert "and 2 more cells" in str(finding)
