"""Reports: the workbook, the summary for a terminal, and the tables as JSON."""

from exposure.report.sentences import Answer, answers
from exposure.report.studies import study_sheet
from exposure.report.text import terminal_summary, to_json
from exposure.report.workbook import workbook_bytes, write_exposure_workbook, write_workbook

__all__ = [
    "Answer",
    "answers",
    "study_sheet",
    "terminal_summary",
    "to_json",
    "workbook_bytes",
    "write_exposure_workbook",
    "write_workbook",
]
