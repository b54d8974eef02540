"""Latin hypercube: each figure's range is cut into as many equal chances as there are draws, and each is used once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from exposure.response.draw import WHOLE
from exposure.studies.ensemble.figures import Figure

Floats = NDArray[np.float64]


def uniforms(group: str, seed: int, draws: int) -> Floats:
    """Return one Latin hypercube column: in a random order, one number from each of ``draws`` equal parts of 0 to 1.

    It depends on the name of the group, the seed and the number of draws alone: neither on other figures nor on the order of rows.
    """
    name = int.from_bytes(hashlib.sha256(group.encode()).digest()[:8], "big")
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, draws, name])))
    order = rng.permutation(draws)
    return np.asarray((order + rng.random(draws)) / draws)


def triangular(u: Floats, low: float, likely: float, high: float) -> Floats:
    """Return the quantiles of a triangular distribution: chances fall in a straight line from the likely value to both ends.

    ::

        low + sqrt(u (high - low) (likely - low))             for u <= (likely - low) / (high - low)
        high - sqrt((1 - u) (high - low) (high - likely))     above

    (Kotz and van Dorp, Beyond Beta, 2004, chapter 1.)
    """
    width = high - low
    if width <= 0:
        return np.full(len(u), likely)
    below = u * width <= likely - low
    value = np.where(
        below, low + np.sqrt(u * width * (likely - low)), high - np.sqrt((1 - u) * width * (high - likely))
    )
    return np.clip(value, low, high)


def sample(figures: Sequence[Figure], seed: int, draws: int, first: int, end: int) -> Floats:
    """Return the values of all figures in draws ``first`` to ``end`` - 1, draws x figures; memory grows with these alone."""
    values = np.empty((end - first, len(figures)))
    kept: dict[str, Floats] = {}
    for k, figure in enumerate(figures):
        if figure.group not in kept:
            kept[figure.group] = uniforms(figure.group, seed, draws)[first:end].copy()
        values[:, k] = triangular(kept[figure.group], figure.low, figure.likely, figure.high)
        if figure.column in WHOLE:
            values[:, k] = np.rint(values[:, k])
    return values
