"""What analysts ask: each study is a short sequence of runs."""

from exposure.studies.main_job import announced, run_all

__all__ = ["announced", "run_all"]
