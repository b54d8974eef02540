"""Ensembles: one scenario over many draws of the figures that have a range."""

from exposure.studies.ensemble.result import Ensemble
from exposure.studies.ensemble.study import ensemble

__all__ = ["Ensemble", "ensemble"]
