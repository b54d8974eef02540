"""A data package in one workbook and back: the same hashes, whole or one chain; faults stand at their cells."""

import filecmp

import pytest
from openpyxl import load_workbook

import exposure as ex
from exposure.io import built_in_path
from exposure.io.workbook import chain_of, export_network, export_package, write_data_folder
from exposure.load import load_with_findings
from tests.tiny import SOUND, tiny_package


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "net.xlsx"
    export_package(path, tiny_package(tmp_path / "net"))
    return path


def test_the_built_in_package_comes_back_with_the_same_hashes(tmp_path):
    export_package(tmp_path / "all.xlsx", built_in_path())
    hashes = write_data_folder(tmp_path / "all.xlsx", tmp_path / "back")
    assert hashes == ex.load().hashes
    files = ["datapackage.json", *hashes]
    assert filecmp.cmpfiles(built_in_path(), tmp_path / "back", files, shallow=False)[0] == files


def test_a_small_package_too_and_twice_the_same_bytes(book, tmp_path):
    write_data_folder(book, tmp_path / "back")
    assert {table: (tmp_path / "back" / f"{table}.csv").read_text() for table in SOUND} == SOUND
    export_package(tmp_path / "again.xlsx", tmp_path / "net")
    assert (tmp_path / "again.xlsx").read_bytes() == book.read_bytes()


def test_a_workbook_is_read_as_data_and_its_faults_have_cells(book):
    assert len(ex.load(book).lanes) == 3
    opened = load_workbook(book)
    opened["lanes"]["B3"], opened["recipes"]["D2"] = "USS", -5
    opened.save(book)
    _, findings = load_with_findings(book)
    lines = [str(finding) for finding in findings if finding.severity == "error"]
    assert any('net.xlsx > lanes!B3: "USS"' in line and 'did you mean "US"' in line for line in lines), lines
    assert any("net.xlsx > recipes!D2" in line for line in lines), lines


def test_months_of_capacity_may_run_across(book):
    opened = load_workbook(book)
    sheet = opened.create_sheet("capacity")
    sheet.append(["recipe", "2026-01", "2026-07", "note"])
    sheet.append(["plant", 90, 110, "two steps"])
    opened.save(book)
    steps = [(str(step.month), step.capacity, step.note) for step in ex.load(book).capacity]
    assert steps == [("2026-01", 90.0, "two steps"), ("2026-07", 110.0, "two steps")]


def test_a_chain_loads_alone(tmp_path):
    part = chain_of(ex.load(), "ethane")
    export_network(tmp_path / "ethane.xlsx", part)
    back = ex.load(tmp_path / "ethane.xlsx")
    assert back.lanes == part.lanes
    assert 0 < len(back.items) < 20
    assert {lane.item for lane in back.lanes} <= set(back.item)


def test_a_chain_of_a_product_takes_what_goes_into_it(tmp_path):
    part = chain_of(ex.load(), "ev")
    assert {"ev", "ndfeb_hot", "dy_oxide"} <= set(part.item)
    assert "ethane" not in part.item
    export_network(tmp_path / "ev.xlsx", part)
    assert ex.load(tmp_path / "ev.xlsx").items == part.items
    with pytest.raises(ex.InputError, match='did you mean "ndfeb_hot"'):
        chain_of(ex.load(), "ndfeb_hott")
