"""When a run begins if nobody says so: with the news, or half a year before the first rule that does something."""

from exposure.calendar import Month
from exposure.response.run import horizon
from tests.policy.world import case, world

SCOPE = "control,item,origin,destination,mechanism,value,known,from\n"


def begins(rules):
    """Return the first month of the report; older controls run up to a year before it."""
    net = world(SCOPE + rules)
    when = horizon(net, case(net))
    return when.calendar[when.first]


def test_a_run_begins_with_the_news():
    assert begins("A,magnet,CN,US,ban,,,2025-06-01") == Month(2025, 4)


def test_a_rule_that_comes_much_later_is_met_half_a_year_before():
    assert begins("A,magnet,CN,US,ban,,,2027-06-01") == Month(2026, 12)


def test_a_duty_of_zero_does_nothing():
    # announced in 2025-04, zero until 2027-06
    assert begins(
        "A,magnet,CN,US,tariff,0,2025-04-01,2025-04-01\nA,magnet,CN,US,tariff,0.25,2025-04-01,2027-06-01"
    ) == Month(2026, 12)
    assert begins("A,magnet,CN,US,tariff,0,2025-04-01,2025-04-01") == Month(2025, 4)


def test_a_control_without_a_rule_on_goods_begins_when_it_is_announced():
    assert begins("A,,,,talks,0,,") == Month(2025, 4)
