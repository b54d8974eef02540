"""``datapackage.json``: name, baseline year and licence of a data package, and schema and hash of each file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from exposure.errors import Finding, InputError
from exposure.io.columns import Column, columns
from exposure.io.files import read_limited, sha256, write_atomically
from exposure.model import KEYS, TABLES

MANIFEST = "datapackage.json"
"""File name of the manifest."""

FORMAT = 1
"""Version of the shape of a data package; a package with a higher one is refused."""

_LARGEST = 5_000_000
_NOT_STATED = "not stated"


@dataclass(frozen=True)
class Manifest:
    """What ``datapackage.json`` says: its keys as written, and the hash of each file that it names."""

    keys: Mapping[str, Any] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)

    def text(self, key: str, default: str = "") -> str:
        """Return a key as text."""
        value = self.keys.get(key)
        return default if value is None else str(value)


def read_manifest(folder: Path) -> tuple[Manifest, list[Finding]]:
    """Read the manifest of a folder; a folder without one gives an empty manifest."""
    path = folder / MANIFEST
    if not path.exists():
        return Manifest(), []
    try:
        keys = json.loads(read_limited(path, limit=_LARGEST))
    except InputError as error:
        return Manifest(), list(error.findings)
    except (ValueError, RecursionError) as error:
        return Manifest(), [Finding(f"not JSON ({error})", file=MANIFEST)]
    if not isinstance(keys, dict):
        return Manifest(), [Finding("must hold one JSON object", file=MANIFEST)]
    return Manifest(keys, _hashes(keys)), _format_findings(keys)


def _hashes(keys: Mapping[str, Any]) -> dict[str, str]:
    resources = keys.get("resources")
    hashes: dict[str, str] = {}
    for resource in resources if isinstance(resources, list) else ():
        if isinstance(resource, dict) and isinstance(resource.get("hash"), str):
            hashes[str(resource.get("path", ""))] = resource["hash"].removeprefix("sha256:")
    return hashes


def _format_findings(keys: Mapping[str, Any]) -> list[Finding]:
    version = keys.get("format", FORMAT)
    if isinstance(version, int) and version <= FORMAT:
        return []
    message = f"made for a newer version of the tool; this one reads packages up to format {FORMAT}"
    return [Finding(message, file=MANIFEST, field="format", value=str(version))]


def modified_files(manifest: Manifest, hashes: Mapping[str, str]) -> tuple[str, ...]:
    """Return the files whose content is not what the manifest says, in the manifest's order."""
    return tuple(file for file, stated in manifest.hashes.items() if file in hashes and hashes[file] != stated)


def refresh_manifest(folder: Path | str) -> None:
    """Write the manifest of a folder anew: schema from the records, hashes from the files, all other keys as they are.

    Raises
    ------
    InputError
        If the present manifest or a file cannot be read.
    OutputError
        If it cannot be written.
    """
    folder = Path(folder)
    manifest, findings = read_manifest(folder)
    if findings:
        raise InputError(findings)
    files = {f"{table}.csv": folder / f"{table}.csv" for table in TABLES}
    contents = {file: read_limited(path) for file, path in files.items() if path.exists()}
    write_atomically(folder / MANIFEST, manifest_text(manifest.keys, contents, name=folder.resolve().name))


def manifest_text(keys: Mapping[str, Any], contents: Mapping[str, bytes], *, name: str, baseline_year: str = "") -> str:
    """Return the text of a manifest: the keys given, completed, and one resource per file content."""
    written = {
        "name": name,
        "title": name,
        "baseline_year": baseline_year,
        "licence": _NOT_STATED,
        **{key: value for key, value in keys.items() if key not in ("format", "encoding", "resources")},
        "format": FORMAT,
        "encoding": "utf-8",
        "resources": [_resource(table, contents[f"{table}.csv"]) for table in TABLES if f"{table}.csv" in contents],
    }
    return json.dumps(written, indent=2, ensure_ascii=False) + "\n"


def _resource(table: str, content: bytes) -> dict[str, Any]:
    return {
        "name": table,
        "path": f"{table}.csv",
        "description": (TABLES[table].__doc__ or "").strip().splitlines()[0],
        "hash": f"sha256:{sha256(content)}",
        "bytes": len(content),
        "schema": {"fields": [_field(column) for column in columns(table)], "primaryKey": list(KEYS[table])},
    }


def _field(column: Column) -> dict[str, Any]:
    described: dict[str, Any] = {"name": column.name, "type": column.type}
    if column.unit:
        described["unit"] = column.unit
    described["description"] = column.description
    if column.type == "boolean":
        described |= {"trueValues": ["yes", ""], "falseValues": ["no"]}
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if column.choices:
        constraints["enum"] = list(column.choices)
    if constraints:
        described["constraints"] = constraints
    return described
