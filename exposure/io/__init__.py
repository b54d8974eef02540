"""Files in, files out: data packages, scenario files, changed figures, and writing whole or not at all."""

from exposure.io.claims import read_claims, read_register, seeds_path
from exposure.io.columns import Column, columns
from exposure.io.extension import laid_over, write_example
from exposure.io.files import read_limited, safe_name, sha256, write_atomically
from exposure.io.manifest import Manifest, modified_files, read_manifest, refresh_manifest
from exposure.io.overrides import parse_override
from exposure.io.package import Reading, built_in_path, read_folder, read_package
from exposure.io.scenario_file import read_scenario, read_scenario_with_findings, scenario_from_text
from exposure.io.writing import cell_text, table_text, write_package

__all__ = [
    "Column",
    "Manifest",
    "Reading",
    "built_in_path",
    "cell_text",
    "columns",
    "laid_over",
    "modified_files",
    "parse_override",
    "read_claims",
    "read_folder",
    "read_limited",
    "read_manifest",
    "read_package",
    "read_register",
    "read_scenario",
    "read_scenario_with_findings",
    "refresh_manifest",
    "safe_name",
    "scenario_from_text",
    "seeds_path",
    "sha256",
    "table_text",
    "write_atomically",
    "write_example",
    "write_package",
]
