"""Answers without an optimiser, read from a closed baseline handed over as plain numbers."""

from exposure.graph.content import Contents, ContentShare, content_share

__all__ = ["ContentShare", "Contents", "content_share"]
