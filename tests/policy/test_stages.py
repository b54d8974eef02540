"""What is known when: announcements, paths, ends, switches, foresight."""

import numpy as np

from exposure.policy import stages
from tests.policy.world import TO_DEFENCE, TO_US, calendar, case, world

HEAD = "control,item,origin,destination,mechanism,value,days,known,from,to\n"
CONTROLS = "control,title,imposer,announced,effective,ends,status\n"
MARCH, APRIL, MAY, JUNE, JULY, AUGUST = range(2, 8)


def told(net, lane=TO_US, **fields):
    """Period of each stage with the shares of one lane that are then believed."""
    return {stage.period: stage.limits.share[lane].tolist() for stage in stages(net, case(net, **fields), calendar())}


def test_a_control_is_known_from_its_announcement():
    net = world(HEAD + "B,magnet,CN,US,ban,,,,,", CONTROLS + "B,Ban,CN,2025-02-10,2025-05-01,,in_force")
    assert told(net) == {1: [1] * 4 + [0] * 8}
    assert told(net, foresight="none") == {MAY: [1] * 4 + [0] * 8}
    assert told(net, foresight="perfect") == {0: [1] * 4 + [0] * 8}


def test_news_from_before_the_calendar_is_known_in_period_0():
    net = world(HEAD + "B,magnet,CN,US,ban,,,,,", CONTROLS + "B,Ban,CN,2018-07-06,2018-07-06,,in_force")
    assert told(net) == {0: [0] * 12}


def test_news_after_the_calendar_makes_no_stage():
    net = world(HEAD + "B,magnet,CN,US,ban,,,,,", CONTROLS + "B,Ban,CN,2026-07-06,2026-07-06,,in_force")
    assert told(net) == {}


def test_an_easing_on_a_path_is_not_foreseen():
    net = world(HEAD + "L,magnet,CN,US,licence,0.25,,,2025-04-01,2025-05-31\nL,magnet,CN,US,licence,0.6,,,2025-06-01,")
    assert told(net) == {
        APRIL: [1] * 3 + [0.25] * 9,
        JUNE: [1] * 3 + [0.25] * 2 + [0.6] * 7,
    }


def test_an_earlier_end_on_a_path_is_believed_when_it_happens():
    net = world(HEAD + "L,magnet,CN,US,licence,0.25,,,2025-04-01,2025-05-31\nL,magnet,CN,US,licence,0.6,,,2025-08-01,")
    assert told(net) == {
        APRIL: [1] * 3 + [0.25] * 9,
        JUNE: [1] * 3 + [0.25] * 2 + [1] * 7,
        AUGUST: [1] * 3 + [0.25] * 2 + [1] * 2 + [0.6] * 5,
    }


def test_a_later_row_replaces_the_earlier_one_with_its_queue():
    net = world(HEAD + "L,magnet,CN,US,licence,0.5,60,,2025-04-01,\nL,magnet,CN,US,licence,0.2,,,2025-05-01,")
    # the queue of 60 days would have run to the end of May; the second row has none
    assert told(net)[MAY] == [1] * 3 + [0] + [0.2] * 8


def test_a_known_date_overrides_a_path_and_an_announcement():
    path = "L,magnet,CN,US,licence,0.25,,,2025-04-01,\nL,magnet,CN,US,licence,0.6,,2025-04-20,2025-06-01,"
    assert list(told(world(HEAD + path))) == [APRIL]
    late = world(
        HEAD + "B,magnet,CN,US,ban,,,2025-03-03,2025-05-01,", CONTROLS + "B,B,CN,2025-01-01,2025-05-01,,threat"
    )
    assert list(told(late)) == [MARCH]


def test_what_is_in_force_is_known_whatever_the_columns_say():
    net = world(HEAD + "B,magnet,CN,US,ban,,,2025-09-01,2025-05-01,")
    assert list(told(net)) == [MAY]


def test_lists_with_different_lanes_are_no_path():
    net = world(HEAD + "B,magnet,CN,US,ban,,,2025-04-01,2025-04-01,\nB,magnet,CN,JP,ban,,,,2025-08-01,")
    assert list(told(net)) == [APRIL]


def test_an_end_written_in_the_instrument_is_known_from_the_announcement():
    by_rule = world(HEAD + "B,magnet,CN,US,ban,,,,2025-04-01,2025-06-30")
    by_control = world(HEAD + "B,magnet,CN,US,ban,,,,,", CONTROLS + "B,B,CN,2025-04-01,2025-04-01,2025-06-30,in_force")
    expected = {APRIL: [1] * 3 + [0] * 3 + [1] * 6}
    assert told(by_rule) == told(by_control) == expected
    blind = {APRIL: [1] * 3 + [0] * 9, JULY: [1] * 3 + [0] * 3 + [1] * 6}
    assert told(by_rule, foresight="none") == told(by_control, foresight="none") == blind


SUSPENDED = HEAD + "B,magnet,CN,US,ban,,,,,\nS,,,,suspension,B,,,2025-06-01,2025-08-31"


def test_a_suspension_then_the_written_return():
    controls = CONTROLS + "B,B,CN,2025-04-01,2025-04-01,,suspended\nS,S,CN,2025-05-12,2025-06-01,,in_force"
    net = world(SUSPENDED, controls)
    back = [1] * 3 + [0] * 2 + [1] * 3 + [0] * 4
    assert told(net) == {APRIL: [1] * 3 + [0] * 9, MAY: back}
    assert told(net, controls=("B",)) == {APRIL: [1] * 3 + [0] * 9}
    assert told(net, controls=("S",)) == {}


def test_the_latest_announced_switch_decides():
    controls = CONTROLS + (
        "B,B,CN,2025-04-01,2025-04-01,,suspended\nS,S,CN,2025-05-12,2025-06-01,,in_force\n"
        "K,K,CN,2025-07-16,2025-07-16,,in_force\nR,R,CN,2025-09-01,2025-09-01,,branch"
    )
    net = world(SUSPENDED + "\nK,,,,snap_back,B,,,,2025-08-31\nR,,,,suspension,B,,,,", controls)
    shares = told(net)
    # snapped back on 16 July: 15 of 31 days free; back on by the written end in September, and suspended again
    assert shares[JULY] == [1] * 3 + [0] * 2 + [1] + [15 / 31] + [0] * 5
    assert shares[8] == [1] * 3 + [0] * 2 + [1] + [15 / 31] + [0] + [1] * 4


def test_a_switch_counts_only_while_its_own_control_is_on():
    controls = CONTROLS + (
        "B,B,CN,2025-04-01,2025-04-01,,suspended\nS,S,CN,2025-05-12,2025-06-01,,in_force\n"
        "X,X,CN,2025-05-20,2025-05-20,,in_force"
    )
    net = world(SUSPENDED + "\nX,,,,lifting,S,,,,", controls)
    assert told(net) == {APRIL: [1] * 3 + [0] * 9}


def test_one_announcement_suspends_several_controls():
    scope = HEAD + (
        "A,magnet,CN,US,ban,,,,,\nB,magnet,CN,US/defence,ban,,,,,\n"
        "S,,,,suspension,A,,,2025-06-01,\nS,,,,suspension,B,,,2025-06-01,"
    )
    net = world(scope)
    assert told(net)[APRIL] == [1] * 3 + [0] * 2 + [1] * 7
    assert told(net, TO_DEFENCE)[APRIL] == [1] * 3 + [0] * 2 + [1] * 7


def test_a_lifting_announced_later_is_a_stage_of_its_own():
    controls = CONTROLS + "B,B,CN,2025-04-01,2025-04-01,,lifted\nE,E,CN,2025-06-20,2025-07-01,,in_force"
    net = world(HEAD + "B,magnet,CN,US,ban,,,,,\nE,,,,lifting,B,,,,", controls)
    lifted = [1] * 3 + [0] * 3 + [1] * 6
    assert told(net) == {APRIL: [1] * 3 + [0] * 9, JUNE: lifted}
    assert told(net, foresight="none") == {APRIL: [1] * 3 + [0] * 9, JULY: lifted}
    assert told(net, foresight="perfect") == {0: lifted}


def test_stages_that_believe_the_same_are_one():
    controls = CONTROLS + "A,A,CN,2025-04-01,2025-04-01,,in_force\nB,B,CN,2025-06-01,2025-06-01,,in_force"
    net = world(HEAD + "A,magnet,CN,US,ban,,,,,\nB,magnet,JP,CN,ban,,,,,", controls)
    assert list(told(net)) == [APRIL]


def test_periods_before_a_stage_hold_what_truly_held():
    path = "L,magnet,CN,US,licence,0.1,,,2025-04-01,\nL,magnet,CN,US,licence,0.4,,,2025-05-01,\n"
    net = world(HEAD + path + "L,magnet,CN,US,licence,0.9,,,2025-08-11,")
    found = stages(net, case(net), calendar())
    truth = stages(net, case(net, foresight="perfect"), calendar())[0].limits
    for stage in found:
        assert np.array_equal(stage.limits.share[:, : stage.period], truth.share[:, : stage.period])
    assert np.array_equal(found[-1].limits.share, truth.share)


def test_a_threat_is_run_as_written():
    net = world(HEAD + "T,magnet,CN,US,ban,,,,,", CONTROLS + "T,T,CN,2025-04-01,2025-04-01,,never_applied")
    assert told(net) == {APRIL: [1] * 3 + [0] * 9}
