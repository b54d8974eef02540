"""The workbook as a reader's program opens it."""

import datetime as dt
import io
import re
import zipfile
from dataclasses import replace

import openpyxl
import pytest

from exposure.errors import InputError, OutputError
from exposure.model import Scenario
from exposure.report import workbook_bytes, write_workbook
from exposure.report.sheet import HEADER_ROW
from exposure.response import run
from tests.report.outcomes import chain_network, made, real, with_record

SHEETS = [
    "Cover", "Contents", "Summary", "Loss by month", "Loss over time", "Loss rows", "Gap", "Gap over time", "Why", "Limits",
    "Costs", "Controls in force", "Shipments", "Production", "Stocks", "Balance", "Exposure",
    "Concentration", "Assumptions", "Sources", "Estimates",
    "Baseline", "Checks", "Run record",
]  # fmt: skip


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = write_workbook(
        [real(), real("again", controls=())], tmp_path_factory.mktemp("report") / "two.xlsx", title="Two & more"
    )
    return openpyxl.load_workbook(path)


def rows(sheet):
    """Rows of a sheet's table as dicts."""
    cells = list(sheet.iter_rows(min_row=HEADER_ROW, values_only=True))
    return [dict(zip(cells[0], row, strict=True)) for row in cells[1:]]


def opened(outcomes, **options):
    return openpyxl.load_workbook(io.BytesIO(workbook_bytes(outcomes, **options)))


def test_sheets_stand_in_order_with_names_that_excel_takes(book):
    assert book.sheetnames == SHEETS
    assert all(len(name) <= 31 and not re.search(r"[][:*?/\\]", name) for name in SHEETS)


def test_each_sheet_holds_one_sound_table(book):
    tables = [(sheet, table) for sheet in book for table in sheet.tables.values()]
    assert len(tables) == len(SHEETS)
    assert len({table.displayName for _, table in tables}) == len(SHEETS)
    for sheet, table in tables:
        first, last = table.ref.split(":")
        assert first == f"A{HEADER_ROW}"
        assert sheet[last].row == sheet.max_row > HEADER_ROW
        heads = [cell.value for cell in sheet[HEADER_ROW]]
        assert heads == [column.name for column in table.tableColumns]
        assert len({head.lower() for head in heads}) == len(heads)


def test_every_sheet_carries_title_data_date_and_units(book):
    for sheet in book:
        assert sheet["A1"].value
        assert "baseline year 2024 | facts up to 2025-01 | data hash" in sheet["A3"].value
        assert "money in USD million" in sheet["A3"].value
        assert sheet.freeze_panes.endswith(str(HEADER_ROW + 1))
        assert not sheet.merged_cells.ranges
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == f"${HEADER_ROW}:${HEADER_ROW}"
    assert book["Cover"]["A1"].value == "Two & more"


def test_reopened_numbers_are_those_of_the_outcome(book):
    summary = rows(book["Summary"])
    assert [(row["Scenario"], row["Response"]) for row in summary] == [
        (name, level) for name in ("april", "again") for level in ("contracts", "voluntary", "planner")
    ]
    assert summary[0]["Loss (USD million)"] == pytest.approx(3.0)
    assert summary[0]["First loss"] == dt.datetime(2025, 7, 1)
    assert summary[1]["Cost (USD million)"] == pytest.approx(750e-6)
    wide = rows(book["Loss by month"])
    # contracts lose 20, 40 and 40 cars of USD 30,000 in July, August and September
    assert [wide[0][month] for month in ("2025-07", "2025-08", "2025-09")] == pytest.approx([0.6, 1.2, 1.2])
    assert (wide[0]["Item"], wide[0]["Region"], wide[0]["Total (USD million)"]) == (
        "Combustion cars",
        "European Union",
        3.0,
    )
    gap = next(row for row in rows(book["Gap"]) if row["Response"] == "voluntary")
    assert (gap["Item"], gap["Unit"], gap["Month"]) == ("NdFeB magnets", "t/month", dt.datetime(2025, 5, 1))
    assert (gap["Cut (unit/month)"], gap["Other origins (unit/month)"]) == pytest.approx((4.0, 2.5))
    assert book["Gap"].cell(HEADER_ROW + 1, 5).number_format == "yyyy\\-mm"


def test_links_lead_to_cells_that_exist(book):
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.hyperlink is None:
                    continue
                if cell.hyperlink.location:
                    name, address = cell.hyperlink.location.rsplit("!", 1)
                    assert book[name.strip("'")][address].value is not None
                else:
                    assert cell.hyperlink.target == "https://example.org/a?b=1&c=2"
    assert [row["Rows"] for row in rows(book["Cover"])] == ["loss by month", "summary"]
    assert book["Cover"]["G7"].hyperlink.location == f"'Loss by month'!A{HEADER_ROW + 1}"


def test_checks_pass_with_values_stored_beside_their_formulas(tmp_path):
    path = write_workbook([real()], tmp_path / "a.xlsx")
    shown = openpyxl.load_workbook(path, data_only=True)
    live = openpyxl.load_workbook(path)
    assert {row["Result"] for row in rows(shown["Checks"])} == {"PASS"}
    assert shown["Cover"]["A4"].value == "Checks: none of 14 FAIL (sheet Checks)"
    for cell in live["Checks"]["G"][HEADER_ROW:]:
        assert cell.data_type == "f"
    formulas = [cell for sheet in live for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert all(shown[cell.parent.title][cell.coordinate].value is not None for cell in formulas)
    assert {cell.parent.title for cell in formulas} == {"Cover", "Balance", "Checks"}


def test_text_from_users_never_becomes_a_formula():
    names = ["=1+1", "+1", "-2+3"]
    net = chain_network(
        items="item,name,kind,unit,price_usd\n"
        + "\n".join(f'{i},"{n}",component,t,9' for i, n in zip(("car", "magnet", "ore"), names, strict=True)),
        regions=[
            {"region": "CN", "name": "@SUM(A1)", "within": ""},
            {"region": "JP", "name": "\t=1+1", "within": ""},
            {"region": "EU", "name": '=HYPERLINK("http://x","y")', "within": ""},
            {"region": "EU/lean", "name": "<b>&\"'", "within": "EU"},
        ],
    )
    outcome = run(net, Scenario(name="=cmd|'/c calc'!A0", title="@evil", controls=("B1",), months=6, tail=2))
    book = opened([outcome], title="=2+2", failed={"+bad": "-reason"})
    own = {"Cover", "Balance", "Checks"}
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert sheet.title in own
                    assert re.match(r"=(\"Checks: \"|IF|SUM|ABS|COUNTIF|SUMPRODUCT|[A-Z]+\d|\(|\d)", cell.value)
    assert book["Cover"]["A1"].value == "=2+2"
    assert book["Cover"]["A1"].data_type == "s"
    assert book["Cover"]["A7"].value == "=cmd|'/c calc'!A0"
    assert book["Cover"]["A7"].quotePrefix
    assert book["Cover"]["A8"].value == "+bad"
    assert rows(book["Gap"])[0]["Item"] == "=1+1"
    assert {row["Region"] for row in rows(book["Gap"])} == {'=HYPERLINK("http://x","y")', "<b>&\"'"}


def test_control_characters_and_endless_text_are_tamed():
    outcome = replace(real(), scenario=real().scenario.model_copy(update={"title": "a\x07b" + "x" * 40_000}))
    book = opened([outcome])
    title = next(row["Value"] for row in rows(book["Assumptions"]) if row["Setting"] == "title")
    assert title.startswith("a bxx")
    assert title.endswith("characters in all]")


def test_the_same_outcomes_give_the_same_bytes(monkeypatch):
    first = workbook_bytes([real()])
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert workbook_bytes([real()]) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.testzip() is None


def test_a_declared_time_stands_in_the_properties():
    book = opened([real()], created=dt.datetime(2026, 11, 22, 9, 30))
    assert book.properties.created == dt.datetime(2026, 11, 22, 9, 30)
    assert book.properties.modified == dt.datetime(2026, 11, 22, 9, 30)


def test_no_folder_and_no_user_name_in_any_part():
    data = workbook_bytes([with_record(real(), {"data": "/home/anna/secret/net", "files": ["C:\\Users\\anna\\a.csv"]})])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        text = "".join(archive.read(name).decode() for name in archive.namelist())
    assert "anna" not in text
    assert "secret" not in text
    assert ">net<" in text


def test_charts_have_data_stored_and_words():
    data = workbook_bytes([real()])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        drawings = [
            archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/drawings/drawing")
        ]
        charts = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/charts/chart")]
    assert len(drawings) == len(charts) == 2
    assert 'descr="Line chart of output lost per month in USD million' in drawings[0]
    assert 'descr="Stacked chart per month of what met the cut in NdFeB magnets in Lean makers' in drawings[1]
    assert "<v>1.2</v>" in charts[0].replace("c:v", "v")


def test_a_failed_scenario_is_named_on_the_cover_and_in_the_checks():
    book = opened([real()], failed={"broken": "HiGHS stopped, see /tmp/x/log.txt"})
    cover = rows(book["Cover"])
    assert cover[-1]["Scenario"] == "broken"
    assert cover[-1]["The answer in one sentence"] == "Not computed: HiGHS stopped, see log.txt"
    shown = openpyxl.load_workbook(io.BytesIO(workbook_bytes([real()], failed={"broken": "x"})), data_only=True)
    assert shown["Cover"]["A4"].value == "Checks: 1 of 14 FAIL (sheet Checks)"


def test_two_outcomes_of_one_name_are_told_apart():
    book = opened([real(), real()])
    assert [row["Scenario"] for row in rows(book["Cover"])] == ["april", "april (2)"]
    assert {row["Scenario"] for row in rows(book["Summary"])} == {"april", "april (2)"}


def test_overrides_and_sources_are_listed():
    case = Scenario(
        name="more stock", controls=("B1",), months=3, tail=1,
        set=[{"table": "stocks", "item": "magnet", "region": "EU/lean", "column": "cover_months", "value": 3}],
    )  # fmt: skip
    book = opened([run(chain_network(), case)])
    changed = [row for row in rows(book["Assumptions"]) if row["Subject"] == "changed figures"]
    assert [(row["Setting"], row["Value"], row["Meaning"]) for row in changed] == [
        ("stocks: cover_months", 3, "item magnet, region EU/lean")
    ]
    sources = rows(book["Sources"])
    assert [(row["Fact"], row["Publisher"], row["Rows that use it"], row["Used by"]) for row in sources] == [
        ("F1", "USGS", 2, "items: ore; items: car")
    ]
    assert [(row["Row"], row["Number"]) for row in rows(book["Estimates"])] == [("magnet", 1000), ("car", 20000)]


def test_empty_tables_still_make_a_workbook():
    book = opened([made(chain_network(), summary="response,loss_usd\nvoluntary,0")])
    assert rows(book["Gap"])[0]["Scenario"] == "(no rows)"
    assert not [row for row in rows(book["Checks"]) if row["Result"] == "FAIL"]


def test_no_outcome_is_refused(tmp_path):
    with pytest.raises(InputError, match="no outcome"):
        write_workbook([], tmp_path / "x.xlsx")
    assert not list(tmp_path.iterdir())


def test_the_last_folder_is_made_and_an_earlier_file_survives_a_refusal(tmp_path):
    assert write_workbook([real()], tmp_path / "reports" / "a.xlsx").is_file()
    (tmp_path / "b.xlsx").mkdir()
    with pytest.raises(OutputError, match="folder"):
        write_workbook([real()], tmp_path / "b.xlsx")
    with pytest.raises(OutputError, match="does not exist"):
        write_workbook([real()], tmp_path / "no" / "such" / "a.xlsx")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.xlsx", "reports"]
