"""An analyst's own rows over a package: added by new keys, replaced by saying so, refused with file, row, field and cure."""

from itertools import pairwise

import pytest

import exposure as ex
from exposure.io.workbook import export_package
from exposure.load import load_with_findings
from tests.tiny import tiny_package

# her firm assembles drives in the US from Chinese magnets, and knows the car makers' stock better than the package
OWN = {
    "regions": "region,name,within\nUS/firm,My firm,US\n",
    "items": "item,name,kind,unit,price_usd\ndrive,Drives,product,unit,500\n",
    "recipes": "recipe,item,region,output0,capacity\ndrive_firm,drive,US/firm,1200,1500\n",
    "bom": "recipe,input,quantity\ndrive_firm,magnet,0.005\n",
    "lanes": "item,origin,destination,flow0,lead_months\nmagnet,CN,US/firm,6,1\n",
    "stocks": "item,region,cover_months,replaces\nmagnet,US/firm,1,\nmagnet,US/auto,3,yes\n",
    "demand": "item,region,quantity,value_usd\ndrive,US/firm,1200,900\n",
}


def folder(path, name="firm", **replaced):
    own = path / name
    own.mkdir()
    for table, text in {**OWN, **replaced}.items():
        if text is not None:
            (own / f"{table}.csv").write_text(text)
    return own


def told(base, *own):
    network, findings = load_with_findings(base, extend=own)
    errors = [str(finding) for finding in findings if finding.severity == "error"]
    assert (network is None) == bool(errors)
    return errors


@pytest.fixture
def base(tmp_path):
    return tiny_package(tmp_path / "net")


def test_rows_are_added_and_one_takes_the_place_of_another(base, tmp_path):
    below, net = ex.load(base), ex.load(base, extend=folder(tmp_path))
    assert net.name == "net + firm"
    assert net.extensions == ("firm",)
    assert net.items[:2] == below.items
    assert [(row.item, row.package, row.line) for row in net.items[2:]] == [("drive", "firm", 2)]
    # the row of the package stood second from the top and was its only stock: hers stands there now, then the new one
    assert [(row.region, row.cover_months) for row in net.stocks] == [("US/auto", 3), ("US/firm", 1)]
    assert net.controls == below.controls


def test_a_replaced_row_is_replaced_whole(base, tmp_path):
    # the lane of the package has a lead of a month; hers says nothing of a lead, so it has none
    net = ex.load(base, extend=folder(tmp_path, lanes="item,origin,destination,flow0,replaces\nmagnet,CN,US,60,yes\n"
                                      "magnet,CN,US/firm,6,no\n"))  # fmt: skip
    assert [(lane.destination, lane.lead_months) for lane in net.lanes] == [
        ("US", 0), ("US/auto", 0), ("KR", 1), ("US/firm", 0),
    ]  # fmt: skip


def test_what_other_rows_rest_on_is_kept(base, tmp_path):
    own = folder(
        tmp_path,
        items=OWN["items"].replace("price_usd", "price_usd,replaces").replace("500", "500,")
        + "ore,Ore,material,kg,0.01,yes\n",
        recipes="recipe,item,region,output0,capacity,replaces\ndrive_firm,drive,US/firm,1200,1500,\nplant,magnet,KR,60,80,yes\n",
    )
    assert told(base, own) == [
        'firm/items.csv row 3, unit "kg": must stay "t", as in the row that it replaces: other rows count in it',
        'firm/recipes.csv row 3, region "KR": must stay "CN", as in the row that it replaces: its inputs come there',
    ]


def test_a_rule_of_hers_joins_a_control_of_the_data(base, tmp_path):
    own = folder(tmp_path, control_scope="control,item,origin,destination,mechanism\nC1,drive,US/firm,US,ban\n")
    rules = ex.load(base, extend=own).rules_of["C1"]
    assert [(rule.item, rule.package) for rule in rules] == [("magnet", ""), ("drive", "firm")]


def test_hashes_carry_the_extension(base, tmp_path):
    net = ex.load(base, extend=folder(tmp_path))
    assert {file for file in net.hashes if "/" in file} == {f"firm/{table}.csv" for table in OWN}
    assert {file: value for file, value in net.hashes.items() if "/" not in file} == ex.load(base).hashes


def test_faults_of_both_are_told_at_once_with_their_files(base, tmp_path):
    (base / "recipes.csv").write_text(
        "recipe,item,region,output0,capacity\nmine,ore,CN,120,120\nplant,magnat,CN,60,80\n"
    )
    own = folder(
        tmp_path,
        items="item,name,kind,unit,price_usd\ndrive,Drives,product,unit,TBC\nore,My ore,material,t,11\n",
        lanes="item,origin,destination,flow0,lead_months\nmagnet,CN,US/frim,6,1\n",
        stocks="item,region,cover_months,replaces\nmagnet,US/auto,3,ja\nmagnet,US/fimr,3,yes\n",
    )
    assert sorted(told(base, own)) == [
        'firm/items.csv row 2, price_usd "TBC": not a plain number (write digits with a point; no thousands separators, no '
        "units); leave the cell blank if that is allowed, or write a number (zero is written 0)",
        'firm/items.csv row 3, item "ore": ore stands already in row 2 of items.csv of the data below; write yes in a column '
        "replaces to put this row in its place, or choose another id",
        'firm/lanes.csv row 2, destination "US/frim": no row of regions.csv has this id; did you mean "US/firm"?',
        'firm/stocks.csv row 2, replaces "ja": must be yes, no or blank',
        'firm/stocks.csv row 3, region "US/fimr": no row of regions.csv has this id; did you mean "US/firm"?',
        'firm/stocks.csv row 3, replaces "yes": nothing to replace: no row has the key magnet:US/fimr; did you mean '
        '"magnet:US/auto"?',
        'recipes.csv row 3, item "magnat": no row of items.csv has this id; did you mean "magnet"?',
    ]


def test_a_copy_of_a_row_and_a_row_that_stands_twice(base, tmp_path):
    own = folder(
        tmp_path,
        items=f"{OWN['items']}magnet,Magnet,component,t,100\n",
        bom=f"{OWN['bom']}drive_firm,magnet,0.006\n",
    )
    assert told(base, own) == [
        'firm/items.csv row 3, item "magnet": magnet stands already, cell for cell, in row 3 of items.csv of the data below; '
        "delete it here",
        'firm/bom.csv row 3, recipe "drive_firm": the same key with other values stands in row 2 of firm/bom.csv '
        "(drive_firm, magnet); keep one",
    ]


def test_one_extension_lies_over_another(base, tmp_path):
    plan = tmp_path / "plan"
    plan.mkdir()
    (plan / "stocks.csv").write_text("item,region,cover_months\nmagnet,US/firm,4\n")
    assert told(base, folder(tmp_path), plan) == [
        'plan/stocks.csv row 2, item "magnet": magnet:US/firm stands already in row 2 of firm/stocks.csv; write yes in a '
        "column replaces to put this row in its place, or choose another id"
    ]
    (plan / "stocks.csv").write_text("item,region,cover_months,replaces\nmagnet,US/firm,4,yes\n")
    net = ex.load(base, extend=[tmp_path / "firm", plan])
    assert net.name == "net + firm + plan"
    assert [row.cover_months for row in net.stocks if row.region == "US/firm"] == [4]


def test_two_extensions_of_one_name_are_told_apart(base, tmp_path):
    first = folder(tmp_path)
    (tmp_path / "other").mkdir()
    second = folder(tmp_path / "other")
    begun = 'firm (2)/items.csv row 2, item "drive": drive stands already, cell for cell, in row 2 of firm/items.csv'
    assert [line for line in told(base, first, second) if line.startswith(begun)]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "no table to lay over the data; these are read: regions.csv, items.csv"),
        ({"item.csv": OWN["items"]}, 'no file of a data package; did you mean "items.csv"?'),
        ({"items.csv": OWN["items"].replace("unit,price", "unit,prize")}, "price_usd: the column is missing"),
        (
            {"stocks.csv": "item,region,cover_months,replace\nmagnet,US,1,yes\n"},
            'no such column; did you mean "replaces"?',
        ),
    ],
)
def test_what_is_no_extension(base, tmp_path, files, words):
    own = tmp_path / "mine"
    own.mkdir()
    for file, text in files.items():
        (own / file).write_text(text)
    lines = told(base, own)
    assert any(line.startswith("mine/") and words in line for line in lines), lines


def test_a_missing_folder_and_a_file_are_named(base, tmp_path):
    assert told(base, tmp_path / "nowhere") == [f'nowhere: no such folder (tried "{tmp_path / "nowhere"}")']
    assert "this is a file" in told(base, base / "items.csv")[0]


def test_a_workbook_can_be_laid_over_and_its_faults_have_cells(base, tmp_path):
    own = folder(tmp_path)
    export_package(tmp_path / "firm.xlsx", own)
    assert ex.load(base, extend=tmp_path / "firm.xlsx").stocks == ex.load(base, extend=own).stocks
    (own / "stocks.csv").write_text(OWN["stocks"].replace("US/auto,3,yes", "US/auto,3,"))
    (own / "bom.csv").write_text(OWN["bom"].replace("magnet", "magnat"))
    export_package(tmp_path / "firm.xlsx", own)
    assert [line.split(": ")[0] for line in told(base, tmp_path / "firm.xlsx")] == [
        'firm.xlsx > stocks!A3', "firm.xlsx > bom!B2",
    ]  # fmt: skip


def test_an_extension_may_leave_out_sources_where_the_package_below_may_not(tmp_path):
    own = tmp_path / "firm"
    own.mkdir()
    (own / "stocks.csv").write_text("item,region,cover_months,replaces\nndfeb_hot,EU/auto_lean,1.5,yes\n")
    net, findings = load_with_findings(extend=own)
    assert net.built_in
    assert net.name == "us_china + firm"
    mine = [str(finding) for finding in findings if "firm" in str(finding)]
    assert mine == ["1 number in 1 row without a source (first: firm/stocks.csv row 2)"]


def test_an_extension_for_another_year_is_told(base, tmp_path):
    (base / "datapackage.json").write_text('{"name": "net", "baseline_year": "2024"}')
    own = folder(tmp_path)
    (own / "datapackage.json").write_text('{"name": "firm", "baseline_year": 2023}')
    _, findings = load_with_findings(base, extend=own)
    assert [str(finding) for finding in findings if "year" in finding.field] == [
        'firm/datapackage.json, baseline_year "2023": figures of 2023 laid over a baseline of 2024; rates are taken as they are'
    ]


def test_the_answer_is_that_of_one_package_with_all_rows(base, tmp_path):
    # the same rows written into one folder: same network but for where its rows were read, same answer to the digit
    over = ex.load(base, extend=folder(tmp_path))
    whole = {table: (base / f"{table}.csv").read_text() for table in ("regions", "items", "recipes", "bom", "demand")}
    whole |= {table: text + OWN[table].split("\n", 1)[1] for table, text in whole.items()}
    whole["lanes"] = (base / "lanes.csv").read_text() + "magnet,CN,US/firm,6,1\n"
    whole["stocks"] = "item,region,cover_months\nmagnet,US/auto,3\nmagnet,US/firm,1\n"
    one = ex.load(tiny_package(tmp_path / "whole", **whole))
    case = ex.Scenario(start="2025-04", months=4, controls=["C1"])
    tables = [ex.run(net, case).loss for net in (over, one)]
    for left, right in pairwise(tables):
        assert left.equals(right)
    assert "drive" in set(tables[0]["item"])
