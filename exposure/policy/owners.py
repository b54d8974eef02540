"""Ownership: an entity rule aimed at a listed firm reaches what the firm owns, while an ownership rule is in force."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from exposure.model import Network, RegionId
from exposure.policy.belief import Term
from exposure.policy.clauses import covered_lanes


def with_affiliates(net: Network, terms: Sequence[Term]) -> tuple[Term, ...]:
    """Put in the place of every ownership clause the entity clauses that it extends, with the lanes into affiliates.

    An extended clause holds on the days on which both hold, and covers only lanes that the ownership clause covers too; both
    controls count as the cause.
    """
    plain = [term for term in terms if term.clause.mechanism != "ownership"]
    extended = [
        found
        for owning in terms
        if owning.clause.mechanism == "ownership" and owning.holds.any()
        for entity in plain
        if entity.clause.mechanism == "entity"
        for found in _extension(net, entity, owning)
    ]
    return (*plain, *extended)


def _extension(net: Network, entity: Term, owning: Term) -> Iterator[Term]:
    """One clause of both controls over the lanes into what the entity clause's firms own; none if there is no such lane."""
    rule = entity.clause.rule
    listed = RegionId(rule.destination)
    if listed not in net.region or not net.covers(owning.clause.rule.destination, listed):
        return
    reached: set[int] = set()
    for affiliate in net.affiliates(listed, owning.clause.rule.number):
        reached.update(covered_lanes(net, rule.model_copy(update={"destination": affiliate})))
    lanes = tuple(sorted(reached.intersection(owning.clause.lanes) - set(entity.clause.lanes)))
    holds = entity.holds & owning.holds
    if lanes and holds.any():
        share, wait = np.where(holds, entity.share, 1.0), np.where(holds, entity.wait, 0.0)
        yield Term(replace(entity.clause, lanes=lanes), holds, share, wait)
        yield Term(replace(owning.clause, lanes=lanes), holds, np.ones(len(holds)), np.zeros(len(holds)))
