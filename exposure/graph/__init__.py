"""Answers without an optimiser, read from a closed baseline handed over as plain numbers."""

from exposure.graph.chain import Allocation, Chain, chain_of
from exposure.graph.concentration import Remainder, hhi, seen_shares, without_largest, world_shares
from exposure.graph.content import Contents, ContentShare, content_share
from exposure.graph.explosion import Origin, Requirement, explode, origin_shares
from exposure.graph.risk import (
    CRITICAL,
    Risk,
    import_reliance,
    scaled_governance,
    supply_risk,
    supply_risk_of,
    weighted_concentration,
)
from exposure.graph.tiers import distances, tiers

__all__ = [
    "CRITICAL",
    "Allocation",
    "Chain",
    "ContentShare",
    "Contents",
    "Origin",
    "Remainder",
    "Requirement",
    "Risk",
    "chain_of",
    "content_share",
    "distances",
    "explode",
    "hhi",
    "import_reliance",
    "origin_shares",
    "scaled_governance",
    "seen_shares",
    "supply_risk",
    "supply_risk_of",
    "tiers",
    "weighted_concentration",
    "without_largest",
    "world_shares",
]
