"""One what-if of this package, and the programmes that it solves, recorded for the others to solve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from exposure.lp.matrix import Bounds, Floats, Matrix
from exposure.lp.reach import Reach, Reached
from exposure.lp.session import TOLERANCE, HighsSession, Solution
from exposure.lp.world import World
from exposure.model import RESPONSES, Scenario
from exposure.response.plan import Plan, Relay, Responder
from exposure.response.run import horizon, prepare


@dataclass(frozen=True)
class Programme:
    """Limits, costs (solver units) and tolerance of one solve, and the optimum found."""

    bounds: Bounds
    cost: Floats
    tolerance: float
    tiebreak: bool
    objective: float


@dataclass(frozen=True)
class Recorded:
    """A what-if with the programmes behind it.

    ``narrowed``: every solve as the session was asked for it, on the nodes that the control disturbs, trials included.
    ``whole``: each programme once, with its limits on the whole network, as somebody would state it who does not narrow.
    """

    name: str
    world: World
    scenario: Scenario
    matrix: Matrix
    narrowed: tuple[Programme, ...]
    whole: tuple[Programme, ...]
    plans: tuple[Plan, ...]

    @property
    def damage(self) -> str:
        """Damage of each level in words, so that a reader sees whether a timing was of a control that hurts."""
        return ", ".join(f"{plan.response} {plan.damage_usd / 1e6:,.0f}" for plan in self.plans)


def responder_of(world: World, scenario: Scenario) -> Responder:
    """Prepare a what-if; what does not depend on the scenario is there since the first one."""
    return prepare(world, scenario, horizon(world.network, scenario).calendar, "highs")


def ours(world: World, scenario: Scenario) -> str:
    """Answer a warm what-if: three levels, stages and tie-breaks."""
    responder_of(world, scenario).plans(RESPONSES)
    return ""


def record(name: str, world: World, scenario: Scenario) -> Recorded:
    """Answer a what-if level by level (not side by side, so that the order is one) and keep what was solved."""
    narrowed: list[Programme] = []
    whole: list[Programme] = []
    solve, reach = HighsSession.solve, Reach.solve

    def session_solve(self: HighsSession, bounds: Bounds, cost: Floats, **more: Any) -> Solution:  # noqa: ANN401
        found = solve(self, bounds, cost, **more)
        tiebreak = more.get("room") is not None
        narrowed.append(Programme(bounds, cost, more.get("tolerance", TOLERANCE), tiebreak, found.objective))
        return found

    def reach_solve(self: Reach, bounds: Bounds, cost: Floats, **more: Any) -> Reached:  # noqa: ANN401
        found = reach(self, bounds, cost, **more)
        tiebreak = more.get("face_of") is not None
        whole.append(Programme(bounds, cost, more.get("tolerance", TOLERANCE), tiebreak, found.solution.objective))
        return found

    responder = responder_of(world, scenario)
    hints = Relay(len(responder.stages))
    with patch.object(HighsSession, "solve", session_solve), patch.object(Reach, "solve", reach_solve):
        found = {response: responder.plan(response, hints) for response in ("planner", "voluntary", "contracts")}
    plans = tuple(found[response] for response in RESPONSES)
    return Recorded(name, world, scenario, responder.statement.matrix, tuple(narrowed), tuple(whole), plans)
