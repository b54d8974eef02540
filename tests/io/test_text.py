import codecs

import pytest

from exposure.io.text import decode, parse

HEADER = "recipe,input,quantity\n"


def messages(findings):
    return " | ".join(str(finding) for finding in findings)


def rows(text):
    sheet, findings = parse(text, "bom.csv")
    assert not findings
    return sheet.rows


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04rest", "Excel workbook or a zip"),
        (b"\xd0\xcf\x11\xe0rest", "old or password-protected Office file"),
        (b"%PDF-1.7", "PDF"),
        (HEADER.encode("utf-16"), "UTF-16"),
        (HEADER.encode("utf-16-le"), "UTF-16"),
        (b"<!DOCTYPE html><html>", "web page"),
        ("recipe\nTürkiye\n".encode("cp1252"), 'row 2: the text is not UTF-8 but perhaps Windows-1252 (first at "ü")'),
        (b"recipe\n\x81", "not UTF-8"),
    ],
)  # fmt: skip
def test_other_kinds_of_file_are_named(data, words):
    text, findings = decode(data, "bom.csv")
    assert text == ""
    assert words in messages(findings)


def test_byte_order_mark_is_dropped():
    assert decode(codecs.BOM_UTF8 + HEADER.encode(), "bom.csv") == (HEADER, [])


def test_line_ends_of_every_system():
    assert rows("a,b\r\n1,2\r\n") == rows("a,b\n1,2\n") == rows("a,b\r1,2\r") == [(2, ["1", "2"])]


def test_row_numbers_count_as_a_spreadsheet_does():
    # row 2 holds a line break inside a cell, row 3 is blank, so the next row is number 4
    assert rows('a,note\n1,"two\nlines, one cell"\n\n2,x\n') == [(2, ["1", "two\nlines, one cell"]), (4, ["2", "x"])]


def test_rows_of_commas_are_blank():
    assert rows("a,b\n,,\n1,2\n") == [(3, ["1", "2"])]


@pytest.mark.parametrize(("separator", "word"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_other_separators_are_named(separator, word):
    _, findings = parse(HEADER.replace(",", separator), "bom.csv")
    assert f"separated by {word}" in messages(findings)


def test_open_quotation_mark_is_told_with_its_row():
    sheet, findings = parse('a,b\n1,2\n"3,4\n5,6\n', "bom.csv")
    assert sheet.rows == [(2, ["1", "2"])]
    assert "bom.csv row 3: cannot be read from here on" in messages(findings)


@pytest.mark.parametrize("text", ["", "\n\n", ",,\n"])
def test_empty_file(text):
    _, findings = parse(text, "bom.csv")
    assert "the file is empty" in messages(findings)
