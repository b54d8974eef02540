"""A scenario workbook from a scenario and a network: instructions, drop-downs, base values, ranges, units, own values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl.formatting.rule import Rule
from openpyxl.styles import PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from exposure.io.columns import columns
from exposure.io.files import write_atomically
from exposure.io.workbook import spec
from exposure.io.workbook.bytes import fixed_bytes, put
from exposure.io.workbook.figures import address_of, figures
from exposure.io.workbook.looks import Looks
from exposure.io.writing import cell_text
from exposure.model import TABLES, Network, Override, Scenario

INSTRUCTIONS: tuple[tuple[str, str], ...] = (
    ("What this is", "One what-if for the supply-chain exposure calculator. Yellow cells are yours."),
    ("1", "Sheet Scenario: give it a name, a first month and a number of months."),
    ("2", "Sheet Controls: write yes beside each control that shall hold. The drop-down offers yes; an empty cell is no."),
    ("3", "Sheet Figures: to change one number, find its line (filter the column What, or Ctrl+F) and write your number in "
          "the column Your value. Base value, range and unit stand beside it. Empty keeps the base value. A value outside "
          "the range is allowed and turns amber."),
    ("4", "Sheet Other changes: any other number of the data. Pick table and column, then fields that pick its rows; all rows "
          "that fit are changed. Write blank to empty a cell."),
    ("5", "Save, then in a terminal: exposure check my.xlsx lists every fault with its cell (and marks them in a copy); "
          "exposure run my.xlsx gives the answer."),
    ("Months", "Write 2026-11, or a date that your program shows as a date. A bare day number such as 46327 is refused."),
    ("Numbers", "Plain numbers with the decimal sign of your program; a share of 12 % is 0.12. No units, no words."),
    ("Formulas", "Allowed; their last calculated value counts, so save in a spreadsheet program before the run."),
    ("Hidden", "Rows, columns and sheets that are hidden or filtered away are read like all others, and a notice says so."),
    ("Do not", "Merge cells, add a totals row, or rename sheets and headers. Rows may be sorted, moved, deleted."),
)  # fmt: skip


def write_template(path: Path | str, net: Network, scenario: Scenario) -> None:
    """Write the workbook of a scenario, whole or not at all.

    Raises
    ------
    OutputError
        If it cannot be written there.
    """
    write_atomically(Path(path), template_bytes(net, scenario))


def template_bytes(net: Network, scenario: Scenario) -> bytes:
    """Return the workbook of a scenario; the same scenario and network give the same bytes."""
    book = Workbook()
    looks = Looks()
    listed, other = _split(net, scenario.set)
    _start(book.worksheets[0], looks, net)
    _fields(book.create_sheet(spec.SCENARIO), looks, scenario)
    _controls(book.create_sheet(spec.CONTROLS), looks, net, scenario)
    _figures(book.create_sheet(spec.FIGURES), looks, net, listed)
    _changes(book.create_sheet(spec.CHANGES), looks, other)
    _lists(book, net)
    hidden = book.create_sheet(spec.HIDDEN)
    hidden.sheet_state = "veryHidden"
    for row, (name, value) in enumerate(
        (("schema", spec.SCHEMA), ("version", spec.VERSION), ("data", net.name)), start=1
    ):
        hidden.cell(row, 1, name)
        put(hidden.cell(row, 2), str(value))
    return fixed_bytes(book)


def _split(net: Network, changes: Iterable[Override]) -> tuple[dict[str, str], list[Override]]:
    """Return changes that have a line among the figures, and all others; where order matters, the order is kept."""
    known = {figure.address for figure in figures(net)}
    listed: dict[str, str] = {}
    other: list[Override] = []
    for change in changes:
        address = address_of(change)
        if address in known and not any(past.table == change.table for past in other):
            listed[address] = cell_text(change.value)
        else:
            other.append(change)
    return listed, other


def _start(sheet: Worksheet, looks: Looks, net: Network) -> None:
    sheet.title = spec.START
    looks.head(sheet, "Scenario workbook", (f"Data: {net.name}. Five steps from here to an answer.", "", ""), (14, 110))
    for row, (name, text) in enumerate(INSTRUCTIONS, start=spec.HEADER_ROW):
        looks.text(sheet.cell(row, 1), name, bold=True)
        looks.text(sheet.cell(row, 2), text, wrap=True)
        sheet.row_dimensions[row].height = 16.0 * (1 + len(text) // 112)


def _fields(sheet: Worksheet, looks: Looks, scenario: Scenario) -> None:
    advice = (
        "Which months are run, and how much is known of what comes.",
        "Fill the yellow cells; an empty one takes the default.",
        "",
    )
    looks.head(sheet, "Scenario", advice, (14, 60, 14, 34, 12, 62), spec.FIELD_HEADERS)
    for row, field in enumerate(spec.field_rows(), start=spec.HEADER_ROW + 1):
        for column, text in zip(
            (1, 3, 4, 5, 6), (field.name, field.default, field.unit, field.range, field.meaning), strict=True
        ):
            looks.text(sheet.cell(row, column), text, wrap=column == 6)
        looks.own(sheet.cell(row, 2), cell_text(getattr(scenario, field.name)), wrap=field.name == "title")
        if field.name == "title":
            sheet.row_dimensions[row].height = 16.0 * (1 + len(scenario.title) // 54)
        if field.name == "foresight":
            _offer(sheet, "foresights", f"B{row}")
        elif field.range:
            low, high = field.range.split(" to ")
            check = DataValidation(type="whole", operator="between", formula1=low, formula2=high, allow_blank=True)
            check.showErrorMessage, check.error = True, f"A whole number from {low} to {high}"
            sheet.add_data_validation(check)
            check.add(f"B{row}")


def _controls(sheet: Worksheet, looks: Looks, net: Network, scenario: Scenario) -> None:
    advice = (
        "Every control of the data. Write yes beside those that shall hold.",
        "A control is known from its announcement.",
        "",
    )
    looks.head(sheet, "Controls", advice, (7, 26, 88, 12, 14, 13, 13, 13), spec.CONTROL_HEADERS, frozen="C")
    order = {name: k for k, name in enumerate(scenario.controls)}
    unknown = [name for name in scenario.controls if name not in net.control]
    for row, control in enumerate(net.controls, start=spec.HEADER_ROW + 1):
        looks.own(sheet.cell(row, 1), "yes" if control.control in order else "", centre=True)
        values = (
            control.control,
            control.title,
            control.imposer,
            control.status,
            control.announced,
            control.effective,
            control.ends,
        )
        for column, value in enumerate(values, start=2):
            looks.text(sheet.cell(row, column), cell_text(value))
    end = spec.HEADER_ROW + len(net.controls)
    for row, name in enumerate(unknown, start=end + 1):
        looks.own(sheet.cell(row, 1), "yes", centre=True)
        looks.text(sheet.cell(row, 2), name)
    end += len(unknown)
    _offer(sheet, "yes", f"A{spec.HEADER_ROW + 1}:A{end + 20}")
    _offer(sheet, "controls", f"B{spec.HEADER_ROW + 1}:B{end + 20}")
    sheet.auto_filter.ref = f"A{spec.HEADER_ROW}:H{end}"


def _figures(sheet: Worksheet, looks: Looks, net: Network, listed: dict[str, str]) -> None:
    advice = ("The numbers that are changed most. Filter the column What; write your number in Your value. Empty keeps the base.",
              "Low and high are the range of the evidence. A value outside it is allowed and turns amber.", "")  # fmt: skip
    looks.head(sheet, "Figures", advice, (104, 14, 12, 12, 24, 14, 78, 30), spec.FIGURE_HEADERS, frozen="B")
    row = spec.HEADER_ROW
    for row, figure in enumerate(figures(net), start=spec.HEADER_ROW + 1):
        low, high = cell_text(figure.low), cell_text(figure.high)
        for column, text in zip((1, 5, 7, 8), (figure.words, figure.unit, figure.address, figure.source), strict=True):
            looks.text(sheet.cell(row, column), text)
        for column, text in zip((2, 3, 4), (figure.base, low, high), strict=True):
            looks.number(sheet.cell(row, column), text)
        looks.own(sheet.cell(row, 6), listed.get(figure.address, ""))
    first = spec.HEADER_ROW + 1
    if row >= first:
        cells = f"F{first}:F{row}"
        outside = f'AND(F{first}<>"",OR(AND(C{first}<>"",F{first}<C{first}),AND(D{first}<>"",F{first}>D{first})))'
        amber = PatternFill("solid", bgColor="FFC266")
        rule = Rule(type="expression", formula=[outside], dxf=DifferentialStyle(fill=amber))
        sheet.conditional_formatting.add(cells, rule)
        number = DataValidation(
            type="decimal", operator="between", formula1="-1E+15", formula2="1E+15", allow_blank=True
        )
        number.showErrorMessage, number.error = True, "A plain number; empty keeps the base value"
        sheet.add_data_validation(number)
        number.add(cells)
        sheet.auto_filter.ref = f"A{spec.HEADER_ROW}:H{row}"


def _changes(sheet: Worksheet, looks: Looks, other: Sequence[Override]) -> None:
    advice = ("Any other number: pick table and column, then the fields that pick its rows; every row that fits is changed.",
              "More fields: mechanism=ban, from=2025-01-01. To empty a cell write blank. Later rows win.", "")  # fmt: skip
    widths = (16, 18, *[20] * len(spec.KEY_FIELDS), 30, 14)
    looks.head(sheet, "Other changes", advice, widths, spec.CHANGE_HEADERS)
    last = spec.HEADER_ROW + max(spec.BLANK_ROWS, len(other) + 10)
    for row in range(spec.HEADER_ROW + 1, last + 1):
        texts = (
            _change_cells(other[row - spec.HEADER_ROW - 1])
            if row - spec.HEADER_ROW <= len(other)
            else [""] * len(widths)
        )
        for column, text in enumerate(texts, start=1):
            looks.own(sheet.cell(row, column), text)
    names = {
        "table": "tables",
        "column": "columns",
        "input": "items",
        "recipe": "recipes",
        "control": "controls",
        "item": "items",
    }
    for column, header in enumerate(spec.CHANGE_HEADERS[:-2], start=1):
        letter = get_column_letter(column)
        _offer(sheet, names.get(header, "regions"), f"{letter}{spec.HEADER_ROW + 1}:{letter}{last}")


def _change_cells(change: Override) -> list[str]:
    where = change.where
    order = [column.name for column in columns(change.table)] if change.table in TABLES else []
    rest = sorted(
        (name for name in where if name not in spec.KEY_FIELDS), key=lambda n: order.index(n) if n in order else 99
    )
    more = ", ".join(f"{name}={where[name]}" for name in rest)
    value = cell_text(change.value)
    keys = [where.get(name, "") or (spec.BLANK if name in where else "") for name in spec.KEY_FIELDS]
    return [change.table, change.column, *keys, more, value if value != "" else spec.BLANK]


def _offer(sheet: Worksheet, name: str, cells: str) -> None:
    """Give cells the drop-down of a named range; it warns, and the reader checks again."""
    check = DataValidation(
        type="list", formula1=f"={name}_list", allow_blank=True, errorStyle="warning", showErrorMessage=True
    )
    check.error = "Not on the list"
    sheet.add_data_validation(check)
    check.add(cells)


def _lists(book: Workbook, net: Network) -> None:
    """Write the lists of the drop-downs on a hidden sheet, each under its name."""
    sheet = book.create_sheet(spec.LISTS)
    sheet.sheet_state = "hidden"
    tables = [table for table in TABLES if table != "facts"]
    named: dict[str, list[str]] = {
        "yes": ["yes"],
        "foresights": ["announced", "perfect", "none"],
        "controls": [row.control for row in net.controls],
        "items": ["*", *(row.item for row in net.items)],
        "regions": ["*", *(row.region for row in net.regions)],
        "recipes": [row.recipe for row in net.recipes],
        "tables": tables,
        "columns": sorted({column.name for table in tables for column in columns(table)}),
    }
    for column, (name, words) in enumerate(named.items(), start=1):
        for row, word in enumerate([name, *(words or [""])], start=1):
            put(sheet.cell(row, column), word)
        letter = get_column_letter(column)
        reference = f"'{spec.LISTS}'!${letter}$2:${letter}${max(2, len(words) + 1)}"
        book.defined_names[f"{name}_list"] = DefinedName(f"{name}_list", attr_text=reference)
