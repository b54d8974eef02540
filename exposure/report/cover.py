"""The sheets *Cover*, *Scenarios* and *Contents*: the answers first, then the way to everything else."""

from __future__ import annotations

from collections.abc import Sequence

from exposure.report.checks import roll_up
from exposure.report.own import own_sentences
from exposure.report.results import Results
from exposure.report.safe import without_paths
from exposure.report.sentences import Answer
from exposure.report.sheet import Column, Link, Sheet

Row = tuple[object, ...]
TOLD = 5
"""Scenarios that the cover of many tells."""
CANNOT = (
    "Prices do not move, nothing grows, and nothing is predicted: retaliation and talks enter only as controls of a scenario. "
    "Jobs and knock-on demand are not counted."
)


def cover_sheet(results: Results, answers: Sequence[Answer], checks: Sheet, estimates: Sheet) -> Sheet:
    """Return what to know in a minute: the question, the answer in its parts, how sure it is, and where to read on."""
    rows = _one(results, answers[0]) if len(answers) == 1 else _many(results, answers)
    if len(answers) == 1:
        rows += [
            (f"Your own: {name}", text, Link("Loss rows", "Loss rows"))
            for name, text in own_sentences(results, 0).items()
        ]
    rows += [(f"Not computed: {name}", without_paths(reason), "") for name, reason in results.failed.items()]
    rows += [
        ("How sure", _sure(results, estimates), Link("Estimates", "Estimates")),
        ("What it cannot say", CANNOT, Link("Assumptions", "Assumptions")),
        (
            "Where to read on",
            "The figures and one chart on Summary; every other sheet from Contents.",
            Link("Contents", "Contents"),
        ),
    ]
    return Sheet(
        name="Cover",
        title=results.title or "Exposure to export controls",
        answers="What stops, where, from which month, worth how much; what fills the gap; which limit holds everything back.",
        columns=[Column("Subject", "text", 34), Column("What to know", "long", 104), Column("More", "text", 20)],
        rows=rows,
        note=roll_up(checks),
        frozen=1,
    )


def _one(results: Results, answer: Answer) -> list[Row]:
    scenario = results.outcomes[0].scenario
    controls = ", ".join(scenario.controls) or "no control"
    parts = [
        ("Scenario", scenario.title or answer.scenario, Link("Inputs", "Inputs")),
        ("Controls", f"{controls}; {scenario.months} months", Link("Controls in force", "Controls in force")),
        ("What stops", answer.stops, Link("Loss by month", "Loss by month")),
        ("What fills the gap", answer.fills or "No usual goods stopped coming.", Link("Gap", "Gap")),
        ("Beside the loss", answer.beside, Link("Costs", "Costs")),
        (
            "What holds everything back",
            answer.binds.removeprefix("what binds: ") or "Nothing.",
            Link("Limits", "Limits"),
        ),
    ]
    return [(subject, _sentence(text), link) for subject, text, link in parts if text]


def _many(results: Results, answers: Sequence[Answer]) -> list[Row]:
    heavy = sorted(answers, key=lambda answer: -answer.loss.get(answer.headline, 0.0))
    lost = [answer for answer in heavy if answer.loss.get(answer.headline, 0.0) > 0]
    scope = f"{len(answers)} scenarios; {len(lost)} lose output at the headline level, {len(answers) - len(lost)} lose none."
    rows: list[Row] = [("Scope", scope, Link("Scenarios", "Scenarios"))]
    for place, answer in enumerate(lost[:TOLD], start=1):
        rows.append((f"Loss no. {place}: {answer.scenario}", answer.sentence, Link("Scenarios", "Scenarios")))
    return rows


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."


def _sure(results: Results, estimates: Sheet) -> str:
    run = list(dict.fromkeys(results.table("summary")["response"]))
    levels = (
        f"Only the level {run[0]} was run, so there is no bracket"
        if len(run) == 1
        else "The three response levels bracket the answer"
        if len(results.outcomes) == 1
        else "Three levels bracket each answer"
    )
    broken = [outcome for outcome in results.outcomes if not outcome.record.get("levels_in_order", True)]
    order = " Here and there their order is broken (sheet Checks says where)." if broken else ""
    return f"{levels}.{order} {len(estimates.rows):,} rows of the data rest on an estimate; their ranges are not in these figures."


def scenarios_sheet(results: Results, answers: Sequence[Answer], by_month: Sheet) -> Sheet:
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
        link = Link("loss by month", by_month.name, cell) if cell else Link("results", "Results by level")
        rows.append((answer.scenario, answer.sentence, *losses, answer.first_month or None, link, answer.title))
    failed = [(name, f"Not computed: {without_paths(reason)}") for name, reason in results.failed.items()]
    return Sheet(
        name="Scenarios",
        title="Scenarios: the answer to each in one sentence",
        answers="What stops, where, from which month, worth how much; what fills the gap; which limit holds everything back?",
        columns=columns,
        rows=[*rows, *((name, text, *[None] * (len(columns) - 2)) for name, text in failed)],
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
