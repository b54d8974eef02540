"""The built-in world behaves as the documents and the facts say: what a control stops, when, and what it leaves alone."""

import functools

import pytest

import exposure as ex
from exposure.calendar import Month

RARE_EARTHS = {
    "ndpr_oxide",
    "dy_oxide",
    "ndfeb_light",
    "ndfeb_hot",
    "smco_magnet",
    "traction_motor",
    "ev",
    "fighter_jet",
}


@functools.cache
def world():
    return ex.load()


@functools.cache
def answer(*controls, start, months=18, response="contracts", tail=3):
    case = ex.Scenario(name="case", start=start, months=months, tail=tail, controls=controls)
    return ex.run(world(), case, response=response)


def lost(out, **where):
    table = out.loss
    for column, value in where.items():
        table = table[table[column] == value]
    return table[table["loss_usd"] > 1e3]


@pytest.mark.parametrize(
    ("control", "start", "products"),
    [
        ("CN-2025-04-RE7", "2025-04", {"ev", "ice_car", "gas_turbine", "semiconductors"}),
        ("US-2025-05-JETENGINE", "2025-05", {"c919"}),
        ("CN-2025-10-NEXPERIA", "2025-10", {"ice_car"}),
        ("CN-2025-10-ANN58", "2025-10", {"ev"}),
        ("US-2025-04-H20", "2025-04", {"ai_compute"}),
        ("US-2020-08-FDPR-HUAWEI2", "2020-08", {"huawei_phone"}),
        ("US-2025-05-ETHANE", "2025-05", {"ethylene_polymer"}),
    ],
)
def test_a_control_that_bites_shows_in_what_depends_on_it(control, start, products):
    assert products <= set(lost(answer(control, start=start))["item"])


def test_magnets_barred_from_military_users_stop_defence_makers_once_their_stock_is_gone():
    lost_there = lost(answer("CN-2024-12-BAN46", start="2024-12", months=24))
    assert set(lost_there["region"]) == {"US/defence"}
    assert lost_there["month"].min() > "2025-12"


def test_ethane_letters_leave_rare_earths_untouched_to_the_last_digit():
    out = answer("US-2025-05-ETHANE", start="2025-05", response="voluntary")
    for name in ("shipments", "production"):
        rows = out.tables[name][out.tables[name]["item"].isin(RARE_EARTHS)]
        assert len(rows) > 100
        assert (rows["usual"] == rows["baseline"]).all()
        assert (rows["extra"] == 0).all()
    stocks = out.stocks[out.stocks["item"].isin(RARE_EARTHS)]
    assert stocks.groupby(["item", "region"])["stock"].nunique().max() == 1


def test_an_ethane_stop_of_forty_days_costs_money_and_no_polymer():
    out = answer("US-2025-05-ETHANE", "US-2025-07-LIFT", start="2025-05", months=12, response="voluntary")
    assert lost(out).empty
    assert out.summary["cost_usd"].iloc[0] > 1e7


def test_design_software_cut_for_five_weeks_stops_no_chip():
    out = answer("US-2025-05-EDA", "US-2025-07-LIFT", start="2025-05", response="contracts")
    assert lost(out).empty


def test_design_software_cut_for_two_years_stops_chips():
    stopped = answer("US-2025-05-EDA", start="2025-05", months=24, response="voluntary")
    assert not lost(stopped).empty
    assert lost(stopped)["month"].min() > "2026-05", "licences run on for a year, designs in production longer"


def test_memory_stops_bite_when_the_hoard_ends():
    held = {row.region: row.cover_months for row in world().stocks if row.item == "hbm"}
    first = lost(answer("US-2024-12-HBM-SME", start="2024-12", months=24), item="ai_compute")["month"].min()
    # the rule of 2 December 2024: months of usual use later the smaller of the two hoards in China is gone
    whole_months = int(min(held[region] for region in ("CN", "CN/huawei") if region in held))
    assert str(Month(2024, 12) + whole_months) <= first <= str(Month(2024, 12) + whole_months + 2)


def test_stacking_spends_memory_faster_than_one_good_chip():
    recipes = {
        row.recipe: {line.input: line.quantity for line in world().bom_of[row.recipe]} for row in world().recipes
    }
    memory = {name: inputs.get("hbm", 0.0) for name, inputs in recipes.items()}
    compute = {row.recipe for row in world().recipes if row.item == "ai_compute"}
    stack = next(name for name in compute if "stack" in name)
    packages = recipes[stack]
    assert max(packages.values()) >= 2
    assert memory[stack] > max((memory[name] for name in compute - {stack}), default=0.0)


def test_trade_that_is_not_about_security_is_touched_by_no_export_control():
    free = {"soybeans", "other_farm_goods", "health_beauty", "entertainment"}
    assert free <= set(world().item)
    named = {rule.item for rule in world().control_scope if rule.mechanism not in ("tariff", "suspension", "lifting")}
    assert not free & named
