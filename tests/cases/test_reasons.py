"""What filled the gap, which limit held, and why: read off a chain of three steps by hand."""

import pytest

from tests.cases.test_supply import controlled
from tests.support import ALL, gap_row, months, run
from tests.tiny import tiny_network


@pytest.fixture(scope="module")
def out():
    """Half of the magnets for Mexico's motors, of which the US hold a month's stock, for cars."""
    net = controlled(
        item="magnet",
        mechanism="licence",
        value="0.5",
        recipes="recipe,item,region,output0\nmagnets,magnet,CN,120\nmotors,motor,MX,120\ncars,car,US,120",
        bom="recipe,input,quantity\nmotors,magnet,1\ncars,motor,1",
        lanes="item,origin,destination,flow0,max_flow\nmagnet,CN,MX,120,120\nmotor,MX,US,120,120",
        stocks="item,region,cover_months\nmotor,US,1",
        demand="item,region,quantity,value_usd\ncar,US,120,1000",
    )
    return run(net)


def test_the_stock_fills_the_gap_for_two_months(out):
    for response in ALL:
        # 5 motors a month are missing; 10 in stock last for March and April
        assert months(out.loss, "unmet", response) == [0, 0, 0, 0, 5, 5]
        for month, from_stock, stopped in (("2025-03", 5, 0), ("2025-04", 5, 0), ("2025-05", 0, 5), ("2025-06", 0, 5)):
            row = gap_row(out, response, "motor", "US", month)
            assert row["cut"] == pytest.approx(5)
            assert row["from_stock"] == pytest.approx(from_stock, abs=1e-6)
            assert row["users_stopped"] == pytest.approx(stopped, abs=1e-6)
            assert row["cause"] == "tier above"
        assert gap_row(out, response, "magnet", "MX", "2025-04")["cause"] == "control"


def test_goods_are_short_only_where_one_more_would_save_something(out):
    # contracts: a store that still holds motors is not short; a planner would save a motor of March for May
    assert [gap_row(out, "contracts", "motor", "US", m)["short"] for m in ("2025-03", "2025-05")] == [False, True]
    assert gap_row(out, "planner", "motor", "US", "2025-03")["short"]
    assert gap_row(out, "contracts", "magnet", "MX", "2025-03")["short"]


def test_the_chain_leads_from_the_control_to_the_product(out):
    for response in ALL:
        rows = out.why[out.why["response"] == response]
        assert rows["month"].tolist() == ["2025-05", "2025-06"]
        assert rows["control"].tolist() == ["C1", "C1"]
        assert rows["chain"].unique().tolist() == ["C1 -> magnet CN->MX -> motor MX -> motor MX->US -> car US"]
        assert rows["loss_usd"].tolist() == pytest.approx([5000, 5000])
        # 5 of 10 magnets, motors and cars a month
        assert rows["words"].unique().tolist() == [
            "Control one: magnet from CN to MX held back by 50%; less motor in MX (50%), then motor in US (50%); "
            "car in US fall short by 50%."
        ]


def test_the_limit_that_the_control_moved_is_listed_once_a_month(out):
    for response in ALL:
        rows = out.limits[(out.limits["response"] == response) & (out.limits["kind"] == "lane")]
        assert rows["month"].tolist() == ["2025-03", "2025-04", "2025-05", "2025-06"]
        assert rows["moved_by"].unique().tolist() == ["C1"]
        assert (rows["baseline"].tolist(), rows["allowed"].tolist()) == ([10] * 4, [5] * 4)
        assert rows["binding"].all()


def test_a_quota_is_named_as_the_reason():
    net = tiny_network(
        recipes="recipe,item,region,output0\nmine,ore,CN,120",
        lanes="item,origin,destination,flow0,max_flow\nore,CN,US,120,120",
        demand="item,region,quantity,value_usd\nore,US,120,1000",
        controls="control,title,announced,effective,status\nQ1,Quota,2025-03-01,2025-03-01,in_force",
        control_scope="control,item,origin,destination,mechanism,value\nQ1,ore,CN,*,quota,60",
    )
    found = run(net)
    for response in ALL:
        rows = found.why[found.why["response"] == response]
        assert rows["chain"].unique().tolist() == ["Q1 -> ore CN->US"]
        quota = found.limits[(found.limits["response"] == response) & (found.limits["kind"] == "quota")]
        assert quota["allowed"].tolist() == [5] * 4
        assert quota["binding"].all()
