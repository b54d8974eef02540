"""`exposure check`: how much evidence carries the data, what moved, and which facts nobody uses."""

import pytest

from exposure.errors import OutputError
from exposure.io import write_example
from exposure.load import load
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


# the mine makes 120 t and the US take all of it; a firm asks for 12 t more, which the mine cannot make
SMALL = {
    "regions": "region,name\nCN,China\nUS,United States",
    "items": "item,name,kind,unit,price_usd\nore,Ore,material,t,1",
    "recipes": "recipe,item,region,output0,capacity,low,high\nmine_cn,ore,CN,120,120,120,120",
    "lanes": "item,origin,destination,flow0,low,high\nore,CN,US,120,96,144",
    "demand": "item,region,quantity,value_usd,low,high\nore,US,120,1000,96,144",
}
FIRM = {
    "regions": "region,name,within\nUS/firm,A firm,US\n",
    "lanes": "item,origin,destination,flow0,low,high\nore,CN,US/firm,12,9.6,14.4\n",
    "demand": "item,region,quantity,value_usd,low,high\nore,US/firm,12,900,9.6,14.4\n",
}


@pytest.fixture
def small(tmp_path):
    return tiny_package(tmp_path / "net", **SMALL, bom=None, stocks=None, controls=None, control_scope=None)


@pytest.fixture
def firm(tmp_path):
    folder = tmp_path / "firm"
    folder.mkdir()
    for table, text in FIRM.items():
        (folder / f"{table}.csv").write_text(text)
    return folder


def test_what_an_extension_moves_is_told_her_own_figures_first(small, firm):
    told = check_path(small, extend=[firm])
    assert told.errors == ()
    assert [(row["table"], row["added"], row["replaced"]) for row in told.laid_over] == [
        ("regions", 1, 0), ("lanes", 1, 0), ("demand", 1, 0),
    ]  # fmt: skip
    model = {(row["table"], row["key"]): row["model"] for row in told.moved}
    mine, theirs = model["demand", "ore/US/firm"], model["demand", "ore/US"]
    assert mine + theirs == pytest.approx(120)
    # a tonne less costs 1/24 of a width at the lane of the US and again at their demand, and 1/2.4 at each of the firm's: the
    # least correction takes all 12 t from the US, 12 x 2/24 = 1 width; the spread may add 5 % to lower the largest one, so x t
    # come from the firm with 2x/2.4 + 2(12 - x)/24 = 1.05, or x = 1/15
    assert (mine, theirs) == (pytest.approx(12 - 1 / 15), pytest.approx(108 + 1 / 15))
    assert {(row["table"], row["key"]) for row in told.own_moved} == {
        ("lanes", "ore/CN/US/firm"),
        ("demand", "ore/US/firm"),
    }
    assert {(row["table"], row["key"], row["before"]) for row in told.shifted} == {
        ("lanes", "ore/CN/US", 120), ("demand", "ore/US", 120),
    }  # fmt: skip
    text = told.text()
    assert "firm: 3 rows (regions 1, lanes 1, demand 1)" in text
    assert "2 of 2 own figures had to move for the baseline to close" in text
    assert f"  demand ore/US: 120 before, {theirs:,.6g} now, t/yr (-9.9%)" in text


def test_a_purchase_that_nobody_can_make_is_a_gap_or_leaves_its_range(small, firm):
    # 500 t where 120 are made: however the figures give way, one of hers leaves its range
    for table in ("lanes", "demand"):
        (firm / f"{table}.csv").write_text(FIRM[table].replace(",12,", ",500,").replace("9.6,14.4", "490,510"))
    told = check_path(small, extend=[firm])
    assert any(row["left_range"] for row in told.own_moved) or told.gaps
    assert "left its range" in told.text() or "baseline gap" in told.text()


def test_an_extension_that_fits_moves_nothing(small, firm):
    # the row of the US is replaced by one less the 12 t that the firm takes: all closes as stated
    (firm / "lanes.csv").write_text("item,origin,destination,flow0,replaces\nore,CN,US/firm,12,\nore,CN,US,108,yes\n")
    (firm / "demand.csv").write_text(
        "item,region,quantity,value_usd,replaces\nore,US/firm,12,900,\nore,US,108,1000,yes\n"
    )
    told = check_path(small, extend=[firm])
    assert told.moved == ()
    assert told.shifted == ()
    assert "none of 4 own figures had to move" in told.text()
    assert "no quantities of the data below are others than without" in told.text()


def test_the_example_closes_and_its_use_is_taken_out_of_the_row_that_held_it(tmp_path):
    write_example(tmp_path / "mine")
    told = check_path(extend=[tmp_path / "mine"])
    assert told.findings == ()
    assert told.own_moved == ()
    assert sum(row["replaced"] for row in told.laid_over) == 1
    below, net = load(), load(extend=tmp_path / "mine")
    use = sum(line.quantity for line in net.bom if line.recipe == "rotor_kessler") * 24000
    other = [
        next(row.quantity for row in one.demand if (row.item, row.region) == ("ndfeb_hot", "EU"))
        for one in (below, net)
    ]
    assert other[0] - other[1] == pytest.approx(use)


def test_a_folder_that_only_stands_over_the_data_is_told_so(tmp_path):
    write_example(tmp_path / "mine")
    (line,) = [str(f) for f in check_path(tmp_path / "mine").findings if "--extend" in str(f)]
    assert line == "laid over the built-in data it would have 0 errors: exposure check --extend mine"


def test_the_example_overwrites_nothing(tmp_path):
    (tmp_path / "items.csv").write_text("mine")
    with pytest.raises(OutputError, match="holds files already"):
        write_example(tmp_path)
    assert (tmp_path / "items.csv").read_text() == "mine"


def test_one_is_one(small):
    text = check_path(small).text()
    assert text.startswith("net: 0 errors, 1 notice\n")


def test_a_scenario_file_is_checked_against_its_network(small, firm, tmp_path):
    case = tmp_path / "case.yaml"
    case.write_text("set:\n- {table: demand, item: ore, region: US/firm, column: value_usd, value: 5}\n")
    assert check_path(case, small, [firm]).errors == ()
    (fault,) = check_path(case, small).errors
    assert "no row of demand fits" in str(fault)
