import time

import pytest

from exposure.errors import InputError
from exposure.load import load, load_with_findings
from tests.tiny import SOUND, tiny_package


def test_load_a_sound_package(tmp_path):
    net = load(tiny_package(tmp_path))
    assert net.item["magnet"].price_usd == 100
    network, findings = load_with_findings(str(tmp_path))
    assert network == net
    assert [finding.severity for finding in findings] == ["notice"]


def test_faults_of_reading_and_of_sense_come_together(tmp_path):
    # a number that cannot be read in lanes, an unknown item in demand, a stock of two sizes, a self lane
    tiny_package(
        tmp_path,
        lanes="item,origin,destination,flow0\nmagnet,CN,US,many\nmagnet,CN,CN,1\n",
        demand="item,region,quantity,value_usd\nmagnets,US/auto,60,1000\n",
        stocks="item,region,quantity,cover_months\nmagnet,US/auto,5,2\n",
    )
    with pytest.raises(InputError) as caught:
        load(tmp_path)
    assert [finding.file for finding in caught.value.findings] == ["lanes.csv", "demand.csv", "lanes.csv", "stocks.csv"]
    assert caught.value.exit_code == 3


def test_a_row_that_cannot_be_read_is_not_called_unknown_elsewhere(tmp_path):
    tiny_package(tmp_path, items="item,name,kind,unit,price_usd\nore,Ore,material,t,ten\nmagnet,M,component,t,1\n")
    with pytest.raises(InputError) as caught:
        load(tmp_path)
    assert [str(finding)[:31] for finding in caught.value.findings] == ['items.csv row 2, price_usd "ten']


def test_missing_column_stops_further_checks(tmp_path):
    tiny_package(tmp_path, items="item,name\nore,Ore\n", demand="item,region,value_usd\nnothing,US,1\n")
    network, findings = load_with_findings(tmp_path)
    assert network is None
    assert {finding.file for finding in findings} == {"items.csv"}


def test_loading_a_package_of_the_size_of_ours_is_quick(tmp_path):
    lanes = "".join(f"magnet,R{n},R{n + 1},5,1\n" for n in range(2000))
    regions = "".join(f"R{n},Region {n},\n" for n in range(2001))
    facts = "".join(f"F{n},mine production,1\n" for n in range(650))
    tiny_package(
        tmp_path,
        lanes=SOUND["lanes"] + lanes,
        regions=SOUND["regions"] + regions,
        facts=f"fact,quantity,value\n{facts}",
    )
    start = time.perf_counter()
    network, _ = load_with_findings(tmp_path)
    assert network is not None
    assert time.perf_counter() - start < 2
