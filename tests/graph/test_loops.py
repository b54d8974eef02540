"""The system behind explosion, solved along the chain, against hand arithmetic and the dense solve."""

import numpy as np
import pytest

from exposure.graph.loops import along


def test_a_chain_multiplies_along_itself():
    # ore -> metal -> magnet: 3 t of ore per t of metal, 0.5 t of metal per t of magnet, so 1.5 t of ore per t of magnet
    step = np.array([[0, 3.0, 0], [0, 0, 0.5], [0, 0, 0]])
    assert along(step, np.ones(3)).tolist() == [[1, 3, 1.5], [0, 1, 0.5], [0, 0, 1]]


def test_a_loop_counts_every_round():
    # a fifth of each unit comes back as scrap: 1 + 0.2 + 0.04 + ... = 1.25 units pass, and 2 of ore go into each
    step = np.array([[0, 2.0, 0], [0, 0.2, 1.0], [0, 0, 0]])
    assert along(step, np.ones(3)) == pytest.approx(np.array([[1, 2.5, 2.5], [0, 1.25, 1.25], [0, 0, 1]]))


def test_a_loop_that_returns_all_has_no_answer():
    with pytest.raises(np.linalg.LinAlgError):
        along(np.array([[0, 1.0], [1.0, 0]]), np.ones(2))


@pytest.mark.parametrize("seed", range(20))
def test_it_agrees_with_the_dense_solve(seed):
    draw = np.random.default_rng(seed)
    step = draw.random((30, 30)) * (draw.random((30, 30)) < 0.05) * 0.4
    first = draw.random(30) * (draw.random(30) < 0.8)
    assert along(step, first) == pytest.approx(np.linalg.solve(np.eye(30) - step, np.diag(first)), abs=1e-12)
