"""Prices from two re-solves: what one unit more saves and one unit less costs, by hand."""

import json
import math

import pytest

import exposure as ex
from exposure.report import to_json
from exposure.report.limits import limits_sheet
from exposure.report.results import Results
from tests.report.outcomes import chain_network
from tests.support import FREE, case
from tests.tiny import tiny_network

HEAD = "control,item,origin,destination,mechanism,value,from,to\n"


def world(spare):
    """Return the US, which take 10 ore a month from China, half licensed; Australia can dig ``spare`` more a year at 5 USD."""
    return tiny_network(
        recipes=f"recipe,item,region,output0,capacity\nmine,ore,CN,120,120\ndig,ore,AU,120,{120 + spare}",
        lanes=f"item,origin,destination,flow0,max_flow,extra_cost_usd\nore,CN,US,120,120,0\nore,AU,US,120,{120 + spare},5",
        demand="item,region,quantity,value_usd\nore,US,240,1000",
        controls="control,title,announced,effective,status\nC1,C,2025-01-01,2025-01-01,in_force",
        control_scope=HEAD + "C1,ore,CN,US,licence,0.5",
    )


def priced(net, **fields):
    found = ex.run(net, case(net, months=2, tail=0, **fields), prices=20).limits
    return found[found["price_low_usd"].notna() & (found["origin"] == "CN") & (found["month"] == "2025-02")]


@pytest.mark.parametrize("response", FREE)
def test_where_some_go_short_both_sides_are_the_value_of_what_is_lost(response):
    # 5 fewer from China, 3 more from Australia: 2 a month are lost. One unit more or less is 1,000 USD of output
    row = priced(world(36)).set_index("response").loc[response]
    assert (row["price_low_usd"], row["price_high_usd"]) == pytest.approx((1000, 1000))
    assert row["note"] == "re-solved with 0.1 more and less a month"


def test_at_a_kink_the_two_sides_differ_and_hold_the_solvers_price_between_them():
    # Australia digs just the 5 that are missing: one unit more saves its 5 USD, one unit less loses 1,000 USD of output
    for _, row in priced(world(60)).iterrows():
        assert (row["price_low_usd"], row["price_high_usd"]) == pytest.approx((5, 1000))
        assert row["price_low_usd"] - 1e-6 <= row["price_usd"] <= row["price_high_usd"] + 1e-6


def test_without_the_wish_no_limit_is_re_solved():
    net = world(36)
    found = ex.run(net, case(net, months=2, tail=0)).limits
    assert found["price_low_usd"].isna().all() and found["price_high_usd"].isna().all()
    assert "address" not in found


def test_contracts_have_no_prices():
    net = world(36)
    found = ex.run(net, case(net, months=2, tail=0), response="contracts", prices=5).limits
    assert all(math.isnan(value) for value in found["price_low_usd"])


def test_the_ends_of_a_price_reach_json_and_workbook():
    def shown(prices):
        out = ex.run(chain_network(), ex.Scenario(name="b", controls=("B1",), months=6, tail=2), prices=prices)
        sheet = limits_sheet(Results((out,)))
        given = [
            row["price_low_usd"] for row in json.loads(to_json([out]))["limits"] if row["price_low_usd"] is not None
        ]
        return len(given), [column.header for column in sheet.columns if column.header.startswith("One unit")]

    count, headers = shown(2)
    assert count > 0
    assert headers[0] == "One unit more saves (USD/unit)"
    assert shown(0) == (0, [])
