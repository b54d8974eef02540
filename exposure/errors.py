"""What can go wrong, drawn at the top.

::

    ExposureError                 base of all; ``exit_code`` is what the command line returns
    ├── InputError         3      one or many findings in files, scenario or options
    ├── SolverError        4      the solver stopped without an optimum; never a table of numbers
    ├── CheckFailed        5      a check that the user asked for did not hold
    └── OutputError        3      a result could not be written where it was asked for

The library raises these and never prints. A `Finding` is one fault with its place and its cure.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "notice"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of an input: where it is, what stands there, what is allowed.

    Parameters
    ----------
    message
        What is wrong and how to mend it, one sentence.
    file, row, field, value
        The place: file name, row as a spreadsheet counts it (header is row 1), column name and the text found there.
    severity
        ``error`` stops a run; ``notice`` is told and survives.
    cell
        In a workbook the sheet and cell instead of row and field, such as ``Scenario!B7``.
    """

    message: str
    file: str = ""
    row: int | None = None
    field: str = ""
    value: str = ""
    severity: Severity = "error"
    cell: str = ""

    def __str__(self) -> str:
        if self.cell:
            quoted = f'"{self.value}" ' if self.value != "" else ""
            return f"{self.file} > {self.cell}: {quoted}{self.message}"
        place = self.file
        if self.row is not None:
            place += f" row {self.row}"
        if self.field:
            place += f", {self.field}" if place else self.field
        shown = f' "{self.value}":' if self.value != "" else ":"
        head = f"{place}{shown} " if place else ""
        return f"{head}{self.message}"


class ExposureError(Exception):
    """Base of every error that the library raises on purpose."""

    exit_code = 1


class InputError(ExposureError):
    """Input that cannot be used; carries every finding of the input at once."""

    exit_code = 3

    def __init__(self, findings: Iterable[Finding] | Finding | str) -> None:
        if isinstance(findings, str):
            findings = Finding(findings)
        if isinstance(findings, Finding):
            findings = (findings,)
        self.findings: tuple[Finding, ...] = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


class SolverError(ExposureError):
    """The solver ended with a status other than optimal."""

    exit_code = 4


class CheckFailed(ExposureError):
    """A check that was asked for did not hold."""

    exit_code = 5


class OutputError(ExposureError):
    """A result could not be written where it was asked for."""

    exit_code = 3


def nearest(name: str, valid: Iterable[str]) -> str:
    """Return ``'; did you mean "x"?'`` for the closest valid name, or an empty string."""
    names = list(valid)
    lowered = {n.lower().replace(" ", "_").replace("-", "_"): n for n in names}
    key = name.lower().strip().replace(" ", "_").replace("-", "_")
    match: Sequence[str] = [lowered[key]] if key in lowered else difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    return f'; did you mean "{match[0]}"?' if match else ""


def counted(number: int, noun: str) -> str:
    """Return a number and what is counted, as one or many.

    >>> counted(1, "notice"), counted(0, "error")
    ('1 notice', '0 errors')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
