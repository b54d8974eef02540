"""Excel at the input end: scenario workbooks and data workbooks, written, read and marked."""

from exposure.io.workbook.annotated import annotated_path, write_annotated
from exposure.io.workbook.chain import chain_of
from exposure.io.workbook.data_book import (
    at_cell,
    export_network,
    export_package,
    is_data_workbook,
    read_data_package,
    write_data_folder,
)
from exposure.io.workbook.grid import read_grids
from exposure.io.workbook.reader import ScenarioWorkbook, read_scenario_workbook, read_workbook_with_findings
from exposure.io.workbook.template import template_bytes, write_template

__all__ = [
    "ScenarioWorkbook",
    "annotated_path",
    "at_cell",
    "chain_of",
    "export_network",
    "export_package",
    "is_data_workbook",
    "read_data_package",
    "read_grids",
    "read_scenario_workbook",
    "read_workbook_with_findings",
    "template_bytes",
    "write_annotated",
    "write_data_folder",
    "write_template",
]
