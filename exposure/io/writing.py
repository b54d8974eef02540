"""A network back into a folder: the same files, byte for byte, whenever the same network is written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from exposure.errors import InputError, OutputError
from exposure.io.columns import columns
from exposure.io.files import write_atomically
from exposure.io.manifest import MANIFEST, Manifest, manifest_text, read_manifest
from exposure.model import NEEDED, TABLES, Network, Record

_NEEDS_QUOTES = re.compile(r'[",\r\n]')


def write_package(net: Network, folder: Path | str) -> None:
    """Write a network as a data package: one CSV file per table, then ``datapackage.json``.

    Each file is written whole or not at all, the manifest last: a folder whose writing was cut short reads as modified
    data. Texts are written as they are, also those that begin with ``=``: a CSV file is data, not a sheet of formulas.
    A manifest that is there keeps its title, licence and other keys.

    Raises
    ------
    OutputError
        If the folder or a file cannot be written.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        manifest, findings = read_manifest(folder)
    except OSError as error:
        message = f'"{folder}" cannot be used as a folder ({error.strerror or error})'
        raise OutputError(message) from error
    if findings:
        raise OutputError(str(InputError(findings)))
    contents = {f"{table}.csv": table_text(table, getattr(net, table)).encode() for table in _written(net, folder)}
    for file, content in contents.items():
        write_atomically(folder / file, content)
    write_atomically(folder / MANIFEST, _manifest(net, manifest, contents))


def _written(net: Network, folder: Path) -> tuple[str, ...]:
    """Tables to write: needed, with rows, or standing in the folder already (else old rows would stay)."""
    return tuple(
        table for table in TABLES if table in NEEDED or getattr(net, table) or (folder / f"{table}.csv").exists()
    )


def _manifest(net: Network, manifest: Manifest, contents: dict[str, bytes]) -> str:
    stated = {"name": net.name, "baseline_year": net.baseline_year}
    return manifest_text({**manifest.keys, **stated}, contents, name=net.name)


def table_text(table: str, rows: Iterable[Record]) -> str:
    """Return the CSV text of one table, header first, lines ended by a line feed."""
    specs = columns(table)
    lines = [",".join(column.name for column in specs)]
    lines += [",".join(quoted(cell_text(getattr(row, column.field))) for column in specs) for row in rows]
    return "\n".join(lines) + "\n"


def cell_text(value: object) -> str:
    """Return a value as the text of its cell: numbers in their shortest exact form, blank for None, yes or no."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
    return str(value)


def quoted(text: str) -> str:
    """Return a cell of a CSV file, in quotation marks where it needs them."""
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text
