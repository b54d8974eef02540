import pytest

from exposure.check import check_scenario, programme_size
from exposure.io import parse_override
from exposure.model import Scenario
from tests.tiny import tiny_network

NET = tiny_network(
    recipes="recipe,item,region,output0,capacity\nmine_cn,ore,CN,120,130",
    lanes="item,origin,destination,flow0\nore,CN,US,120",
    demand="item,region,quantity,value_usd\nore,US,120,1000",
    controls="""control,title,announced,effective,ends,status,supersedes
        CN-2025-04-RE7,Licences,2025-04-04,2025-04-04,,in_force,
        CN-2025-10,Content,2025-10-09,2025-12-01,,suspended,CN-2025-04-RE7
        PAUSE,Pause,2025-11-07,2025-11-10,2026-11-10,in_force,
        OLD,Old,2019-05-16,2019-05-16,2020-01-01,lifted,
        OLDER,Older but open,2019-05-16,2019-05-16,,in_force,""",
    control_scope="""control,item,origin,destination,mechanism,value
        CN-2025-04-RE7,ore,CN,US,licence,0.5
        CN-2025-10,ore,CN,*,content_rule,0.001
        CN-2025-10,ore,CN,US,ban,
        PAUSE,,,,suspension,CN-2025-10
        OLD,ore,CN,US,ban,
        OLDER,ore,CN,US,tariff,0.1""",
)


def found(net=NET, **fields):
    limit = {"limit": fields.pop("limit")} if "limit" in fields else {}
    return [(finding.severity, str(finding)) for finding in check_scenario(net, Scenario(**fields), **limit)]


def test_sound_scenario():
    assert found(controls=["CN-2025-04-RE7"], start="2025-04") == []


def test_unknown_control_is_an_error_with_the_nearest_name():
    assert found(controls=["cn-2025-04-re7", "XX"]) == [
        ("error", 'scenario, controls "cn-2025-04-re7": no such control; did you mean "CN-2025-04-RE7"?'),
        (
            "error",
            'scenario, controls "XX": no such control; exposure list controls names them, and one of your own can be '
            "laid over the data (--extend)",
        ),
    ]


def test_control_twice():
    case = Scenario.model_construct(controls=("CN-2025-04-RE7", "CN-2025-04-RE7"))
    assert [str(finding) for finding in check_scenario(NET, case)] == [
        'scenario, controls "CN-2025-04-RE7": listed twice; it counts once'
    ]


def test_size_is_estimated_before_anything_is_built():
    # 1 recipe, 1 lane, 2 nodes, 1 demand: 5 pairs of columns in 12 + 18 + 6 = 36 months
    assert programme_size(NET, Scenario()) == 360
    ((severity, line),) = found(controls=["CN-2025-04-RE7"], limit=300)
    assert severity == "error"
    assert "about 360 columns over 36 months, more than 300" in line


@pytest.mark.parametrize(
    ("control", "start", "words"),
    [
        ("CN-2025-04-RE7", "2022-01", "begins 2025-04-04, after the last month of the run (2023-12)"),
        ("OLD", "2025-04", "ended 2020-01-01, before the first month of the run (2024-04)"),
        ("OLDER", "2025-04", "before the run begins, 12 months before 2025-04, in 2024-04: OLDER since 2019-05-16; "),
    ],
)
def test_controls_outside_the_months_of_the_run(control, start, words):
    ((severity, line),) = found(controls=[control], start=start)
    assert severity == "notice"
    assert words in line


def test_switch_without_its_target_and_successor_with_its_forerunner():
    assert found(controls=["PAUSE"]) == [
        (
            "notice",
            'scenario, controls "PAUSE": a suspension of CN-2025-10, which is not in the scenario, so it changes nothing',
        )
    ]
    notices = [
        line for severity, line in found(controls=["CN-2025-04-RE7", "CN-2025-10", "PAUSE"]) if severity == "notice"
    ]
    assert notices == [
        'scenario, controls "CN-2025-10": replaces CN-2025-04-RE7, which is in the scenario too; '
        "where both hold, the stricter rule counts"
    ]


def test_controls_that_others_end_go_on_without_them_and_that_is_told_once():
    lines = [line for _, line in found(controls=["CN-2025-10"])]
    assert len(lines) == 1
    assert lines[0].startswith("scenario, controls: without end here, since what ended them is not in the scenario: ")
    assert "CN-2025-10 (suspension by PAUSE, " in lines[0]


def test_undisturbed_world_is_told():
    assert found() == [("notice", "scenario: neither controls nor changed figures: the undisturbed world")]


def test_changed_figures_must_fit_rows_and_keep_the_network_sane():
    lines = [line for _, line in found(set=[parse_override("lanes.ores:CN:US.flow0=5")])]
    assert len(lines) == 1
    assert 'did you mean "ore"?' in lines[0]
    assert found(set=[parse_override("recipes.mine_cn.capacity=100")]) == [
        ("error", 'recipes.csv row 2, capacity "100": after the scenario\'s changes: below output0 (120)')
    ]
    assert found(set=[parse_override("recipes.mine_cn.capacity=200")]) == []


def test_a_what_if_outside_the_range_of_the_evidence_is_told_and_survives():
    net = tiny_network(
        recipes="recipe,item,region,output0,capacity\nmine,ore,CN,120,120",
        lanes="item,origin,destination,flow0\nore,CN,US,120",
        stocks="item,region,cover_months,low,high\nore,US,2,1,3",
        demand="item,region,quantity,value_usd\nore,US,120,1000",
    )
    change = {"table": "stocks", "item": "ore", "region": "US", "column": "cover_months", "value": "6"}
    findings = [f for f in check_scenario(net, Scenario(set=[change])) if "range" in f.message]
    assert [finding.severity for finding in findings] == ["notice"]


def test_a_changed_date_of_a_control_whose_rules_have_their_own_is_told():
    net = tiny_network(
        control_scope="control,item,origin,destination,mechanism,from\nC1,ore,CN,US,ban,2025-05-01",
        controls="control,title,announced,effective,status\nC1,Ban,2025-04-16,2025-04-16,in_force",
    )
    change = parse_override("controls.control=C1.effective=2027-01-01")
    lines = [line for severity, line in found(net, controls=["C1"], set=[change]) if severity == "notice"]
    assert any("1 of the 1 rules of C1 have dates of their own, which this does not move" in line for line in lines)
