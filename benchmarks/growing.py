"""Growth: time and memory against the size of a network and of a horizon, as parts of the report."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from benchmarks import machine
from benchmarks.clock import number
from benchmarks.sections import PATIENT, Effort, process

GROWTH_CAP, HALF_A_MILLION = 900.0, 5_000
"""Wall seconds for one of the largest sizes; copies x months of 500k columns."""
SIZES = ((3, 18), (14, 18), (56, 18), (220, 18), (706, 18), (56, 54), (56, 114), (56, 234))
"""Copies and reported months: first more copies, then more months of 56."""
STEPS = ("close", "world", "state", "formulate", "hand_over", "first", "all", "one")
NAMES = {"formulate": "write", "hand_over": "hand over"}
PEAKS = ("megabytes_package", "megabytes_close", "megabytes_state", "megabytes")
GROWTH, LINKED = "## Growth with columns", "## Closing networks that hang together"
LINKED_COPIES = (14, 56, 220, 706)


def growth(effort: Effort) -> list[str]:
    """Measure time and memory against columns: on copies of one random network, then over more months."""
    lines = [
        GROWTH, "",
        "Separate copies of one random network of six items and four countries, then more months of 56 of them; CPU seconds,",
        "each size in a process of its own. Done once for a network: *close* its baseline, turn it into arrays (*world*). Once",
        "for a horizon: *state*, of which to *write* down in PuLP the months that do not repeat and to *hand* them *over* to the",
        "arrays of all. *First*: the first what-if, three levels and stages, controls on every copy; it passes what moves to",
        "HiGHS. *All*: the same again.",
        "*One*: on the first copy alone, the others being there. Peaks of memory in MB, each with all before it: package read,",
        "closed, stated, answered.",
        "", machine.run_line(), "",
        "| copies | months | columns | entries | close | world | state | write | hand over | first | all | one "
        "| MB package | closed | stated | answered | damage, all |",
        "|" + "---|" * 17,
    ]  # fmt: skip
    found: list[dict[str, float]] = []
    for count, months in _sizes(effort):
        effort.say(f"growth: {count} copies, {months} months")
        repeats = 3 if count <= SIZES[2][0] and months == SIZES[0][1] else 1
        timing, size = process("benchmarks.growth", count, months, repeats, cap=max(GROWTH_CAP, effort.cap))
        if size is None:
            lines.append(f"| {count} | {months} | {timing.note} after {number(timing.wall)} s |" + " |" * 14)
            continue
        found.append(size)
        numbers = " | ".join(number(size[key]) for key in (*STEPS, *PEAKS))
        lines.append(
            f"| {count} | {months} | {size['columns']:,} | {size['entries']:,} | {numbers} | {size['damage']:,.0f} |"
        )
    return [*lines, "", *_exponents(found), ""]


def _sizes(effort: Effort) -> tuple[tuple[int, int], ...]:
    """Return the sizes to run; those of over half a million columns only where somebody gives time for them."""
    if effort.quick:
        return SIZES[:2]
    return tuple(size for size in SIZES if effort.cap >= PATIENT or size[0] * size[1] <= HALF_A_MILLION)


def _exponents(found: Sequence[dict[str, float]]) -> list[str]:
    """Return the slopes of log time in log columns: over copies of one horizon, and over horizons of the same copies."""
    parts = {
        "copies": ([size for size in found if size["months"] == SIZES[0][1]], STEPS),
        "months": ([size for size in found if size["copies"] == SIZES[-1][0]], STEPS[2:]),
    }
    lines = []
    for name, (sizes, keys) in parts.items():
        if len(sizes) > 1:
            columns = np.log([size["columns"] for size in sizes])
            slopes = {key: np.polyfit(columns, np.log([size[key] for size in sizes]), 1)[0] for key in keys}
            told = ", ".join(f"{NAMES.get(key, key)} {slope:.2f}" for key, slope in slopes.items())
            lines.append(f"Exponents of time in columns, over {name}: {told}.")
    return lines


def linked_closing(effort: Effort) -> list[str]:
    """Measure the closing of networks that hang together, of which no part can be closed alone."""
    lines = [
        LINKED, "",
        "The same copies in a ring: each product also takes a little of the next copy's metal, so one programme must close all.",
        "CPU seconds, each size in a process of its own.", "", machine.run_line(), "",
        "| copies | recipes | lanes | close | peak MB | figures that moved |",
        "|---|---|---|---|---|---|",
    ]  # fmt: skip
    found: list[dict[str, float]] = []
    for count in LINKED_COPIES[:2] if effort.quick else LINKED_COPIES:
        effort.say(f"closing of {count} linked copies")
        timing, size = process("benchmarks.linked", count, cap=max(GROWTH_CAP, effort.cap))
        if size is None:
            lines.append(f"| {count} | | | {timing.note} after {number(timing.wall)} s | | |")
            break
        found.append(size)
        row = (f"{size[key]:,}" for key in ("copies", "recipes", "lanes"))
        lines.append(
            f"| {' | '.join(row)} | {number(size['close'])} | {number(size['megabytes'])} | {size['moved']:,} |"
        )
    steps = [
        float(np.log(after["close"] / before["close"]) / np.log(after["recipes"] / before["recipes"]))
        for before, after in pairwise(found)
    ]
    told = ", ".join(f"{step:.2f}" for step in steps)
    return [*lines, "", f"Exponents of time in recipes, from size to size: {told}.", ""]


def in_place_of(text: str, heading: str, part: Sequence[str]) -> str:
    """Return a page with one of its parts replaced, from its heading to the next one of that rank, or added at its end."""
    if heading + "\n" not in text:
        return text + "\n" + "\n".join(part)
    before, _, rest = text.partition(heading + "\n")
    _, mark, after = rest.partition("\n## ")
    return before + "\n".join(part) + mark + after
