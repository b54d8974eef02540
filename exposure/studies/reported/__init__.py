"""Explaining a figure that a run reported."""

from exposure.studies.reported.figure import explain_reported
from exposure.studies.reported.measures import MEASURES, is_reported

__all__ = ["MEASURES", "explain_reported", "is_reported"]
