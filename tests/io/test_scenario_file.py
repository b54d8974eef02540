import time

import pytest

from exposure.calendar import Month
from exposure.errors import InputError
from exposure.io import read_scenario, scenario_from_text

GOOD = """\
name: april licensing, double magnet stock
start: 2025-04
months: 18
controls: [CN-2025-04-RE7]
foresight: announced
set:
  - {table: stocks, item: ndfeb_magnet, region: "NO", column: cover_months, value: 6}
  - {table: control_scope, control: CN-2025-04-RE7, item: ndfeb_hot, column: value, value: 0.5}
  - {table: stocks, item: NO, region: NA, column: quantity, value: }
"""


def faults(text):
    scenario, findings = scenario_from_text(text, file="case.yaml")
    assert scenario is None
    return [str(finding) for finding in findings]


def test_the_file_of_the_design(tmp_path):
    (tmp_path / "case.yaml").write_text(GOOD)
    case = read_scenario(tmp_path / "case.yaml")
    assert case.name == "april licensing, double magnet stock"
    assert (case.start, case.months, case.controls) == (Month(2025, 4), 18, ("CN-2025-04-RE7",))
    assert case.set[1].where == {"control": "CN-2025-04-RE7", "item": "ndfeb_hot"}
    assert case.set[1].value == "0.5"


def test_norway_and_namibia_stay_text():
    case, _ = scenario_from_text(GOOD, file="case.yaml")
    assert case.set[2].where == {"item": "NO", "region": "NA"}
    assert case.set[2].value == ""


def test_a_file_without_name_is_called_like_the_file(tmp_path):
    (tmp_path / "case.yaml").write_text("controls: [C1]\nstart:\ntitle: ~\n")
    case = read_scenario(tmp_path / "case.yaml")
    assert (case.name, case.start, case.title) == ("case", None, "")


def test_all_faults_at_once_in_the_order_of_lines():
    text = """\
name: a
name: b
monts: 3
months: 10000
foresight: anounced
start: 05/2025
controls: C1
set:
  - {table: stock, column: x, value: 1}
  - {table: stocks, itm: a, column: cover_month, value: 1}
  - {table: stocks}
  - nothing
"""
    assert faults(text) == [
        "case.yaml row 2, name: the key stands twice (first in line 1); keep one",
        'case.yaml row 3, monts: no such field; did you mean "months"?',
        'case.yaml row 4, months "10000": must lie between 1 and 240',
        'case.yaml row 5, foresight "anounced": must be one of announced, perfect, none; did you mean "announced"?',
        'case.yaml row 6, start "05/2025": not a month; write it as 2025-04',
        "case.yaml row 7, controls: write a list: [CN-2025-04-RE7]",
        'case.yaml row 9, table "stock": no such table; did you mean "stocks"?',
        'case.yaml row 10, column "cover_month": no such column in stocks; did you mean "cover_months"?',
        'case.yaml row 10, itm "a": no such field in stocks; did you mean "item"?',
        "case.yaml row 11, set: an entry needs column",
        "case.yaml row 11, set: an entry needs value",
        "case.yaml row 12, set: each entry is a mapping: {table: stocks, item: ..., column: cover_months, value: 6}",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name: !!python/object/apply:os.system [ls]", "tags such as tag:yaml.org,2002:python"),
        ("a: &a [x]\nb: [*a, *a]", "anchors and aliases"),
        ("controls: [*every]", "anchors and aliases"),
        ("[" * 50_000, "nested more than 12 levels deep"),
        ("name: a\n---\nname: b", "a second document"),
        ("name: [", "not YAML"),
        ("name: a\n\tmonths: 3", "not YAML"),
        ("", "empty"),
        ("- a\n- b", "a scenario is a list of fields"),
        ("? [a, b]\n: c", "a key must be a word"),
        ("months: [1]", "write one value"),
        ("controls: [[a]]", "each entry is one control's id"),
        ("set: [{table: stocks, column: [a], value: 1}]", "write one value"),
        ("months: 18.5", "must be a whole number"),
        (f"name: {'x' * 300}", "longer than 200 characters"),
        ('name: "a\\nb"', "one line without control characters"),
        ("name: a\nset: [{table: facts, column: value, value: 1}]", "no such table"),
    ],
)
def test_what_is_refused(text, words):
    assert words in " | ".join(faults(text))


def test_control_listed_twice_is_a_notice():
    case, findings = scenario_from_text("controls: [C1, C2, C1]", file="case.yaml")
    assert case.controls == ("C1", "C2")
    assert [str(finding) for finding in findings] == ['case.yaml row 1, controls "C1": listed twice; it counts once']


def test_size_limit_and_speed(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text("controls:\n" + "- C1\n" * 300_000)
    with pytest.raises(InputError, match="larger than 1 MB"):
        read_scenario(path)
    path.write_text("controls:\n" + "".join(f"- C{n}\n" for n in range(50_000)))
    start = time.perf_counter()
    assert len(read_scenario(path).controls) == 50_000
    assert time.perf_counter() - start < 10


def test_other_files(tmp_path):
    (tmp_path / "book.yaml").write_bytes(b"PK\x03\x04")
    with pytest.raises(InputError, match="Excel workbook"):
        read_scenario(tmp_path / "book.yaml")
    with pytest.raises(InputError, match="no such file"):
        read_scenario(tmp_path / "none.yaml")
