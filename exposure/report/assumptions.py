"""The sheet *Assumptions*: what was asked, what was changed, how the model reasons, and what it cannot say."""

from __future__ import annotations

from collections.abc import Iterator

from exposure.model import Scenario
from exposure.report.results import Results
from exposure.report.sheet import Column, Sheet

EVERY = "(all)"

CHOICES: tuple[tuple[str, str, str], ...] = (
    (
        "response level",
        "contracts",
        "Usual lanes and recipes only; stocks run down; whoever is short serves all usual takers in proportion; no look-ahead. "
        "The upper end of the bracket.",
    ),
    (
        "response level",
        "voluntary",
        "Rerouting, spare capacity, substitutes and stock building, but nobody is left worse off than if all went back to "
        "contracts. The headline.",
    ),
    (
        "response level",
        "planner",
        "Least total damage whoever pays, with priorities where somebody directs. The lower end of the bracket.",
    ),
    (
        "response level",
        "order",
        "Damage falls from contracts to voluntary to planner with perfect foresight and one priority class. Staged knowledge "
        "and priorities can break that; the sheet Checks says where.",
    ),
    ("foresight", "announced", "Each stage knows what was announced by then; an easing is not foreseen."),
    ("foresight", "perfect", "Everything is known from the first month."),
    ("foresight", "none", "Each rule becomes known on the day it starts."),
    (
        "horizon",
        "tail",
        "Months solved after the reported ones, so that stock is neither dumped nor hoarded at the end; a loss that falls there "
        "is shown apart.",
    ),
    (
        "horizon",
        "warm-up",
        "Controls older than the first reported month run before it, so that stocks and substitutes stand where they would.",
    ),
    (
        "baseline",
        "undisturbed world",
        "The baseline year as it would be with none of the listed controls; figures that had to move stand on the sheet Baseline.",
    ),
    ("baseline", "baseline gap", "Demand that supply does not meet even without controls; part of no damage."),
    (
        "measure",
        "loss",
        "Output not delivered beyond the baseline gap, at the value of output stated for each demand; value added is shown apart.",
    ),
    ("measure", "price of a limit", "What one unit more of a limit would save, at the voluntary or planner level."),
)
"""Design choices: subject, setting, meaning."""

LIMITS: tuple[tuple[str, str], ...] = (
    (
        "content rules",
        "Goods with and without covered inputs leave a node in the mix in which they came; a clean input counts as free of covered "
        "goods, and one covered tool catches all that a plant makes.",
    ),
    (
        "growth",
        "Quantities are those of the baseline year; months are labels, and nothing grows or shrinks but for announced plants.",
    ),
    ("prices", "Prices are fixed: there is no bidding, no price rise that lowers demand, no windfall."),
    (
        "stocks",
        "A stock is shared by all who use the item in its region; uneven cover shows only where users have a sub-region of "
        "their own.",
    ),
    ("time", "A month is the shortest step: a plant that stops for two weeks shows as half a month."),
    (
        "licences",
        "A licence lets the same share through to every taker in its scope; favourites among firms are not seen.",
    ),
    ("substitutes", "Only substitutes and plants that the data list can start; a surprise is not in the model."),
    ("politics", "Retaliation, talks and new lists enter only as controls of the scenario; nothing is predicted."),
    (
        "economy",
        "Losses stop at the products listed: jobs, suppliers' other business and knock-on demand are not counted.",
    ),
    (
        "evidence",
        "Many figures are estimates (sheet Estimates); their ranges are not carried through to the results shown here.",
    ),
)
"""What the model cannot say."""


def assumptions_sheet(results: Results) -> Sheet:
    """Return scenario fields and changed figures, design choices, and limits of the model."""
    rows: list[tuple[object, ...]] = []
    for label, outcome in zip(results.labels, results.outcomes, strict=True):
        rows += [(label, *row) for row in _asked(outcome.scenario, str(outcome.record.get("first_month", "")))]
    rows += [
        (EVERY, "baseline", "baseline year", net.baseline_year or "not stated", net.name)
        for net in results.networks[:1]
    ]
    rows += [(EVERY, subject, setting, "", meaning) for subject, setting, meaning in CHOICES]
    rows += [(EVERY, "what the model cannot say", setting, "", meaning) for setting, meaning in LIMITS]
    return Sheet(
        name="Assumptions",
        title="Assumptions",
        answers="What was asked, which figures were changed, how does the model reason, and what can it not say?",
        columns=[
            Column("Scenario", "text", 24),
            Column("Subject", "text", 26),
            Column("Setting", "text", 22),
            Column("Value", "long", 48),
            Column("Meaning", "long", 80),
        ],
        rows=rows,
        frozen=1,
    )


def _asked(scenario: Scenario, first_month: str) -> Iterator[tuple[object, ...]]:
    start = str(scenario.start) if scenario.start else "month of the first news"
    yield "scenario", "title", scenario.title, ""
    yield "scenario", "controls", ", ".join(scenario.controls) or "none", "Controls that hold in this scenario, by id"
    yield (
        "scenario",
        "start",
        start,
        f"First reported month; solved from {first_month}" if first_month else "First reported month",
    )
    yield "scenario", "months", scenario.months, "Reported months"
    yield "scenario", "tail", scenario.tail, "Months solved after them"
    yield "scenario", "warm-up", scenario.warm_up, "Most months run before the start for older controls"
    yield "scenario", "foresight", scenario.foresight, "Who knows what, when"
    if not scenario.set:
        yield "changed figures", "none", "", "All figures are those of the data package"
    for override in scenario.set:
        key = ", ".join(f"{name} {value}" for name, value in override.where.items()) or "all rows"
        yield "changed figures", f"{override.table}: {override.column}", override.value, key
