import pandas as pd

from exposure.report.fields import CELLS, _share, largest


def test_room_that_short_groups_do_not_need_goes_to_the_others():
    assert _share([10, 2, 30], 27) == 15  # 2 + 10 + 15
    assert _share([1, 1], 10) == 1
    assert _share([5], 3) == 3


def test_the_heaviest_rows_of_each_group_stay_in_their_order():
    frame = pd.DataFrame({"scenario": ["a"] * 4 + ["b"] * 2, "response": "voluntary", "x": [1, -9, 3, 8, 2, 1]})
    kept, note = largest(frame, frame["x"], columns=3, cells=12)
    assert kept["x"].tolist() == [-9, 8, 2, 1]
    assert note == "4 of 6 rows: the 2 that weigh most of each scenario and response; --json gives all"


def test_nothing_is_cut_that_fits():
    frame = pd.DataFrame({"scenario": ["a"], "response": ["voluntary"], "x": [1]})
    assert largest(frame, frame["x"], columns=2)[1] == ""
    assert CELLS > 50_000
