"""Formulas of the ensemble, against numbers worked out by hand."""

import numpy as np
import pytest

from exposure.studies.ensemble.measures import beyond_chance, bins_of, information, quantiles, rank_correlation, tornado
from exposure.studies.ensemble.sampling import triangular, uniforms


def test_triangular_quantiles():
    # on 0 to 10 with mode 4 the chance below 4 is 0.4; F(2) = 2^2 / (10 x 4) = 0.1; F(7) = 1 - 3^2 / (10 x 6) = 0.85
    assert triangular(np.array([0, 0.1, 0.4, 0.85, 1]), 0, 4, 10).tolist() == pytest.approx([0, 2, 4, 7, 10])
    # with the mode at an end nothing piles up there: F(x) = 1 - (1 - x)^2 on 0 to 1
    assert triangular(np.array([0, 0.75, 1]), 0, 0, 1).tolist() == pytest.approx([0, 0.5, 1])
    assert triangular(np.array([0.3]), 2, 2, 2).tolist() == [2]


def test_a_latin_hypercube_uses_each_part_once_and_depends_on_its_own_name_alone():
    u = uniforms("stocks", 1, 50)
    assert sorted(np.floor(u * 50).astype(int)) == list(range(50))
    assert np.array_equal(u, uniforms("stocks", 1, 50))
    assert not np.array_equal(u, uniforms("stocks", 2, 50))
    assert abs(rank_correlation(u, uniforms("lanes", 1, 50))) < 0.5


def test_rank_correlation_sees_order_alone():
    x = np.arange(1.0, 11)
    assert rank_correlation(x, np.exp(x)) == pytest.approx(1)
    assert rank_correlation(x, -(x**3)) == pytest.approx(-1)
    assert rank_correlation(x, np.ones(10)) == 0
    # ranks 1 2 3 against 1 3 2: 1 - 6 (0 + 1 + 1) / (3 (9 - 1)) = 0.5
    assert rank_correlation(np.array([1.0, 2, 3]), np.array([1.0, 9, 5])) == pytest.approx(0.5)


def test_what_chance_gives():
    # one figure, 101 draws: 1.96 / sqrt(100); of a hundred figures one reaches 3.48 / sqrt(100) by chance
    assert (beyond_chance(0.19, 101, 1), beyond_chance(0.20, 101, 1)) == (False, True)
    assert (beyond_chance(0.34, 101, 100), beyond_chance(-0.35, 101, 100)) == (False, True)


def test_information_is_the_share_of_the_variance():
    # a full grid of 100 x 100: damage = 3 x + y, so x carries 9 / 10 of the variance, y 1 / 10, an idle figure nothing
    x, y = (part.ravel() for part in np.meshgrid(np.arange(100.0), np.arange(100.0)))
    idle = np.random.default_rng(1).random(10_000)
    table = information({"x": {}, "y": {}, "idle": {}}, {"x": x, "y": y, "idle": idle}, {"voluntary": 3 * x + y})
    share = table.set_index("figures_moving_together")["variance_share"]
    # ten bins keep 1 - 1 / 100 of the variance of x
    assert share["x"] == pytest.approx(0.9 * 0.99, abs=0.002)
    assert share["y"] == pytest.approx(0.1 * 0.99, abs=0.002)
    assert share["idle"] < 0.002
    assert table["figures_moving_together"].tolist()[0] == "x"
    narrowed = table.set_index("figures_moving_together")["narrowed_by"]
    assert narrowed["x"] > 0.6 > 0.1 > narrowed["y"]


def test_tornado_compares_the_lowest_with_the_highest_fifth():
    x = np.arange(10.0)
    table = tornado({"x": {"count": 1}}, {"x": x}, {"planner": 100 - 10 * x})
    row = table.iloc[0]
    assert (row["damage_low_usd"], row["damage_high_usd"], row["swing_usd"]) == (95, 15, -80)
    assert row["beyond_chance"]


def test_too_few_draws_say_nothing():
    assert (bins_of(15), bins_of(25), bins_of(1000)) == (1, 2, 10)
    table = information({"x": {}}, {"x": np.arange(5.0)}, {"planner": np.arange(5.0)})
    assert table["variance_share"].tolist() == [0]
    empty = quantiles({("planner", "damage_usd", "", ""): np.array([])})
    assert np.isnan(empty["p50"].item())
