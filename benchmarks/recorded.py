"""One what-if of this package, and the programmes that it solves, recorded for the others to solve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from exposure.lp import part
from exposure.lp.matrix import Bounds, Floats, Matrix
from exposure.lp.reach import Reach, Reached
from exposure.lp.session import TOLERANCE, HighsSession, Solution
from exposure.lp.world import World, world_of
from exposure.model import RESPONSES, Response, Scenario
from exposure.response.plan import LEADING, Plan, Relay, Responder
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

    ``narrowed``: every solve as the session was asked for it, on the nodes that the control disturbs, trials included, over
    ``matrix``, which holds the part of the network that the control touches. ``whole``: each programme once, with its limits on
    the whole network (``whole_matrix``), as somebody would state it who does not narrow.
    """

    name: str
    world: World
    scenario: Scenario
    matrix: Matrix
    narrowed: tuple[Programme, ...]
    whole_matrix: Matrix
    whole: tuple[Programme, ...]
    plans: tuple[Plan, ...]

    @property
    def damage(self) -> str:
        """Damage of each level in words, so that a reader sees whether a timing was of a control that hurts."""
        return ", ".join(f"{plan.response} {plan.damage_usd / 1e6:,.0f}" for plan in self.plans)


def responder_of(world: World, scenario: Scenario) -> Responder:
    """Prepare a what-if; what does not depend on the scenario is there since the first one."""
    return prepare(world, scenario, horizon(world.network, scenario).calendar, "highs")


def level_by_level(responder: Responder) -> dict[Response, Plan]:
    """Answer all levels one after the other, in the order in which they lead one another, without threads."""
    hints = Relay(len(responder.stages))
    return {response: responder.plan(response, hints) for response in sorted(RESPONSES, key=LEADING.index)}


def ours(world: World, scenario: Scenario) -> str:
    """Answer a warm what-if: three levels, stages and tie-breaks."""
    responder_of(world, scenario).plans(RESPONSES)
    return ""


def record(name: str, world: World, scenario: Scenario) -> Recorded:
    """Answer a what-if twice, as we do and with nothing cut off, and keep what was solved."""
    matrix, narrowed, _, plans = _solved(world, scenario)
    with patch.object(part, "MOST", 0.0):
        uncut, _, whole, _ = _solved(world_of(world.network, world.baseline), scenario)
    return Recorded(name, world, scenario, matrix, narrowed, uncut, whole, plans)


Solved = tuple[Matrix, tuple[Programme, ...], tuple[Programme, ...], tuple[Plan, ...]]


def _solved(world: World, scenario: Scenario) -> Solved:
    """Answer level by level (not side by side, so that the order is one): the matrix, solves of the session, programmes, plans."""
    asked: list[Programme] = []
    programmes: list[Programme] = []
    on_face: list[bool] = []
    solve, reach = HighsSession.solve, Reach.solve

    def session_solve(self: HighsSession, bounds: Bounds, cost: Floats, **more: Any) -> Solution:  # noqa: ANN401
        found = solve(self, bounds, cost, **more)
        asked.append(Programme(bounds, cost, more.get("tolerance", TOLERANCE), on_face[-1], found.objective))
        return found

    def reach_solve(self: Reach, bounds: Bounds, cost: Floats, **more: Any) -> Reached:  # noqa: ANN401
        on_face.append(more.get("face_of") is not None)
        found = reach(self, bounds, cost, **more)
        tolerance = more.get("tolerance", TOLERANCE)
        programmes.append(Programme(bounds, cost, tolerance, on_face.pop(), found.solution.objective))
        return found

    responder = responder_of(world, scenario)
    with patch.object(HighsSession, "solve", session_solve), patch.object(Reach, "solve", reach_solve):
        found = level_by_level(responder)
    plans = tuple(found[response] for response in RESPONSES)
    return responder.statement.matrix, tuple(asked), tuple(programmes), plans
