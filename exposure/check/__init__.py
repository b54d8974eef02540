"""Is the data sane: one small function per rule, yielding findings."""

from exposure.check.claims import check_claims, check_register
from exposure.check.evidence import CoverageRow, coverage, unused_facts
from exposure.check.registry import ROW_RULES, RULES, WHOLE_RULES, check_network
from exposure.check.scenario import LARGEST_PROGRAMME, check_scenario, programme_size
from exposure.model.main_number import main_number

__all__ = [
    "LARGEST_PROGRAMME",
    "ROW_RULES",
    "RULES",
    "WHOLE_RULES",
    "CoverageRow",
    "check_claims",
    "check_network",
    "check_register",
    "check_scenario",
    "coverage",
    "main_number",
    "programme_size",
    "unused_facts",
]
