"""The sheet of claims on hand-made tables, each sentence checked word by word."""

import io

import openpyxl
import pytest

from exposure.model import Claim
from exposure.report import workbook_bytes
from exposure.report.results import Results
from exposure.report.sheet import HEADER_ROW
from exposure.report.traceability import traceability_sheet
from tests.report.outcomes import chain_network, made

SUMMARY = "response,loss_usd\ncontracts,900\nvoluntary,400"
LOSS = "response,item,region,month,demand,loss_usd\nvoluntary,car,EU,2025-05,0.01,400"
WHY = """response,item,region,month,loss_usd,control
contracts,car,EU,2025-05,900,B1
voluntary,car,EU,2025-06,100,B1
voluntary,car,EU,2025-05,200,B1 + B2
voluntary,magnet,JP,2025-07,100,"""


def claim(rows, ident="S0-01", kind="control", encoded="yes"):
    return Claim(
        claim=ident, document="a.txt", sha256="0" * 64, paragraph=7, kind=kind, statement="Said.", encoded=encoded, rows=rows,
        note="n",
    )  # fmt: skip


def sheet(*claims, **tables):
    parts = {"summary": SUMMARY, "loss": LOSS, "why": WHY} | tables
    return traceability_sheet(Results([made(chain_network(), "april", **parts)]), claims)


def words(rows, **more):
    return sheet(claim(rows, **more)).rows[0][3]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        # 100 + 200 of the cars, from May, traced to B1
        (
            "controls:B1; demand:car/EU",
            "Under B1: USD 300 lost from 2025-05 (voluntary; contracts USD 900), most of it combustion cars in the European Union.",
        ),
        ("controls:B1; demand:magnet", "Its controls are in this run, without a loss."),
        ("controls:B9", "Its controls are not in this run."),
        # without a control, all loss of the product counts, traced or not; contracts lose no magnets
        ("demand:magnet", "USD 100 lost from 2025-07 (voluntary; contracts USD 0), most of it NdFeB magnets in Japan."),
        ("recipes:mine_cn; demand:magnet/CN", "No loss of it in this run."),
        ("recipes:mine_cn", "Part of the undisturbed world; names no control and no product of final users."),
    ],
)
def test_what_the_model_says(rows, sentence):
    assert words(rows) == sentence


def test_a_loss_of_the_upper_end_alone_is_told():
    why = "response,item,region,month,loss_usd,control\ncontracts,car,EU,2025-05,900,B1"
    (row,) = sheet(claim("controls:B1"), why=why).rows
    assert (
        row[3]
        == "Under B1: no loss (voluntary); contracts lose USD 900, most of it combustion cars in the European Union."
    )
    assert row[4] == 0


def test_rows_controls_and_place_stand_beside():
    made_sheet = sheet(
        claim("controls:B1; lanes:magnet/CN/EU/lean"), claim("", ident="S0-02", kind="actor", encoded="no")
    )
    one, other = (dict(zip([c.header for c in made_sheet.columns], row, strict=True)) for row in made_sheet.rows)
    assert one["Control ids"] == "B1"
    assert one["Rows of the model that hold it"] == "lanes:magnet/CN/EU/lean"
    assert (one["Document"], one["Paragraph"], one["Scenario of that loss"]) == ("a.txt", 7, "april")
    assert other["What the model says in this run"] == "Not in the model."
    assert made_sheet.note.startswith("2 claims; 1 are judgements")


def test_largest_scenario_is_shown_and_the_others_counted():
    net = chain_network()
    small = made(
        net,
        "small",
        summary=SUMMARY,
        loss=LOSS,
        why="response,item,region,month,loss_usd,control\nvoluntary,car,EU,2025-06,50,B1",
    )
    large = made(net, "large", summary=SUMMARY, loss=LOSS, why=WHY)
    (row,) = traceability_sheet(Results([small, large]), [claim("controls:B1")]).rows
    assert row[5] == "large"
    assert row[3].endswith("in the European Union; also in 1 other scenario.")


def test_sheet_stands_in_the_workbook_of_the_built_in_data_only():
    def book(**more):
        outcome = made(chain_network(**more), "april", summary=SUMMARY, loss=LOSS, why=WHY)
        return openpyxl.load_workbook(io.BytesIO(workbook_bytes([outcome])))

    assert "Traceability" not in book().sheetnames
    table = book(built_in=True)["Traceability"]
    heads = [cell.value for cell in table[HEADER_ROW]]
    assert heads[0] == "Claim"
    assert table.max_row == HEADER_ROW + 116
