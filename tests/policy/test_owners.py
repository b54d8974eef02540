"""Entity rules that reach what a listed firm owns."""

import pytest

from exposure.policy import news, stages
from tests.policy.world import calendar, case
from tests.tiny import tiny_network

REGIONS = """region,name,within,owner,owner_share
    US,US,,,
    CN,China,,,
    CN/firm,Firm,CN,,
    CN/works,Works,CN,CN/firm,0.5
    CN/lab,Lab,CN,CN/works,0.9
    CN/minor,Minor,CN,CN/firm,0.49
    SG,Singapore,,,
    SG/arm,Arm,SG,CN/firm,1
"""
LANES = "item,origin,destination,flow0\n" + "\n".join(
    f"chip,US,{place},12" for place in ("CN", "CN/firm", "CN/works", "CN/lab", "CN/minor", "SG", "SG/arm")
)
HEAD = "control,item,origin,destination,mechanism,value,from,to\n"
ENTITY = "E,chip,US,CN/firm,entity,,2025-04-01,\n"


def world(scope):
    return tiny_network(
        regions=REGIONS,
        recipes="recipe,item,region,output0\nfab,chip,US,84",
        lanes=LANES,
        demand="item,region,quantity,value_usd\nchip,CN,12,1000",
        controls="control,title,imposer,announced,effective,status\n"
        "E,Entity List,US,2025-01-01,2025-01-01,in_force\nO,Affiliates,US,2025-01-01,2025-01-01,in_force",
        control_scope=HEAD + scope,
    )


def shares(scope, month=9):
    net = world(scope)
    return stages(net, case(net), calendar())[-1].limits.share[:, month].tolist()


def test_without_an_ownership_rule_only_the_firm_is_reached():
    assert shares(ENTITY) == [1, 0, 1, 1, 1, 1, 1]


def test_affiliates_at_or_above_the_share_are_reached_also_through_others():
    # works 50 %, lab through works, the arm abroad; minor with 49 % not
    assert shares(ENTITY + "O,*,US,CN/firm,ownership,0.5,2025-06-01,") == [1, 0, 0, 0, 1, 1, 0]
    assert shares(ENTITY + "O,*,US,CN/firm,ownership,0.51,2025-06-01,") == [1, 0, 1, 1, 1, 1, 0]


def test_it_holds_only_while_both_rules_do_and_names_both():
    net = world(ENTITY + "O,*,US,*,ownership,0.5,2025-06-16,2025-08-15")
    held = stages(net, case(net), calendar())[-1].limits
    # 15 of 30 days of June free, July closed, from 16 August 16 of 31 days free again
    assert held.share[6, 4:9].tolist() == pytest.approx([1, 0.5, 0, 16 / 31, 1])
    assert held.cause[6, 6] == ("E", "O")
    assert (6, 4) not in held.cause


def test_an_ownership_rule_without_an_entity_rule_does_nothing():
    net = world("O,*,US,CN/firm,ownership,0.5,2025-06-01,")
    assert stages(net, case(net), calendar()) == ()


def test_other_goods_and_origins_stay_free():
    assert shares(ENTITY + "O,tool,US,CN/firm,ownership,0.5,2025-06-01,") == [1, 0, 1, 1, 1, 1, 1]
    assert shares(ENTITY + "O,*,SG,CN/firm,ownership,0.5,2025-06-01,") == [1, 0, 1, 1, 1, 1, 1]


def test_recipes_hear_of_it():
    net = world("O,*,US,CN/firm,ownership,0.5,2025-06-01,")
    assert news(net, case(net), calendar()) == {"fab": 0}
