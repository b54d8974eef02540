"""The sheet *Assumptions*: how the model reasons, what it cannot say, and which way each of it pulls."""

from __future__ import annotations

from collections.abc import Mapping

from exposure.report.results import Results
from exposure.report.sheet import Column, Sheet

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
        "contracts: in unmet demand, in stock that could be shipped away, in equipment that stands installed. The headline.",
    ),
    (
        "response level",
        "planner",
        "Least total damage whoever pays, with priorities where somebody directs. "
        "The lower end of the bracket where all is foreseen; with stages of knowledge it bets on what is announced and can come "
        "out above.",
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
        "Months solved after the reported ones, to move the end, where stock counts for nothing and is run down, away from them; "
        "a loss that falls there is shown apart.",
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


PULL: Mapping[str, tuple[str, str]] = {
    "contracts": ("raises the loss", "--response"),
    "voluntary": ("between the ends", "--response"),
    "planner": ("lowers the loss", "--response"),
    "announced": ("either way", "--foresight"),
    "perfect": ("lowers the loss", "--foresight"),
    "none": ("raises the loss", "--foresight"),
    "tail": ("either way", "tail in the scenario file"),
    "warm-up": ("raises the loss", "warm_up in the scenario file"),
    "undisturbed world": ("either way", "the data package"),
    "baseline gap": ("lowers the loss", "the data package"),
    "loss": ("either way", "value_usd in demand.csv"),
    "content rules": ("either way", "value and covered in control_scope.csv"),
    "growth": ("lowers the loss", "flows and demand of the data package"),
    "prices": ("either way", "not in this model"),
    "stocks": ("lowers the loss", "sub-regions in regions.csv and stocks.csv"),
    "time": ("either way", "not in this model"),
    "licences": ("either way", "lanes and scopes per firm"),
    "substitutes": ("raises the loss", "recipes.csv and capacity.csv"),
    "politics": ("lowers the loss", "further controls in the scenario"),
    "economy": ("lowers the loss", "not in this model"),
    "evidence": ("either way", "--set, low and high of the data"),
}
"""Which way an assumption pulls the loss, against a model without it, and where it can be changed."""


def assumptions_sheet(results: Results) -> Sheet:
    """Return the register: each assumption with its number, whether this run uses it, and which way it pulls."""
    used: set[str] = {outcome.scenario.foresight for outcome in results.outcomes}
    run = {str(level) for level in results.table("summary")["response"]}
    rows: list[tuple[object, ...]] = []
    for subject, setting, meaning in (*CHOICES, *(("what the model cannot say", *limit) for limit in LIMITS)):
        chosen: set[str] | None = {"foresight": used, "response level": run | {"order"}}.get(subject)
        pull, change = PULL.get(setting, ("none", ""))
        inside = "yes" if chosen is None or setting in chosen else "no"
        rows.append((f"A-{len(rows) + 1:02}", subject, setting, meaning, inside, pull, change))
    net = results.networks[0]
    year = f"{net.baseline_year or 'Not stated'}: quantities, prices and values of the data package {net.name}."
    rows.append((f"A-{len(rows) + 1:02}", "baseline", "baseline year", year, "yes", "either way", "the data package"))
    return Sheet(
        name="Assumptions",
        title="Assumptions register",
        answers="How does the model reason, what can it not say, and which way does each assumption pull the loss?",
        columns=[
            Column("Id", "text", 8),
            Column("Subject", "text", 28),
            Column("Assumption", "text", 22),
            Column("What is assumed", "long", 84),
            Column("In this run", "flag", 10),
            Column("Pull on the loss", "text", 20),
            Column("Where to change it", "long", 34),
        ],
        rows=rows,
        note="What a scenario asks for stands on the sheet Inputs, figures that are judgement on the sheet Estimates.",
        frozen=3,
    )
