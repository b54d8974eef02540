"""Scenario: the few numbers that an analyst lays over one network."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from exposure.calendar import Month
from exposure.model.record import ControlId

Foresight = Literal["announced", "perfect", "none"]
Response = Literal["contracts", "voluntary", "planner"]
RESPONSES: tuple[Response, ...] = ("contracts", "voluntary", "planner")


class Override(BaseModel):
    """One changed cell of the data: a table, the fields that pick its rows, a column and the new value."""

    model_config = ConfigDict(frozen=True, extra="allow")

    table: str = Field(description="table of the data package")
    column: str = Field(description="column to change")
    value: Any = Field(description="new value")

    @property
    def where(self) -> dict[str, str]:
        """The fields that pick the rows, such as ``{"item": "ndfeb_hot", "region": "US"}``."""
        return {name: str(value) for name, value in (self.model_extra or {}).items()}

    def __str__(self) -> str:
        key = ", ".join(f"{name} {value}" for name, value in self.where.items()) or "all rows"
        return f"{self.table} ({key}): {self.column} = {self.value}"


class Scenario(BaseModel):
    """Which controls, from when, for how long, known how, with which figures changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(default="scenario", min_length=1, max_length=200, description="name in reports and file names")
    title: str = Field(default="", description="one line in words")
    start: Month | None = Field(default=None, description="first reported month; blank: the month of the first news")
    months: int = Field(default=18, ge=1, le=240, description="reported months")
    tail: int = Field(default=6, ge=0, le=60, description="months solved after the reported ones")
    warm_up: int = Field(default=12, ge=0, le=120, description="most months run before the start for older controls")
    controls: tuple[ControlId, ...] = Field(default=(), description="controls in the scenario")
    foresight: Foresight = Field(
        default="announced",
        description="announced: a rule is known from its announcement; perfect: all is known from the start; none: a rule is known "
        "only when it takes effect",
    )
    set: tuple[Override, ...] = Field(default=(), description="changed figures")

    @field_validator("name")
    @classmethod
    def _one_line(cls, name: str) -> str:
        if any(ord(char) < 32 for char in name):
            message = "a name is one line without control characters"
            raise ValueError(message)
        return name.strip()

    @field_validator("start", mode="before")
    @classmethod
    def _month_text(cls, value: Any) -> Any:  # noqa: ANN401
        return Month.parse(value) if isinstance(value, str) else value

    @field_validator("controls")
    @classmethod
    def _each_once(cls, controls: tuple[ControlId, ...]) -> tuple[ControlId, ...]:
        return tuple(dict.fromkeys(controls))

    def _repr_html_(self) -> str:
        from exposure.plot.cards import scenario_card  # looked up when a notebook shows it

        return scenario_card(self)
