"""The data package: a folder with one CSV file per noun, read into a network."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from exposure.errors import Finding, InputError, nearest
from exposure.io.files import read_limited, sha256
from exposure.io.manifest import MANIFEST, Manifest, modified_files, read_manifest
from exposure.io.table import TableRead, is_close, read_table
from exposure.model import KEYS, NEEDED, TABLES, Network, Record

_PACKAGE = Path(__file__).resolve().parents[1]


@dataclass
class Reading:
    """What a folder gave: tables, manifest, hashes, and every finding; ``network`` is None where errors stand.

    ``package`` is the name of an extension, blank for a package that stands alone; ``extensions`` those laid over it.
    """

    folder: Path
    package: str = ""
    extensions: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    tables: dict[str, TableRead] = field(default_factory=dict)
    manifest: Manifest = field(default_factory=Manifest)
    hashes: dict[str, str] = field(default_factory=dict)
    modified: tuple[str, ...] = ()
    findings: list[Finding] = field(default_factory=list)

    @property
    def has_errors(self) -> bool:
        """True if any finding is an error."""
        return any(finding.severity == "error" for finding in self.findings)

    @property
    def network(self) -> Network | None:
        """The network, if nothing is wrong."""
        return None if self.has_errors else self._network()

    @property
    def partial_network(self) -> Network | None:
        """The good rows alone, for further checks; None where a file as a whole could not be read."""
        if any(table not in self.tables for table in NEEDED):
            return None
        return self._network() if all(read.header_is_sound for read in self.tables.values()) else None

    def known_ids(self) -> frozenset[str]:
        """Ids of rows that are faulty for another reason, so that they are not called unknown as well."""
        owners = [(KEYS[name][0], read) for name, read in self.tables.items() if len(KEYS[name]) == 1]
        return frozenset(row[key] for key, read in owners for row in read.bad_rows if row.get(key))

    def _network(self) -> Network:
        records: dict[str, tuple[Record, ...]] = {name: read.records for name, read in self.tables.items()}
        fields: dict[str, Any] = {
            "name": " + ".join([self.manifest.text("name", self.folder.resolve().name), *self.extensions]),
            "baseline_year": self.manifest.text("baseline_year"),
            "hashes": self.hashes,
            "modified": self.modified,
            "built_in": self.folder.resolve() == built_in_path().resolve(),
            "extensions": self.extensions,
            "replaced": self.replaced,
        }
        return Network(**records, **fields)


def built_in_path() -> Path:
    """Return the folder of the package that the tool ships: inside an installed wheel, or ``data/`` of a checkout."""
    installed = _PACKAGE / "_data"
    return installed if installed.is_dir() else _PACKAGE.parent / "data"


def read_package(folder: Path | str) -> tuple[Network | None, list[Finding]]:
    """Read a folder with one CSV file per table; content that is wrong becomes findings, never an exception.

    Returns
    -------
    network, findings
        The network is None where any finding is an error; every finding of all files is returned at once.
    """
    reading = read_folder(folder)
    return reading.network, reading.findings


def read_folder(folder: Path | str, *, package: str = "") -> Reading:
    """Read a folder as far as it can be read.

    ``package`` names an extension: any tables may be absent, rows may say that they replace others, and each finding and
    hash carries that name before its file.
    """
    reading = Reading(Path(folder), package)
    try:
        fault = _no_folder(reading.folder)
        names = [] if fault else sorted(p.name for p in reading.folder.iterdir() if p.suffix.lower() == ".csv")
    except OSError as error:
        fault = Finding(f"the folder cannot be read ({error.strerror or error})", file=reading.folder.name[:100])
    if fault:
        reading.findings.append(fault)
        return reading
    reading.manifest, findings = read_manifest(reading.folder)
    reading.findings += findings
    reading.findings += _no_tables(names) if package else _missing_files(names)
    reading.findings += _unknown_files(names) + _vanished_files(reading.manifest, names, needed=not package)
    for table in TABLES:
        if f"{table}.csv" in names:
            _read_file(reading, table)
    reading.modified = modified_files(reading.manifest, reading.hashes)
    message = f"modified data: the content is not what {MANIFEST} says"
    reading.findings += [Finding(message, file=file, severity="notice") for file in reading.modified]
    if package:
        reading.findings = [replace(found, file=f"{package}/{found.file}") for found in reading.findings]
        reading.hashes = {f"{package}/{file}": value for file, value in reading.hashes.items()}
        reading.modified = tuple(f"{package}/{file}" for file in reading.modified)
    return reading


def _no_folder(folder: Path) -> Finding | None:
    if folder.is_dir():
        return None
    if folder.exists():
        return Finding("this is a file; the folder of a data package is needed", file=folder.name)
    return Finding(f'no such folder (tried "{folder}")', file=folder.name)


def _read_file(reading: Reading, table: str) -> None:
    try:
        data = read_limited(reading.folder / f"{table}.csv")
    except InputError as error:
        reading.findings += error.findings
        return
    reading.hashes[f"{table}.csv"] = sha256(data)
    read = read_table(table, data, package=reading.package)
    reading.tables[table] = read
    reading.findings += read.findings


def _missing_files(names: list[str]) -> list[Finding]:
    missing = [f"{table}.csv" for table in NEEDED if f"{table}.csv" not in names]
    spare = [name for name in names if name.removesuffix(".csv") not in TABLES]
    return [
        Finding(f"the file is missing{nearest(file, spare).replace('did you mean', 'is it')}", file) for file in missing
    ]


def _no_tables(names: list[str]) -> list[Finding]:
    if any(name.removesuffix(".csv") in TABLES for name in names):
        return []
    return [Finding(f"no table to lay over the data; these are read: {', '.join(f'{table}.csv' for table in TABLES)}")]


def _unknown_files(names: list[str]) -> list[Finding]:
    absent = [f"{table}.csv" for table in TABLES if f"{table}.csv" not in names]
    findings = []
    for name in names:
        if name.removesuffix(".csv") in TABLES:
            continue
        close = [file for file in absent if is_close(name.removesuffix(".csv"), file.removesuffix(".csv"))]
        if close:
            findings.append(Finding(f"no file of a data package{nearest(name, close)}", file=name))
        else:
            findings.append(Finding("no file of a data package; it was not read", file=name, severity="notice"))
    return findings


def _vanished_files(manifest: Manifest, names: list[str], *, needed: bool) -> list[Finding]:
    told = NEEDED if needed else ()  # a needed file that is absent has been told already
    return [
        Finding(f"{MANIFEST} names this file, but it is missing", file=file)
        for file in manifest.hashes
        if file.endswith(".csv") and file not in names and file.removesuffix(".csv") not in told
    ]
