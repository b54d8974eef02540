"""How sure an answer is, in a sentence: how far the levels lie apart, and how much of the evidence is published."""

from __future__ import annotations

from exposure.report.grounds import IN_PART, PUBLISHED, Footing
from exposure.report.sentences import Answer

VERBS = {
    "agree": "agree within a factor of 2",
    "differ": "differ by a factor of 2 to 10",
    "far apart": "differ by more than a factor of 10",
    "one level": "have one level only",
}
"""What the losses of the levels do, by the word for how far they lie apart."""


def how_sure(answer: Answer, footing: Footing) -> str:
    """Say how far the losses of the levels lie apart, and how many of the figures that decide the answer are published."""
    counts = footing.counts
    further = (f" {answer.valued}." if answer.valued else "") + _unlearnt(answer)
    if not footing.figures:
        return f"{_levels(answer)}. No figure of a rule decides the answer.{further}"
    figures = "the one figure that decides" if footing.figures == 1 else f"the {footing.figures} figures that decide"
    return (
        f"{_levels(answer)}. Evidence, {footing.word}: of {figures} the answer "
        f"{counts.get(PUBLISHED, 0)} are published and {counts.get(IN_PART, 0)} are in part.{further}"
    )


def _levels(answer: Answer) -> str:
    if answer.apart == "one level":
        return f"Only the level {answer.headline} was run, so there is no bracket"
    count = {2: "two", 3: "three"}[len(answer.loss)]
    if not any(answer.loss.values()):
        return f"None of the {count} response levels loses output within the horizon, which does not say that the rule is harmless"
    if answer.planner_above:
        return (
            "The planner is no lower end here: it acted on what was announced, and its loss and cost are more than those of "
            f"voluntary; contracts are the upper end, and the losses {VERBS[answer.apart]}"
        )
    return f"The {count} response levels bracket the answer; their losses {VERBS[answer.apart]}"


def _unlearnt(answer: Answer) -> str:
    """Say that contracts miss what users of older controls have learnt, where that makes much of the upper end."""
    if not answer.old or "contracts" not in answer.loss or answer.apart == "agree":
        return ""
    were = "control was" if answer.old == 1 else "controls were"
    return (
        f" {answer.old} {were} in force for more than a year when the run begins: contracts start from a world without "
        "them and miss what their users have learnt since, so read the upper end as that only."
    )
