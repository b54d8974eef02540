"""The outcome's tables, each a pure function of one solved plan."""

from exposure.response.tables.flows import loss, production, shipments, stocks
from exposure.response.tables.gap import gap
from exposure.response.tables.limits import limits
from exposure.response.tables.money import costs, summary
from exposure.response.tables.view import View
from exposure.response.tables.why import why

__all__ = [
    "View", "costs", "gap", "limits", "loss", "production", "shipments", "stocks", "summary", "why",
]  # fmt: skip
