"""Claims of the founding documents, the register of controls, and the rows of the model that hold them."""

from __future__ import annotations

from collections import defaultdict
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from exposure.model.network import KEYS, TABLES, Network
from exposure.model.record import ControlId, Record

Kind = Literal[
    "control", "dependency", "easing", "threat", "share", "quantity", "trade-flow", "substitution", "event", "actor"
]
ENCODABLE: frozenset[str] = frozenset(
    {"control", "dependency", "easing", "threat", "share", "quantity", "trade-flow", "substitution"}
)
"""Kinds of claims that always have a row; an event or what an actor thinks may have none, and the note says why."""

SCENARIOS = "scenarios"
"""The word before the name of a scenario file in an address."""


def _named(text: object) -> object:
    return tuple(part.strip() for part in text.split(";") if part.strip()) if isinstance(text, str) else text


Names = Annotated[tuple[str, ...], BeforeValidator(_named)]
"""Names in one cell, separated by semicolons."""


class Claim(Record):
    """One claim of a founding document, in our own words, with the rows of the model that encode it."""

    claim: str = Field(description="id, such as S3-10: document 3, tenth claim", pattern=r"^S\d-\d\d$")
    document: str = Field(description="file name of the document", min_length=1)
    sha256: str = Field(description="hash of the document", pattern="^[0-9a-f]{64}$")
    paragraph: int = Field(description="paragraph of the document, by its line", ge=1)
    kind: Kind = Field(description="what is claimed")
    statement: str = Field(description="the claim in our own words", min_length=1)
    encoded: Literal["yes", "no"] = Field(description="yes where rows of the model hold it")
    rows: Names = Field(default=(), description="addresses of those rows: table:key, parts of a key joined by /")
    note: str = Field(default="", description="why it has no row, or what the document gets wrong")

    @property
    def controls(self) -> tuple[ControlId, ...]:
        """Controls among its rows."""
        return tuple(ControlId(row.split(":", 1)[1]) for row in self.rows if row.startswith("controls:"))


class RegisteredControl(Record):
    """One entry of the register of controls, and the controls of the model that hold it."""

    control: ControlId = Field(description="id in the register", min_length=1)
    encoded_as: Names = Field(default=(), description="controls of the model that hold it, separated by ;")
    reason: str = Field(default="", description="why it has no rule of its own, or why it is split")


def address_of(table: str, row: Record) -> str:
    """Return the address of a row: its table and the filled parts of its key, such as ``demand:ev/US``."""
    fields = {field.alias or name: name for name, field in type(row).model_fields.items()}
    parts = (getattr(row, fields[key]) for key in KEYS[table])
    return f"{table}:{'/'.join(str(part) for part in parts if part not in (None, ''))}"


class Addresses:
    """The rows of a network by address; an address that stops early names every row that begins so.

    >>> Addresses(net).rows("demand:ev/US")     # one row
    >>> Addresses(net).rows("demand:ev")        # electric cars in every region
    """

    def __init__(self, net: Network) -> None:
        self.exact: dict[str, list[Record]] = defaultdict(list)
        self.begun: dict[str, list[Record]] = defaultdict(list)
        for table in TABLES:
            for row in getattr(net, table):
                self._learn(address_of(table, row), row)

    def _learn(self, address: str, row: Record) -> None:
        self.exact[address].append(row)
        for place, letter in enumerate(address):
            if letter == "/":
                self.begun[address[:place]].append(row)

    def rows(self, address: str) -> tuple[Record, ...]:
        """Return the rows of an address, those of exactly that key first choice; none if nothing has it."""
        return tuple(self.exact.get(address) or self.begun.get(address) or ())

    @property
    def known(self) -> list[str]:
        """Every address, whole or begun."""
        return [*self.exact, *self.begun]
