"""A network from a folder: read, checked, and refused with every fault at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from exposure.check import check_network
from exposure.errors import Finding, InputError
from exposure.io import Reading, built_in_path, laid_over, read_folder
from exposure.model import Network

PathLike = Path | str


def load(path: PathLike | None = None, *, extend: PathLike | Iterable[PathLike] = ()) -> Network:
    """Return the network of a folder or of a data workbook; without a path, of the package that the tool ships.

    Parameters
    ----------
    path
        A data package: a folder with one CSV file per table, or one workbook.
    extend
        One or several folders or data workbooks with only the tables that you have, laid over the package in order. A row
        with a new key is added; one whose key stands there already takes its place if it has ``yes`` in a column
        ``replaces``, and is refused if not.

    Raises
    ------
    InputError
        With every error of all files: what cannot be read and what cannot be true.
    """
    network, findings = load_with_findings(path, extend=extend)
    errors = [finding for finding in findings if finding.severity == "error"]
    if network is None or errors:
        raise InputError(errors)
    return network


def load_with_findings(
    path: PathLike | None = None, *, extend: PathLike | Iterable[PathLike] = ()
) -> tuple[Network | None, list[Finding]]:
    """Return the network and every finding, notices included; the network is None where any finding is an error.

    Where rows cannot be read, the rows that can are checked one by one all the same, so that a second round of faults
    does not wait behind the first.
    """
    base = built_in_path() if path is None else Path(path)
    over = _named([Path(extend)] if isinstance(extend, str | Path) else [Path(one) for one in extend])
    reading = laid_over(_read(base, ""), [_read(one, name) for name, one in over.items()])
    network, findings = _checked(reading)
    books = {name: one for name, one in {"": base, **over}.items() if _is_workbook(one)}
    return network, [_located(finding, books) for finding in findings]


def _named(paths: Iterable[Path]) -> dict[str, Path]:
    """Return extensions by the name that findings and hashes show: that of the folder or file, numbered if it repeats."""
    named: dict[str, Path] = {}
    for path in paths:
        name = own = path.name or path.resolve().name
        while name in named:
            name = f"{own} ({len(named) + 1})"
        named[name] = path
    return named


def _is_workbook(path: Path) -> bool:
    return path.suffix.lower() == ".xlsx"


def _read(path: Path, package: str) -> Reading:
    """Read a folder or a data workbook as far as it can be read."""
    if not _is_workbook(path):
        return read_folder(path, package=package)
    from exposure.io.workbook import read_data_package

    return read_data_package(path, package=package)


def _located(finding: Finding, books: Mapping[str, Path]) -> Finding:
    """Return a finding at its cell, where its file is a sheet of a workbook."""
    package = finding.file.rpartition("/")[0]
    if finding.cell or package not in books or not finding.file.endswith(".csv"):
        return finding
    from exposure.io.workbook import at_cell

    return at_cell(books[package], finding)


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
