"""The numbers of a network that an analyst changes most: strength of a rule, stocks, starts, ramps, capacity, values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from exposure.io.columns import columns
from exposure.io.writing import cell_text
from exposure.model import KEYS, Network, Override, Record, Rule
from exposure.model.controls import SWITCHES
from exposure.model.main_number import main_number

CHANGED_OFTEN: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("control_scope", ("value", "days")),
    ("stocks", ("cover_months", "quantity")),
    ("recipes", ("start_months", "ramp_months", "capacity")),
    ("demand", ("value_usd",)),
)
"""Table and columns whose figures stand in the workbook one by one; all others can be changed on a sheet of their own."""

_SHARES = {"licence", "people", "evasion", "technology", "investment", "ownership", "content_rule", "foreign_product"}
_LABELS = {"value": "strength of the rule", "days": "days in the queue", "cover_months": "stock", "quantity": "stock",
           "start_months": "start of extra output", "ramp_months": "ramp to full output", "capacity": "capacity",
           "value_usd": "output lost per unit"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: its address (as ``--set`` and ``explain`` take it), what it is in words, base value, range, unit."""

    address: str
    words: str
    base: str
    low: float | None
    high: float | None
    unit: str
    source: str

    def is_outside(self, value: str) -> bool:
        """Return True for a number below low or above high."""
        if value.lower() == "blank":
            return False
        return (self.low is not None and float(value) < self.low) or (
            self.high is not None and float(value) > self.high
        )

    def override(self, value: str) -> Override:
        """Return the change of this figure to a value."""
        table, rest = self.address.split(".", 1)
        key, column = rest.rsplit(".", 1)
        return Override(table=table, column=column, value=value, **dict(zip(KEYS[table], key.split(":"), strict=True)))


def figures(net: Network) -> Iterator[Figure]:
    """Yield the figures of a network that are changed often, rules first; rows that share a key are left out."""
    for table, names in CHANGED_OFTEN:
        rows: tuple[Record, ...] = getattr(net, table)
        keys = Counter(key_of(table, row) for row in rows)
        for row in rows:
            key = key_of(table, row)
            if keys[key] == 1:
                yield from _of_row(net, table, key, row, names)


def key_of(table: str, row: Record) -> str:
    """Return the key fields of a row joined by colons."""
    return ":".join(cell_text(getattr(row, "from_" if name == "from" else name)) for name in KEYS[table])


def address_of(override: Override) -> str:
    """Return the address of a changed figure if it names a whole key, else an empty string."""
    names = KEYS.get(override.table, ())
    if set(override.where) != set(names):
        return ""
    return f"{override.table}.{':'.join(override.where[name] for name in names)}.{override.column}"


def _of_row(net: Network, table: str, key: str, row: Record, names: Iterable[str]) -> Iterator[Figure]:
    if isinstance(row, Rule) and row.mechanism in SWITCHES:
        return
    main = main_number(row)
    for name in names:
        base = cell_text(getattr(row, name))
        if not _is_worth_a_line(row, name, base):
            continue
        ranged = main is not None and main[0] == name
        yield Figure(
            address=f"{table}.{key}.{name}",
            words=_words(net, row, name),
            base=base,
            low=getattr(row, "low", None) if ranged else None,
            high=getattr(row, "high", None) if ranged else None,
            unit=_unit(net, table, row, name),
            source=str(getattr(row, "source", "")),
        )


def _is_worth_a_line(row: Record, name: str, base: str) -> bool:
    if isinstance(row, Rule):
        return (name == "value" and base != "") or (name == "days" and row.mechanism in ("licence", "talks"))
    return base != "" and (
        name not in ("start_months", "ramp_months") or bool(getattr(row, "start_months", 0)) or base != "0"
    )


def _words(net: Network, row: Record, name: str) -> str:
    item = net.item_name(getattr(row, "item", ""))
    label = _LABELS[name]
    if isinstance(row, Rule):
        since = f", from {row.from_}" if row.from_ else ""
        item = "all goods" if row.item == "*" else item
        return f"{row.mechanism} {row.origin or '*'} to {row.destination or '*'}: {item}{since}: {label}"
    return f"{item}, {net.region_name(getattr(row, 'region', ''))}: {label}"


def _unit(net: Network, table: str, row: Record, name: str) -> str:
    if isinstance(row, Rule) and name == "value":
        if row.mechanism in _SHARES:
            return "share, 0 to 1"
        return {"quota": "unit/yr", "tariff": "rate", "revenue_share": "rate", "talks": "day"}.get(row.mechanism, "")
    unit = next(column.unit for column in columns(table) if column.name == name)
    own = net.item[row.item].unit if getattr(row, "item", "") in net.item else "unit"  # type: ignore[attr-defined]
    return unit.replace("unit", own)
