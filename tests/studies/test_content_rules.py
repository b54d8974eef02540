"""Shares of covered inputs against the thresholds of content rules."""

import pytest

import exposure as ex
from exposure.studies.content_rules import content_text
from tests.tiny import tiny_network

SCOPE = """control,item,origin,destination,mechanism,value,covered
    A,car,!CN,US,content_rule,0.05,CN:magnet
    A,motor,!CN,*,content_rule,0.3,CN:magnet;above
    B,*,!CN,US,content_rule,0.06,CN:magnet
    B,*,CN,US,reexport,,
"""


def world():
    return tiny_network(
        items="item,name,kind,unit,price_usd\nmagnet,magnet,material,t,50\nmotor,motor,component,unit,100\ncar,car,product,unit,1000",
        recipes="recipe,item,region,output0\ncn,magnet,CN,108\nau,magnet,AU,36\nwind,motor,JP,144\nbuild,car,KR,120",
        bom="recipe,input,quantity\nwind,magnet,1\nbuild,motor,1.2",
        lanes="item,origin,destination,flow0\nmagnet,CN,JP,108\nmagnet,AU,JP,36\nmotor,JP,KR,144\ncar,KR,US,120",
        demand="item,region,quantity,value_usd\ncar,US,120,1000",
        controls="control,title,announced,effective,status\nA,A,2025-01-01,2025-01-01,in_force\n"
        "B,B,2025-01-01,2025-01-01,in_force",
        control_scope=SCOPE,
    )


def test_each_product_against_each_threshold():
    table = ex.content_rules(world())
    # three in four magnets are Chinese: 0.75 x 50 of 100 in a motor, 1.2 x 37.5 of 1000 in a car; all Chinese: 50 and 60
    found = table[["control", "item", "region", "threshold", "share", "least", "most", "caught"]].values.tolist()
    assert found == [
        ["A", "motor", "JP", 0.3, pytest.approx(0.375), 0, pytest.approx(0.5), "some"],
        ["A", "car", "KR", 0.05, pytest.approx(0.045), 0, pytest.approx(0.06), "some"],
        ["B", "car", "KR", 0.06, pytest.approx(0.045), 0, pytest.approx(0.06), "some"],
    ]
    # cars: motors hold no covered input themselves (tier 1), the magnets in them do (tier 2)
    assert table.loc[1, "by_tier"] == pytest.approx([0, 0, 0.045])
    assert "some" in content_text(world(), table)


def test_only_the_rules_of_some_controls():
    assert set(ex.content_rules(world(), controls=["B"])["control"]) == {"B"}
    assert ex.content_rules(world(), controls=[]).empty
    with pytest.raises(ex.InputError, match="no such control: C"):
        ex.content_rules(world(), controls=["C"])
