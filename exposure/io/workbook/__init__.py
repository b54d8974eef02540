"""Excel at the input end: scenario workbooks and data workbooks, written, read and marked."""

from exposure.io.workbook.annotated import annotated_path, write_annotated
from exposure.io.workbook.reader import ScenarioWorkbook, read_scenario_workbook, read_workbook_with_findings
from exposure.io.workbook.template import template_bytes, write_template

__all__ = [
    "ScenarioWorkbook",
    "annotated_path",
    "read_scenario_workbook",
    "read_workbook_with_findings",
    "template_bytes",
    "write_annotated",
    "write_template",
]
