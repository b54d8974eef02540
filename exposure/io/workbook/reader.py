"""A scenario workbook back into a scenario, with every fault at its cell."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter, range_boundaries
from pydantic import ValidationError

from exposure.errors import Finding, InputError, Severity, nearest
from exposure.io.overrides import override_findings, parse_override
from exposure.io.workbook import spec
from exposure.io.workbook.figures import Figure, figures
from exposure.io.workbook.grid import Grid, bad_cell, read_grids
from exposure.io.writing import cell_text
from exposure.model import Network, Override, Scenario
from exposure.model.faults import fault_message, number_hint, shown

TOTALS = ("total", "totals", "sum", "subtotal", "grand total")
_MONTH_NAMES = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
                "november", "december")  # fmt: skip


@dataclass
class ScenarioWorkbook:
    """What a workbook gave: the scenario (None where errors stand), findings, and the cell of each change."""

    scenario: Scenario | None = None
    findings: list[Finding] = field(default_factory=list)
    cells: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def at_cell(self, finding: Finding, file: str) -> Finding:
        """Return what was found in the data after the changes, at the cell of the change that brought it."""
        cell = self.cells.get((finding.file.removesuffix(".csv"), finding.field, finding.value), "")
        return replace(finding, file=file, cell=cell)

    @property
    def errors(self) -> list[Finding]:
        """Findings that stop a run."""
        return [finding for finding in self.findings if finding.severity == "error"]


def read_scenario_workbook(path: Path | str, net: Network) -> Scenario:
    """Read the scenario of a workbook.

    Raises
    ------
    InputError
        With every fault of the workbook, each with sheet and cell.
    """
    read = read_workbook_with_findings(path, net)
    if read.scenario is None:
        raise InputError(read.errors)
    return read.scenario


def read_workbook_with_findings(path: Path | str, net: Network) -> ScenarioWorkbook:
    """Read a workbook; content that is wrong becomes findings, never an exception."""
    path = Path(path)
    try:
        grids = read_grids(path, needs="a workbook from exposure template")
    except InputError as error:
        return ScenarioWorkbook(findings=list(error.findings))
    wrong = _wrong_workbook(grids)
    if wrong:
        return ScenarioWorkbook(findings=[Finding(wrong, file=path.name)])
    return _Reader(path, grids, net).read()


def _wrong_workbook(grids: dict[str, Grid]) -> str:
    advice = "write a new one with: exposure template OUT.xlsx"
    hidden = grids.get(spec.HIDDEN)
    schema, version = (hidden.text(1, 2), hidden.text(2, 2)) if hidden else ("", "")
    if schema == spec.DATA_SCHEMA:
        return "a data workbook, not a scenario; give it to --data or to exposure data import"
    if schema != spec.SCHEMA:
        return f"not a scenario workbook; {advice}"
    if version != str(spec.VERSION):
        age = "older" if version.isdigit() and int(version) < spec.VERSION else "other"
        return f"made by an {age} version (sheets {version or '?'}, this tool reads {spec.VERSION}); {advice}"
    missing = [name for name in (spec.SCENARIO, spec.CONTROLS, spec.FIGURES, spec.CHANGES) if name not in grids]
    if missing:
        return f"the sheet {missing[0]} is missing{nearest(missing[0], grids)}; sheets keep their names"
    return ""


@dataclass
class _Reader:
    path: Path
    grids: dict[str, Grid]
    net: Network
    out: ScenarioWorkbook = field(default_factory=ScenarioWorkbook)
    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    changes: list[Override] = field(default_factory=list)

    def read(self) -> ScenarioWorkbook:
        parts: tuple[tuple[str, Sequence[str], Callable[[Grid, dict[str, int], int], None]], ...] = (
            (spec.SCENARIO, spec.FIELD_HEADERS[:2], self._field),
            (spec.CONTROLS, spec.CONTROL_HEADERS[:2], self._control),
            (spec.FIGURES, ("Your value", "Figure (address)"), self._figure),
            (spec.CHANGES, spec.CHANGE_HEADERS, self._change),
        )
        self.figures: dict[str, Figure] = {figure.address: figure for figure in figures(self.net)}
        self.controls: dict[str, str] = {}
        self.seen: dict[str, str] = {}
        for name, headers, line in parts:
            grid = self.grids[name]
            places = self._headers(grid, headers)
            if places:
                for row in self._rows(grid, places):
                    line(grid, places, row)
        self._finish()
        return self.out

    def tell(self, grid: Grid, row: int, column: int, message: str, severity: Severity = "error") -> None:
        value = shown(grid.text(row, column))
        self.out.findings.append(Finding(message, self.path.name, row, "", value, severity, grid.address(row, column)))

    def _headers(self, grid: Grid, needed: Sequence[str]) -> dict[str, int]:
        """Return the column of each header, wherever it was moved to; empty where one is missing."""
        row = next(
            (r for r in range(1, 30) if any(grid.text(r, c) == needed[0] for c in range(1, 40))), spec.HEADER_ROW
        )
        found: dict[str, int] = {}
        for column in range(1, 60):
            text = grid.text(row, column)
            if text in found and text in needed:
                self.tell(
                    grid,
                    row,
                    column,
                    f"a second column of this name (the first is {get_column_letter(found[text])}); keep one",
                )
            elif text:
                found[text] = column
        missing = [name for name in needed if name not in found]
        for name in missing:
            self.tell(
                grid, row, 1, f'the column "{name}" is missing{nearest(name, [t for t in found if t not in needed])}'
            )
        self.first = row + 1
        self._hidden_and_merged(grid, found, needed)
        return {} if missing else found

    def _hidden_and_merged(self, grid: Grid, found: dict[str, int], needed: Sequence[str]) -> None:
        for reference in grid.merged:
            column, row, _, last = range_boundaries(reference)
            if last is not None and last >= self.first and row is not None and column is not None:
                self.tell(
                    grid, row, column, f"cells {reference} are merged; unmerge them, so that each row has its own value"
                )
        hidden = [name for name in needed if found.get(name) in grid.hidden_columns]
        if grid.hidden or hidden:
            what = "the sheet is hidden" if grid.hidden else f"the column {hidden[0]} is hidden"
            self.tell(grid, self.first - 1, 1, f"{what}; it was read all the same", "notice")

    def _rows(self, grid: Grid, places: dict[str, int]) -> Iterator[int]:
        for row in range(self.first, grid.last_row + 1):
            texts = [(column, grid.text(row, column)) for column in places.values()]
            total = next((column for column, text in texts if text.lower().rstrip(":") in TOTALS), None)
            if total is not None:
                self.tell(grid, row, total, "looks like a totals row; delete it")
                continue
            bad = [(c, grid.cells[row, c]) for c in places.values() if (row, c) in grid.cells]
            faults = [(column, message) for column, cell in bad if (message := bad_cell(cell))]
            for column, message in faults:
                self.tell(grid, row, column, message)
            if not faults:
                yield row

    def _field(self, grid: Grid, places: dict[str, int], row: int) -> None:
        name, column = grid.text(row, places["Field"]), places["Your value"]
        if not name and not grid.text(row, column):
            return
        if name not in spec.FIELDS:
            message = (
                f"is no field of a scenario{nearest(name, spec.FIELDS)}"
                if name
                else "the field's name is missing in this row"
            )
            self.tell(grid, row, places["Field"], message)
        elif name in self.places:
            self.tell(grid, row, places["Field"], "stands twice; keep one row")
        elif text := grid.text(row, column):
            self.places[name] = (row, column)
            cell = grid.cells[row, column]
            self.values[name] = text[:7] if name == "start" and (cell.kind == "date" or _is_first_day(text)) else text
            self._note_hidden(grid, row)

    def _control(self, grid: Grid, places: dict[str, int], row: int) -> None:
        use, column = grid.text(row, places["Use"]), places["Control"]
        name = grid.text(row, column)
        if use == "" or use.lower() in ("no", "n"):
            return
        if use.lower() not in ("yes", "y", "x"):
            self.tell(grid, row, places["Use"], f"is neither yes nor empty{nearest(use, ['yes', 'no'])}")
        elif not name:
            self.tell(grid, row, column, "half-filled row: name the control, or clear the row")
        elif name not in self.net.control:
            self.tell(grid, row, column, f"no such control{nearest(name, self.net.control)}")
        elif name in self.controls:
            self.tell(grid, row, column, f"also in {self.controls[name]}; it counts once", "notice")
        else:
            self.controls[name] = grid.address(row, column)
            self._note_hidden(grid, row)

    def _figure(self, grid: Grid, places: dict[str, int], row: int) -> None:
        value, column, key = (
            places["Your value"],
            places["Figure (address)"],
            grid.text(row, places["Figure (address)"]),
        )
        text = grid.text(row, value)
        if not text:
            return
        if not key:
            self.tell(grid, row, column, "half-filled row: your value stands here without the address of its figure")
            return
        if key in self.seen:
            self.tell(grid, row, column, f"stands twice (also in {self.seen[key]}); keep one row")
            return
        self.seen[key] = grid.address(row, value)
        if text.lower() != spec.BLANK and not _is_number(text):
            self.tell(grid, row, value, f"must be a plain number{number_hint(text)}")
            return
        figure = self.figures.get(key)
        if figure is None:
            try:
                change = parse_override(f"{key}={text}")
            except InputError as error:
                hint = nearest(key, self.figures) or f"; {error.findings[0].message}"
                self.tell(grid, row, column, f"no such figure{hint}")
                return
        else:
            change = figure.override("" if text.lower() == spec.BLANK else text)
            self._base_moved(grid, places, row, figure)
        is_taken = self._add(grid, row, value if figure else column, change)
        if is_taken and figure is not None and figure.is_outside(text):
            span = f"{cell_text(figure.low) or '-'} to {cell_text(figure.high) or '-'}"
            message = f"lies outside the range of the evidence ({span}); it counts all the same"
            self.tell(grid, row, value, message, "notice")

    def _base_moved(self, grid: Grid, places: dict[str, int], row: int, figure: Figure) -> None:
        column = places.get("Base value")
        if column and (base := grid.text(row, column)) != figure.base:
            self.tell(grid, row, column, f"the base value of the data is {figure.base} by now (here {base})", "notice")

    def _change(self, grid: Grid, places: dict[str, int], row: int) -> None:
        cells = {name: grid.text(row, places[name]) for name in spec.CHANGE_HEADERS}
        if not any(cells.values()):
            return
        lacking = [name for name in ("table", "column", "Your value") if not cells[name]]
        for name in lacking:
            self.tell(grid, row, places[name], f"half-filled row: {name} is needed, or clear the row")
        where = {name: "" if cells[name] == spec.BLANK else cells[name] for name in spec.KEY_FIELDS if cells[name]}
        for part in filter(None, (part.strip() for part in cells["more fields"].split(","))):
            name, equals, text = part.partition("=")
            if not equals or name.strip() in ("table", "column", "value"):
                self.tell(grid, row, places["more fields"], "write fields as name=value, separated by commas")
                return
            where[name.strip()] = text.strip()
        if lacking:
            return
        value = cells["Your value"]
        change = Override(
            table=cells["table"], column=cells["column"], value="" if value.lower() == spec.BLANK else value, **where
        )
        faults = override_findings(change, file=self.path.name)
        for fault in faults:
            self.tell(grid, row, places.get(fault.field, places["more fields"]), fault.message)
        if not faults:
            self._add(grid, row, places["Your value"], change)

    def _add(self, grid: Grid, row: int, column: int, change: Override) -> bool:
        """Keep a change if the data takes it, and say so; a fault stands at the cell of the value."""
        try:
            self.net.with_values([change])
        except InputError as error:
            self.tell(grid, row, column, error.findings[0].message)
            return False
        self.changes.append(change)
        self.out.cells[change.table, change.column, str(change.value)] = grid.address(row, column)
        self._note_hidden(grid, row)
        return True

    def _note_hidden(self, grid: Grid, row: int) -> None:
        if row in grid.hidden_rows:
            self.tell(grid, row, 1, "the row is hidden or filtered away; it was read all the same", "notice")

    def _finish(self) -> None:
        fields = {"name": self.path.stem[:200]} | self.values
        order = [row.control for row in self.net.controls if row.control in self.controls]
        try:
            scenario = Scenario.model_validate({**fields, "controls": tuple(order), "set": tuple(self.changes)})
        except ValidationError as error:
            for fault in error.errors(include_url=False, include_input=False):
                name = str(fault["loc"][0]) if fault["loc"] else ""
                row, column = self.places.get(name, (spec.HEADER_ROW, 2))
                text = str(fields.get(name, ""))
                message = _month_message(text) if name == "start" else fault_message(fault, text, Scenario)
                self.tell(self.grids[spec.SCENARIO], row, column, message)
            return
        self.out.scenario = None if self.out.errors else scenario


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _is_first_day(text: str) -> bool:
    return re.fullmatch(r"\d{4}-\d{2}-01", text) is not None


def _month_message(text: str) -> str:
    """Say that text is no month, and which one was probably meant."""
    head = "is not a month; write "
    if re.fullmatch(r"\d{5}", text):
        return f"is a day number, not a month; give the cell a date format, or write {_serial_month(int(text))}"
    if named := re.fullmatch(r"([A-Za-z]{3,9})\.?[ -]*(\d{4})", text):
        full = [name for name in _MONTH_NAMES if name.startswith(named[1].lower())]
        close = full if len(full) == 1 else difflib.get_close_matches(named[1].lower(), _MONTH_NAMES, n=1)
        if close:
            return f"{head}{named[2]}-{_MONTH_NAMES.index(close[0]) + 1:02d}"
    if (year_first := re.fullmatch(r"(\d{4})[./ -]?(\d{1,2})", text)) and 1 <= int(year_first[2]) <= 12:
        return f"{head}{year_first[1]}-{int(year_first[2]):02d}"
    if (month_first := re.fullmatch(r"(\d{1,2})[./-](\d{4})", text)) and 1 <= int(month_first[1]) <= 12:
        return f"{head}{month_first[2]}-{int(month_first[1]):02d}"
    return f"{head}it as 2026-11"


def _serial_month(serial: int) -> str:
    from openpyxl.utils.datetime import from_excel

    return str(from_excel(serial).date())[:7]
