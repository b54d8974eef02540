"""The sheet *Quality log*: what was done to trust these numbers, by whom or what, and how it came out."""

from __future__ import annotations

from collections.abc import Sequence

from exposure.report.checks import RESULT
from exposure.report.results import NOISE, Results
from exposure.report.sheet import Column, Formula, Sheet

DONE, LOOK, OPEN = "done", "read this", "open"
Row = tuple[object, ...]


def quality_sheet(results: Results, checks: Sheet, baseline: Sheet, body: Sequence[Sheet]) -> Sheet:
    """Return one row per step of assurance; the last ones are for the people who check a report by hand."""
    rows = [
        *_data(results, baseline),
        *_solved(results),
        _checks(checks),
        _left_out(body),
        ("Rounding", "Amounts below a hundred-millionth of all output wanted are the solver's rounding and shown as nothing.",
         DONE, f"threshold {NOISE:g}", "tool"),
        ("Formulas", "Every live formula is stored with its value; the tool's tests let another program calculate them anew.", DONE,
         "sheets Cover, Balance, Checks", "tool"),
        ("Analyst's review", "Somebody who did not run it has followed the largest loss to its sources (exposure explain).", OPEN,
         "write the finding here", "name and date"),
        ("Release", "Somebody answers for this report.", OPEN, "write the decision here", "name and date"),
    ]  # fmt: skip
    numbered = [(f"Q-{k:02}", *row) for k, row in enumerate(rows, start=1)]
    return Sheet(
        name="Quality log",
        title="Quality log",
        answers="What was done to trust these numbers, and what is still open?",
        columns=[
            Column("Id", "text", 8),
            Column("Step", "text", 24),
            Column("What was done", "long", 80),
            Column("State", "flag", 12),
            Column("Outcome", "long", 60),
            Column("By", "text", 16),
        ],
        rows=numbered,
        note="open: for people to fill in. read this: nothing is wrong by rule, but a reader should know.",
        frozen=3,
    )


def _data(results: Results, baseline: Sheet) -> list[Row]:
    net, record = results.networks[0], results.outcomes[0].record
    files = len(net.hashes)
    modified = bool(record.get("modified_data"))
    at = [column.header for column in baseline.columns].index("Left its range")
    left = sum(row[at] == "yes" for row in baseline.rows)
    return [
        ("Data read", "Every row was read as text, converted and checked: ids, units, ranges, shares, sources.", DONE,
         f"{len(net.items):,} items, {len(net.recipes):,} recipes, {len(net.lanes):,} lanes, {len(net.facts):,} facts", "tool"),
        ("Data unchanged", "Each file was compared with the hash in the manifest.", LOOK if modified else DONE,
         "the data differ from the package" if modified else f"{files} files, hashes on the sheet Run record", "tool"),
        ("Baseline closed", "The figures were moved as little as makes supply and use balance.", LOOK if left else DONE,
         f"{len(baseline.rows):,} figures moved, {left:,} of them out of their range", "tool"),
    ]  # fmt: skip


def _solved(results: Results) -> list[Row]:
    records = [outcome.record for outcome in results.outcomes]
    status = sorted({str(record.get("status", "not stated")) for record in records})
    solver = str(records[0].get("solver", "not stated"))
    broken = [
        label for label, record in zip(results.labels, records, strict=True) if not record.get("levels_in_order", True)
    ]
    order = f"{len(broken)} of {len(records)} have them out of order: {', '.join(broken)}" if broken else "in order"
    failed = ", ".join(results.failed)
    return [
        ("Scenarios computed", "A scenario that could not be computed is named and has no numbers.", LOOK if failed else DONE,
         f"{len(records)} computed" + (f", failed: {failed}" if failed else ", none failed"), "tool"),
        ("Programme solved", "Only a plan that the solver proved best becomes a table.", DONE,
         f"{', '.join(status)}; {solver}", "tool"),
        ("Order of levels", "Damage falls from contracts to voluntary to planner, unless knowledge in stages or ranks break it.",
         LOOK if broken else DONE, order, "tool"),
    ]  # fmt: skip


def _checks(checks: Sheet) -> Row:
    at = [column.header for column in checks.columns].index(RESULT)
    verdicts = [cell.value for row in checks.body if isinstance(cell := row[at], Formula)]
    counts = {word: verdicts.count(word) for word in ("PASS", "NOTE", "FAIL")}
    said = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
    state = LOOK if counts["FAIL"] or counts["NOTE"] else DONE
    return "Sheets agree", "Live formulas compare the sheets with one another (sheet Checks).", state, said, "formulas"


def _left_out(body: Sequence[Sheet]) -> Row:
    part = [sheet.name for sheet in body if "weigh most" in sheet.left_out or "rows; --json" in sheet.left_out]
    said = f"only the weightiest rows stand on: {', '.join(part)}" if part else "no row that holds a change is left out"
    return (
        "Rows left out",
        "Sheet Contents says for each sheet what it leaves out; --json gives all.",
        LOOK if part else DONE,
        said,
        "tool",
    )
