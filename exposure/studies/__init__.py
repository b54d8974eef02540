"""What analysts ask: each study is a short sequence of runs, or a reading of the undisturbed world."""

from exposure.studies.content_rules import content_rules
from exposure.studies.ensemble import Ensemble, ensemble
from exposure.studies.exposure_tables import ExposureTables, exposure_tables
from exposure.studies.main_job import main_job, run_all

__all__ = ["Ensemble", "ExposureTables", "content_rules", "ensemble", "exposure_tables", "main_job", "run_all"]
