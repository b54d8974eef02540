"""The scenario workbook: out, in and out again the same bytes; each fault at its cell; harmful files refused."""

import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

import exposure as ex
from exposure.io.workbook import read_grids, read_workbook_with_findings, template_bytes, write_annotated
from exposure.io.workbook.spec import CHANGES, CONTROLS, FIGURES, HEADER_ROW, HIDDEN, SCENARIO, field_rows
from tests.tiny import tiny_package

FIRST = HEADER_ROW + 1


@pytest.fixture(scope="module")
def net(tmp_path_factory):
    return ex.load(tiny_package(tmp_path_factory.mktemp("net") / "net"))


CASE = ex.Scenario(
    name="=1+1", start="2025-04", months=6, controls=["C1"],
    set=[
        {"table": "stocks", "item": "magnet", "region": "US/auto", "column": "cover_months", "value": "6"},
        {"table": "control_scope", "control": "C1", "mechanism": "licence", "column": "value", "value": "0.25"},
        {"table": "lanes", "item": "magnet", "origin": "CN", "destination": "US", "column": "max_flow", "value": ""},
    ],
)  # fmt: skip


@pytest.fixture
def book(net, tmp_path):
    """A filled workbook that a test changes through openpyxl: ``book(change)`` saves it and reads it back."""

    def changed(change):
        path = tmp_path / "my.xlsx"
        path.write_bytes(template_bytes(net, CASE))
        opened = load_workbook(path)
        change(opened)
        opened.save(path)
        return read_workbook_with_findings(path, net)

    return changed


def told(read):
    return [str(finding) for finding in read.errors]


def test_export_import_export_is_equal_byte_for_byte(net, tmp_path):
    path = tmp_path / "my.xlsx"
    path.write_bytes(template_bytes(net, CASE))
    read = read_workbook_with_findings(path, net)
    assert told(read) == []
    assert read.scenario == CASE
    assert template_bytes(net, read.scenario) == path.read_bytes()


def test_the_built_in_template_reads_in_under_a_second_and_keeps_its_lists(tmp_path):
    import time

    net = ex.load()
    path = tmp_path / "my.xlsx"
    path.write_bytes(template_bytes(net, ex.Scenario(name="x", controls=["CN-2025-04-RE7"])))
    began = time.process_time()
    assert read_workbook_with_findings(path, net).scenario.controls == ("CN-2025-04-RE7",)
    assert time.process_time() - began < 1
    opened = load_workbook(path)
    assert {"controls_list", "items_list", "regions_list", "tables_list", "columns_list", "foresights_list"} <= set(
        opened.defined_names
    )
    assert opened["Lists"].sheet_state == "hidden"
    assert opened[HIDDEN].sheet_state == "veryHidden"
    offered = {check.formula1 for sheet in opened for check in sheet.data_validations.dataValidation}
    assert {"=controls_list", "=items_list", "=regions_list", "=tables_list", "=columns_list"} <= offered


def test_every_field_of_a_scenario_has_unit_and_meaning():
    rows = field_rows()
    assert [row.name for row in rows] == ["name", "title", "start", "months", "tail", "warm_up", "foresight"]
    assert all(row.unit and row.meaning for row in rows)
    assert next(row.range for row in rows if row.name == "months") == "1 to 240"


def test_one_number_can_be_changed_beside_its_base_range_and_unit(book):
    def change(opened):
        sheet = opened[FIGURES]
        row = next(
            r for r in range(FIRST, 40) if sheet.cell(r, 7).value == "control_scope.C1:magnet:CN:US:licence:.value"
        )
        assert [sheet.cell(row, c).value for c in (2, 5)] == [0.5, "share, 0 to 1"]
        sheet.cell(row, 6).value = 0.1

    read = book(change)
    assert ("value", "0.1") in [(o.column, o.value) for o in read.scenario.set]
    assert [str(finding) for finding in read.findings] == []


def test_a_value_outside_its_range_is_told_at_its_cell_and_counts(tmp_path):
    stocks = "item,region,cover_months,low,high\nmagnet,US/auto,2,1,3\n"
    net = ex.load(tiny_package(tmp_path / "net", stocks=stocks))
    path = tmp_path / "my.xlsx"
    path.write_bytes(template_bytes(net, CASE))
    read = read_workbook_with_findings(path, net)
    assert read.scenario == CASE
    assert [
        str(f).endswith('"6" lies outside the range of the evidence (1 to 3); it counts all the same')
        for f in read.findings
    ] == [True]


def put(sheet, cell, value):
    def change(opened):
        opened[sheet][cell] = value

    return change


def merge(opened):
    opened[CONTROLS].merge_cells("A5:B6")


def hide(opened):
    opened[CONTROLS].row_dimensions[FIRST].hidden = True
    opened[SCENARIO].column_dimensions["B"].hidden = True
    opened[FIGURES].sheet_state = "hidden"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (put(SCENARIO, "B7", "Novmber 2026"), 'my.xlsx > Scenario!B7: "Novmber 2026" is not a month; write 2026-11'),
        (put(SCENARIO, "B7", "4/2025"), "write 2025-04"),
        (put(SCENARIO, "B7", 45751), "is a day number, not a month; give the cell a date format, or write 2025-04"),
        (put(SCENARIO, "B8", "1,000"), 'my.xlsx > Scenario!B8: "1,000" must be a whole number; did you mean 1000?'),
        (put(SCENARIO, "B8", 999), "must lie between 1 and 240"),
        (put(SCENARIO, "B11", "anounced"), 'did you mean "announced"'),
        (put(SCENARIO, "B8", "=1+5"), "Scenario!B8: formula not calculated; open and save the workbook"),
        (put(SCENARIO, "A8", "month"), 'did you mean "months"'),
        (put(CONTROLS, "A5", "maybe"), 'Controls!A5: "maybe" is neither yes nor empty'),
        (put(CONTROLS, "B5", "C11"), 'Controls!B5: "C11" no such control; did you mean "C1"'),
        (put(CONTROLS, "A6", "yes"), "Controls!B6: half-filled row"),
        (put(CONTROLS, "B9", "Total"), "looks like a totals row; delete it"),
        (put(FIGURES, "F5", "TBC"), 'Figures!F5: "TBC"'),
        (put(FIGURES, "G5", "stocks.magnat:US/auto.cover_months"), None),
        (put(CHANGES, "A7", "stocks"), "Other changes!B7: half-filled row: column is needed"),
        (put(CHANGES, "A5", "stock"), 'no such table; did you mean "stocks"'),
        (merge, "cells A5:B6 are merged"),
        (put(HIDDEN, "B2", "0"), "made by an older version (sheets 0, this tool reads 1)"),
        (put(HIDDEN, "B1", "something"), "not a scenario workbook; write a new one with: exposure template"),
    ],
)
def test_each_fault_has_its_message(book, change, words):
    if words is None:

        def both(opened):
            change(opened)
            opened[FIGURES]["F5"] = 3

        assert any("Figures!G5" in line and 'did you mean "magnet"' in line for line in told(book(both)))
    else:
        assert any(words in line for line in told(book(change))), told(book(change))


def test_all_faults_come_at_once_and_the_copy_marks_them(net, tmp_path):
    path = tmp_path / "my.xlsx"
    path.write_bytes(template_bytes(net, CASE))
    opened = load_workbook(path)
    opened[SCENARIO]["B7"], opened[SCENARIO]["B8"], opened[CONTROLS]["A5"] = "Mai 25", -3, "?"
    opened.save(path)
    read = read_workbook_with_findings(path, net)
    assert len(read.errors) == 3
    copy = load_workbook(write_annotated(path, read.findings))
    assert copy[SCENARIO]["B7"].comment.text.startswith("is not a month")
    assert copy[CONTROLS]["A5"].fill.fgColor.rgb.endswith("FFB3A7")
    assert copy[SCENARIO]["B9"].comment is None


def test_hidden_rows_columns_and_sheets_are_read_with_a_notice(book):
    read = book(hide)
    assert read.scenario.controls == ("C1",)
    notices = [str(f) for f in read.findings]
    assert any("row is hidden or filtered" in line for line in notices)
    assert any("column Your value is hidden" in line for line in notices)
    assert any("sheet is hidden" in line for line in notices)


def test_dates_count_as_months_and_moved_columns_are_found(book):
    import datetime as dt

    def change(opened):
        opened[SCENARIO]["B7"] = dt.date(2025, 6, 1)
        opened[CONTROLS].insert_cols(1)

    read = book(change)
    assert str(read.scenario.start) == "2025-06"
    assert read.scenario.controls == ("C1",)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"item,region\nore,CN\n", "text (perhaps a .csv renamed)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "password-protected"),
        (b"<html><table>", "a web page"),
        (b"PK\x03\x04cut", "cut short"),
    ],
)
def test_files_that_are_no_workbook_are_named(net, tmp_path, content, words):
    path = tmp_path / "my.xlsx"
    path.write_bytes(content)
    assert words in told(read_workbook_with_findings(path, net))[0]


def test_a_workbook_cut_short_at_any_place_is_refused(net, tmp_path):
    whole, path = template_bytes(net, CASE), tmp_path / "my.xlsx"
    for share in (0.2, 0.5, 0.9, 0.999):
        path.write_bytes(whole[: int(len(whole) * share)])
        assert "cut short" in told(read_workbook_with_findings(path, net))[0]


def archive(path: Path, parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)


def test_bombs_and_entities_are_refused_before_they_unfold(net, tmp_path):
    path = tmp_path / "my.xlsx"
    archive(path, {"xl/workbook.xml": b"0" * 150_000_000})
    assert "was not unpacked" in told(read_workbook_with_findings(path, net))[0]
    archive(path, {f"p{k}": b"" for k in range(3000)})
    assert "3,000 parts" in told(read_workbook_with_findings(path, net))[0]
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]><x>&a;&b;</x>'
    archive(path, {"xl/workbook.xml": bomb})
    assert "document type or entities" in told(read_workbook_with_findings(path, net))[0]


def test_user_text_never_becomes_a_formula(net, tmp_path):
    path = tmp_path / "my.xlsx"
    path.write_bytes(template_bytes(net, CASE))
    assert load_workbook(path)[SCENARIO]["B5"].data_type == "s"
    assert read_grids(path)[SCENARIO].text(5, 2) == "=1+1"
