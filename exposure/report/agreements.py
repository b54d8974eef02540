"""The checks themselves, one function each: a live formula over the sheets, and the value that it has now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from exposure.model import RESPONSES
from exposure.report.balance import VERDICT
from exposure.report.gaps import MINUS, PLUS, ROUNDING, USUAL, header
from exposure.report.results import NOISE, Results
from exposure.report.sheet import Formula, Sheet

TOLERANCE = 1e-6
"""Share of what is compared that a difference may have."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check: ``found`` (a formula and its value) may be at most ``allowed``; a notice never fails."""

    name: str
    must: str
    found: Formula
    allowed: float = 0.0
    scenario: str = "(all)"
    response: str = ""
    notice: bool = False


def numbers(sheet: Sheet, title: str) -> list[float]:
    """Return a column of a sheet as numbers, blanks as 0."""
    at = [column.header for column in sheet.columns].index(title)
    return [_number(row[at]) for row in sheet.body]


def _number(cell: object) -> float:
    value = cell.value if isinstance(cell, Formula) else cell
    return float(value) if isinstance(value, int | float) and value == value else 0.0


def gap_adds_up(gap: Sheet) -> Check:
    """Check the identity of the gap in each row."""
    plus = "".join(f"-{gap.range(header(term))}" for term in PLUS)
    minus = "".join(f"+{gap.range(header(term))}" for term in MINUS)
    cut = gap.range(header("cut"))
    size = "+".join(f"ABS({gap.range(header(term))})" for term in ("cut", *PLUS, *MINUS))
    allowed = f"{TOLERANCE:g}*(1+{size})+{ROUNDING:g}*{gap.range(USUAL)}"
    columns = {term: numbers(gap, header(term)) for term in ("cut", *PLUS, *MINUS)}
    broken = 0
    for k, (wanted, supply) in enumerate(zip(columns["cut"], numbers(gap, USUAL), strict=True)):
        left = wanted - sum(columns[t][k] for t in PLUS) + sum(columns[t][k] for t in MINUS)
        broken += abs(left) > TOLERANCE * (1 + sum(abs(values[k]) for values in columns.values())) + ROUNDING * supply
    return Check(
        "Gap adds up",
        "Cut = other origins + own makers + from stock - thrown away - passed on + replaced + users that stopped + unmet, in every "
        f"row of the sheet Gap (tolerance {TOLERANCE:g} of its terms and {ROUNDING:g} of the usual supply).",
        Formula(f"=SUMPRODUCT(--(ABS({cut}{plus}{minus})>{allowed}))", broken),
    )


def balance_holds(balance: Sheet) -> Check:
    """Check that no item of the mass balance fails."""
    at = [column.header for column in balance.columns].index(VERDICT)
    verdicts = [row[at] for row in balance.body]
    broken = sum(1 for cell in verdicts if isinstance(cell, Formula) and cell.value == "FAIL")
    return Check(
        "Mass balance",
        "What was made, shipped, used, served and stored adds up for every item over the world (sheet Balance, row by row).",
        Formula(f'=COUNTIF({balance.range(VERDICT)},"FAIL")', broken),
    )


def months_add_up(results: Results, wide: Sheet) -> Check:
    """Check that the months of the wide table sum to its totals."""
    months = [c.header for c in wide.columns[5:-2]]
    total = wide.columns[4].header
    whole = sum(numbers(wide, total))
    by_month = sum(sum(numbers(wide, month)) for month in months)
    block = _block(wide, months) if months else "0"
    return Check(
        "Months add up to totals",
        "The months of the sheet Loss by month sum to its totals.",
        Formula(f"=ABS(SUM({block})-SUM({wide.range(total)}))", abs(by_month - whole)),
        _allowed(results, whole),
    )


def _block(wide: Sheet, months: Sequence[str]) -> str:
    first, last = wide.letter(months[0]), wide.letter(months[-1])
    return f"'{wide.name}'!${first}${wide.first_row}:${last}${wide.last_row}"


def _allowed(results: Results, size: float) -> float:
    """Return the difference allowed between two sums of money: a share of them, and the solver's rounding of all output."""
    return float(f"{TOLERANCE * abs(size) + NOISE * max(results.stakes) / results.money.factor:.3g}")


def loss_agrees(results: Results, summary: Sheet, wide: Sheet) -> Iterator[Check]:
    """Check each scenario's and response's loss on the summary against the wide table."""
    total, loss = wide.columns[4].header, f"Loss ({results.money.unit})"
    totals = list(zip((row[:2] for row in wide.body), numbers(wide, total), strict=True))
    for k, (row, stated) in enumerate(zip(summary.body, numbers(summary, loss), strict=True)):
        summed = sum(value for key, value in totals if tuple(key) == tuple(row[:2]))
        cells = [f"'{summary.name}'!{summary.cell(k, header)}" for header in ("Scenario", "Response", loss)]
        same = (
            f"EXACT({wide.range('Scenario')},{cells[0]})*EXACT({wide.range('Response')},{cells[1]})*{wide.range(total)}"
        )
        yield Check(
            "Loss agrees",
            "The loss on the sheet Results by level is the sum of the sheet Loss by month.",
            Formula(f"=ABS(SUMPRODUCT({same})-{cells[2]})", abs(summed - stated)),
            _allowed(results, stated),
            str(row[0]),
            str(row[1]),
        )


def rows_agree(results: Results, summary: Sheet, rows: Sheet) -> Iterator[Check]:
    """Check the tidy rows of loss against the summary; a part of them may not exceed it."""
    loss = f"Loss ({results.money.unit})"
    stated, listed = sum(numbers(summary, loss)), sum(numbers(rows, loss))
    text = "The rows of the sheet Loss rows sum to the loss on the sheet Results by level."
    formula = f"=ABS(SUM({rows.range(loss)})-SUM({summary.range(loss)}))"
    found = abs(listed - stated)
    if "weigh most" in rows.left_out:
        text = "The rows shown on the sheet Loss rows, a part of all, sum to no more than the loss on the sheet Results by level."
        formula = f"=SUM({rows.range(loss)})-SUM({summary.range(loss)})"
        found = listed - stated
    yield Check("Loss rows agree", text, Formula(formula, found), _allowed(results, stated))


def costs_agree(results: Results, summary: Sheet, costs: Sheet) -> Iterator[Check]:
    """Check the rows of cost against the summary, if all are shown."""
    if costs.left_out:
        return
    cost = f"Cost ({results.money.unit})"
    stated, listed = sum(numbers(summary, cost)), sum(numbers(costs, cost))
    yield Check(
        "Costs agree",
        "The rows of the sheet Costs sum to the cost on the sheet Results by level.",
        Formula(f"=ABS(SUM({costs.range(cost)})-SUM({summary.range(cost)}))", abs(listed - stated)),
        _allowed(results, stated),
    )


def damage_adds_up(results: Results, summary: Sheet) -> Check:
    """Check that damage is loss and cost, and transfers are part of cost."""
    heads = [f"{name} ({results.money.unit})" for name in ("Damage", "Loss", "Cost", "Of which transfers")]
    damage, loss, cost, transfers = (summary.range(head) for head in heads)
    values = zip(*(numbers(summary, head) for head in heads), strict=True)
    broken = sum(
        (abs(d - a - c) > TOLERANCE * (1 + abs(d))) or t > c + TOLERANCE * (1 + abs(c)) for d, a, c, t in values
    )
    sums = f"(ABS({damage}-{loss}-{cost})>{TOLERANCE:g}*(1+ABS({damage})))"
    parts = f"({transfers}>{cost}+{TOLERANCE:g}*(1+ABS({cost})))"
    return Check(
        "Damage adds up",
        "Damage = loss + cost, and transfers are no more than cost, in every row of the sheet Results by level.",
        Formula(f"=SUMPRODUCT(--(({sums}+{parts})>0))", broken),
    )


def unmet_within_demand(rows: Sheet) -> Check:
    """Check that nobody loses more than was wanted."""
    heads = ("Unmet (unit/month)", "Demand (unit/month)")
    unmet, demand = (rows.range(head) for head in heads)
    pairs = zip(*(numbers(rows, head) for head in heads), strict=True)
    broken = sum(u > d * (1 + TOLERANCE) + TOLERANCE or u < -TOLERANCE for u, d in pairs)
    return Check(
        "No loss beyond demand",
        "No row of the sheet Loss rows loses more than was wanted, or less than nothing.",
        Formula(
            f"=SUMPRODUCT(--((({unmet}>{demand}*(1+{TOLERANCE:g})+{TOLERANCE:g})+({unmet}<-{TOLERANCE:g}))>0))", broken
        ),
    )


def limits_hold(limits: Sheet) -> Check:
    """Check that no limit is exceeded."""
    heads = ("Used (unit/month)", "Allowed (unit/month)")
    used, allowed = (limits.range(head) for head in heads)
    pairs = zip(*(numbers(limits, head) for head in heads), strict=True)
    broken = sum(u > a + TOLERANCE * (1 + abs(a)) for u, a in pairs)
    return Check(
        "Limits hold",
        "Nothing uses more of a limit than it allows (sheet Limits).",
        Formula(f"=SUMPRODUCT(--({used}>{allowed}+{TOLERANCE:g}*(1+ABS({allowed}))))", broken),
    )


def all_computed(results: Results) -> Check:
    """Check that no scenario failed."""
    count = len(results.failed)
    return Check(
        "All scenarios computed", "No scenario failed (sheet Cover gives reasons).", Formula(f"={count}", count)
    )


def levels_in_order(results: Results, summary: Sheet) -> Check:
    """Note where damage does not fall from contracts to voluntary to planner."""
    damage = f"Damage ({results.money.unit})"
    values, at = numbers(summary, damage), {}
    for k, row in enumerate(summary.body):
        at[str(row[0]), str(row[1])] = k
    terms, broken = [], 0
    for label in results.labels:
        present = [at[label, level] for level in RESPONSES if (label, level) in at]
        for upper, lower in pairwise(present):
            cells = [f"'{summary.name}'!{summary.cell(k, damage)}" for k in (lower, upper)]
            terms.append(f"({cells[0]}>{cells[1]}*(1+{TOLERANCE:g})+{TOLERANCE:g})")
            broken += values[lower] > values[upper] * (1 + TOLERANCE) + TOLERANCE
    return Check(
        "Levels in order",
        "Damage falls from contracts to voluntary to planner. Staged knowledge and priorities can break that.",
        Formula("=" + ("+".join(terms) or "0"), broken),
        notice=True,
    )


def baseline_in_range(baseline: Sheet) -> Check:
    """Note how many figures of the baseline left their source's range."""
    at = [column.header for column in baseline.columns].index("Left its range")
    count = sum(row[at] == "yes" for row in baseline.body)
    return Check(
        "Baseline figures in range",
        "No figure had to leave its source's range so that the undisturbed world closes (sheet Baseline lists them).",
        Formula(f'=COUNTIF({baseline.range("Left its range")},"yes")', count),
        notice=True,
    )
