"""Who makes less although nobody loses: told on the cover, at baseline prices."""

import exposure as ex
from exposure.report.grounds import Footing
from exposure.report.makers import makes_less
from exposure.report.results import Results
from exposure.report.sentences import Answer, planner_above
from exposure.report.sureness import _levels, how_sure
from exposure.response import run
from tests.tiny import tiny_network


def network():
    """Half of 20 magnets a month, for 10 tools, of which the users hold two years, and for 10 cars."""
    return tiny_network(
        items="item,name,kind,unit,price_usd\nmagnet,Magnets,material,t,1\ntool,Tools,equipment,unit,50\ncar,Cars,product,unit,900",
        recipes="recipe,item,region,output0\nmagnets,magnet,CN,240\ntools,tool,US,120\ncars,car,US,120",
        bom="recipe,input,quantity\ntools,magnet,1\ncars,magnet,1",
        lanes="item,origin,destination,flow0,max_flow\nmagnet,CN,US,240,240",
        stocks="item,region,cover_months\ntool,US,24",
        demand="item,region,quantity,value_usd\ntool,US,120,100\ncar,US,120,1000",
        controls="control,title,announced,effective,status\nC1,Licences,2025-03-01,2025-03-01,in_force",
        control_scope="control,item,origin,destination,mechanism,value\nC1,magnet,CN,US,licence,0.5",
    )


def test_output_that_stops_without_a_loss_is_told():
    out = run(network(), ex.Scenario(controls=("C1",), months=4, tail=2))
    # the 10 magnets go into cars: 4 months x 10 tools x USD 50 are not made, nor 4 x 10 magnets x USD 1, and nobody goes short
    assert out.summary.set_index("response")["loss_usd"]["voluntary"] == 0
    told = makes_less(Results((out,)), 0)
    assert told.startswith(
        "Most: Tools in US (USD 2,000 less, 100% of usual output), then Magnets in CN (USD 40 less, 50% of usual output). "
    )


def test_an_undisturbed_world_makes_no_less():
    assert (
        makes_less(Results((run(network(), ex.Scenario(controls=("C1",), months=1, start="2020-01", tail=0)),)), 0)
        == ""
    )


def said(**loss):
    return _levels(Answer("S", "", "voluntary", "", loss, "", planner_above=planner_above(loss)))


def test_how_sure_says_no_bracket_where_there_is_none():
    assert said(contracts=9.0, voluntary=3.0, planner=2.0).startswith("The three response levels bracket the answer")
    assert said(contracts=9.0, voluntary=3.0, planner=4.0).startswith("The planner is no lower end here")
    assert said(contracts=0.0, voluntary=0.0, planner=0.0).startswith("None of the three response levels loses output")


def test_contracts_under_old_controls_are_an_upper_end_only():
    def said_of(old, **loss):
        return how_sure(Answer("S", "", "voluntary", "", loss, "", old=old), Footing({}))

    text = (
        " 2 controls were in force for more than a year when the run begins: contracts start from a world without them"
    )
    assert text in said_of(2, contracts=9.0, voluntary=3.0)
    assert text not in said_of(0, contracts=9.0, voluntary=3.0)
    assert text not in said_of(2, contracts=4.0, voluntary=3.0), "the levels agree"
    assert text not in said_of(2, voluntary=3.0, planner=0.1)
