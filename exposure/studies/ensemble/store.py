"""The folder of an ensemble: a manifest and one Parquet file for each chunk of draws, written whole or not at all."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from exposure.errors import Finding, InputError, OutputError
from exposure.io import sha256, write_atomically

MANIFEST = "ensemble.json"
FORMAT = 1
"""Version of the shape of the folder."""
LOCK = ".lock"

Row = Mapping[str, Any]


def parquet() -> tuple[ModuleType, ModuleType]:
    """Return pyarrow and its Parquet module.

    Raises
    ------
    InputError
        If it is not installed.
    """
    try:
        import pyarrow
        from pyarrow import parquet as files
    except ImportError as error:
        message = 'an ensemble keeps its draws in Parquet files: pip install "exposure[ensemble]"'
        raise InputError(message) from error
    return pyarrow, files


class Store:
    """One folder of draws.

    Parameters
    ----------
    folder
        Where; made if it does not exist.
    inputs
        Everything that the draws follow from, JSON-ready; draws of other inputs are never mixed in.
    columns
        Name of each column of a draw with its type: ``int``, ``float`` or ``text``.
    fresh
        Throw away what the folder holds of other inputs.

    Raises
    ------
    InputError
        If the folder holds an ensemble of other inputs, with what differs.
    """

    def __init__(
        self, folder: Path, inputs: Mapping[str, Any], columns: Mapping[str, str], *, fresh: bool = False
    ) -> None:
        self.folder, self.columns = folder, dict(columns)
        self.arrow, self.files = parquet()
        self.inputs = json.loads(json.dumps(inputs))
        self.hashes: dict[str, str] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = f'"{folder}" cannot be used as a folder ({error.strerror or error})'
            raise OutputError(message) from error
        self._take_up(fresh=fresh)

    @property
    def chunks(self) -> range:
        """Numbers of all chunks."""
        return range(-(-int(self.inputs["draws"]) // int(self.inputs["chunk"])))

    def span(self, chunk: int) -> range:
        """Draws of a chunk."""
        size = int(self.inputs["chunk"])
        return range(chunk * size, min((chunk + 1) * size, int(self.inputs["draws"])))

    @staticmethod
    def name(chunk: int) -> str:
        """File name of a chunk."""
        return f"draws-{chunk:05d}.parquet"

    def _take_up(self, *, fresh: bool) -> None:
        path = self.folder / MANIFEST
        if not path.exists():
            return None
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            hashes, inputs = dict(found["chunks"]), dict(found["inputs"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            if fresh:
                return self._clear()
            message = "is no manifest of an ensemble; give another folder, or --fresh to start anew"
            raise InputError(Finding(message, file=MANIFEST)) from error
        differing = _differences(inputs, self.inputs)
        if differing and not fresh:
            message = "holds draws of other inputs, which cannot be mixed; give another folder, or --fresh to throw them away. "
            raise InputError(Finding(message + "Changed: " + "; ".join(differing), file=MANIFEST))
        if differing or fresh:
            return self._clear()
        self.hashes = hashes
        return None

    def _clear(self) -> None:
        (self.folder / MANIFEST).unlink(missing_ok=True)
        for path in self.folder.glob("draws-*.parquet"):
            path.unlink()

    def finished(self) -> set[int]:
        """Return the chunks whose file is there and has the hash that the manifest says; half-written ones are not among them."""
        return {chunk for chunk in self.chunks if self._is_whole(self.name(chunk))}

    def _is_whole(self, name: str) -> bool:
        path = self.folder / name
        return name in self.hashes and path.is_file() and sha256(path.read_bytes()) == self.hashes[name]

    def write(self, chunk: int, rows: Sequence[Row]) -> None:
        """Write a chunk, then the manifest that names it."""
        arrow = self.arrow
        kinds = {"int": arrow.int64(), "float": arrow.float64(), "text": arrow.string()}
        schema = arrow.schema([(name, kinds[kind]) for name, kind in self.columns.items()])
        arrays = [
            arrow.array([row.get(name) for row in rows], type=field.type)
            for name, field in zip(self.columns, schema, strict=True)
        ]
        stream = io.BytesIO()
        self.files.write_table(arrow.Table.from_arrays(arrays, schema=schema), stream)
        data = stream.getvalue()
        write_atomically(self.folder / self.name(chunk), data)
        self.hashes[self.name(chunk)] = sha256(data)
        self.write_manifest()

    def write_manifest(self) -> None:
        """Write the manifest: inputs, columns and the hash of each chunk."""
        chunks = dict(sorted(self.hashes.items()))
        content = {"format": FORMAT, "inputs": self.inputs, "columns": self.columns, "chunks": chunks}
        write_atomically(self.folder / MANIFEST, json.dumps(content, indent=1, ensure_ascii=False) + "\n")

    def read(self, columns: Sequence[str]) -> dict[str, list[Any]]:
        """Return some columns of all draws, in order."""
        found: dict[str, list[Any]] = {name: [] for name in columns}
        for chunk in self.chunks:
            table = self.files.ParquetFile(self.folder / self.name(chunk)).read(columns=list(columns))
            for name in columns:
                found[name] += table.column(name).to_pylist()
        return found

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other processes from writing to the folder meanwhile; a process that dies lets go of it."""
        try:
            import fcntl
        except ImportError:  # a system without such locks
            yield
            return
        with (self.folder / LOCK).open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                message = f'another process writes draws to "{self.folder.name}"; wait for it or give another folder'
                raise OutputError(message) from error
            yield


def _differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Say which inputs differ; long ones by name alone."""
    found = []
    for key in dict.fromkeys([*before, *now]):
        old, new = before.get(key), now.get(key)
        if old != new:
            short = all(isinstance(value, (int, float, str)) and len(str(value)) < 20 for value in (old, new))
            found.append(f"{key} ({old}, now {new})" if short else key)
    return found
