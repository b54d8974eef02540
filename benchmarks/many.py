"""Many what-ifs in a row, and with one and two processes: a licence control whose share let through is drawn anew each time.

The programme is stated once. Each what-if reads the rules again with its own share and solves all levels, stages and tie-breaks.
"""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.clock import peak_megabytes
from benchmarks.recorded import responder_of
from exposure.lp.world import World
from exposure.model import Network, Override, Scenario
from exposure.policy import stages
from exposure.response import world_once
from exposure.response.plan import Responder
from exposure.response.run import with_closed_flows


@dataclass(frozen=True)
class Study:
    """A world with one licence control, and the responder of its first what-if."""

    world: World
    scenario: Scenario
    responder: Responder
    control: str

    @classmethod
    def of(cls, net: Network, control: str) -> Study:
        """Turn every rule of a control into a licence and prepare."""
        scenario = Scenario(name=f"{control}, other shares", controls=(control,))
        world = world_once(net.with_values(_licence(control, 0.5)))
        return cls(world, scenario, responder_of(world, scenario), control)

    def what_if(self, share: float) -> float:
        """Return the damage (USD, voluntary) where this share of usual trade gets its licence."""
        world, net = self.responder.world, self.responder.variants.network
        net = with_closed_flows(world, net).with_values(_licence(self.control, share))
        known = stages(net, self.scenario, self.responder.calendar)
        return replace(self.responder, stages=known).plans()[1].damage_usd

    def from_scratch(self, share: float) -> float:
        """Return the same with everything built anew, as a check."""
        world = world_once(self.world.network.with_values(_licence(self.control, share)))
        return responder_of(world, self.scenario).plans()[1].damage_usd


def _licence(control: str, share: float) -> tuple[Override, ...]:
    changes = {"mechanism": "licence", "value": f"{share:.6f}"}
    return tuple(
        Override.model_validate({"table": "control_scope", "control": control, "column": column, "value": value})
        for column, value in changes.items()
    )


def shares(count: int) -> list[float]:
    """Return shares between nothing and nine tenths, in random order."""
    return [float(share) for share in np.random.default_rng(1).uniform(0, 0.9, count)]


def in_a_row(study: Study, count: int) -> list[float]:
    """Answer that many what-ifs in this process."""
    return [study.what_if(share) for share in shares(count)]


_studies: dict[str, Study] = {}
"""What a forked worker finds of its parent."""


def _work(share: float) -> tuple[float, float]:
    return _studies["now"].what_if(share), peak_megabytes()


def by_workers(study: Study, count: int, workers: int) -> tuple[list[float], float]:
    """Answer that many what-ifs in that many processes; return damages, and the peak memory of the largest process in MB."""
    _studies["now"] = study
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork")) as pool:
        found = list(pool.map(_work, shares(count)))
    return [damage for damage, _ in found], max(peak for _, peak in found)
