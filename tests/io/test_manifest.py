import json

import pytest

from exposure.errors import InputError
from exposure.io import read_package, refresh_manifest
from exposure.io.__main__ import main
from exposure.io.columns import columns
from exposure.model import KEYS, TABLES
from tests.tiny import tiny_package


def lines(folder, severity):
    return [str(finding) for finding in read_package(folder)[1] if finding.severity == severity]


def test_schema_comes_from_the_records(tmp_path):
    refresh_manifest(tiny_package(tmp_path))
    resources = {row["name"]: row for row in json.loads((tmp_path / "datapackage.json").read_text())["resources"]}
    bom = resources["bom"]
    assert bom["path"] == "bom.csv"
    assert bom["schema"]["primaryKey"] == ["recipe", "input"]
    assert bom["schema"]["fields"][2] == {
        "name": "quantity",
        "type": "number",
        "unit": "unit of input per unit of output",
        "description": "units of input per unit of output, yield losses included",
        "constraints": {"required": True},
    }
    assert "facts" not in resources


def test_every_column_is_described_and_every_rate_has_a_unit():
    for table in TABLES:
        for column in columns(table):
            assert column.description, (table, column.name)
            if column.type in ("number", "integer") and column.name not in ("low", "high", "priority"):
                assert column.unit, (table, column.name)
        assert set(KEYS[table]) <= {column.name for column in columns(table)}


def test_refresh_keeps_other_keys_and_is_stable(tmp_path):
    tiny_package(tmp_path)
    (tmp_path / "datapackage.json").write_text(
        '{"name": "re", "baseline_year": "2024", "licence": "CC0", "resources": 1}'
    )
    refresh_manifest(tmp_path)
    once = (tmp_path / "datapackage.json").read_bytes()
    refresh_manifest(tmp_path)
    assert (tmp_path / "datapackage.json").read_bytes() == once
    net, findings = read_package(tmp_path)
    assert findings == []
    assert (net.name, net.baseline_year, json.loads(once)["licence"]) == ("re", "2024", "CC0")


def test_changed_file_is_told(tmp_path):
    refresh_manifest(tiny_package(tmp_path))
    with (tmp_path / "bom.csv").open("a") as stream:
        stream.write("plant,magnet,0.1\n")
    assert lines(tmp_path, "notice") == ["bom.csv: modified data: the content is not what datapackage.json says"]


def test_vanished_file_is_an_error(tmp_path):
    refresh_manifest(tiny_package(tmp_path))
    (tmp_path / "stocks.csv").unlink()
    assert lines(tmp_path, "error") == ["stocks.csv: datapackage.json names this file, but it is missing"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "must hold one JSON object"),
        ('{"format": 2}', "made for a newer version of the tool"),
        ('{"format": "x"}', "made for a newer version of the tool"),
    ],
)
def test_bad_manifests(tmp_path, text, words):
    tiny_package(tmp_path)
    (tmp_path / "datapackage.json").write_text(text)
    assert words in lines(tmp_path, "error")[0]
    with pytest.raises(InputError, match=words):
        refresh_manifest(tmp_path)


def test_command(tmp_path, capsys):
    assert main([str(tiny_package(tmp_path))]) == 0
    assert (tmp_path / "datapackage.json").exists()
    (tmp_path / "datapackage.json").write_text("{")
    assert main([str(tmp_path)]) == 3
    assert "not JSON" in capsys.readouterr().err
