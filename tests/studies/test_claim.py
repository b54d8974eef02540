"""From a claim to rows, numbers and facts."""

import json
import subprocess
import sys

import pytest

from exposure.errors import InputError
from exposure.io import read_claims
from exposure.load import load
from exposure.studies.claim import explain_claim
from exposure.studies.explain import explain
from tests.tiny import tiny_network


@pytest.fixture(scope="module")
def net():
    return load()


def test_way_from_a_claim_to_controls_rules_and_the_date_error(net):
    told = explain(net, "S3-10")
    assert told.title.startswith("claim S3-10: ")
    assert "003_87c9f1e665ff0d25.txt, paragraph 3" in told.sections["document"]
    assert "1 December" in told.sections["note"][0]
    rules = told.sections["controls:CN-2025-10-ANN61"]
    assert rules[1].startswith("announced 2025-10-09")
    assert any("content_rule 0.001 ndfeb_hot" in line for line in rules)
    assert told.sections["scenarios:october_2025_package"] == ["exposure run data/scenarios/october_2025_package.yaml"]


def test_numbers_come_with_their_facts(net):
    told = explain(net, "S4-09").sections
    assert told["lanes:ethane/US/CN"][0].startswith("flow0 = 4,700,600 t/yr (range")
    assert any(line.startswith("ETH-002: ") and "227 kb/d" in line for line in told["lanes:ethane/US/CN"])
    assert told["bom:ethylene_ethane_fixed_cn/ethane"][0].startswith("quantity = 1.237 t of ethane per t of ethylene")
    assert "492 kb/d" in told["facts:ETH-001"][0]


def test_an_address_of_many_rows_lists_them_with_their_facts(net):
    lines = explain(net, "S4-23").sections["demand:electronics"]
    assert lines[0].startswith("electronics/CN: quantity = ")
    assert lines[-1].startswith("facts: ")


def test_a_claim_without_rows_says_why(net):
    told = explain(net, "S2-39").sections
    assert told["kind"] == ["actor; no row of the model holds it"]
    assert told["note"] and not any(":" in heading for heading in told)


def test_a_control_names_its_claims_in_words(net):
    told = explain(net, "US-2025-05-ETHANE").sections["claims"]
    assert any(line.startswith("S4-09: Sales of ethane") for line in told)


def test_other_data_say_that_the_row_is_not_there():
    claim = next(claim for claim in read_claims() if claim.claim == "S4-09")
    told = explain_claim(tiny_network(regions="region,name\nCN,China"), claim).sections
    assert told["lanes:ethane/US/CN"] == ["no row of these data has this address"]


def test_a_misspelt_claim_gets_a_suggestion(net):
    with pytest.raises(InputError, match="did you mean"):
        explain(net, "S3-1O")


def test_list_claims_on_the_command_line():
    done = subprocess.run(
        [sys.executable, "-m", "exposure", "list", "claims", "--json"], capture_output=True, text=True, timeout=60
    )
    rows = json.loads(done.stdout)
    assert len(rows) == 116
    assert set(rows[0]) == {"claim", "kind", "encoded", "paragraph", "statement"}
