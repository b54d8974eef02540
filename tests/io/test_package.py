from pathlib import Path

import pytest

from exposure.errors import Finding
from exposure.io import read_package
from exposure.io.package import built_in_path, read_folder
from exposure.model import TABLES
from tests.tiny import SOUND, tiny_package

DEMAND = "item,region,quantity,value_usd\n"


def told(folder, severity="error"):
    _, findings = read_package(folder)
    return [str(finding) for finding in findings if finding.severity == severity]


def one(folder, severity="error"):
    lines = told(folder, severity)
    assert len(lines) == 1, lines
    return lines[0]


def test_sound_package(tmp_path):
    net, findings = read_package(tiny_package(tmp_path / "mine"))
    assert findings == []
    assert net.name == "mine"
    assert [row.line for row in net.lanes] == [2, 3, 4]
    assert net.lanes[0].flow0 == 60
    assert set(net.hashes) == {f"{table}.csv" for table in SOUND}
    assert not net.built_in


def test_missing_folder_names_what_was_tried(tmp_path):
    assert one(tmp_path / "nowhere") == f'nowhere: no such folder (tried "{tmp_path / "nowhere"}")'


def test_file_instead_of_folder(tmp_path):
    (tmp_path / "x.csv").write_text("a")
    assert "this is a file; the folder" in one(tmp_path / "x.csv")


def test_folder_that_cannot_be_read(tmp_path, monkeypatch):
    def refuse(folder):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert one(tmp_path).endswith("the folder cannot be read (Permission denied)")
    assert "cannot be read (File name too long)" in one("x" * 5000)


def test_missing_and_misspelt_files(tmp_path):
    folder = tiny_package(tmp_path, lanes=None, stocks=None)
    (folder / "lane.csv").write_text(SOUND["lanes"])
    (folder / "stock.csv").write_text(SOUND["stocks"])
    (folder / "prices.csv").write_text("a\n")
    assert told(folder) == [
        'lanes.csv: the file is missing; is it "lane.csv"?',
        'lane.csv: no file of a data package; did you mean "lanes.csv"?',
        'stock.csv: no file of a data package; did you mean "stocks.csv"?',
    ]
    assert told(folder, "notice") == ["prices.csv: no file of a data package; it was not read"]


@pytest.mark.parametrize("table", ["regions", "items", "recipes", "lanes", "demand"])
def test_header_only_of_a_needed_file(tmp_path, table):
    header = SOUND[table].splitlines()[0] + "\n"
    assert "no rows; a network without them" in one(tiny_package(tmp_path, **{table: header}))


def test_header_only_of_another_file_is_a_notice(tmp_path):
    assert one(tiny_package(tmp_path, bom="recipe,input,quantity\n"), "notice") == "bom.csv: no rows"


def test_empty_file(tmp_path):
    assert one(tiny_package(tmp_path, bom="")) == "bom.csv: the file is empty; a header row and rows are needed"


def test_missing_column_and_what_it_may_be_called(tmp_path):
    assert told(tiny_package(tmp_path, bom="recipe,input,qty\nplant,ore,2\n")) == [
        "bom.csv row 1, quantity: the column is missing"
    ]
    assert told(tiny_package(tmp_path, bom="recipe,input,Quantities\nplant,ore,2\n")) == [
        'bom.csv row 1, quantity: the column is missing; is it "Quantities"?',
        'bom.csv row 1, Quantities: no such column; did you mean "quantity"?',
    ]


def test_misspelt_optional_column_is_an_error(tmp_path):
    lanes = SOUND["lanes"].replace("lead_months", "Lead months")
    assert one(tiny_package(tmp_path, lanes=lanes)) == (
        'lanes.csv row 1, Lead months: no such column; did you mean "lead_months"?'
    )


def test_unknown_column_is_a_notice(tmp_path):
    folder = tiny_package(tmp_path, bom="recipe,input,quantity,colour\nplant,ore,2,red\n")
    assert one(folder, "notice") == "bom.csv row 1, colour: the column is not known and was not read"
    assert read_package(folder)[0] is not None


def test_two_columns_of_one_name(tmp_path):
    folder = tiny_package(tmp_path, bom="recipe,input,quantity,quantity\nplant,ore,2,3\n")
    assert one(folder) == "bom.csv row 1, quantity: two columns have this name (columns 3 and 4); keep one"


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("many", "not a plain number"),
        ('"1,000"', "did you mean 1000?"),
        ('"1.000,5"', "did you mean 1000.5?"),
        ('"0,5"', "did you mean 0.5?"),
        ("12 %", "write 0.12"),
        ("#REF!", "spreadsheet's error value"),
        ("#N/A", "spreadsheet's error value"),
        ("TBC", "leave the cell blank"),
        ("-", "leave the cell blank"),
        ("NaN", "must be a finite number"),
        ("inf", "must be a finite number"),
        ("-5", "must not be negative"),
        ("1e308", "must be at most 1e+15"),
        ("1_000", "not a plain number"),
        ("", "must not be blank"),
    ],
)
def test_number_fields(tmp_path, cell, words):
    folder = tiny_package(tmp_path, demand=f"{DEMAND}magnet,US/auto,60,{cell}\n")
    line = one(folder)
    shown = f' "{cell.strip(chr(34))}"' if cell else ""
    assert line.startswith(f"demand.csv row 2, value_usd{shown}: ")
    assert words in line


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("04/05/2025", "day and month cannot be told apart"),
        ("45751", "day number it would be 2025-04-04"),
        ("2025-02-30", "that day does not exist"),
        ("May 25", "write it as 2025-04-04"),
    ],
)
def test_dates(tmp_path, cell, words):
    controls = SOUND["controls"].replace("2025-04-04", cell)
    line = one(tiny_package(tmp_path, controls=controls))
    assert line.startswith(f'controls.csv row 2, effective "{cell}": not a date')
    assert words in line


def test_months_whole_numbers_and_words(tmp_path):
    folder = tiny_package(
        tmp_path,
        lanes="item,origin,destination,flow0,lead_months\nmagnet,CN,US,60,1.5\n",
        items="item,name,kind,unit,price_usd,storable\nore,Ore,materials,t,10,maybe\n",
        capacity="recipe,month,capacity\nplant,May 25,90\n",
    )
    assert told(folder) == [
        'items.csv row 2, kind "materials": must be one of material, component, product, equipment, software, service, '
        'people; did you mean "material"?',
        'items.csv row 2, storable "maybe": write yes or no',
        'capacity.csv row 2, month "May 25": not a month; write it as 2025-04',
        'lanes.csv row 2, lead_months "1.5": must be a whole number from 0 to 600',
    ]


def test_shares_above_one(tmp_path):
    folder = tiny_package(tmp_path, demand="item,region,value_usd,deferrable\nmagnet,US/auto,9,1.02\n")
    assert one(folder) == 'demand.csv row 2, deferrable "1.02": must lie between 0 and 1'


def test_rows_too_long_and_too_short(tmp_path):
    folder = tiny_package(tmp_path, demand=f"{DEMAND}magnet,US/auto,60,1,000\nmagnet,US/auto\nmagnet,KR,1,1,,\n")
    assert told(folder) == [
        "demand.csv row 2: 5 cells where the header has 4; a comma inside a cell needs quotation marks round the cell",
        "demand.csv row 3: 2 cells where the header has 4; cells are missing",
    ]


@pytest.mark.parametrize("word", ["Total", "TOTALS", "total:", "Sum"])
def test_totals_row_is_no_supplier(tmp_path, word):
    line = one(tiny_package(tmp_path, demand=f"{DEMAND}magnet,US/auto,60,1\n{word},,60,1\n"))
    assert line == f'demand.csv row 3, item "{word}": this looks like a totals row; delete it'


def test_spaces_at_the_ends_are_dropped_and_told(tmp_path):
    folder = tiny_package(tmp_path, demand=f"{DEMAND}magnet ,US/auto, 60,1\n")
    net, _ = read_package(folder)
    assert net.demand[0].item == "magnet"
    assert (
        one(folder, "notice") == 'demand.csv row 2, item "magnet ": spaces at the ends were dropped (and 1 more cells)'
    )


def test_control_characters_are_refused(tmp_path):
    line = one(tiny_package(tmp_path, regions="region,name\nCN,Chi\x07na\n"))
    assert line.startswith("regions.csv row 2, name: holds a character that is not text")


def test_namibia_norway_and_leading_zeros_stay_text(tmp_path):
    folder = tiny_package(
        tmp_path,
        regions="region,name\nNA,Namibia\nNO,Norway\n",
        items="item,name,kind,unit,price_usd,codes\nore,Null,material,t,1,0280530\n",
    )
    net, _ = read_package(folder)
    assert [row.region for row in net.regions] == ["NA", "NO"]
    assert net.items[0].name == "Null"
    assert net.items[0].codes == "0280530"


def test_formulas_arrive_as_text(tmp_path):
    name = '=HYPERLINK("http://x")'
    folder = tiny_package(tmp_path, regions='region,name\nCN,"=HYPERLINK(""http://x"")"\nUS,@SUM\n')
    net, _ = read_package(folder)
    assert [row.name for row in net.regions] == [name, "@SUM"]


def test_file_that_is_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("exposure.io.package.read_limited", lambda path: _limited(path))
    folder = tiny_package(tmp_path, bom="recipe,input,quantity\n" + "plant,ore,2\n" * 100)
    assert "bom.csv: larger than 0.001 MB" in one(folder)


def _limited(path):
    from exposure.io.files import read_limited

    return read_limited(path, limit=1000)


def test_all_faults_of_all_files_at_once(tmp_path):
    # 25 bad numbers, a bad date, a missing column: 27 findings in one go
    rows = "".join(f"magnet,US/auto,{n}x,1\n" for n in range(25))
    folder = tiny_package(
        tmp_path,
        demand=DEMAND + rows,
        bom="recipe,input\nplant,ore\n",
        controls=SOUND["controls"].replace("2025-04-04", "soon"),
    )
    assert len(told(folder)) == 27
    assert read_package(folder)[0] is None


def test_findings_of_one_file_are_counted_beyond_a_limit(tmp_path):
    folder = tiny_package(tmp_path, demand=DEMAND + "magnet,US/auto,x,1\n" * 700)
    assert told(folder)[-1] == "demand.csv: and 200 more findings"


def test_known_ids_of_unreadable_rows(tmp_path):
    reading = read_folder(tiny_package(tmp_path, items="item,name,kind,unit,price_usd\nore,Ore,material,t,ten\n"))
    assert reading.known_ids() == {"ore"}
    assert reading.partial_network.items == ()


def test_unreadable_table_leaves_no_partial_network(tmp_path):
    assert read_folder(tiny_package(tmp_path, items="item,name\nore,Ore\n")).partial_network is None


def test_built_in_path_is_the_data_folder_of_a_checkout():
    assert built_in_path().name in ("data", "_data")


def test_every_table_has_a_sentence():
    assert all(record.__doc__ for record in TABLES.values())


def test_finding_shows_long_cells_cut(tmp_path):
    folder = tiny_package(tmp_path, demand=f"{DEMAND}magnet,US/auto,{'9x' * 100},1\n")
    (finding,) = read_package(folder)[1]
    assert isinstance(finding, Finding)
    assert len(finding.value) == 80
