"""The page as text: what it holds, that it is whole, and that no name can become markup."""

import json
import re

import pytest

import exposure as ex
from exposure.errors import InputError
from exposure.report.page import STEPS, at_severity, page_text, write_page
from exposure.report.page.html import _out_of_order, embedded
from exposure.response import run
from tests.report.outcomes import chain_network

RANGED = {
    "control_scope": "control,item,origin,destination,mechanism,value,low,high,source,note\n"
    "B1,magnet,CN,EU,licence,0.2,0,0.6,F1,half of <b>applications</b>"
}
EVIL = "</script><script>window.hit=1</script><img src=x onerror=window.hit=1>"


def network(**more):
    return chain_network(**{**RANGED, **more})


def case(**fields):
    return ex.Scenario(**{"name": "april", "controls": ("B1",), "start": "2025-03", "months": 6, **fields})


def answered(net, scenario, steps=STEPS):
    return [run(net, at_severity(net, scenario, step)) for step in steps]


@pytest.mark.parametrize(("planner", "said"), [(99.0, False), (100.0, False), (101.0, True)])
def test_a_planner_above_the_headline_is_told(planner, said):
    summary = {"voluntary": {"damage_usd": 100.0}, "planner": {"damage_usd": planner}}
    assert ("above voluntary" in _out_of_order("planner", summary)) is said
    assert not _out_of_order("voluntary", summary)


def content(text):
    return json.loads(re.search(r'<script type="application/json" id="content">(.*?)</script>', text, re.DOTALL)[1])


@pytest.mark.parametrize(("severity", "share"), [(-1, 0.6), (-0.5, 0.4), (0.5, 0.1), (1, 0)])
def test_severity_moves_a_licence_along_its_range(severity, share):
    net = network()
    (change,) = at_severity(net, case(), severity).set
    assert float(change.value) == pytest.approx(share)
    assert net.with_values([change]).rules_of["B1"][0].number == pytest.approx(share)


def test_severity_of_a_tariff_runs_the_other_way_and_a_rule_that_the_scenario_sets_stays():
    net = network(
        control_scope="control,item,origin,destination,mechanism,value,low,high\nB1,magnet,CN,EU,tariff,0.2,0.1,0.5"
    )
    assert [float(at_severity(net, case(), s).set[0].value) for s in (-1, 1)] == [0.1, 0.5]
    own = ex.Override(table="control_scope", column="value", value="0.3", control="B1")
    assert at_severity(net, case(set=(own,)), 1).set == (own,)
    assert at_severity(net, case(), 0) == case()
    with pytest.raises(ValueError, match="outside"):
        at_severity(net, case(), 2)


def test_figures_on_the_page_are_those_of_the_outcomes():
    net = network()
    outcomes = answered(net, case())
    page = content(page_text(outcomes, severities=STEPS))
    for told, outcome in zip(page["cases"], outcomes, strict=True):
        for row in outcome.summary.to_dict("records"):
            level = row["response"]
            assert told["summary"][level]["loss_usd"] == pytest.approx(row["loss_usd"], rel=1e-3, abs=1)
            total = sum(sum(series[2]) for series in told["loss"][level])
            assert total == pytest.approx(row["loss_usd"], rel=2e-3, abs=1)
            for terms in told["gap"][level].values():
                for t in range(6):
                    at = {name: values[t] for name, values in terms.items()}
                    minus = at.pop("passed_on", 0) + at.pop("thrown_away", 0)
                    assert at.pop("cut", 0) == pytest.approx(sum(at.values()) - minus, rel=5e-3, abs=1e-3)
    losses = [told["summary"]["contracts"]["loss_usd"] for told in page["cases"]]
    assert losses == sorted(losses)
    assert losses[0] < losses[-1]


def test_flows_chain_and_sources_stand_on_the_page():
    page = content(page_text(answered(network(), case(), (0.0,))))
    lanes = {(o, d): base for o, d, base, _ in page["cases"][0]["flows"]["contracts"]["magnet"]}
    assert lanes["CN", "EU"] == pytest.approx(5)
    assert page["graph"]["car"]["inputs"] == [["magnet", 0.1, 0.1]]
    assert page["graph"]["magnet"]["controls"] == ["B1"]
    assert page["graph"]["magnet"]["makers"] == [["CN", 120], ["JP", 120]]
    (place,) = page["behind"]["control:B1"]
    row = page["rows"][place]
    assert (row["value"], row["low"], row["high"], row["source"]) == (0.2, 0, 0.6, ["F1"])
    assert page["facts"]["F1"][3] == "https://example.org/a?b=1&c=2"


def test_same_inputs_give_the_same_bytes_and_an_old_file_stays_when_there_is_nothing_to_say(tmp_path):
    outcomes = answered(network(), case(), (0.0,))
    again = answered(network(), case(), (0.0,))
    first, second = (write_page(some, tmp_path / "a" / f"{k}.html") for k, some in enumerate((outcomes, again)))
    assert first.read_bytes() == second.read_bytes()
    with pytest.raises(InputError):
        write_page(outcomes, first, severities=STEPS)
    assert first.read_bytes() == second.read_bytes()


def test_nothing_is_fetched_and_no_name_becomes_markup():
    regions = [("CN", EVIL, ""), ("JP", "Japan", ""), ("EU", "European Union", ""), ("EU/lean", "Lean", "EU")]
    net = network(regions=[{"region": r, "name": name, "within": within} for r, name, within in regions])
    text = page_text(answered(net, case(title=EVIL, name=EVIL[:60]), (0.0,)))
    assert EVIL not in text
    assert "<img" not in text
    assert text.count("<script") == text.count("</script>") == 2
    assert content(text)["places"]["CN"] == EVIL
    assert not re.search(r"<(link|script|img|iframe)[^>]+(src|href)=[\"']?https?:", text)
    assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest|innerHTML", text)
    assert "default-src 'none'" in text


def test_embedded_json_reads_back():
    given = {"a": "</script>&\u2028<!--", "b": [1.5, None]}
    text = embedded(given)
    assert json.loads(text) == given
    assert not set("<>&\u2028") & set(text)


def test_a_scenario_without_a_loss_says_so():
    net = network(control_scope="control,item,origin,destination,mechanism,value\nB1,ore,CN,EU,ban,")
    page = page_text(answered(net, case(), (0.0,)))
    assert "No output is lost" in page
    assert content(page)["pairs"] == []
