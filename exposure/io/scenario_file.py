"""The scenario file: a few lines of YAML, read into a scenario with every fault at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from exposure.errors import Finding, InputError, nearest
from exposure.io.files import read_limited
from exposure.io.overrides import override_findings
from exposure.io.text import decode
from exposure.io.yaml_text import Mapping, Node, Sequence, Text, parse_yaml
from exposure.model import Override, Scenario
from exposure.model.faults import fault_message, shown

LARGEST_SCENARIO = 1_000_000
"""No scenario file may be larger, in bytes."""

_LISTS = {"controls": "[CN-2025-04-RE7]", "set": "[{table: stocks, item: ..., column: cover_months, value: 6}]"}


def read_scenario(path: Path | str) -> Scenario:
    """Read a scenario file.

    Raises
    ------
    InputError
        With every fault of the file: unreadable YAML, keys that stand twice, unknown fields, values out of range.
    """
    scenario, findings = read_scenario_with_findings(path)
    errors = [finding for finding in findings if finding.severity == "error"]
    if scenario is None or errors:
        raise InputError(errors)
    return scenario


def read_scenario_with_findings(path: Path | str) -> tuple[Scenario | None, list[Finding]]:
    """Read a scenario file; None where it holds errors. A scenario without a name is called like its file."""
    path = Path(path)
    try:
        data = read_limited(path, limit=LARGEST_SCENARIO)
    except InputError as error:
        return None, list(error.findings)
    text, findings = decode(data, path.name)
    if findings:
        return None, [_as_yaml(finding) for finding in findings]
    return scenario_from_text(text, file=path.name, name=path.stem)


def _as_yaml(finding: Finding) -> Finding:
    message = finding.message.replace("a CSV file", "a scenario file (YAML)").replace("CSV UTF-8", "UTF-8")
    return Finding(message, finding.file, finding.row)


def scenario_from_text(text: str, *, file: str, name: str = "scenario") -> tuple[Scenario | None, list[Finding]]:
    """Read a scenario from YAML text; ``name`` is used where the text gives none."""
    root, findings = parse_yaml(text, file)
    if root is None or isinstance(root, Text):
        return None, findings or [Finding("empty; a scenario names at least its controls", file=file)]
    if not isinstance(root, Mapping):
        return None, [*findings, Finding("a scenario is a list of fields, each written field: value", file=file)]
    values = _fields(root, file, findings)
    values.setdefault("name", name[:200])
    scenario = _validated(values, root, file, findings)
    findings.sort(key=lambda finding: finding.row or 0)
    return (None if any(finding.severity == "error" for finding in findings) else scenario), findings


def _fields(root: Mapping, file: str, findings: list[Finding]) -> dict[str, Any]:
    """Return the values of known fields; what is not a field, or has the wrong shape, becomes a finding."""
    values: dict[str, Any] = {}
    for name, node in root.entries.items():
        line = root.lines[name]
        if name not in Scenario.model_fields:
            message = f"no such field{nearest(name, Scenario.model_fields)}"
            findings.append(Finding(message, file=file, row=line, field=name))
        elif isinstance(node, Text) and node.is_null:
            continue
        elif name in _LISTS and not isinstance(node, Sequence):
            findings.append(Finding(f"write a list: {_LISTS[name]}", file=file, row=line, field=name))
        elif name == "controls":
            values[name] = _controls(node, file, findings)
        elif name == "set":
            values[name] = _overrides(node, file, findings)
        elif isinstance(node, Text):
            values[name] = node.value
        else:
            findings.append(Finding("write one value", file=file, row=line, field=name))
    return values


def _controls(node: Node, file: str, findings: list[Finding]) -> list[str]:
    controls: dict[str, None] = {}
    for entry in node.entries if isinstance(node, Sequence) else ():
        if not isinstance(entry, Text) or entry.is_null:
            findings.append(Finding("each entry is one control's id", file=file, row=entry.line, field="controls"))
        elif entry.value in controls:
            message = "listed twice; it counts once"
            findings.append(Finding(message, file, entry.line, "controls", shown(entry.value), "notice"))
        else:
            controls[entry.value] = None
    return list(controls)


def _overrides(node: Node, file: str, findings: list[Finding]) -> list[Override]:
    overrides: list[Override] = []
    for entry in node.entries if isinstance(node, Sequence) else ():
        override = _override(entry, file, findings)
        if override is not None:
            findings += override_findings(override, file=file, row=entry.line)
            overrides.append(override)
    return overrides


def _override(entry: Node, file: str, findings: list[Finding]) -> Override | None:
    if not isinstance(entry, Mapping):
        message = f"each entry is a mapping: {_LISTS['set'][1:-1]}"
        findings.append(Finding(message, file=file, row=entry.line, field="set"))
        return None
    values: dict[str, str] = {}
    for name, node in entry.entries.items():
        if isinstance(node, Text):
            values[name] = "" if node.is_null else node.value
        else:
            findings.append(Finding("write one value", file=file, row=node.line, field=f"set, {name}"))
            return None
    missing = [name for name in Override.model_fields if name not in values]
    for name in missing:
        findings.append(Finding(f"an entry needs {name}", file=file, row=entry.line, field="set"))  # noqa: PERF401
    return None if missing else Override.model_validate(values)


def _validated(values: dict[str, Any], root: Mapping, file: str, findings: list[Finding]) -> Scenario | None:
    try:
        return Scenario.model_validate(values)
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_input=False):
            name = str(fault["loc"][0]) if fault["loc"] else ""
            value = str(values.get(name, ""))
            findings.append(
                Finding(fault_message(fault, value, Scenario), file, root.lines.get(name), name, shown(value))
            )
        return None
