"""Random networks whose control hurts somebody, and the settings that all laws share.

The examples are few and always the same, so that the tests stay quick; ``LAWS=20 python -m pytest tests/response`` tries twenty
times as many.
"""

import os
from functools import lru_cache

from hypothesis import settings
from hypothesis import strategies as st

import exposure as ex
from exposure.model import Network
from exposure.response.plan import Responder
from tests.random_networks import random_network
from tests.support import case, responder

SEEDS = st.integers(0, 9999)
EFFORT = int(os.environ.get("LAWS", "1"))
FEW, SEVERAL, MANY = (settings(max_examples=number * EFFORT) for number in (6, 10, 20))
FIELDS = {"start": "2025-03", "months": 8, "tail": 3}


@lru_cache(maxsize=256)
def shaken(seed: int, **kind: bool) -> Network:
    """Return the first random network from a seed on in which contracts lose something."""
    while True:
        net = random_network(seed, **kind)
        if prepared(net).contracts().damage_usd > 1:
            return net
        seed += 1


def prepared(net: Network, foresight: str = "announced", solver: str = "highs") -> Responder:
    """Prepare a random network with all its controls."""
    return responder(net, case(net, **FIELDS, foresight=foresight), solver)


def outcome(net: Network, foresight: str = "announced", **options) -> ex.Outcome:
    """Run a random network with all its controls."""
    return ex.run(net, case(net, **FIELDS, foresight=foresight), **options)


def damage_with_tail(out: ex.Outcome) -> dict[str, float]:
    """Return the objective of each response, tail included."""
    return out.record["damage_with_tail_usd"]
