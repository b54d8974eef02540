"""The exposure study on a world to check on paper (tests/graph/worlds.py: 40 cars, 80 magnets, 8 kg of dysprosium)."""

import json

import openpyxl
import pytest

import exposure as ex
from exposure.model import Network
from exposure.report.sheet import HEADER_ROW
from exposure.studies.exposure_rows import governance, restricted_origins
from exposure.studies.exposure_tables import TABLE_COLUMNS
from tests.graph.worlds import CAR
from tests.tiny import tiny_network

FACTS = """
fact,quantity,value,geography
CR-1,governance: mean of six Worldwide Governance Indicators,-0.5,China
CR-2,governance: mean of six Worldwide Governance Indicators,1.3,JP
CR-3,governance: mean of six Worldwide Governance Indicators,1,Atlantis
"""
CONTROLS = {
    "controls": """
        control,title,announced,effective,status
        C1,Licences,2025-04-04,2025-04-04,in_force
        C2,Threat,2025-04-04,2025-04-04,threat
        """,
    "control_scope": """
        control,item,origin,destination,mechanism,value
        C1,magnet,CN,*,licence,0.5
        C2,magnet,JP,*,ban,
        C1,dy,*,CN,tariff,0.1
        """,
}


def world(**more: object) -> Network:
    regions = "region,name,within\nCN,China,\nJP,Japan,\nUS,United States,\nUS/lean,Lean makers,US"
    return tiny_network(**{**CAR, "regions": regions, "facts": FACTS, **more})


def one(table, **where):
    for name, value in where.items():
        table = table[table[name] == value]
    assert len(table) == 1
    return table.iloc[0]


def test_each_table_has_its_columns():
    answer = ex.exposure_tables(world())
    assert {name: tuple(table.columns) for name, table in answer.tables.items()} == dict(TABLE_COLUMNS)
    assert all(len(table) for table in answer.tables.values())


def test_a_car_by_hand():
    answer = ex.exposure_tables(world(), product="car")
    # 2 magnets a car, 0.1 kg each: 0.2 kg; seen in the world, in the US and at its lean makers
    rows = answer.explosion[answer.explosion["item"] == "dy"]
    assert rows["region"].tolist() == ["*", "US", "US/lean"]
    assert rows["kg"].tolist() == pytest.approx([0.2] * 3)
    assert set(rows["unit"]) == {"kg per unit"}
    # 60 of 80 magnets are Chinese: (3/4)^2 + (1/4)^2
    stage = one(answer.stages, region="US", item="magnet")
    assert (stage["concentration"], stage["largest_origin"], stage["largest_share"]) == (
        pytest.approx(0.625),
        "CN",
        pytest.approx(0.75),
    )
    # without China 20 of 80; Japan's lane has room for 30 more
    seen = one(answer.concentration, region="US", item="magnet")
    assert (seen["without_largest"], seen["with_spare"]) == (pytest.approx(0.25), pytest.approx(0.625))
    assert dict(zip(answer.tiers["item"], answer.tiers["tier"], strict=True)) == {"car": 0, "magnet": 1, "dy": 2}


def test_following_an_item_keeps_what_holds_it():
    answer = ex.exposure_tables(world(), item="dy")
    assert set(answer.explosion["item"]) == {"dy"}
    assert set(answer.origins["along"]) == {"dy"}
    # 40 cars hold 8 kg: 0.2 kg a car, of which 3/4 in Chinese magnets
    row = one(answer.origins, region="US", item="magnet", origin="CN")
    assert (row["share"], row["quantity"], row["unit"]) == (
        pytest.approx(0.75),
        pytest.approx(0.15),
        "kg of dy per unit",
    )


def test_supply_risk_counts_restrictions_in_force():
    net = world(**CONTROLS)
    assert governance(net) == {"CN": -0.5, "JP": 1.3}
    assert restricted_origins(net, "magnet") == ["CN"]  # not Japan's threat
    assert restricted_origins(net, "dy") == []  # a tariff restricts no export
    # 9/16 x W 6 x 1.1 + 1/16 x W 2.4
    row = one(ex.exposure_tables(net).supply_risk, item="magnet", region="US")
    assert row["supply_risk"] == pytest.approx(3.7125 + 0.15)
    assert (row["critical"], row["restricted"], row["no_governance"]) == (True, "CN", "")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"item": "dyy"}, 'no item "dyy"'),
        ({"product": "carr"}, 'no item "carr"; did you mean "car"'),
        ({"region": "USA"}, 'no region "USA"; did you mean "US"'),
        ({"product": "car", "region": "JP"}, "car in JP: nothing is made"),
        ({"product": "dy", "item": "car"}, "holds no car"),
    ],
)
def test_faults_are_named(options, words):
    with pytest.raises(ex.InputError, match=words.replace("?", r"\?")):
        ex.exposure_tables(world(), **options)


def test_the_same_numbers_as_json_text_and_workbook(tmp_path):
    answer = ex.exposure_tables(world(), product="car", region="US")
    tables = json.loads(answer.to_json())
    assert set(tables) == set(TABLE_COLUMNS)
    assert [row["kg"] for row in tables["explosion"]] == [None, None, pytest.approx(0.2)]
    assert "tier 2  dy      200 g per unit" in answer.text()
    assert "CN 75%, JP 25%" in answer.text()
    book = openpyxl.load_workbook(answer.to_excel(tmp_path / "car.xlsx"))
    assert book.sheetnames == ["Contents", "Exposure", "Exposure origins", "Concentration", "Supply risk"]
    for sheet in book:
        assert sheet["A1"].value
        assert not sheet.merged_cells.ranges
        (table,) = sheet.tables.values()
        assert [cell.value for cell in sheet[HEADER_ROW]] == [column.name for column in table.tableColumns]
    cells = list(book["Exposure"].iter_rows(min_row=HEADER_ROW, values_only=True))
    rows = [dict(zip(cells[0], row, strict=True)) for row in cells[1:]]
    assert [(row["Item"], row["Used in"]) for row in rows] == [
        ("Car", "United States"),
        ("Magnet", "United States"),
        ("Dysprosium", "United States"),
    ]
    assert rows[2]["Mass (g per unit of product)"] == pytest.approx(200)


def test_the_same_question_gives_the_same_bytes(tmp_path):
    answer = ex.exposure_tables(world(), product="car")
    assert answer.to_excel(tmp_path / "a.xlsx").read_bytes() == answer.to_excel(tmp_path / "b.xlsx").read_bytes()
