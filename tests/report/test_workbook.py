"""The workbook as a reader's program opens it."""

import datetime as dt
import io
import re
import zipfile
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest

from exposure.errors import InputError, OutputError
from exposure.io import write_package
from exposure.load import load
from exposure.model import Scenario
from exposure.report import study_sheet, workbook_bytes, write_workbook
from exposure.report.names import Names
from exposure.report.sheet import HEADER_ROW
from exposure.report.styles import ACCENT, BAD, GOOD, INK, LINK, NOTICE, QUIET
from exposure.response import run
from tests.report.outcomes import chain_network, made, real, with_record

SHEETS = [
    "Cover", "Contents", "Summary", "Scenarios", "Results by level", "Inputs", "Loss by month", "Loss over time",
    "Product Combustion cars", "Products over time", "Loss rows", "Gap", "Gap over time", "Why", "Limits", "Costs",
    "Controls in force", "Shipments", "Production", "Stocks", "Balance", "Exposure", "Concentration", "Assumptions", "Evidence",
    "Sources", "Estimates", "Baseline", "Checks", "Quality log", "Run record", "Glossary",
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
        assert sheet.print_title_rows == (f"$1:${HEADER_ROW}" if sheet.max_row > HEADER_ROW + 24 else None)
        assert sheet.oddFooter.left.text.endswith("scenarios | &A")
    assert book["Cover"]["A1"].value == "Two & more"


def test_reopened_numbers_are_those_of_the_outcome(book):
    summary = rows(book["Results by level"])
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
    assert [row["Rows"] for row in rows(book["Scenarios"])] == ["loss by month", "results"]
    ranked = rows(book["Scenarios"])
    links = {head: book["Scenarios"].cell(HEADER_ROW + 1, k).hyperlink for k, head in enumerate(ranked[0], start=1)}
    assert links["Rows"].location == f"'Loss by month'!A{HEADER_ROW + 1}"
    assert links["Published / in part / not"].location == f"'Evidence'!A{HEADER_ROW + 1}"


def test_checks_pass_with_values_stored_beside_their_formulas(tmp_path):
    path = write_workbook([real()], tmp_path / "a.xlsx")
    shown = openpyxl.load_workbook(path, data_only=True)
    live = openpyxl.load_workbook(path)
    assert {row["Result"] for row in rows(shown["Checks"])} == {"PASS"}
    assert shown["Cover"]["A4"].value == "All 14 checks pass (sheet Checks)"
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
                    assert re.match(r"=(IF|SUM|ABS|COUNTIF|SUMPRODUCT|[A-Z]+\d|\(|\d)", cell.value)
    assert book["Cover"]["A1"].value == "=2+2"
    assert book["Cover"]["A1"].data_type == "s"
    named = book["Results by level"].cell(HEADER_ROW + 1, 1)
    assert named.value == "=cmd|'/c calc'!A0"
    assert named.quotePrefix
    assert "-reason" in [row["What to know"] for row in rows(book["Cover"])]
    assert rows(book["Gap"])[0]["Item"] == "=1+1"
    assert {row["Region"] for row in rows(book["Gap"])} == {'=HYPERLINK("http://x","y")', "<b>&\"'"}


def test_control_characters_and_endless_text_are_tamed():
    outcome = replace(real(), scenario=real().scenario.model_copy(update={"title": "a\x07b" + "x" * 40_000}))
    book = opened([outcome])
    title = next(row["This scenario"] for row in rows(book["Inputs"]) if row["Input"] == "title")
    assert title.startswith("a bxx")
    assert title.endswith("characters in all]")


def test_scenarios_are_ranked_with_what_they_hurt_and_how_sure_that_is():
    book = opened([real("nothing", controls=()), real()], failed={"broken": "x"})
    ranked = rows(book["Scenarios"])
    assert [(row["Rank"], row["Scenario"], row["Controls"]) for row in ranked] == [
        (1, "april", 1),
        (2, "nothing", 0),
        (None, "broken", None),
    ]
    # contracts alone lose: USD 3.0 m against nothing at the other levels
    assert (ranked[0]["Hardest hit"], ranked[0]["Levels"]) == (
        "Contracts only: combustion cars, European Union",
        "far apart",
    )
    assert (ranked[0]["Evidence"], ranked[1]["Levels"]) == ("mostly judgement", "agree")


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
    assert len(drawings) == len(charts) == 4
    assert 'descr="Line chart of output lost per month in USD million' in drawings[0]
    assert 'descr="Stacked chart per month of what met the cut in NdFeB magnets in Lean makers' in drawings[3]
    assert (
        'descr="Line chart: Combustion cars: output lost per month (USD million), for Voluntary (headline), Contracts'
        in drawings[2]
    )
    assert "'Products over time'!$C$9:$C$14" in charts[2]
    assert "<v>1.2</v>" in charts[0].replace("c:v", "v")


def test_a_failed_scenario_is_named_on_the_cover_and_in_the_checks():
    book = opened([real()], failed={"broken": "HiGHS stopped, see /tmp/x/log.txt"})
    cover = rows(book["Cover"])
    told = {row["Subject"]: row["What to know"] for row in cover}
    assert told["Not computed: broken"] == "HiGHS stopped, see log.txt"
    shown = openpyxl.load_workbook(io.BytesIO(workbook_bytes([real()], failed={"broken": "x"})), data_only=True)
    assert shown["Cover"]["A4"].value == "1 of 14 checks FAIL (sheet Checks)"


def test_two_outcomes_of_one_name_are_told_apart():
    book = opened([real(), real()])
    assert [row["Scenario"] for row in rows(book["Scenarios"])] == ["april", "april (2)"]
    assert {row["Scenario"] for row in rows(book["Results by level"])} == {"april", "april (2)"}


def test_overrides_and_sources_are_listed():
    case = Scenario(
        name="more stock", controls=("B1",), months=3, tail=1,
        set=[{"table": "stocks", "item": "magnet", "region": "EU/lean", "column": "cover_months", "value": 3}],
    )  # fmt: skip
    book = opened([run(chain_network(), case)])
    changed = next(row for row in rows(book["Inputs"]) if row["Input"] == "stocks: cover_months")
    assert (changed["Base"], changed["This scenario"], changed["Differs"], changed["What it is"], changed["Id"]) == (
        1, 3, "yes", "item NdFeB magnets, region Lean makers", "stocks.magnet:EU/lean.cover_months",
    )  # fmt: skip
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


def test_a_changed_figure_stands_beside_the_base_of_a_run_without_it():
    change = {"table": "stocks", "item": "magnet", "region": "EU/lean", "column": "cover_months", "value": 3}
    more = run(chain_network(), Scenario(name="more", controls=("B1",), months=3, tail=1, set=[change]))
    inputs = rows(opened([real(), more])["Inputs"])
    differing = {
        row["Input"]: (row["Base"], row["This scenario"], row["Moved by"], row["Unit"])
        for row in inputs
        if (row["Scenario"], row["Differs"]) == ("more", "yes")
    }
    # one month of cover in the tiny network; months and tail differ from the tool's 18 and 6
    assert differing == {
        "months": (18, 3, -15, "months"), "tail": (6, 1, -5, "months"), "control B1": ("off", "on", None, None),
        "stocks: cover_months": (1, 3, 2, "months of use"),
    }  # fmt: skip
    # what both share stands once; the control holds back one lane, China to the lean makers
    assert [row["Input"] for row in inputs if row["Scenario"] == "(all)"] == ["start", "warm up", "foresight"]
    assert {row["Limits moved"] for row in inputs if row["Input"] == "control B1"} == {1}


def test_cover_of_one_scenario_tells_the_answer_in_parts_with_links():
    cover = opened([real()])["Cover"]
    told = {row["Subject"]: row["What to know"] for row in rows(cover)}
    assert told["Scenario"] == "Licences on magnets."
    assert told["Controls"] == "B1; 6 months."
    assert "USD 3.0 m" in told["What stops"]
    assert set(told) >= {"What fills the gap", "What holds everything back", "How sure", "What it cannot say"}
    assert all(cell.hyperlink for cell in cover["C"][HEADER_ROW:])


def test_summary_has_three_to_six_figures_and_one_chart():
    for outcomes in ([real()], [made(chain_network(), summary="response,loss_usd\ncontracts,3e6\nvoluntary,2e6")] * 2):
        summary = opened(outcomes)["Summary"]
        assert 3 <= len(rows(summary)) <= 6
    with zipfile.ZipFile(io.BytesIO(workbook_bytes([real()]))) as archive:
        assert archive.read("xl/drawings/drawing1.xml").count(b"descr=") == 1
    single = {row["Figure"]: row for row in rows(opened([real()])["Summary"])}
    assert single["Output lost, contracts"]["Value"] == pytest.approx(3.0)
    assert single["Output lost, contracts"]["Unit"] == "USD million"


def test_a_headline_that_is_pressed_flat_gets_a_chart_of_its_own_that_prints():
    loss = "response,item,region,month,demand,unmet,loss_usd\n" + "\n".join(
        f"{level},car,EU,2025-0{k},100,5,{lost}" for k in (5, 6) for level, lost in (("contracts", 9e9), ("voluntary", "{}"))
    )  # fmt: skip
    summary = "response,loss_usd\ncontracts,18e9\nvoluntary,2e6"

    def charts(voluntary):
        given = made(chain_network(), summary=summary, loss=loss.replace("{}", str(voluntary)))
        with zipfile.ZipFile(io.BytesIO(data := workbook_bytes([given]))) as archive:
            told = archive.read("xl/drawings/drawing1.xml").decode().count("own scale")
        return told, openpyxl.load_workbook(io.BytesIO(data))["Summary"].print_area

    # a twentieth of 9 bn is 450 m; the table ends in row 13, the chart of 6.5 cm begins in row 34 and covers 13 rows
    assert charts(449e6) == (1, "'Summary'!$A$1:$E$47")
    assert charts(451e6)[0] == 0


def test_a_product_has_its_own_sheet_with_the_share_that_goes_short():
    product = rows(opened([real()])["Product Combustion cars"])
    # contracts miss 20 of 100 cars in July, then 40
    assert (product[0]["Response"], product[0]["Region"]) == ("contracts", "European Union")
    assert [product[0][f"2025-0{k} (% unmet)"] for k in (7, 8, 9)] == pytest.approx([0.2, 0.4, 0.4])
    assert product[0]["First month"] == dt.datetime(2025, 7, 1)


def test_cover_and_summary_of_many_tell_controls_alone_by_their_names():
    def lost(name, usd, controls=("B1",)):
        loss = f"response,item,region,month,demand,unmet,loss_usd\nvoluntary,car,EU,2025-06,100,5,{usd}"
        return made(chain_network(), name, controls, summary=f"response,loss_usd\nvoluntary,{usd}", loss=loss)

    # the episode has one control too, but it is not that control as it stands
    book = opened([lost("episode", 9e9), lost("B1", 4e9), lost("both", 7e9, ("B1", "B2"))])
    subjects = [row["Subject"] for row in rows(book["Cover"])]
    assert subjects[1:4] == ["Control no. 1: B1", "Episode no. 1: episode", "Episode no. 2: both"]
    figures = {row["Figure"]: row["Value"] for row in rows(book["Summary"])}
    assert figures["Largest loss of a control alone"] == pytest.approx(4000)
    assert figures["Largest loss, voluntary"] == pytest.approx(9000)
    nameless = opened([lost("episode", 9e9), lost("other", 4e9)])
    assert rows(nameless["Cover"])[1]["Subject"] == "Control no. 1: episode"


def test_products_of_many_scenarios_rank_who_hurts_them_and_chart_the_worst():
    book = opened([real("short", months=4), real()])
    product = rows(book["Product Combustion cars"])
    # contracts miss 20 of 100 cars in July, then 40 in August and September; the shorter run ends in July: 20 x USD 30,000
    told = [(row["Scenario"], row["Loss (USD million)"], row["Months with a loss"]) for row in product]
    assert told == [("april", pytest.approx(3.0), 3), ("short", pytest.approx(0.6), 1)]
    assert product[0]["Unmet at most (% of demand)"] == pytest.approx(0.4)
    over_time = rows(book["Products over time"])
    assert [row["Combustion cars: contracts (USD million)"] for row in over_time] == pytest.approx(
        [0, 0, 0, 0.6, 1.2, 1.2]
    )
    assert "Combustion cars: april" in book["Products over time"]["A4"].value


def test_pandas_reads_numbers_where_formulas_stand(tmp_path):
    path = write_workbook([real()], tmp_path / "a.xlsx")
    found = pd.read_excel(path, sheet_name=["Balance", "Checks"], header=HEADER_ROW - 1)
    assert found["Balance"]["Left over (unit)"].notna().all()
    assert set(found["Checks"]["Result"]) == {"PASS"}


def test_long_tables_print_their_first_rows_and_no_ids():
    draws = pd.DataFrame({"item": ["magnet"] * 400, "share": [0.5] * 400})
    sheet = study_sheet("Draws", "Draws", "How far?", draws, units={"share": "share"}, names=Names([chain_network()]))
    ws = opened([real()], studies=[sheet])["Draws"]
    assert ws.print_area == f"'Draws'!$A$1:$B${HEADER_ROW + 150}"
    assert ws.oddFooter.center.text == "First 150 of 400 rows; the workbook holds all"
    assert [cell.value for cell in ws[HEADER_ROW]] == ["Item", "Share (%)", "Item id"]
    assert [cell.value for cell in ws[HEADER_ROW + 1]] == ["NdFeB magnets", 0.5, "magnet"]


def test_every_glossary_word_and_quality_step_points_somewhere():
    book = opened([real()])
    words = rows(book["Glossary"])
    assert [row["Word"].lower() for row in words] == sorted(row["Word"].lower() for row in words)
    assert {row["Sheet"] for row in words} <= set(SHEETS)
    log = {row["Step"]: row for row in rows(book["Quality log"])}
    assert log["Sheets agree"]["Outcome"] == "14 PASS"
    assert log["Release"]["State"] == "open"
    assert len({row["Id"] for row in rows(book["Assumptions"])}) == 24


def test_text_stands_out_from_its_ground():
    def light(colour):
        parts = [int(colour[k : k + 2], 16) / 255 for k in (0, 2, 4)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    white = light("FFFFFF") + 0.05
    assert min(white / (light(colour) + 0.05) for colour in (INK, ACCENT, GOOD, BAD, NOTICE, LINK, QUIET)) > 4.5


def test_modified_data_are_marked_on_every_sheet(tmp_path):
    folder = tmp_path / "net"
    write_package(chain_network(), folder)
    case = Scenario(name="april", controls=("B1",), months=2, tail=0)
    assert "MODIFIED DATA" not in opened([run(load(folder), case)])["Summary"]["A3"].value
    stocks = (folder / "stocks.csv").read_text()
    (folder / "stocks.csv").write_text(stocks + "\n")
    book = opened([run(load(folder), case)])
    marked = [
        sheet.title for sheet in book if any("MODIFIED DATA" in str(sheet.cell(row, 1).value) for row in range(1, 8))
    ]
    assert marked == book.sheetnames
    states = {row["Step"]: row["State"] for row in rows(book["Quality log"])}
    assert states["Data unchanged"] == "read this"
