"""`exposure check`: how much evidence carries the data, what moved, and which facts nobody uses."""

import pytest

from exposure.studies.data_check import check_path
from tests.tiny import tiny_package


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    # the US want 100 (90 to 110) and the only mine makes 94 (93 to 95): the demand moves, the mine hardly
    path = tmp_path_factory.mktemp("check") / "net"
    tiny_package(
        path,
        regions="region,name\nCN,China\nUS,United States",
        items="item,name,kind,unit,price_usd,source\nore,Ore,material,t,1,F1",
        recipes="recipe,item,region,output0,capacity,low,high,source\nmine_cn,ore,CN,94,95,93,95,estimate",
        bom=None, capacity=None, stocks=None, controls=None, control_scope=None,
        lanes="item,origin,destination,flow0,low,high,source\nore,CN,US,94,80,120,F1; estimate",
        demand="item,region,quantity,value_usd,low,high,source\nore,US,100,1000,90,110,F1",
        facts="fact,quantity,value,publisher\nF1,price,1,USGS\nF2,unused,2,Nobody\nF3,unused too,3,Nobody",
    )  # fmt: skip
    return check_path(path)


def test_numbers_are_counted_by_evidence(report):
    by_table = {row["table"]: row for row in report.coverage}
    # price; output and capacity; flow; quantity and value
    assert {table: row["numbers"] for table, row in by_table.items() if row["numbers"]} == {
        "items": 1, "recipes": 2, "lanes": 1, "demand": 2, "total": 6,
    }  # fmt: skip
    assert (by_table["total"]["with_facts"], by_table["total"]["estimates"]) == (4, 2)
    assert "numbers by evidence:" in report.text()


def test_figures_that_moved_are_told_with_both_values(report):
    (moved,) = [row for row in report.moved if row["table"] == "demand"]
    assert moved["figure"] == 100
    assert 93 <= moved["model"] <= 95
    # six of a half range of 10
    assert moved["widths"] == pytest.approx((100 - moved["model"]) / 10)
    assert f"figure 100, model {moved['model']:,.6g} t/yr" in report.text()


def test_facts_that_no_row_uses_are_counted_and_listed(report):
    assert report.unused_facts == ("F2", "F3")
    assert report.as_dict()["unused_facts"] == ["F2", "F3"]
    assert "facts that no row uses: 2 (--json lists them)" in report.text()


def test_claims_are_told_for_the_built_in_data_only(report):
    assert report.traced == {}
    built_in = check_path()
    assert built_in.errors == ()
    assert built_in.as_dict()["traced"]["claims of the founding documents"] == 116
    assert built_in.as_dict()["traced"]["controls of the register"] == 82
    assert "103 of them held by rows" in built_in.text()
