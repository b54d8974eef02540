"""The sheet *Run record*: versions, hashes of the data, solver, status, sizes and timings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from exposure.report.results import Results
from exposure.report.safe import without_paths
from exposure.report.sheet import Column, Sheet

EVERY = "(all)"


def record_sheet(results: Results) -> Sheet:
    """Return the run record; what all scenarios share stands once."""
    flat = [dict(_flat(outcome.record)) for outcome in results.outcomes]
    keys = [key for key in dict.fromkeys(key for one in flat for key in one) if key != "scenario"]
    rows: list[tuple[object, ...]] = []
    for key in keys:
        values = [one.get(key) for one in flat]
        if len(values) > 1 and all(value == values[0] for value in values):
            rows.append((EVERY, key, values[0]))
        else:
            rows += [
                (label, key, value) for label, value in zip(results.labels, values, strict=True) if value is not None
            ]
    rows += [(name, "not computed", without_paths(reason)) for name, reason in results.failed.items()]
    rows.sort(key=lambda row: row[0] != EVERY)
    return Sheet(
        name="Run record",
        title="Run record",
        answers="With which version, data, solver and settings did these numbers come about?",
        columns=[Column("Scenario", "text", 26), Column("Entry", "text", 34), Column("Value", "long", 100)],
        rows=rows,
        note="The same inputs and version give the same numbers; only the seconds differ from run to run.",
        frozen=2,
    )


def _flat(record: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Lay a nested record out as key and value; folders of this machine are left out."""
    for key, value in record.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{name}: ")
        elif isinstance(value, bool | int | float) or value is None:
            yield name, value
        elif isinstance(value, list | tuple | set | frozenset):
            yield name, without_paths(", ".join(map(str, value)))
        else:
            yield name, without_paths(str(value))
