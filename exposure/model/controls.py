"""Controls: a government's rules on trade, and each rule's scope, strength and dates."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from exposure.model.record import ControlId, Evidence, Record, _blank_is_none

Status = Literal["in_force", "suspended", "lifted", "threat", "never_applied", "branch"]
Mechanism = Literal[
    "ban", "licence", "quota", "tariff", "revenue_share", "content_rule", "foreign_product", "reexport", "entity",
    "end_use", "ownership", "technology", "buyer_ban", "investment", "people", "suspension", "lifting", "snap_back",
    "talks", "evasion",
]  # fmt: skip
SWITCHES: frozenset[str] = frozenset({"suspension", "lifting", "snap_back"})
"""Mechanisms that switch another control off or on; their value is that control's id."""
RATES: frozenset[str] = frozenset({"tariff", "revenue_share"})
"""Mechanisms that make trade dearer and hold nothing back; their value is a rate on the price."""


def _iso_date(value: object) -> object:
    if value is None or isinstance(value, dt.date):
        return value
    text = str(value).strip()
    if text == "":
        return None
    try:
        if len(text) != 10:
            raise ValueError
        return dt.date.fromisoformat(text)
    except ValueError:
        message = f'"{text}" is not a date; write it as 2025-04-04'
        raise ValueError(message) from None


Date = Annotated[dt.date, BeforeValidator(_iso_date)]
MaybeDate = Annotated[dt.date | None, BeforeValidator(_iso_date)]
MaybeFloat = Annotated[float | None, BeforeValidator(_blank_is_none)]


class Control(Record):
    """One legal act (or threat, or branch that a user may pick), with its dates."""

    control: ControlId = Field(description="id, such as CN-2025-04-RE7", min_length=1)
    title: str = Field(description="title in reports", min_length=1)
    imposer: str = Field(default="", description="who imposes it")
    target: str = Field(default="", description="whom it is aimed at")
    instrument: str = Field(default="", description="the act, as its issuer writes it")
    announced: Date = Field(description="day it became known")
    effective: Date = Field(description="first day in force")
    ends: MaybeDate = Field(
        default=None, description="last day in force, if the instrument itself says so; blank: open"
    )
    status: Status = Field(description="in_force, suspended, lifted, threat, never_applied or branch")
    supersedes: str = Field(default="", description="controls it replaces")
    claims: str = Field(default="", description="claims of the founding documents that it encodes")
    source: str = Field(default="", description="facts or register rows")
    note: str = Field(default="", description="what a reader should know")


class Rule(Evidence):
    """One rule of a control: which lanes, which mechanism, how strong, from when to when, known since when."""

    control: ControlId = Field(description="control it belongs to")
    item: str = Field(default="", description="item id; * for all")
    origin: str = Field(default="", description="region id; * for all, !CN for all but CN")
    destination: str = Field(default="", description="region id; * for all, !CN for all but CN")
    mechanism: Mechanism = Field(description="what the rule does")
    value: str = Field(default="", description="the mechanism's number or, for a switch, a control id")
    days: Annotated[float, BeforeValidator(lambda v: 0 if v in ("", None) else v)] = Field(
        default=0, ge=0, le=3660, description="days of queue before a licence is used, or of delay of a start"
    )
    covered: str = Field(default="", description="covered inputs of a content rule, with their origin: CN:magnet;alloy")
    known: MaybeDate = Field(default=None, description="day the rule became known; blank: by the rules of knowledge")
    from_: MaybeDate = Field(default=None, alias="from", description="first day; blank: the control's effective date")
    to: MaybeDate = Field(default=None, description="last day; blank: the control's end")

    @property
    def number(self) -> float:
        """``value`` as a number; blank is 0, which bans."""
        return float(self.value) if self.value.strip() else 0.0

    @property
    def path_key(self) -> tuple[str, str, str, str, str]:
        """Rules with the same key form a path: later rows replace earlier ones and are not foreseen."""
        return self.control, self.item, self.origin, self.destination, self.mechanism
