"""Sentences on hand-made tables, each checked word by word."""

from exposure.calendar import Month
from exposure.report import answers
from exposure.report.names import Names
from exposure.report.results import Results
from exposure.report.sentences import worst_first
from exposure.response import Outcome
from tests.report.outcomes import chain_network, made, with_record

SUMMARY = """response,loss_usd,cost_usd,loss_in_tail_usd
contracts,9800000000,0,0
voluntary,3100000000,0,0
planner,1200000000,0,0"""
LOSS = """response,item,region,month,demand,unmet,loss_usd
voluntary,car,EU,2025-05,100,0,0
voluntary,car,EU,2025-06,100,5,1900000000
voluntary,magnet,JP,2025-07,10,5,1200000000"""
GAP = """response,item,region,month,cut,other_origins,from_stock,own_makers,users_stopped,cause
voluntary,magnet,EU/lean,2025-06,10,2,6,0,2,control
voluntary,magnet,EU/lean,2025-07,10,2,4,1,3,control
voluntary,car,EU,2025-07,50,0,0,0,50,tier above
contracts,ore,JP,2025-06,999,0,999,0,0,control"""
SHIPMENTS = """response,item,origin,destination,month,extra
voluntary,magnet,JP,EU/lean,2025-06,4
voluntary,magnet,CN,EU/lean,2025-06,0"""
LIMITS = """response,kind,item,origin,destination,month,baseline,allowed,used,moved_by,binding,price_usd
voluntary,lane,magnet,CN,EU/lean,2025-06,5,1,1,B1,yes,100
voluntary,capacity,magnet,,JP,2025-06,10,15,15,,yes,10
voluntary,lane,ore,CN,JP,2025-06,100,100,100,B1,no,1000"""
WHY = """response,item,region,month,loss_usd,control,chain
voluntary,car,EU,2025-06,1900000000,B1,B1 -> magnet CN->EU/lean -> car EU/lean"""


def sentence(**tables):
    parts = {
        "summary": SUMMARY,
        "loss": LOSS,
        "gap": GAP,
        "shipments": SHIPMENTS,
        "limits": LIMITS,
        "why": WHY,
    } | tables
    return answers(Results([made(chain_network(), **parts)]))[0].sentence


def test_the_whole_sentence():
    # cut 20; stock 6 + 4 = 10 is 50 %, other origins 4 is 20 %, makers at home 1 is 5 %, stopped 5 is 25 %
    assert sentence() == (
        "USD 3.1 bn of output lost over 18 months (planner USD 1.2 bn, contracts USD 9.8 bn): first and most combustion cars in "
        "the European Union (USD 1.9 bn, from 2025-06); the gap in NdFeB magnets is filled by stock (50%), makers in Japan (20%) "
        "and makers at home (5%), 25% stays open; what binds: licences on NdFeB magnets, China to the European Union."
    )


def test_a_first_loss_elsewhere_is_told_apart_from_the_largest():
    loss = LOSS + "\nvoluntary,magnet,CN,2025-04,5,1,1000"
    assert sentence(loss=loss).startswith(
        "USD 3.1 bn of output lost over 18 months (planner USD 1.2 bn, contracts USD 9.8 bn): first NdFeB magnets in China "
        "(2025-04), most combustion cars in the European Union (USD 1.9 bn, from 2025-06); the gap"
    )


def test_of_those_that_lose_first_the_one_hit_hardest_is_named():
    # June: 5 of 100 cars, worth USD 1.9 bn, and 5 of 10 magnets, worth USD 0.4 bn
    loss = LOSS + "\nvoluntary,magnet,CN,2025-06,10,5,400000000"
    assert ": first NdFeB magnets in China (2025-06), most combustion cars in the European Union" in sentence(loss=loss)


def test_a_small_loss_is_not_named_as_the_first():
    # cars and Chinese magnets both lose in June, magnets a larger share, but USD 1,000 against 1.9 bn
    loss = LOSS + "\nvoluntary,magnet,CN,2025-06,5,1,1000"
    assert ": first and most combustion cars in the European Union (USD 1.9 bn, from 2025-06);" in sentence(loss=loss)


def test_a_single_loser_is_named_once():
    loss = LOSS.rsplit("\n", 1)[0]
    summary = SUMMARY.replace("3100000000", "1900000000")
    assert ": combustion cars in the European Union, from 2025-06; the gap" in sentence(loss=loss, summary=summary)


def test_no_loss_is_said_as_such():
    summary = "response,loss_usd\ncontracts,5000000\nvoluntary,0\nplanner,0"
    text = sentence(summary=summary, loss="response,item", why="response,item")
    assert text.startswith(
        "No output is lost over 18 months (planner USD 0, contracts USD 5.0 m); the gap in NdFeB magnets"
    )


def test_a_scenario_in_which_nothing_happens():
    summary = "response,loss_usd\ncontracts,0\nvoluntary,0\nplanner,0"
    empty = dict.fromkeys(("loss", "gap", "shipments", "limits", "why"), "response,item")
    assert sentence(summary=summary, **empty) == "No output is lost over 18 months at any level."


NOTHING_LOST = {"summary": "response,loss_usd\nvoluntary,0", "loss": "response,item", "why": "response,item"}


def test_an_open_gap_without_a_loss_says_why_it_is_harmless():
    # all 10 t that did not come were done without, and no final user missed anything
    gap = "response,item,region,month,cut,users_stopped,cause\nvoluntary,magnet,EU/lean,2025-06,10,10,control"
    text = sentence(gap=gap, **NOTHING_LOST)
    assert (
        "; the gap in NdFeB magnets in the European Union is not filled, but makers or stock further down the chain stand"
        in text
    )


def test_installed_goods_that_are_not_renewed_run_on():
    lasting = chain_network(
        items="item,name,kind,unit,price_usd,life_months\nore,Ore,material,t,1,\nmagnet,Presses,equipment,unit,9,120\n"
        "car,Cars,product,unit,9,"
    )
    gap = (
        "response,item,region,month,cut,from_stock,users_stopped,cause\nvoluntary,magnet,EU/lean,2025-06,10,4,6,control"
    )
    text = answers(Results([made(lasting, gap=gap, **NOTHING_LOST)]))[0].sentence
    assert text == (
        "No output is lost over 18 months; the gap in presses in the European Union is filled by stock (40%), 60% stays open, "
        "but what stands installed runs on."
    )


def test_demand_that_only_waits_is_no_loss():
    gap = "response,item,region,month,cut,unmet,cause\nvoluntary,magnet,EU/lean,2025-06,10,10,control"
    assert "is not filled, but waits and is made up for later" in sentence(gap=gap, **NOTHING_LOST)


def test_answers_are_ranked_by_loss_then_contracts_then_cost():
    rows = {"a": "voluntary,0,5\ncontracts,0,0", "b": "voluntary,0,1\ncontracts,7,0", "c": "voluntary,3,0\ncontracts,3,0",
            "d": "voluntary,0,9\ncontracts,0,0"}  # fmt: skip
    outcomes = [
        made(chain_network(), name, summary=f"response,loss_usd,cost_usd\n{text}") for name, text in rows.items()
    ]
    said = answers(Results(outcomes))
    assert [said[k].scenario for k in worst_first(said)] == ["c", "b", "d", "a"]


def test_how_far_the_levels_lie_apart():
    def apart(*losses):
        levels = ("contracts", "voluntary", "planner")
        summary = "response,loss_usd\n" + "\n".join(f"{one},{lost}" for one, lost in zip(levels, losses, strict=False))
        return answers(Results([made(chain_network(), summary=summary)]))[0].apart

    assert [apart(20, 10, 10), apart(21, 10, 10), apart(100, 10, 11), apart(101, 10, 10), apart(1, 0, 0), apart(0, 0, 0)] == [
        "agree", "differ", "differ", "far apart", "far apart", "agree",
    ]  # fmt: skip
    assert apart(5) == "one level"


def test_cost_tail_and_closed_gap_are_named_when_they_matter():
    summary = (
        "response,loss_usd,cost_usd,loss_in_tail_usd,gap_closed_usd\nvoluntary,3100000000,40000000,500000000,60000000"
    )
    text = sentence(summary=summary)
    assert (
        "; at a cost of USD 40 m; a further USD 500 m is lost in the months after; USD 60 m of the baseline gap is closed"
        in text
    )


def test_a_gap_that_nothing_fills():
    gap = "response,item,region,month,cut,users_stopped,cause\nvoluntary,magnet,EU/lean,2025-06,10,10,control"
    assert "; the gap in NdFeB magnets is not filled;" in sentence(gap=gap)


def test_a_capacity_binds_where_no_control_does():
    rows = [line for line in LIMITS.splitlines() if ",B1," not in line]
    assert sentence(limits="\n".join(rows)).endswith("what binds: capacity for NdFeB magnets in Japan.")


def test_one_level_alone_is_the_headline():
    tables = {"loss": LOSS.replace("voluntary", "contracts"), "summary": "response,loss_usd\ncontracts,3100000000"}
    assert sentence(**tables).startswith("USD 3.1 bn of output lost over 18 months: first and most combustion cars")


def test_a_planner_above_contracts_acted_on_a_wrong_belief():
    worse = SUMMARY.replace("planner,1200000000", "planner,19000000000")
    assert "(planner USD 19 bn on a belief that did not hold, contracts USD 9.8 bn)" in sentence(summary=worse)
    same = SUMMARY.replace("planner,1200000000", "planner,9800000001")
    assert "(planner USD 9.8 bn, contracts USD 9.8 bn)" in sentence(summary=same)


def test_losses_under_older_controls_do_not_begin_with_the_report():
    def told(start):
        parts = {"summary": SUMMARY, "loss": LOSS, "gap": GAP, "shipments": SHIPMENTS, "limits": LIMITS, "why": WHY}
        out = with_record(made(chain_network(), **parts), {"first_month": "2027-01"})
        case = out.scenario.model_copy(update={"start": Month.parse(start)})
        out = Outcome(case, out.network, out.tables, out.controls, out.baseline_moved, out.record)
        return answers(Results([out]))[0].sentence

    # cars lose first and most, in 2025-06
    assert "most combustion cars in the European Union (USD 1.9 bn), from before the report on;" in told("2025-06")
    assert "first and most combustion cars in the European Union (USD 1.9 bn, from 2025-06);" in told("2025-05")


def test_without_a_loss_and_a_limit_the_gap_is_where_a_duty_is_paid():
    quiet = {
        "summary": SUMMARY.replace("3100000000", "0").replace("9800000000", "0").replace("1200000000", "0"),
        "loss": "response",
    }
    rows = "response,item,region,month,cut,passed_on,other_origins,cause"
    elsewhere = "\nvoluntary,car,JP,2025-06,9,-9,0,tier above"
    paid = "\nvoluntary,magnet,EU/lean,2025-06,4,0,4,tier above"
    assert "the gap in NdFeB magnets in the European Union is filled" in sentence(**quiet, gap=rows + elsewhere + paid)
    assert "gap" not in sentence(**quiet, gap=rows + elsewhere)


def test_a_name_of_a_letter_and_figures_keeps_its_capital():
    net = chain_network(
        items="item,name,kind,unit,price_usd\ncar,C909 airliners,product,unit,1\nmagnet,Magnets,component,t,1\nore,Ore,material,t,1"
    )
    assert [Names([net]).goods(item) for item in ("car", "magnet")] == ["C909 airliners", "magnets"]


def test_what_firms_did_by_themselves_is_no_rule():
    controls = "control,title,imposer,announced,effective,status\nB1,A maker stops,,2025-04-01,2025-04-01,in_force"
    scope = "control,item,origin,destination,mechanism,value\nB1,magnet,CN,EU,ban,"
    net = chain_network(controls=controls, control_scope=scope)
    parts = {"summary": SUMMARY, "loss": LOSS, "gap": GAP, "shipments": SHIPMENTS, "limits": LIMITS, "why": WHY}
    text = answers(Results([made(net, **parts)]))[0].sentence
    assert text.endswith("what binds: the stop of NdFeB magnets, China to the European Union.")


def test_controls_older_than_a_year_are_counted():
    def old(begins):
        out = made(chain_network(), summary=SUMMARY, loss=LOSS, gap=GAP, limits=LIMITS, why=WHY)
        return answers(Results([with_record(out, {"first_month": begins})]))[0].old

    # in force since 2025-04
    assert old("2025-04") == 0
    assert old("2026-04") == 0
    assert old("2026-05") == 1


def test_a_unit_that_counts_several_times_its_price_is_told():
    parts = {"summary": SUMMARY, "gap": GAP, "shipments": SHIPMENTS, "limits": LIMITS, "why": WHY}
    car, magnet = LOSS, LOSS.replace("1200000000", "2000000000")
    demand = "item,region,quantity,value_usd\ncar,EU,1200,30000\nmagnet,CN,60,1000\nmagnet,JP,60,10000"
    net = chain_network(demand=demand)
    # cars are hit hardest: 30,000 USD against a price of 20,000. Magnets: 10,000 against 1,000
    assert answers(Results([made(net, **parts, loss=car)]))[0].valued == ""
    told = answers(Results([made(net, **parts, loss=magnet)]))[0]
    assert told.valued == "Of NdFeB magnets each unit lost counts 10 times its price, for what users make with it"


def test_names_that_look_like_formulas_stay_text_in_the_sentence():
    net = chain_network(
        items="item,name,kind,unit,price_usd\ncar,=1+1,product,unit,1\nmagnet,-2+3,component,t,1\nore,@x,material,t,1"
    )
    parts = {"summary": SUMMARY, "loss": LOSS, "gap": GAP, "limits": LIMITS, "why": WHY}
    text = answers(Results([made(net, **parts)]))[0].sentence
    assert ": first and most =1+1 in the European Union (USD 1.9 bn, from 2025-06)" in text
