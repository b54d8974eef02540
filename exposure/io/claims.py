"""The founding documents' claims and the register of controls, as the tool ships them in ``seeds/``."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from exposure.errors import Finding, InputError
from exposure.io.files import read_limited
from exposure.io.text import decode, parse
from exposure.model import Claim, Record, RegisteredControl
from exposure.model.faults import fault_message, shown

_PACKAGE = Path(__file__).resolve().parents[1]
_Row = TypeVar("_Row", bound=Record)


def seeds_path() -> Path:
    """Return the folder of the claims: inside an installed wheel, or ``seeds/`` of a checkout."""
    installed = _PACKAGE / "_seeds"
    return installed if installed.is_dir() else _PACKAGE.parent / "seeds"


def read_claims(folder: Path | None = None) -> tuple[Claim, ...]:
    """Return the claims of the founding documents, in the order of the documents.

    Raises
    ------
    InputError
        With every faulty cell of the file.
    """
    return _read((folder or seeds_path()) / "claims.csv", Claim)


def read_register(folder: Path | None = None) -> tuple[RegisteredControl, ...]:
    """Return the register of controls with what became of each entry.

    Raises
    ------
    InputError
        With every faulty cell of the file.
    """
    return _read((folder or seeds_path()) / "controls_register.csv", RegisteredControl)


def _read(path: Path, record: type[_Row]) -> tuple[_Row, ...]:
    text, findings = decode(read_limited(path), path.name)
    sheet, more = parse(text, path.name)
    findings += more
    rows: list[_Row] = []
    for line, cells in sheet.rows:
        filled = {name: cell.strip() for name, cell in zip(sheet.header, cells, strict=False) if cell.strip()}
        try:
            rows.append(record.model_validate({**filled, "line": line}))
        except ValidationError as error:
            findings += [_fault(path.name, line, fault, filled, record) for fault in error.errors(include_url=False)]
    if findings:
        raise InputError(findings)
    return tuple(rows)


def _fault(file: str, line: int, fault: object, filled: dict[str, str], record: type[Record]) -> Finding:
    known = dict(fault)  # type: ignore[call-overload]
    column = str(known["loc"][0]) if known["loc"] else ""
    cell = filled.get(column, "")
    return Finding(fault_message(known, cell, record), file, line, column, shown(cell))
