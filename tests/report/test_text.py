import json
import math

import pandas as pd

from exposure.report import terminal_summary, to_json
from tests.report.outcomes import chain_network, made, real, with_record


def test_the_terminal_shows_sentence_and_levels():
    text = terminal_summary([real()], failed={"broken": "HiGHS ended with status Infeasible"})
    lines = text.splitlines()
    assert lines[0] == "april (Licences on magnets)"
    assert lines[1].startswith("  No output is lost over 6 months (planner USD 0, contracts USD 3.0 m)")
    assert any(line.startswith("  contracts") and "USD 3.0 m" in line and "2025-07" in line for line in lines)
    assert lines[-1] == "  broken: not computed: HiGHS ended with status Infeasible"


def test_many_scenarios_get_a_sentence_each():
    text = terminal_summary([real(f"s{k}") for k in range(4)])
    assert "  contracts " not in text
    assert text.count("No output is lost") == 4


def test_of_many_the_worst_come_first_and_quiet_ones_stand_in_a_line():
    lost = {"a": 0, "b": 5e9, "c": 0, "d": 7e9}
    outcomes = [
        made(chain_network(), name, summary=f"response,loss_usd\nvoluntary,{usd}") for name, usd in lost.items()
    ]
    lines = terminal_summary(outcomes).splitlines()
    assert [line for line in lines if line in lost] == ["d", "b"]
    assert lines[-1] == "  No output is lost at any level in 2 more: a, c."


def test_control_characters_do_not_reach_the_terminal():
    summary = "response,loss_usd\nvoluntary,0"
    net = chain_network(regions="region,name\nCN,\x1b[31mred\nJP,Japan\nEU,EU\nEU/lean,EU")
    gap = "response,item,region,month,cut,from_stock,cause\nvoluntary,magnet,CN,2025-06,10,10,control"
    assert "\x1b" not in terminal_summary([made(net, summary=summary, gap=gap)])


def test_json_has_one_list_of_records_per_table():
    told = json.loads(to_json([real("a"), real("b")]))
    assert set(told) == {
        "summary", "loss", "costs", "shipments", "production", "stocks", "gap", "limits", "why", "controls", "baseline_moved",
        "record",
    }  # fmt: skip
    assert [row["scenario"] for row in told["summary"]] == ["a"] * 3 + ["b"] * 3
    assert told["loss"][0]["month"] == "2025-04"
    assert told["summary"][1]["first_loss_month"] is None
    assert {row["scenario"] for row in told["controls"]} == {"a", "b"}


def test_missing_numbers_are_null_and_values_are_exact():
    outcome = made(chain_network(), summary="response,loss_usd\nvoluntary,0.1")
    outcome.tables["summary"].loc[0, "cost_usd"] = math.nan
    row = json.loads(to_json([outcome]))["summary"][0]
    assert row["cost_usd"] is None
    assert row["loss_usd"] == 0.1


def test_records_may_hold_anything():
    outcome = with_record(real(), {"when": pd.Timestamp("2026-11-22"), "hashes": {"a": "b"}})
    assert json.loads(to_json([outcome]))["record"][0]["hashes"] == {"a": "b"}
