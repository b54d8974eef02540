"""From the positions of the sliders to a scenario."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from exposure.calendar import Month
from exposure.model import ControlId, Network, Override, Scenario
from exposure.model.controls import SWITCHES
from exposure.report.page import at_severity

LONGEST = 600
"""Most months of a start or ramp that the data may hold."""


@dataclass(frozen=True)
class WhatIf:
    """What the sliders say: controls, months, severity (-1 to 1), factors on stocks and on times to start and ramp up."""

    controls: tuple[str, ...]
    start: str
    months: int = 12
    severity: float = 0.0
    stock: float = 1.0
    ramp: float = 1.0

    def scenario(self, net: Network) -> Scenario:
        """Return the scenario; the factors hold for goods that the controls name (all goods, where a rule says all).

        Raises
        ------
        InputError
            If the start is no month.
        """
        items = goods_under_control(net, self.controls)
        changes = (*_stocks(net, items, self.stock), *_ramps(net, items, self.ramp))
        case = Scenario(
            name=self.name,
            title=self.title(net),
            start=Month.parse(self.start),
            months=self.months,
            controls=tuple(ControlId(control) for control in self.controls),
            set=changes,
        )
        return at_severity(net, case, self.severity)

    @property
    def name(self) -> str:
        """Name in reports and file names."""
        parts = [" + ".join(self.controls) or "no control"]
        parts += [f"severity {self.severity:+g}"] if self.severity else []
        parts += [f"stocks x {self.stock:g}"] if self.stock != 1 else []
        parts += [f"ramp x {self.ramp:g}"] if self.ramp != 1 else []
        return ", ".join(parts)[-200:]

    def title(self, net: Network) -> str:
        """Title in words: the controls' own titles."""
        return "; ".join(net.control[ControlId(control)].title for control in self.controls)


def goods_under_control(net: Network, controls: tuple[str, ...]) -> frozenset[str]:
    """Return the items that rules of the controls name, all items where one says all."""
    rules = [
        rule for control in controls for rule in net.rules_of[ControlId(control)] if rule.mechanism not in SWITCHES
    ]
    if any(rule.item == "*" for rule in rules):
        return frozenset(str(item.item) for item in net.items)
    return frozenset(rule.item for rule in rules if rule.item)


def _stocks(net: Network, items: frozenset[str], factor: float) -> Iterator[Override]:
    """Yield stocks times a factor, their ranges with them."""
    for row in net.stocks if factor != 1 else ():
        column = "cover_months" if row.quantity is None else "quantity"
        for name in (column, "low", "high"):
            value = getattr(row, name)
            if str(row.item) in items and value is not None:
                yield _change("stocks", name, float(value) * factor, item=row.item, region=row.region)


def _ramps(net: Network, items: frozenset[str], factor: float) -> Iterator[Override]:
    """Yield times to start and to ramp up times a factor, in whole months."""
    for row in net.recipes if factor != 1 else ():
        for name in ("start_months", "ramp_months"):
            value = getattr(row, name)
            if str(row.item) in items and value:
                yield _change("recipes", name, min(LONGEST, round(value * factor)), recipe=row.recipe)


def _change(table: str, column: str, value: float, **where: str) -> Override:
    return Override.model_validate({"table": table, "column": column, "value": value, **where})
