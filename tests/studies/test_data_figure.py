"""Explaining a figure or a row of the data: as stated, as the baseline closes it, as a scenario changes it."""

import pytest

import exposure as ex
from exposure.studies.explain import explain
from tests.tiny import tiny_network

# 120 t are wanted and the mine can make 100 at most: the only stated figure has to move; mine and lane are derived
NETWORK = tiny_network(
    recipes="recipe,item,region,output0,capacity,low,high,source\nmine,ore,CN,,100,90,110,F1",
    lanes="item,origin,destination,lead_months,source\nore,CN,US,2,estimate",
    stocks="item,region,cover_months,low,high,source,note\nore,US,2,1,3,F1,counted",
    demand="item,region,quantity,value_usd,low,high,source\nore,US,120,1000,90,150,F1",
    facts="fact,quantity,value,unit,publisher,published\nF1,ore,120,t,USGS,2025",
)


def sections(ident, case=None):
    return explain(NETWORK, ident, case).sections


def test_a_figure_that_the_baseline_moved():
    # 20 t less of a width of 30 is 0.667; the spread may add 5 %, 0.0333, to lower the largest correction: x t become a gap at
    # 100 widths per 120 t instead, x (100/120 - 1/30) = 0.0333, so x = 0.042
    assert sections("demand.ore:US.quantity")["demand ore:US"] == [
        "quantity = 120 t/yr (range 90 to 150)", "moved to 100.042 t/yr, so that every node closes (exposure check)",
        "what it is: unit/yr; blank: derived by the baseline", "F1: ore = 120 t (USGS, 2025)",
    ]  # fmt: skip


def test_a_blank_is_told_with_what_the_baseline_derives():
    assert sections("lanes.ore:CN:US.flow0")["lanes ore:CN:US"][:2] == [
        "flow0 = blank",
        "derived by the baseline: 100 t/yr",
    ]


def test_a_row_tells_all_its_cells_and_what_a_scenario_makes_of_them():
    more = ex.Override(table="stocks", item="ore", region="US", column="cover_months", value=3)
    told = sections("stocks.ore:US", ex.Scenario(set=(more,)))
    assert told == {
        "states": [
            "item = ore", "region = US", "cover_months = 2 month of baseline use (range 1 to 3)",
            "the scenario makes it 3 month of baseline use", "reserve = 0 t",
        ],
        "rests on": ["F1: ore = 120 t (USGS, 2025)", "counted"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("ident", "message"),
    [
        ("stocks.orr:US", 'write table.key.column, .* did you mean "stocks.ore:US"'),
        ("stocks.ore:US.cover_month", 'explain.*no such column in stocks; did you mean "cover_months"'),
        ("stocks.orr:US.cover_months", 'no row of stocks fits; did you mean "stocks.ore:US.cover_months"'),
    ],
)
def test_a_misspelt_address_gets_the_nearest(ident, message):
    with pytest.raises(ex.InputError, match=message):
        sections(ident)
