"""The same answers for a terminal, and all tables as one JSON object."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping, Sequence

import pandas as pd

from exposure.report.grounds import footing, grounds
from exposure.report.money import usd
from exposure.report.own import own_sentences
from exposure.report.results import Results
from exposure.report.safe import clean
from exposure.report.sentences import Answer, answers, worst_first
from exposure.report.sureness import how_sure
from exposure.response import TABLE_NAMES, Outcome

WIDTH = 100
FEW = 3
"""Scenarios that are told in their own order, with their figures."""
MOST_CHANGES = 5
"""Changed figures that the terminal names one by one."""


def terminal_summary(outcomes: Sequence[Outcome], *, failed: Mapping[str, str] | None = None) -> str:
    """Return a sentence for each scenario and, for a few scenarios, the figures by response level.

    Of many the worst come first, and those without a loss at any level are named in one line.
    """
    return summary_of(Results(tuple(outcomes), failed=dict(failed or {})))


def summary_of(results: Results) -> str:
    """Return what `terminal_summary` says of outcomes brought together."""
    said = answers(results) if results.outcomes else []
    few = len(said) <= FEW
    quiet = [] if few else [answer.scenario for answer in said if not any(answer.loss.values())]
    blocks = []
    for position in range(len(said)) if few else worst_first(said):
        answer = said[position]
        if answer.scenario in quiet:
            continue
        lines = _sentence(answer)
        lines += [_wrapped(f"{clean(name)}: {clean(own)}") for name, own in own_sentences(results, position).items()]
        lines += _changed(results.outcomes[position])
        if few:
            sure = how_sure(answer, footing(grounds(results, position)))
            lines += [*_figures(results.of(position, "summary")), _wrapped(f"how sure: {sure}")]
        blocks.append("\n".join(lines))
    if quiet:
        blocks.append(_wrapped(f"No output is lost at any level in {len(quiet)} more: {clean(', '.join(quiet))}."))
    blocks += [_wrapped(f"{clean(name)}: not computed: {clean(reason)}") for name, reason in results.failed.items()]
    return "\n\n".join(blocks)


def _sentence(answer: Answer) -> list[str]:
    title = f" ({clean(answer.title)})" if answer.title and answer.title != answer.scenario else ""
    return [clean(answer.scenario) + title, _wrapped(clean(answer.sentence))]


def _changed(outcome: Outcome) -> list[str]:
    """Return a line for each figure that the scenario changed, as one would write it with ``--set``."""
    changes = outcome.scenario.set
    told = [_wrapped(f"changed: {clean(str(change))}") for change in changes[:MOST_CHANGES]]
    more = len(changes) - len(told)
    return told + ([f"  and {more} more changed figures"] if more > 0 else [])


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent="  ", subsequent_indent="  ", break_long_words=False)


def _figures(summary: pd.DataFrame) -> list[str]:
    lines = [
        f"  {'response':<11}{'loss':>13}{'cost':>13}{'damage':>13}  {'first loss':<11}{'worst':<9}{'recovered':<9}"
    ]
    for row in summary.to_dict("records"):
        money = "".join(f"{usd(float(row[key])):>13}" for key in ("loss_usd", "cost_usd", "damage_usd"))
        months = [
            str(row[key]) if isinstance(row[key], str) else "-"
            for key in ("first_loss_month", "worst_month", "recovered_month")
        ]
        lines.append(f"  {row['response']:<11}{money}  {months[0]:<11}{months[1]:<9}{months[2]:<9}".rstrip())
    return lines


def to_json(outcomes: Sequence[Outcome]) -> str:
    """Return one JSON object: a list of records per table, the controls in force, the baseline's corrections and the records.

    Missing values are null and months are text; every row carries the name of its scenario.
    """
    results = Results(tuple(outcomes))
    parts = {name: _all(results, name) for name in TABLE_NAMES}
    parts["controls"] = _beside(results, [outcome.controls for outcome in outcomes])
    parts["baseline_moved"] = _beside(results, [outcome.baseline_moved for outcome in outcomes])
    records = [{**outcome.record, "scenario": label} for label, outcome in zip(results.labels, outcomes, strict=True)]
    parts["record"] = json.dumps(records, default=str)
    return "{" + ",\n".join(f"{json.dumps(name)}: {text}" for name, text in parts.items()) + "}"


def _all(results: Results, name: str) -> str:
    return _records(results.table(name)) if results.outcomes else "[]"


def _beside(results: Results, frames: Sequence[pd.DataFrame]) -> str:
    labelled = [
        frame.drop(columns="scenario", errors="ignore").assign(scenario=label)
        for label, frame in zip(results.labels, frames, strict=True)
        if len(frame)
    ]
    return _records(pd.concat(labelled, ignore_index=True)) if labelled else "[]"


def _records(frame: pd.DataFrame) -> str:
    return str(frame.to_json(orient="records", double_precision=15))
