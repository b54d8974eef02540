"""Who hears of a control, and since when."""

from exposure.calendar import Month
from exposure.policy import first_news, news
from tests.policy.world import calendar, case
from tests.tiny import tiny_network

SCOPE = "control,item,origin,destination,mechanism,value,known,from\n"


def chain(scope, announced="2025-04-01"):
    """ore -> magnet -> car (with tyre from rubber); seed -> chip; slag comes beside magnets and goes into road."""
    return tiny_network(
        recipes="""
            recipe, item,   region, output0
            mine,   ore,    CN,     1
            make,   magnet, CN,     1
            car,    car,    US,     1
            tyre,   tyre,   US,     1
            tap,    rubber, US,     1
            chip,   chip,   US,     1
            sow,    seed,   US,     1
            road,   road,   US,     1
        """,
        bom="""
            recipe, input,  quantity
            make,   ore,    1
            make,   slag,   -1
            car,    magnet, 1
            car,    tyre,   4
            tyre,   rubber, 1
            chip,   seed,   1
            road,   slag,   1
        """,
        lanes="item,origin,destination\nmagnet,CN,US\nseed,US,CN\nrubber,US,CN",
        demand="item,region,quantity,value_usd\ncar,US,1,1",
        controls=f"control,title,imposer,announced,effective,status\nA,A,CN,{announced},2025-06-01,in_force\n"
        "B,B,US,2025-05-01,2025-05-01,in_force",
        control_scope=SCOPE + scope,
    )


def test_the_news_goes_down_to_products_and_up_to_their_other_inputs():
    net = chain("A,magnet,CN,*,ban,")
    # magnet -> car; all that goes into a car: ore, tyre, rubber. Chips and seed hear nothing; the road uses slag, which
    # comes beside magnets but is not made of them
    assert news(net, case(net, controls=("A",)), calendar()) == {"mine": 3, "make": 3, "car": 3, "tyre": 3, "tap": 3}


def test_an_unrelated_letter_starts_no_clock():
    net = chain("A,magnet,CN,*,ban,\nB,seed,US,CN,ban,")
    heard = news(net, case(net), calendar())
    assert heard == {"mine": 3, "make": 3, "car": 3, "tyre": 3, "tap": 3, "chip": 4, "sow": 4}


def test_the_first_of_two_controls_counts():
    net = chain("A,magnet,CN,*,ban,\nB,rubber,US,CN,ban,")
    assert news(net, case(net), calendar())["tap"] == 3
    assert news(net, case(net, controls=("B",)), calendar())["car"] == 4


def test_news_follows_foresight_and_starts_no_earlier_than_the_calendar():
    net = chain("A,magnet,CN,*,ban,")
    only = {"controls": ("A",)}
    assert news(net, case(net, **only, foresight="none"), calendar())["car"] == 5
    assert news(net, case(net, **only, foresight="perfect"), calendar())["car"] == 0
    assert news(net, case(net, **only), calendar("2025-09"))["car"] == 0
    assert news(net, case(net, **only), calendar("2024-01", 6)) == {}


def test_first_news_is_the_first_month_in_which_a_rule_is_known():
    net = chain("A,magnet,CN,*,ban,", "2025-02-20")
    assert first_news(net, case(net, controls=("A",))) == Month(2025, 2)
    assert first_news(net, case(net, controls=("A",), foresight="none")) == Month(2025, 6)
    assert first_news(net, case(net, controls=("B",))) is None


def test_a_switch_is_no_news():
    net = chain("A,magnet,CN,*,ban,\nB,,,,suspension,A", "2025-05-20")
    assert first_news(net, case(net)) == Month(2025, 5)
    assert first_news(net, case(net, controls=("B",))) is None
    assert news(net, case(net, controls=("B",)), calendar()) == {}
