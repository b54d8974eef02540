"""A network from a folder: read, checked, and refused with every fault at once."""

from __future__ import annotations

from pathlib import Path

from exposure.check import check_network
from exposure.errors import Finding, InputError
from exposure.io import Reading, built_in_path, read_folder
from exposure.model import Network


def load(path: Path | str | None = None) -> Network:
    """Return the network of a folder or of a data workbook; without a path, of the package that the tool ships.

    Raises
    ------
    InputError
        With every error of all files: what cannot be read and what cannot be true.
    """
    network, findings = load_with_findings(path)
    errors = [finding for finding in findings if finding.severity == "error"]
    if network is None or errors:
        raise InputError(errors)
    return network


def load_with_findings(path: Path | str | None = None) -> tuple[Network | None, list[Finding]]:
    """Return the network and every finding, notices included; the network is None where any finding is an error.

    Where rows cannot be read, the rows that can are checked one by one all the same, so that a second round of faults
    does not wait behind the first.
    """
    if path is not None and Path(path).suffix.lower() == ".xlsx":
        return _from_workbook(Path(path))
    return _checked(read_folder(built_in_path() if path is None else path))


def _from_workbook(path: Path) -> tuple[Network | None, list[Finding]]:
    """Read a data workbook; what is wrong stands at its cells."""
    from exposure.io.workbook import at_cell, read_data_package

    network, findings = _checked(read_data_package(path))
    return network, [finding if finding.cell else at_cell(path, finding) for finding in findings]


def _checked(reading: Reading) -> tuple[Network | None, list[Finding]]:
    network = reading.network
    if network is not None:
        findings = reading.findings + check_network(network)
        return (None if any(finding.severity == "error" for finding in findings) else network), findings
    partial = reading.partial_network
    if partial is None:
        return None, reading.findings
    known = reading.known_ids()
    further = [finding for finding in check_network(partial, partial=True) if _is_own_fault(finding, known)]
    return None, reading.findings + further


def _is_own_fault(finding: Finding, known: frozenset[str]) -> bool:
    """Return False for an id that only seems unknown because its own row could not be read."""
    return finding.value.removeprefix("!") not in known
