"""The sheets *Cover*, *Scenarios* and *Contents*: the answers first, then the way to everything else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from exposure.model import ControlId
from exposure.report.chains import chains
from exposure.report.checks import roll_up
from exposure.report.grounds import Footing
from exposure.report.makers import makes_less
from exposure.report.own import own_sentences
from exposure.report.results import Results
from exposure.report.safe import without_paths
from exposure.report.sentences import Answer, worst_first
from exposure.report.sheet import HEADER_ROW, Column, Link, Sheet
from exposure.report.sureness import VERBS, how_sure

Row = tuple[object, ...]
TOLD_ALONE, TOLD_TOGETHER = 5, 3
"""Controls alone, and other scenarios (episodes, packages), that the cover of many tells."""
CANNOT = (
    "Prices do not move, nothing grows, and nothing is predicted: retaliation and talks enter only as controls of a scenario. "
    "Jobs and knock-on demand are not counted."
)


def cover_sheet(
    results: Results, answers: Sequence[Answer], footings: Sequence[Footing], checks: Sheet, estimates: Sheet
) -> Sheet:
    """Return what to know in a minute: the question, the answer in its parts, how sure it is, and where to read on."""
    rows = _one(results, answers[0]) if len(answers) == 1 else _many(results, answers, footings)
    if len(answers) == 1:
        rows += [
            (f"Your own: {name}", text, Link("Loss rows", "Loss rows"))
            for name, text in own_sentences(results, 0).items()
        ]
    rows += [(f"Not computed: {name}", without_paths(reason), "") for name, reason in results.failed.items()]
    rows += [
        ("How sure", _sure(results, answers, footings, estimates), Link("Evidence", "Evidence")),
        ("Where it comes from", _origin(results), Link("Sources", "Sources")),
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
        columns=[Column("Subject", "text", 44), Column("What to know", "long", 104), Column("More", "text", 20)],
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
        ("Why", _chain(results), Link("Why", "Why")),
        ("What fills the gap", answer.fills or "No usual goods stopped coming.", Link("Gap", "Gap")),
        ("Beside the loss", answer.beside, Link("Costs", "Costs")),
        ("Who makes less", makes_less(results, 0), Link("Production", "Production")),
        (
            "What holds everything back",
            answer.binds.removeprefix("what binds: ") or "Nothing.",
            Link("Limits", "Limits"),
        ),
    ]
    return [(subject, _sentence(text), link) for subject, text, link in parts if text]


def _chain(results: Results) -> str:
    """Return the costliest chain from control to product in words: at the headline level, else at any."""
    table = chains(results)
    own = table[table["response"] == results.headline(0)]
    rows = own if len(own) else table
    if rows.empty:
        return ""
    worst = rows.sort_values("loss_usd", ascending=False, kind="stable").iloc[0]
    return str(worst["words"]) if len(own) else f"Only under {worst['response']}: {worst['words']}"


def _many(results: Results, answers: Sequence[Answer], footings: Sequence[Footing]) -> list[Row]:
    ranked = worst_first(answers)
    losing = [k for k in ranked if answers[k].loss.get(answers[k].headline, 0.0) > 0]
    scope = (
        f"{len(answers)} scenarios; {len(losing)} lose output at the headline level, {len(answers) - len(losing)} lose none. "
        "Sheet Scenarios ranks all of them, the worst first."
    )
    rows: list[Row] = [("Scope", scope, Link("Scenarios", "Scenarios"))]
    alone = [k for k in losing if k in results.alone][:TOLD_ALONE]
    others = [k for k in losing if k not in results.alone][:TOLD_TOGETHER]
    for what, chosen in (("Control", alone), ("Episode", others)):
        for place, k in enumerate(chosen, start=1):
            parts = (answers[k].stops, answers[k].binds, f"evidence: {footings[k].word}")
            text = _sentence("; ".join(part for part in parts if part))
            row = Link("Scenarios", "Scenarios", f"B{HEADER_ROW + 1 + ranked.index(k)}")
            rows.append((f"{what} no. {place}: {answers[k].scenario}", text, row))
    return rows


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."


def _sure(results: Results, answers: Sequence[Answer], footings: Sequence[Footing], estimates: Sheet) -> str:
    if len(answers) == 1:
        text = how_sure(answers[0], footings[0])
    else:
        apart = Counter(answer.apart for answer in answers)
        levels = ", ".join(f"{verb} in {apart[word]}" for word, verb in VERBS.items() if apart[word])
        words = Counter(footing.word for footing in footings)
        evidence = ", ".join(f"{word} in {number}" for word, number in words.most_common())
        text = f"Levels bracket each answer; their losses {levels}. Evidence: {evidence} scenarios."
    broken = [outcome for outcome in results.outcomes if not outcome.record.get("levels_in_order", True)]
    told = len(answers) == 1 and answers[0].planner_above
    order = (
        " Here and there the order of the levels is broken (sheet Quality log, Order of levels, names them)."
        if broken and not told
        else ""
    )
    rest = f" {len(estimates.rows):,} rows of the data rest on an estimate; their ranges are not in these figures."
    return f"{text}{order}{rest}"


def _origin(results: Results) -> str:
    """Say which acts were read and where the chain from a loss to a published figure stands."""
    chosen = [str(one) for outcome in results.outcomes for one in outcome.scenario.controls]
    known = results.networks[0].control
    acts = [f"{one}: {known[ControlId(one)].instrument.rstrip('.')}" for one in dict.fromkeys(chosen) if one in known]
    told = f"{'. '.join(acts)}. " if 0 < len(acts) <= TOLD_TOGETHER else ""
    return f"{told}Sheet Evidence has each deciding figure with its facts, sheet Sources the publisher and address of each fact."


def scenarios_sheet(
    results: Results, answers: Sequence[Answer], footings: Sequence[Footing], by_month: Sheet, evidence: Sheet
) -> Sheet:
    """Return one row per scenario, the worst first: what it hurts, from when, its loss at each level, how sure that is."""
    unit, factor = results.money.unit, results.money.factor
    columns = [
        Column("Rank", "count", 7),
        Column("Scenario", "text", 26),
        Column("What it is", "long", 36),
        Column("Controls", "count", 10),
        Column("Hardest hit", "long", 34),
        Column("First loss", "month", 10),
        Column("Months", "count", 9),
        Column(f"Loss, voluntary ({unit})", "money", 13),
        Column(f"Planner ({unit})", "money", 12),
        Column(f"Contracts ({unit})", "money", 12),
        Column("Levels", "text", 11),
        Column("Evidence", "text", 17),
        Column("Published / in part / not", "text", 15),
        Column("The answer in one sentence", "long", 84),
        Column("Rows", "text", 16),
    ]
    first = _first_rows(by_month)
    grounds = _first_rows(evidence)
    rows: list[tuple[object, ...]] = []
    for rank, k in enumerate(worst_first(answers), start=1):
        answer, footing = answers[k], footings[k]
        losses = [_scaled(answer.loss.get(level), factor) for level in ("voluntary", "planner", "contracts")]
        cell = first.get((answer.scenario, answer.headline)) or first.get((answer.scenario, ""))
        link = Link("loss by month", by_month.name, cell) if cell else Link("results", "Results by level")
        behind = grounds.get((answer.scenario, ""))
        split = Link(footing.split, evidence.name, behind) if behind else footing.split
        rows.append(
            (rank, answer.scenario, answer.title, len(results.outcomes[k].scenario.controls), answer.hardest,
             answer.first_month or None, results.outcomes[k].scenario.months, *losses, answer.apart, footing.word, split,
             answer.sentence, link)
        )  # fmt: skip
    for name, reason in results.failed.items():
        blanks = {"Scenario": name, "The answer in one sentence": f"Not computed: {without_paths(reason)}"}
        rows.append(tuple(blanks.get(column.header) for column in columns))
    return Sheet(
        name="Scenarios",
        title="Scenarios, the worst first: the answer to each in one sentence",
        answers="What stops, where, from which month, worth how much; what fills the gap; which limit holds everything back?",
        columns=columns,
        rows=rows,
        note="Ranked by loss at the voluntary level, then under contracts, then by cost; filter Controls = 1 for controls alone. "
        "A loss is the sum over the reported months (Months): compare rows of the same length. "
        "Hardest hit: at the voluntary level unless it says contracts. Levels: agree within a factor of 2, differ within 10. "
        "Evidence: how many of the figures that decide the answer are published, in part, or not (Glossary).",
        frozen=2,
    )


def _scaled(amount: float | None, factor: float) -> float | None:
    return None if amount is None else amount / factor


def _first_rows(sheet: Sheet) -> dict[tuple[str, str], str]:
    """Address of the first row of each scenario and response (or whatever stands beside it), and of each scenario at all."""
    found: dict[tuple[str, str], str] = {}
    for k, row in enumerate(sheet.rows):
        for response in (str(row[1]), ""):
            found.setdefault((str(row[0]), response), sheet.cell(k, "Scenario"))
    return found


def contents_sheet(sheets: Sequence[Sheet]) -> Sheet:
    """Return one row per sheet: a link, the question that it answers, its rows, and what it leaves out."""
    return Sheet(
        name="Contents",
        title="Contents",
        answers="Which sheet answers which question?",
        columns=[
            Column("Sheet", "text", 32),
            Column("What it answers", "long", 96),
            Column("Rows", "count", 9),
            Column("Left out", "long", 60),
        ],
        rows=[(Link(sheet.name, sheet.name), sheet.answers, len(sheet.rows), sheet.left_out) for sheet in sheets],
        note="Every table is an Excel table with filters. Ids stand in the last columns; they are the ids of the data files.",
        frozen=1,
    )
