"""What an answer rests on, on a chain network whose rows name facts, judgement, both or nothing."""

from exposure.report.evidence import sources_sheet
from exposure.report.grounds import Footing, evidence_sheet, footing, grounds
from exposure.report.results import Results
from exposure.report.sheet import Link
from tests.report.outcomes import chain_network, made

WHY = """response,item,region,month,loss_usd,control,chain
voluntary,car,EU,2025-06,80,B1,B1 -> magnet CN->EU/lean -> car EU/lean
voluntary,car,EU,2025-07,15,B1,B1 -> ore CN->JP -> magnet JP
voluntary,magnet,JP,2025-06,5,B1,B1 -> magnet CN->JP
contracts,magnet,JP,2025-06,900,B1,B1 -> magnet CN->JP"""


def network():
    """China to the lean makers: a rule of facts, a lane and a stock of judgement, a recipe of both, a bill of nothing."""
    return chain_network(
        lanes="""
            item,origin,destination,flow0,max_flow,lead_months,source
            ore,CN,JP,120,180,0,F1
            magnet,CN,EU/lean,60,60,1,estimate
            magnet,JP,EU/lean,60,90,0,F1
            magnet,CN,JP,0,0,0,F1
            car,EU/lean,EU,1200,1200,0,F1""",
        stocks="item,region,cover_months,source\nmagnet,EU/lean,1,estimate",
        recipes="""
            recipe,item,region,output0,capacity,extra_cost_usd,source
            mine_cn,ore,CN,240,300,0,F1
            magnet_cn,magnet,CN,120,120,0,F1; estimate
            magnet_jp,magnet,JP,120,180,50,F1
            car_eu,car,EU/lean,1200,1200,0,F1; estimate""",
        control_scope="control,item,origin,destination,mechanism,value,source\nB1,magnet,CN,EU,licence,0.2,F1\n"
        "B1,car,CN,EU,licence,0.2,F1\nB1,,,,lifting,B0,F1",
        demand="item,region,quantity,value_usd,source\ncar,EU,1200,30000,F1\nmagnet,CN,60,1000,F1\nmagnet,JP,60,1000,F1",
    )  # fmt: skip


def rests_on(net, why=WHY):
    return {(one.table, one.key): one.kind for one in grounds(Results([made(net, why=why)]), 0)}


def test_rows_on_the_chains_that_carry_nine_tenths_of_the_loss():
    # 80 of 100 is less than nine tenths, so the chain of 15 counts too, the one of 5 does not
    assert rests_on(network()) == {
        ("control_scope", "B1 magnet CN EU licence"): "published",
        ("control_scope", "B1 car CN EU licence"): "published",
        ("lanes", "magnet CN EU/lean"): "estimate",
        ("lanes", "ore CN JP"): "published",
        ("recipes", "mine_cn"): "published",
        ("recipes", "magnet_cn"): "in part",
        ("recipes", "magnet_jp"): "published",
        ("recipes", "car_eu"): "in part",
        ("bom", "magnet_cn ore"): "not stated",
        ("bom", "magnet_jp ore"): "not stated",
        ("bom", "car_eu magnet"): "not stated",
        ("stocks", "magnet EU/lean"): "estimate",
        ("demand", "car EU"): "published",
    }


def test_without_a_loss_at_the_headline_contracts_count_and_without_any_the_rules():
    only = "\n".join(line for line in WHY.splitlines() if not line.startswith("voluntary"))
    assert ("lanes", "magnet CN JP") in rests_on(network(), only)
    assert set(rests_on(network(), "response,item")) == {
        ("control_scope", "B1 magnet CN EU licence"), ("control_scope", "B1 car CN EU licence"),
    }  # fmt: skip


def test_words_for_the_share_that_is_published():
    def word(published, part, other):
        return Footing({"published": published, "in part": part, "estimate": other}).word

    # two thirds of 6 are 4; half of 6 are 3
    assert [word(4, 0, 2), word(3, 0, 3), word(0, 3, 3), word(1, 1, 4)] == [
        "mostly published", "partly published", "partly published", "mostly judgement",
    ]  # fmt: skip
    assert Footing({}).word == "no figures"
    assert Footing({"published": 2, "in part": 3, "derived": 1, "estimate": 4}).split == "2 / 3 / 5"


def test_a_sheet_leads_from_each_figure_to_its_fact():
    results = Results([made(network(), why=WHY)])
    found = grounds(results, 0)
    sheet = evidence_sheet(results, [found], sources_sheet(results))
    assert footing(found).split == "6 / 2 / 5"
    row = next(row for row in sheet.rows if row[11] == "B1 magnet CN EU licence")
    assert row[2] == "licence: NdFeB magnets, China to European Union"
    assert row[3:8] == ("value", 0.2, None, None, "published")
    assert row[8] == Link("F1", "Sources", "A9")
    assert next(row for row in sheet.rows if row[11] == "magnet EU/lean")[8] is None
    assert next(row for row in sheet.rows if row[11] == "car_eu magnet")[2] == "NdFeB magnets in one of Combustion cars"
