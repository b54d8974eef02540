"""Severities: the same scenario with every rule moved from its stated figure towards the harsh or the mild end of its range."""

from __future__ import annotations

from collections.abc import Iterator

from exposure.model import Network, Override, Rule, Scenario
from exposure.model.controls import SWITCHES

STEPS: tuple[float, ...] = (-1.0, -0.5, 0.0, 0.5, 1.0)
"""Places of the slider: -1 the mild ends of all ranges, 0 as stated, 1 the harsh ends."""

LABELS = {-1.0: "mildest", -0.5: "milder", 0.0: "as stated", 0.5: "harsher", 1.0: "harshest"}

HARSH_IF_HIGH = frozenset({"tariff", "revenue_share", "technology", "investment"})
"""Mechanisms whose larger number hurts more; of all others (shares that pass, quotas, thresholds) the smaller one does."""


def at_severity(net: Network, scenario: Scenario, severity: float) -> Scenario:
    """Return a scenario whose rules stand at a place between the ends of their ranges.

    Parameters
    ----------
    net, scenario
        The network and what is asked of it; changed figures of the scenario hold, and rules that they change stay as they are.
    severity
        -1 the mild end, 0 the stated figure, 1 the harsh end; between them in a straight line.

    Raises
    ------
    ValueError
        If the severity lies outside -1 to 1.
    """
    if not -1 <= severity <= 1:
        message = f"severity {severity} lies outside -1 to 1"
        raise ValueError(message)
    if severity == 0:
        return scenario
    moved = tuple(_moved(net, scenario, severity))
    return scenario.model_copy(update={"set": (*scenario.set, *moved)})


def _moved(net: Network, scenario: Scenario, severity: float) -> Iterator[Override]:
    for control in scenario.controls:
        for rule in net.rules_of.get(control, ()):
            value = _value(rule, severity)
            key = _key(rule)
            if value is not None and not any(_touches(change, key) for change in scenario.set):
                yield Override.model_validate(
                    {"table": "control_scope", "column": "value", "value": f"{value:.10g}", **key}
                )


def _value(rule: Rule, severity: float) -> float | None:
    """Return the figure of a rule at a severity; None where it has no range or stands there already."""
    if rule.mechanism in SWITCHES or rule.low is None or rule.high is None or not rule.value.strip():
        return None
    harsh, mild = (rule.high, rule.low) if rule.mechanism in HARSH_IF_HIGH else (rule.low, rule.high)
    end = harsh if severity > 0 else mild
    value = rule.number + (end - rule.number) * abs(severity)
    return None if value == rule.number else min(max(value, rule.low), rule.high)


def _key(rule: Rule) -> dict[str, str]:
    """Return the fields that name one rule."""
    return {
        "control": rule.control,
        "item": rule.item,
        "origin": rule.origin,
        "destination": rule.destination,
        "mechanism": rule.mechanism,
        "from": "" if rule.from_ is None else str(rule.from_),
    }


def _touches(change: Override, key: dict[str, str]) -> bool:
    return change.table == "control_scope" and all(
        key.get(name, value) == value for name, value in change.where.items()
    )
