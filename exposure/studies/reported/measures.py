"""Reported tables, what their figures mean, and the addresses by which a user names one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from exposure.errors import Finding, InputError


@dataclass(frozen=True)
class Measure:
    """One reported table: its meaning, the columns that name a row, its columns of figures with unit and words."""

    meaning: str
    keys: tuple[str, ...]
    columns: dict[str, tuple[str, str]]


QUANTITY, MONEY, WORD = "quantity", "money", "word"

MEASURES = {
    "summary": Measure(
        "the whole answer over the reported months; loss is output not served, cost what is paid to lose less",
        (),
        {
            "loss_usd": (MONEY, "output lost"),
            "loss_value_added_usd": (MONEY, "of it value added"),
            "cost_usd": (MONEY, "cost"),
            "of_which_transfers_usd": (MONEY, "of it tariffs and shares, paid by one to another"),
            "damage_usd": (MONEY, "damage = output lost + cost"),
            "gap_closed_usd": (MONEY, "baseline gap that is closed"),
            "loss_in_tail_usd": (MONEY, "lost in the months after"),
            "first_loss_month": (WORD, "first loss"),
            "worst_month": (WORD, "worst month"),
            "recovered_month": (WORD, "recovered"),
        },
    ),
    "loss": Measure(
        "demand not served beyond the baseline gap; the programme's unmet_extra, plus what was put off and never caught up",
        ("item", "region"),
        {
            "demand": (QUANTITY, "demand"),
            "served": (QUANTITY, "served"),
            "unmet": (QUANTITY, "unmet"),
            "waiting": (QUANTITY, "waiting at the end of the month"),
            "loss_usd": (MONEY, "output lost"),
            "loss_value_added_usd": (MONEY, "of it value added"),
        },
    ),
    "gap": Measure(
        "what usually came and did not, and what filled it: an identity read from the equation `balance`",
        ("item", "region"),
        {
            "cut": (QUANTITY, "usually came and did not"),
            "other_origins": (QUANTITY, "= other origins"),
            "own_makers": (QUANTITY, "+ own makers"),
            "from_stock": (QUANTITY, "+ from stock"),
            "thrown_away": (QUANTITY, "- thrown away"),
            "passed_on": (QUANTITY, "- passed on"),
            "replaced": (QUANTITY, "+ replaced by another recipe"),
            "users_stopped": (QUANTITY, "+ users that stopped"),
            "unmet": (QUANTITY, "+ unmet demand"),
            "short": (WORD, "one more unit here would help"),
            "cause": (WORD, "cause"),
        },
    ),
    "shipments": Measure(
        "what a lane carries in the month of shipping: the programme's ship_usual and ship_extra",
        ("item", "origin", "destination"),
        {
            "baseline": (QUANTITY, "usual flow"),
            "allowed": (QUANTITY, "allowed and possible"),
            "usual": (QUANTITY, "shipped of the usual"),
            "extra": (QUANTITY, "shipped beyond it"),
        },
    ),
    "production": Measure(
        "what a recipe makes: the programme's make_usual and make_extra",
        ("recipe",),
        {
            "baseline": (QUANTITY, "usual output"),
            "capacity": (QUANTITY, "most it can make by then"),
            "usual": (QUANTITY, "made of the usual"),
            "extra": (QUANTITY, "made beyond it"),
        },
    ),
    "stocks": Measure(
        "what is held at month end: the programme's stock_usual + stock_extra",
        ("item", "region"),
        {"stock": (QUANTITY, "held at month end"), "reserve": (QUANTITY, "of it a reserve that is not drawn")},
    ),
    "costs": Measure(
        "costs beside the loss: extra making and shipping, tariffs, lateness (see `damage` in lp/objective.py)",
        ("item", "region"),
        {"cost_usd": (MONEY, "cost")},
    ),
    "limits": Measure(
        "a bound that a control moved, or one that binds; its price is what one more unit would save",
        ("item", "origin", "destination"),
        {
            "baseline": (QUANTITY, "usual"),
            "allowed": (QUANTITY, "allowed"),
            "used": (QUANTITY, "used"),
            "moved_by": (WORD, "moved by"),
            "binding": (WORD, "binds"),
            "price_usd": (MONEY, "price of a unit"),
        },
    ),
}
"""Reported tables whose figures can be explained; `why` is itself an explanation and stands with each loss."""

_MONTH = re.compile(r"(?P<rest>.+)\.(?P<month>\d{4}-\d{2})")


@dataclass(frozen=True)
class Asked:
    """A reported figure taken apart: table, key by column, month (blank: all reported months)."""

    ident: str
    table: str
    key: dict[str, str]
    month: str

    @property
    def measure(self) -> Measure:
        """What the table reports."""
        return MEASURES[self.table]


def is_reported(ident: str) -> bool:
    """Return True if an id is the address of a reported figure: a table, or a table, a key and perhaps a month."""
    table, dot, rest = ident.partition(".")
    if table == "summary":
        return not dot or rest in MEASURES["summary"].columns
    if table not in MEASURES or not dot:
        return False
    if table in ("loss", "gap", "shipments", "production", "costs", "limits"):  # names that are no table of the data
        return True
    return _MONTH.fullmatch(ident) is not None


def taken_apart(ident: str) -> Asked:
    """Read an address; raise InputError if its key has other parts than the table's."""
    table, _, rest = ident.partition(".")
    if table == "summary":
        return Asked(ident, table, {"column": rest}, "")
    match = _MONTH.fullmatch(rest)
    month, key = (match["month"], match["rest"]) if match else ("", rest)
    parts = key.split(":")
    keys = MEASURES[table].keys
    if len(parts) != len(keys):
        form = f"{table}.{':'.join(keys)}.YYYY-MM"
        raise InputError(Finding(f"the address of such a figure is {form}", file="explain", value=ident))
    return Asked(ident, table, dict(zip(keys, parts, strict=True)), month)
