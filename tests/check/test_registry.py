import inspect

from exposure.check import (
    ROW_RULES,
    RULES,
    WHOLE_RULES,
    cells,
    check_network,
    controls,
    evidence,
    flows,
    goods,
    ids,
    trade,
)
from tests.tiny import SOUND, tiny_network


def is_rule(function):
    return inspect.isgeneratorfunction(function) and list(inspect.signature(function).parameters) == ["net"]


def test_every_rule_is_registered_and_has_a_sentence():
    written = {
        function
        for module in (cells, controls, evidence, flows, goods, ids, trade)
        for name, function in inspect.getmembers(module, is_rule)
        if not name.startswith("_") and function.__module__ == module.__name__
    }
    assert written == set(RULES)
    assert len(RULES) == len(ROW_RULES) + len(WHOLE_RULES) == len(set(RULES))
    assert all(rule.__doc__.startswith("Check that ") for rule in RULES)


def test_sound_network_has_one_notice_about_its_sources():
    found = check_network(tiny_network(**SOUND))
    assert [finding.severity for finding in found] == ["notice"]
    assert "without a source" in found[0].message


def test_all_rules_survive_a_network_of_unknown_ids():
    net = tiny_network(
        fill=False,
        regions="region,name,within\nA,a,B\nB,b,A",
        recipes="recipe,item,region\nr,x,Q",
        bom="recipe,input,quantity\nr,y,1\nq,x,1\nq,x,-1",
        capacity="recipe,month,capacity\nq,2025-01,5",
        lanes="item,origin,destination,lead_months\nx,Q,R,1\nx,A,B,0",
        stocks="item,region,quantity\nx,Q,1",
        demand="item,region,value_usd\nx,R,1",
        controls="control,title,announced,effective,status\nC1,A,2025-04-01,2025-04-01,in_force",
        control_scope="control,item,origin,destination,mechanism,value\nC1,x,Q,!R,ban,\nC9,x,A,B,licence,x\nC1,x,A,B,ban,",
    )
    found = check_network(net)
    assert len([finding for finding in found if finding.severity == "error"]) > 15
    assert [finding.severity for finding in found] == sorted(finding.severity for finding in found)


def test_partial_check_asks_rules_about_rows_only():
    net = tiny_network(regions="region,name\nXX,Nowhere")
    assert check_network(net, partial=True) == []
    assert len(check_network(net)) == 1
