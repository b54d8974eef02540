"""Time and memory against the number of columns; each size in a process of its own, since memory is counted at its peak.

``python -m benchmarks.growth COPIES MONTHS REPEATS`` prints one JSON object.
"""

from __future__ import annotations

import json
import sys
from statistics import median

import click

from benchmarks.clock import peak_megabytes, quiet, timed
from benchmarks.copies import copies, everywhere, on_one
from benchmarks.recorded import ours, responder_of
from exposure.lp.baseline import close
from exposure.lp.columns import Columns
from exposure.lp.matrix import hand_over
from exposure.lp.repeats import Told
from exposure.lp.statement import equations, formulate
from exposure.lp.world import world_of
from exposure.model import RESPONSES
from exposure.response import world_once
from exposure.response.plan import Plan


def main(count: int, months: int, repeats: int) -> dict[str, float]:
    """Answer what-ifs on a network of that many copies over that many months.

    Returns processor seconds of each step (``formulate`` and ``hand_over`` are parts of ``state``) and the peak of memory in MB
    up to and with a step; ``first`` is the first what-if, which also hands what moves to the solver.
    """
    net = copies(count)
    small = peak_megabytes()
    closed = timed(lambda: str(len(close(net).moved)))
    after_close = peak_megabytes()
    baseline = world_once(net).baseline
    arrays = timed(lambda: str(len(world_of(net, baseline).nodes)))
    world = world_once(net)
    case, alone = everywhere(net, months), on_one(net, months)
    stated = timed(lambda: str(responder_of(world, case).statement.matrix.shape))
    after_state = peak_megabytes()
    plans: list[Plan] = []

    def answer_first() -> str:
        plans.extend(responder_of(world, case).plans(RESPONSES))
        return ""

    first = timed(answer_first)
    ours(world, alone)
    everything = [timed(lambda: ours(world, case)).cpu for _ in range(repeats)]
    one = [timed(lambda: ours(world, alone)).cpu for _ in range(repeats)]
    most = peak_megabytes()
    statement = responder_of(world, case).statement
    return {
        "copies": count,
        "months": months,
        "columns": statement.matrix.shape[1],
        "entries": len(statement.matrix.value),
        "close": closed.cpu,
        "world": arrays.cpu,
        "state": stated.cpu,
        "first": first.cpu,
        "all": median(everything),
        "one": median(one),
        "megabytes_package": small,
        "megabytes_close": after_close,
        "megabytes_state": after_state,
        "megabytes": most,
        "damage": min(plan.damage_usd for plan in plans),
    } | _parts_of_stating(statement.columns)


def _parts_of_stating(columns: Columns) -> dict[str, float]:
    """Time once more two parts of stating: writing down in PuLP what does not repeat, and reading that into the arrays of all."""
    blocks = list(equations(columns).values())
    told = Told.of(blocks, columns.size)
    problems = []

    def write_down() -> str:
        problems.append(formulate(columns, blocks, told))
        return ""

    written = timed(write_down)
    read = timed(lambda: str(told.spread(hand_over(*problems[0])).shape))
    return {"formulate": written.cpu, "hand_over": read.cpu}


if __name__ == "__main__":
    with quiet():
        found = main(*(int(argument) for argument in sys.argv[1:4]))
    click.echo(json.dumps(found))
