"""The sheets *Cover* and *Contents*: the answers first, then the way to everything else."""

from __future__ import annotations

from collections.abc import Sequence

from exposure.report.checks import roll_up
from exposure.report.results import Results
from exposure.report.safe import without_paths
from exposure.report.sentences import Answer
from exposure.report.sheet import Column, Link, Sheet


def cover_sheet(results: Results, answers: Sequence[Answer], checks: Sheet, by_month: Sheet) -> Sheet:
    """Return one row per scenario: its sentence, its loss at each level, and a link to its rows."""
    unit, factor = results.money.unit, results.money.factor
    columns = [
        Column("Scenario", "text", 26),
        Column("The answer in one sentence", "long", 96),
        Column(f"Loss, voluntary ({unit})", "money", 13),
        Column(f"Planner ({unit})", "money", 12),
        Column(f"Contracts ({unit})", "money", 12),
        Column("First loss", "month", 10),
        Column("Rows", "text", 16),
        Column("What it is", "long", 44),
    ]
    first = _first_rows(by_month)
    rows: list[tuple[object, ...]] = []
    for answer in answers:
        losses = [_scaled(answer.loss.get(level), factor) for level in ("voluntary", "planner", "contracts")]
        cell = first.get((answer.scenario, answer.headline)) or first.get((answer.scenario, ""))
        link = Link("loss by month", by_month.name, cell) if cell else Link("summary", "Summary")
        rows.append((answer.scenario, answer.sentence, *losses, answer.first_month or None, link, answer.title))
    failed = [(name, f"Not computed: {without_paths(reason)}") for name, reason in results.failed.items()]
    return Sheet(
        name="Cover",
        title=results.title or "Exposure to export controls",
        answers="What stops, where, from which month, worth how much; what fills the gap; which limit holds everything back.",
        columns=columns,
        rows=[*rows, *((name, text, *[None] * (len(columns) - 2)) for name, text in failed)],
        note=roll_up(checks),
        frozen=1,
    )


def _scaled(amount: float | None, factor: float) -> float | None:
    return None if amount is None else amount / factor


def _first_rows(by_month: Sheet) -> dict[tuple[str, str], str]:
    """Address of the first row of each scenario and response, and of each scenario at all."""
    found: dict[tuple[str, str], str] = {}
    for k, row in enumerate(by_month.rows):
        for response in (str(row[1]), ""):
            found.setdefault((str(row[0]), response), by_month.cell(k, "Scenario"))
    return found


def contents_sheet(sheets: Sequence[Sheet]) -> Sheet:
    """Return one row per sheet: a link, the question that it answers, its rows, and what it leaves out."""
    return Sheet(
        name="Contents",
        title="Contents",
        answers="Which sheet answers which question?",
        columns=[
            Column("Sheet", "text", 22),
            Column("What it answers", "long", 96),
            Column("Rows", "count", 9),
            Column("Left out", "long", 60),
        ],
        rows=[(Link(sheet.name, sheet.name), sheet.answers, len(sheet.rows), sheet.left_out) for sheet in sheets],
        note="Every table is an Excel table with filters. Ids stand in the last columns; they are the ids of the data files.",
        frozen=1,
    )
