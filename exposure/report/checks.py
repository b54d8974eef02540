"""The sheet *Checks*: live formulas over the other sheets, each with its tolerance and its verdict."""

from __future__ import annotations

from exposure.report import agreements as agree
from exposure.report.agreements import Check
from exposure.report.results import Results
from exposure.report.sheet import Column, Formula, Sheet

RESULT, FOUND, ALLOWED = "Result", "Found", "Allowed"
COLUMNS = (
    Column("Check", "text", 30),
    Column("What must hold", "long", 74),
    Column("Scenario", "text", 24),
    Column("Response", "text", 11),
    Column(FOUND, "amount", 14),
    Column(ALLOWED, "amount", 12),
    Column(RESULT, "flag", 10),
)


def checks_sheet(results: Results, sheets: dict[str, Sheet]) -> Sheet:
    """Return the checks that the sheets of this workbook allow."""
    made = [
        agree.gap_adds_up(sheets["Gap"]),
        agree.balance_holds(sheets["Balance"]),
        agree.months_add_up(results, sheets["Loss by month"]),
        *agree.loss_agrees(results, sheets["Results by level"], sheets["Loss by month"]),
        *agree.rows_agree(results, sheets["Results by level"], sheets["Loss rows"]),
        *agree.costs_agree(results, sheets["Results by level"], sheets["Costs"]),
        agree.damage_adds_up(results, sheets["Results by level"]),
        agree.unmet_within_demand(sheets["Loss rows"]),
        agree.limits_hold(sheets["Limits"]),
        agree.all_computed(results),
        agree.levels_in_order(results, sheets["Results by level"]),
        agree.baseline_in_range(sheets["Baseline"]),
    ]
    sheet = Sheet(
        name="Checks",
        title="Checks: do the sheets agree with one another?",
        answers="Live formulas over the other sheets; each says PASS or FAIL. NOTE marks what a reader should know.",
        columns=list(COLUMNS),
        rows=(),
        note="Found: rows that break the rule, or a difference in the unit of the sheet. The cover repeats the verdict.",
        frozen=1,
    )
    sheet.rows = [_row(sheet, k, check) for k, check in enumerate(made)]
    return sheet


def _row(sheet: Sheet, k: int, check: Check) -> list[object]:
    found, allowed = sheet.cell(k, FOUND), sheet.cell(k, ALLOWED)
    bad = "NOTE" if check.notice else "FAIL"
    holds = isinstance(check.found.value, int | float) and check.found.value <= check.allowed
    verdict = Formula(f'=IF({found}<={allowed},"PASS","{bad}")', "PASS" if holds else bad)
    return [check.name, check.must, check.scenario, check.response, check.found, check.allowed, verdict]


def roll_up(checks: Sheet) -> Formula:
    """Return the one line for the cover: how many checks fail, and how many have something to note."""
    verdicts = [str(row[6].value) for row in checks.body if isinstance(row[6], Formula)]
    failed, noted = (f'COUNTIF({checks.range(RESULT)},"{word}")' for word in ("FAIL", "NOTE"))
    hard = len(verdicts)
    text = (
        f'=IF({failed}=0,"All {hard} checks pass",{failed}&" of {hard} checks FAIL")'
        f'&IF({noted}=0,"",", "&{noted}&" with a NOTE to read")&" (sheet Checks)"'
    )
    fails, notes = verdicts.count("FAIL"), verdicts.count("NOTE")
    said = f"{fails} of {hard} checks FAIL" if fails else f"All {hard} checks pass"
    return Formula(text, said + (f", {notes} with a NOTE to read" if notes else "") + " (sheet Checks)")
