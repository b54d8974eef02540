"""The base of every row of a data package: frozen, closed to unknown fields, aware of its line in the file."""

from __future__ import annotations

from typing import Annotated, Any, NewType

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

RegionId = NewType("RegionId", str)
ItemId = NewType("ItemId", str)
RecipeId = NewType("RecipeId", str)
ControlId = NewType("ControlId", str)
FactId = NewType("FactId", str)
NodeId = tuple[ItemId, RegionId]
"""A node of the chain: an item in a region."""

PLACE = ("line", "package")
"""Fields of a record that say where it was read, and are no columns of its table."""

LARGEST = 1e15
"""No number of a data package may be larger: beyond it the solver's tolerances mean nothing."""

ESTIMATE = "estimate"
"""The word that stands in ``source`` where no fact carries the number."""


def _blank_is_none(value: Any) -> Any:  # noqa: ANN401
    return None if isinstance(value, str) and value.strip() == "" else value


def _plain_number(value: Any) -> Any:  # noqa: ANN401
    if not isinstance(value, str):
        return value
    text = value.strip()
    if text == "":
        return None
    if text != value or not text.replace("_", "x").isascii() or "_" in text:
        message = "not a plain number; write digits with a point, without separators or units"
        raise ValueError(message)
    try:
        return float(text)
    except ValueError:
        hint = "a percent is written as a share, 12 % as 0.12" if "%" in text else "write digits with a point"
        message = f"not a plain number ({hint}; no thousands separators, no units)"
        raise ValueError(message) from None


Number = Annotated[float, BeforeValidator(_plain_number), Field(ge=-LARGEST, le=LARGEST, allow_inf_nan=False)]
"""A finite number, read from a number or from plain digits."""

Amount = Annotated[float, BeforeValidator(_plain_number), Field(ge=0, le=LARGEST, allow_inf_nan=False)]
"""A number that is not negative."""

Share = Annotated[float, BeforeValidator(_plain_number), Field(ge=0, le=1)]
"""A share between 0 and 1."""

Months = Annotated[int, BeforeValidator(_plain_number), Field(ge=0, le=600)]
"""A whole number of months."""


def optional(kind: Any) -> Any:  # noqa: ANN401
    """Return the type that also reads a blank cell, as None."""
    return Annotated[kind | None, BeforeValidator(_blank_is_none)]


MaybeNumber = Annotated[Number | None, BeforeValidator(_blank_is_none)]
MaybeAmount = Annotated[Amount | None, BeforeValidator(_blank_is_none)]


class Record(BaseModel):
    """A frozen row that refuses unknown fields and knows where it was read.

    ``line`` is its row in the file (header is 1); ``package`` the extension that the file belongs to, blank for the package
    that everything is laid over.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, str_strip_whitespace=True)

    line: int | None = Field(default=None, exclude=True, repr=False)
    package: str = Field(default="", exclude=True, repr=False)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Record) and type(self) is type(other) and self.model_dump() == other.model_dump()

    def __hash__(self) -> int:
        return hash(tuple(self.model_dump().values()))


class Evidence(Record):
    """What every row with numbers carries: the range of its main number, where it comes from, how it follows."""

    low: MaybeNumber = Field(default=None, description="low end of the main number")
    high: MaybeNumber = Field(default=None, description="high end of the main number")
    source: str = Field(default="", description='fact ids separated by ";", or the word "estimate"')
    note: str = Field(default="", description="how the number follows from the facts")

    @property
    def fact_ids(self) -> tuple[FactId, ...]:
        """Facts named in ``source``, in order, without the word estimate."""
        parts = (part.strip() for part in self.source.replace(",", ";").split(";"))
        return tuple(FactId(part) for part in parts if part and part != ESTIMATE)

    @property
    def is_estimate(self) -> bool:
        """True where no fact carries the number."""
        return not self.fact_ids
