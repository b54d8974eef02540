"""The sheets with pictures: loss over time, and the gap of the good that matters most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from openpyxl.chart import AreaChart, BarChart, LineChart
from openpyxl.chart.axis import DateAxis
from openpyxl.chart.data_source import AxDataSource, NumData, NumDataSource, NumRef, NumVal
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, ParagraphProperties
from openpyxl.utils import get_column_letter

from exposure.calendar import Month
from exposure.report.cells import FIRST_DAY
from exposure.report.focus import gap_behind, hits
from exposure.report.gaps import MINUS, PLUS, header, without_rounding
from exposure.report.losses import losses_at
from exposure.report.results import NOISE, Results
from exposure.report.safe import clean
from exposure.report.sheet import HEADER_ROW, Column, Picture, Sheet

BLUE, ORANGE, GREEN, PINK, AMBER, SKY = COLOURS = ("0072B2", "D55E00", "009E73", "CC79A7", "E69F00", "56B4E9")
"""Okabe and Ito's palette, told apart by colour-blind readers."""
DASHES = ("solid", "dash", "sysDot", "dashDot", "lgDash", "sysDash")
MOST = len(COLOURS)
LEVELS = {
    "voluntary": "Voluntary (headline)",
    "contracts": "Contracts (upper end)",
    "planner": "Planner (least damage)",
}
STACK = {
    "from_stock": BLUE, "other_origins": SKY, "own_makers": GREEN, "replaced": PINK, "users_stopped": AMBER, "unmet": ORANGE,
}  # fmt: skip
"""Terms of the gap from the bottom of the picture: what fills it in cool colours, what stays open in warm ones."""
VISIBLE = 0.003
"""Share of the cut from which a term is drawn."""
SIZE, FAINT_SIZE = (24.0, 12.0), (24.0, 6.5)
"""Width and height of a chart (cm)."""
FAINT = 0.05
"""Share of the largest level's peak below which the headline gets a chart of its own."""


def loss_over_time_sheet(results: Results) -> Sheet:
    """Return loss per month: the three levels of a single scenario, or the headline of the costliest scenarios."""
    series = _levels(results) if len(results.outcomes) == 1 else _scenarios(results)
    months = _months([line for _, line in series])
    unit, factor = results.money.unit, results.money.factor
    heads = _unique([f"{name} ({unit})" for name, _ in series])
    rows = [(m, *(_at(line, m, factor) for _, line in series)) for m in months]
    many = len(results.outcomes)
    what = (
        f"{'the level' if len(series) == 1 else 'the levels'} {', '.join(name for name, _ in series)}"
        if many == 1
        else f"the {len(series)} of {many} scenarios that lose most, voluntary level"
    )
    sheet = Sheet(
        name="Loss over time",
        title="Loss over time",
        answers=f"When does the loss set in, how long does it last? Shown: {what}.",
        columns=[Column("Month", "month", 10), *(Column(head, "money", 22) for head in heads)],
        rows=rows,
        frozen=1,
    )
    if rows and series:
        sheet.pictures.append(loss_picture(sheet, _anchor(sheet)))
    return sheet


def loss_picture(over_time: Sheet, anchor: str, size: tuple[float, float] = SIZE) -> Picture:
    """Return the chart of the sheet *Loss over time*, to stand at some cell of any sheet."""
    names, unit = [], ""
    for column in over_time.columns[1:]:
        name, _, rest = column.header.rpartition(" (")
        names.append(name)
        unit = unit or rest.rstrip(")").split(")")[0]
    words = f"Line chart of output lost per month in {unit}, for {', '.join(names)}."
    lines = [(name, k) for k, name in enumerate(names, start=1)]
    return Picture(_lines(over_time, lines, f"Output lost per month ({unit})", size=size), anchor, words)


def faint_picture(over_time: Sheet, anchor: str) -> Picture | None:
    """Return a chart of the headline on its own scale, where the largest level would press it flat; else None."""
    lines = [
        (k, [float(str(row[k])) for row in over_time.rows if row[k] is not None])
        for k in range(1, len(over_time.columns))
    ]
    peaks = {k: max(values, default=0.0) for k, values in lines}
    if not 0 < peaks.get(1, 0.0) < FAINT * max(peaks.values()):
        return None
    name = over_time.columns[1].header
    return line_picture(over_time, [(name.rpartition(" (")[0], 1)], f"{name}, on its own scale", anchor, FAINT_SIZE)


def line_picture(
    sheet: Sheet, lines: Sequence[tuple[str, int]], title: str, anchor: str, size: tuple[float, float]
) -> Picture:
    """Return a line chart of some columns of a sheet over its months, to stand at some cell of any sheet.

    ``lines`` are names and numbers of columns (from 0); months without any value are left out at both ends.
    """
    known = [k for k, row in enumerate(sheet.rows) if any(row[column] is not None for _, column in lines)]
    span = (known[0], known[-1] + 1) if known else (0, len(sheet.rows))
    words = f"Line chart: {title}, for {', '.join(name for name, _ in lines)}."
    return Picture(_lines(sheet, lines, title, span=span, size=size), anchor, words)


def _levels(results: Results) -> list[tuple[str, pd.Series[Any]]]:
    present = set(results.of(0, "loss")["response"].unique())
    return [(LEVELS[level], _per_month(results, 0, level)) for level in LEVELS if level in present]


def _scenarios(results: Results) -> list[tuple[str, pd.Series[Any]]]:
    lines = [(label, _per_month(results, k, results.headline(k))) for k, label in enumerate(results.labels)]
    noise = NOISE * max(results.stakes)
    heavy = sorted((line for line in lines if line[1].sum() > noise), key=lambda line: -line[1].sum())
    return heavy[:MOST] or lines[:1]


def _per_month(results: Results, position: int, level: str) -> pd.Series[Any]:
    """Return the loss of each reported month (USD), 0 where nothing is lost."""
    rows = losses_at(results, position, level)
    total = rows["loss_usd"].astype(float).groupby(rows["month"]).sum()
    return total.reindex(sorted(results.of(position, "loss")["month"].unique())).fillna(0.0)


def _months(lines: Sequence[pd.Series[Any]]) -> list[str]:
    known = sorted({str(month) for line in lines for month in line.index})
    if not known:
        return []
    first, last = Month.parse(known[0]), Month.parse(known[-1])
    return [str(first + k) for k in range(last - first + 1)]


def _at(line: pd.Series[Any], month: str, factor: float) -> float | None:
    return float(line[month]) / factor if month in line.index else None


def _unique(heads: list[str]) -> list[str]:
    """Column names of a table must differ in more than their case, and are short."""
    found: list[str] = []
    for head in heads:
        name, count = head[-240:], 2
        while name.lower() in {other.lower() for other in found}:
            name, count = f"{head[-230:]} {count}", count + 1
        found.append(name)
    return found


def gap_over_time_sheet(results: Results) -> Sheet:
    """Return the gap behind the costliest scenario's hardest-hit product, month by month."""
    position = max(range(len(results.outcomes)), key=lambda k: _headline_loss(results, k))
    found = hits(results, position)
    gap = gap_behind(results, position, found[0] if found else None)
    order = [*PLUS, *MINUS]
    sheet = Sheet(
        name="Gap over time",
        title="The gap over time",
        answers="What fills the gap in the good that matters most, month by month?",
        columns=[Column("Month", "month", 10), *(Column(header(term), "amount", 15) for term in ("cut", *order))],
        rows=(),
        frozen=1,
    )
    if gap is None:
        sheet.note = "No usual goods stopped coming in any scenario."
        return sheet
    rows = without_rounding(results.of(position, "gap"))
    own = (rows["response"] == results.headline(position)) & (rows["item"] == gap.item) & (rows["region"] == gap.region)
    by_month = rows[own].set_index("month")[["cut", *order]].astype(float)
    reported = sorted(results.of(position, "loss")["month"].unique())
    by_month = by_month.reindex(reported).fillna(0.0)
    sheet.rows = [(str(m), *values) for m, values in zip(by_month.index, by_month.to_numpy().tolist(), strict=True)]
    names = results.names
    unit = names.unit(gap.item)
    sheet.columns = [Column(c.header.replace("unit/month", f"{unit}/month"), c.kind, c.width) for c in sheet.columns]
    goods, place = names.item(gap.item), names.place(gap.region)
    sheet.title = f"The gap over time: {goods} in {place}"
    sheet.note = (
        f"Scenario {results.labels[position]}, {results.headline(position)} level; all columns in {unit}/month. Chosen: behind "
        "the hardest-hit product of the costliest scenario, the good with the largest cut by value."
    )
    terms = [term for term in STACK if by_month[term].sum() > VISIBLE * by_month["cut"].sum()]
    if terms:
        drawn = {PLUS[term]: (2 + order.index(term), STACK[term]) for term in terms}
        below = bool((by_month[terms].min() < 0).any())
        chart = _stack(sheet, drawn, f"What met the cut ({unit}/month)", below)
        words = f"Stacked chart per month of what met the cut in {goods} in {place} ({unit}/month): "
        sheet.pictures.append(
            Picture(chart, _anchor(sheet), words + ", ".join(PLUS[term].lower() for term in terms) + ".")
        )
    return sheet


def _headline_loss(results: Results, position: int) -> float:
    summary = results.of(position, "summary").set_index("response")
    return float(summary["loss_usd"].get(results.headline(position), 0.0))


def _anchor(sheet: Sheet) -> str:
    """Place a chart two columns right of the table, beside its header."""
    return f"{get_column_letter(len(sheet.columns) + 2)}{HEADER_ROW}"


def _lines(
    sheet: Sheet, lines: Sequence[tuple[str, int]], title: str, *, span: tuple[int, int] | None = None,
    size: tuple[float, float] = SIZE,
) -> LineChart:  # fmt: skip
    chart = LineChart()
    for k, (name, column) in enumerate(lines):
        series = _series(sheet, column, name, span)
        series.graphicalProperties.line.solidFill = COLOURS[k]
        series.graphicalProperties.line.dashStyle = DASHES[k]
        series.graphicalProperties.line.width = 28_000
        series.smooth = False
        chart.series.append(series)
    _dress(chart, title, size)
    return chart


def _stack(sheet: Sheet, terms: Mapping[str, tuple[int, str]], title: str, below: bool) -> AreaChart | BarChart:
    """Stack terms as areas or, where one falls below zero (a stock that fills up), as columns, which can show that."""
    chart: AreaChart | BarChart = BarChart() if below else AreaChart()
    chart.grouping = "stacked"
    if isinstance(chart, BarChart):
        chart.overlap, chart.gapWidth = 100, 30
    for name, (column, colour) in terms.items():
        series = _series(sheet, column, name)
        series.graphicalProperties.solidFill = colour
        series.graphicalProperties.line.solidFill = "FFFFFF"
        chart.series.append(series)
    _dress(chart, title)
    return chart


def _series(sheet: Sheet, column: int, name: str, span: tuple[int, int] | None = None) -> Series:
    """Return one column of a sheet as a series over its months, values stored with it for viewers that do not calculate.

    ``span`` is the first row of the body, from 0, and the one after the last; all rows if left out.
    """
    start, end = span or (0, len(sheet.rows))
    months = [Month.parse(str(row[0])).first for row in sheet.rows[start:end]]
    values = [row[column] for row in sheet.rows[start:end]]
    days = [(month - FIRST_DAY).days for month in months]
    return Series(
        tx=SeriesLabel(v=clean(name)),
        cat=AxDataSource(numRef=_reference(sheet, 0, days, "yyyy\\-mm", start)),
        val=NumDataSource(numRef=_reference(sheet, column, values, "General", start)),
        spPr=GraphicalProperties(),
    )


def _reference(sheet: Sheet, column: int, values: Sequence[object], number_format: str, start: int) -> NumRef:
    points = [NumVal(idx=k, v=value) for k, value in enumerate(values) if value is not None]
    letter, first = get_column_letter(column + 1), sheet.first_row + start
    where = f"'{sheet.name}'!${letter}${first}:${letter}${first + len(values) - 1}"
    return NumRef(f=where, numCache=NumData(number_format, len(values), points))


def _dress(chart: Any, title: str, size: tuple[float, float] = SIZE) -> None:  # noqa: ANN401
    """Give a chart its title, size, month axis and quiet grid."""
    chart.title = clean(title)
    for paragraph in chart.title.tx.rich.p:
        paragraph.pPr = ParagraphProperties(defRPr=CharacterProperties(sz=1200, b=True))
    chart.width, chart.height = size
    chart.legend.position = "b"
    chart.x_axis = DateAxis(crossAx=100, majorTickMark="out", baseTimeUnit="months")
    chart.x_axis.number_format = "yyyy\\-mm"
    chart.x_axis.tickLblPos = "low"
    chart.y_axis.crossAx = 500
    chart.y_axis.number_format = "#,##0.##"
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="D9D9D9"))
    chart.x_axis.delete = chart.y_axis.delete = False
