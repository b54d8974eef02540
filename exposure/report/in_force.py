"""The sheet *Controls in force*: what each rule really did, in spans of months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from exposure.calendar import Month
from exposure.report.results import Results
from exposure.report.sheet import Column, Sheet

RULE = ("control", "title", "item", "origin", "destination", "mechanism", "value")
STRENGTH = ("share", "tariff", "quota")


def controls_sheet(results: Results) -> Sheet:
    """Return one row per rule and span of months in which it held with the same strength."""
    columns = [
        Column("Scenario", "text", 24),
        Column("Control", "text", 24),
        Column("Title", "text", 50),
        Column("Item", "text", 42),
        Column("Origin", "text", 18),
        Column("Destination", "text", 30),
        Column("Mechanism", "text", 12),
        Column("From", "month", 9),
        Column("To", "month", 9),
        Column("Months", "count", 8),
        Column("Share allowed (% of baseline flow)", "share", 14),
        Column("Tariff (% of price)", "share", 11),
        Column("Quota (unit/month)", "amount", 12),
        Column("Rule value as written", "text", 14),
        Column("Item id", "text", 25),
    ]
    rows = [
        row
        for label, outcome in zip(results.labels, results.outcomes, strict=True)
        for row in _rows(results, label, outcome.controls.to_dict("records"))
    ]
    return Sheet(
        name="Controls in force",
        title="Controls in force",
        answers="Which rule held where, from when to when, and how strongly?",
        columns=columns,
        rows=rows,
        note="Shares are averages over the days of a month. Exporters' rules count in the month of shipping, tariffs and buyers' "
        "bans on arrival. Months of warm-up and tail are included.",
        frozen=2,
    )


def _rows(results: Results, label: str, records: list[dict[Any, Any]]) -> Iterator[tuple[object, ...]]:
    names = results.names
    for rule, strength, first, last in _spans(records):
        control, title, item, origin, destination, mechanism, value = rule
        share, tariff, quota = strength
        yield (
            label, control, title, names.scope_item(item), names.region(origin), names.region(destination), mechanism,
            str(first), str(last), last - first + 1, share, tariff, quota, value, item,
        )  # fmt: skip


def _spans(records: list[dict[Any, Any]]) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...], Month, Month]]:
    """Join months that follow one another with the same rule and strength."""
    months: dict[tuple[tuple[Any, ...], tuple[Any, ...]], list[Month]] = defaultdict(list)
    for record in records:
        rule = tuple(record.get(key) for key in RULE)
        strength = tuple(_known(record.get(key)) for key in STRENGTH)
        months[rule, strength].append(Month.parse(record["month"]))
    spans = []
    for (rule, strength), held in months.items():
        held = sorted(set(held))
        first = held[0]
        for month, following in zip(held, [*held[1:], None], strict=True):
            if following is None or following - month > 1:
                spans.append((rule, strength, first, month))
                first = following or first
    order = {rule: k for k, rule in enumerate(dict.fromkeys(rule for rule, _ in months))}
    yield from sorted(spans, key=lambda span: (order[span[0]], span[2]))


def _known(value: Any) -> float | None:  # noqa: ANN401
    return None if value is None or value != value else round(float(value), 12)
