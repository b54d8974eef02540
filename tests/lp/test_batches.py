"""A programme that falls into parts gives the same answer in one batch and in many."""

import numpy as np
import pytest

from exposure.lp import batches
from exposure.lp.baseline import close
from exposure.lp.batches import split
from exposure.lp.matrix import Matrix
from tests.random_networks import random_network
from tests.transform import beside


def three_parts():
    """Rows x0 + x3, x1, an empty one, x2 + x3: columns 0, 2, 3 are one part, 1 and 4 parts of their own."""
    return Matrix(
        cost=np.arange(5.0),
        lower=np.zeros(5),
        upper=np.arange(10.0, 15.0),
        row_lower=np.array([1.0, 2.0, 0.0, 3.0]),
        row_upper=np.array([1.0, 2.0, 0.0, 3.0]),
        starts=np.array([0, 2, 3, 3, 5], dtype=np.int32),
        index=np.array([0, 3, 1, 2, 3], dtype=np.int32),
        value=np.array([1.0, 5.0, 2.0, 3.0, 4.0]),
    )


def test_whole_parts_fill_a_batch_until_it_has_enough():
    part = np.array([0, 1, 0, 0, 2])
    sizes = {enough: [len(columns) for columns, _, _ in split(three_parts(), part, enough)] for enough in (1, 4, 9)}
    assert sizes == {1: [3, 1, 1], 4: [4, 1], 9: [5]}


def test_a_batch_holds_its_own_rows_and_limits():
    (columns, rows, first), (_, second_rows, second), (_, last_rows, last) = split(
        three_parts(), np.array([0, 1, 0, 0, 2]), 1
    )
    assert columns.tolist() == [0, 2, 3]
    assert rows.tolist() == [0, 2, 3], "the row without entries goes with the first part"
    assert first.times(np.array([1.0, 10.0, 100.0])).tolist() == [1 + 500, 0, 30 + 400]
    assert first.upper.tolist() == [10, 12, 13]
    assert second_rows.tolist() == [1]
    assert (second.row_upper.tolist(), second.value.tolist()) == ([2], [2])
    assert last_rows.tolist() == []
    assert last.shape == (0, 1)


@pytest.mark.parametrize("seed", range(4))
def test_a_baseline_closes_alike_in_one_batch_and_in_many(monkeypatch, seed):
    net = beside(random_network(seed), random_network(seed + 20))
    together = close(net)
    monkeypatch.setattr(batches, "ENOUGH", 1)
    apart = close(net)
    for name in ("output", "flow", "quantity", "gap", "discard"):
        assert getattr(apart, name) == pytest.approx(getattr(together, name), rel=1e-6, abs=1e-6)
