"""The sheet *Summary*: the few figures that matter, and one chart."""

from __future__ import annotations

from collections.abc import Sequence

from exposure.report.charts import SIZE, faint_picture, loss_picture
from exposure.report.focus import hits
from exposure.report.results import Results
from exposure.report.sentences import Answer, worst_first
from exposure.report.sheet import Column, Link, Sheet

LEVELS = {
    "voluntary": "rerouting, spare capacity, substitutes and hoarding, nobody left worse off: the headline",
    "planner": "least damage whoever pays: the lower end where all is foreseen",
    "contracts": "usual suppliers only, nobody plans: the upper end",
}
"""What each level of loss stands for."""

ABOVE, BELOW = (24.0, 9.5), 19
"""Size (cm) of the first of two charts, and rows from its top to that of the second, so that both fit on a page."""

Row = tuple[object, ...]


def summary_sheet(results: Results, answers: Sequence[Answer], over_time: Sheet) -> Sheet:
    """Return three to six figures with their meaning, and below them the loss month by month.

    A headline that the other levels would press flat gets a second chart on its own scale.

    Parameters
    ----------
    results, answers
        Outcomes, and the sentence of each.
    over_time
        The sheet that holds what the chart shows.
    """
    sheet = Sheet(
        name="Summary",
        title="Summary: the figures that matter",
        answers="How much is lost, from when, what does it cost, and how far apart are the ends of the bracket?",
        columns=[
            Column("Figure", "text", 34),
            Column("Value", "money", 16),
            Column("Unit", "text", 16),
            Column("What it means", "long", 84),
            Column("Where", "text", 20),
        ],
        rows=_one(results, answers[0]) if len(answers) == 1 else _many(results, answers),
        frozen=1,
    )
    if over_time.rows and over_time.pictures:
        faint = faint_picture(over_time, f"A{sheet.last_row + 2 + BELOW}") if len(answers) == 1 else None
        sheet.pictures.append(loss_picture(over_time, f"A{sheet.last_row + 2}", ABOVE if faint else SIZE))
        if faint:
            sheet.pictures.append(faint)
    return sheet


def _one(results: Results, answer: Answer) -> list[Row]:
    unit, factor = results.money.unit, results.money.factor
    levels = Link("Results by level", "Results by level")
    rows: list[Row] = []
    for level, meaning in LEVELS.items():
        if level in answer.loss:
            rows.append((f"Output lost, {level}", answer.loss[level] / factor, unit, meaning, levels))
    summary = results.of(0, "summary").set_index("response")
    cost = float(summary["cost_usd"].astype(float)[answer.headline])
    rows.append((f"Cost beside it, {answer.headline}", cost / factor, unit, "dearer makers and routes, tariffs, lateness",
                 Link("Costs", "Costs")))  # fmt: skip
    found = hits(results, 0)
    if found:
        total = sum(hit.usd for hit in found)
        names = results.names
        place = (
            f"{names.goods(found[0].item)} in {names.place(found[0].country)}: share of the loss at the headline level"
        )
        rows.append(("Hardest hit", 100 * found[0].usd / total, "%", place, Link("Loss by month", "Loss by month")))
        rows.append(("Months with a loss", len(_months(results)), "months",
                     f"from {found and min(hit.month for hit in found)} on, at the headline level",
                     Link("Loss over time", "Loss over time")))  # fmt: skip
    return rows


def _months(results: Results) -> set[str]:
    loss = results.of(0, "loss")
    rows = loss[(loss["response"] == results.headline(0)) & (loss["loss_usd"].astype(float) > 0)]
    return set(rows["month"])


def _many(results: Results, answers: Sequence[Answer]) -> list[Row]:
    unit, factor = results.money.unit, results.money.factor
    hurt = [answer for answer in answers if answer.loss.get(answer.headline, 0.0) > 0]
    where = Link("Scenarios", "Scenarios")
    rows: list[Row] = [
        ("Scenarios", len(answers), "scenarios", f"computed; {len(results.failed)} failed", where),
        ("Scenarios with a loss", len(hurt), "scenarios", "lose output at the headline level", where),
    ]
    if hurt:
        worst = max(hurt, key=lambda answer: answer.loss[answer.headline])
        for level, meaning in LEVELS.items():
            if level in worst.loss:
                text = f"{worst.scenario}, the costliest scenario; {meaning}"
                rows.append((f"Largest loss, {level}", worst.loss[level] / factor, unit, text, where))
    alone = [answers[k] for k in results.alone if answers[k].loss.get(answers[k].headline, 0.0) > 0]
    if alone:
        one = alone[worst_first(alone)[0]]
        text = f"{one.scenario}, {one.title}; hardest hit: {one.hardest}, first loss {one.first_month}"
        rows.append(("Largest loss of a control alone", one.loss[one.headline] / factor, unit, text, where))
    return rows
