"""The mass balance, recomputed from tables that an analyst can add up."""

import pytest

from exposure.report.balance import SIDES, balance_sheet, balances
from exposure.report.results import Results
from tests.report.outcomes import chain_network, made, real

NET = chain_network()
LOSS = """response,item,region,month,demand,served
voluntary,magnet,JP,2025-04,5,5
voluntary,magnet,JP,2025-05,5,5
voluntary,magnet,JP,2025-06,5,5"""
PRODUCTION = """response,recipe,item,region,month,usual,extra
voluntary,magnet_jp,magnet,JP,2025-04,10,0
voluntary,magnet_jp,magnet,JP,2025-05,10,1
voluntary,magnet_jp,magnet,JP,2025-06,10,2"""
SHIPMENTS = """response,item,origin,destination,month,usual,extra
voluntary,magnet,CN,EU/lean,2025-04,7,0
voluntary,magnet,CN,EU/lean,2025-05,3,0
voluntary,magnet,CN,EU/lean,2025-06,1,0"""
STOCKS = """response,item,region,month,stock
voluntary,magnet,JP,2025-04,20
voluntary,magnet,JP,2025-05,26
voluntary,magnet,JP,2025-06,40"""


def test_sides_are_summed_over_the_window_with_leads():
    # magnets travel one month, so the window is May and June: made 11 + 12, shipped 3 + 1, arrived 7 + 3 (of April and May),
    # stock 20 at the end of April and 40 at the end of June, served 5 + 5
    results = Results([made(NET, loss=LOSS, production=PRODUCTION, shipments=SHIPMENTS, stocks=STOCKS)])
    sums = balances(results, 0).set_index("item")
    magnet = dict(zip(SIDES, sums.loc["magnet", list(SIDES)], strict=True))
    assert magnet == {
        "before": 20, "made": 23, "by_products": 0, "arrived": 10, "shipped": 4, "used": 0, "served": 10, "after": 40,
    }  # fmt: skip
    assert (sums.loc["magnet", "first"], sums.loc["magnet", "last"]) == ("2025-05", "2025-06")
    # each magnet takes one ore
    assert sums.loc["ore", "used"] == 23


def test_what_does_not_add_up_fails():
    results = Results(
        [made(NET, summary="response\nvoluntary", loss=LOSS, production=PRODUCTION, shipments=SHIPMENTS, stocks=STOCKS)]
    )
    rows = {row[2]: row for row in balance_sheet(results).rows}
    # 20 + 23 + 0 + 10 - 4 - 0 - 10 - 40 = -1
    assert rows["NdFeB magnets"][14].value == pytest.approx(-1)
    assert rows["NdFeB magnets"][16].value == "FAIL"


def test_real_runs_balance():
    sheet = balance_sheet(Results([real()]))
    assert len(sheet.rows) == 9
    assert {row[16].value for row in sheet.rows} == {"PASS"}


def test_a_report_of_one_month_has_no_balance():
    assert balance_sheet(Results([real("short", months=1)])).rows == []
