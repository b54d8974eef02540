"""The rows of the sheet "controls in force"."""

import pytest

from exposure.policy import in_force
from tests.policy.world import calendar, case, world

SCOPE = """control,item,origin,destination,mechanism,value,from,to
    L,magnet,CN,US,licence,0.5,2025-04-16,2025-05-31
    T,magnet,CN,US,tariff,0.2,2025-05-01,2025-05-31
    Q,magnet,CN,US,quota,60,2025-06-01,2025-06-30
    B,magnet,CN,US,ban,,2025-04-01,
    S,,,,suspension,B,2025-04-01,
"""


def test_one_row_per_rule_and_month():
    net = world(SCOPE)
    rows = in_force(net, case(net), calendar())
    found = [(row["month"], row["control"], row["share"], row["tariff"], row["quota"]) for row in rows]
    assert found == [
        ("2025-04", "L", pytest.approx(0.75), None, None),
        ("2025-05", "L", 0.5, None, None),
        ("2025-05", "T", None, pytest.approx(0.2), None),
        ("2025-06", "Q", None, None, 5),
    ]
    assert rows[0] | {"share": 0} == {
        "control": "L",
        "title": "L",
        "item": "magnet",
        "origin": "CN",
        "destination": "US",
        "mechanism": "licence",
        "value": "0.5",
        "month": "2025-04",
        "share": 0,
        "tariff": None,
        "quota": None,
    }


def test_no_control_no_row():
    net = world(SCOPE)
    assert in_force(net, case(net, controls=("S",)), calendar()) == []
