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
from exposure.response import world_once


def main(count: int, months: int, repeats: int) -> dict[str, float]:
    """Answer what-ifs on a network of that many copies over that many months.

    Returns processor seconds of closing, stating and answering, and the peak of memory in MB.
    """
    net = copies(count)
    case, alone = everywhere(net, months), on_one(net, months)
    closed = timed(lambda: world_once(net).network.name)
    world = world_once(net)
    stated = timed(lambda: str(responder_of(world, case).statement.matrix.shape))
    plans = responder_of(world, case).plans()
    ours(world, alone)
    everything = [timed(lambda: ours(world, case)).cpu for _ in range(repeats)]
    one = [timed(lambda: ours(world, alone)).cpu for _ in range(repeats)]
    matrix = responder_of(world, case).statement.matrix
    return {
        "copies": count,
        "months": months,
        "columns": matrix.shape[1],
        "entries": len(matrix.value),
        "close": closed.cpu,
        "state": stated.cpu,
        "all": median(everything),
        "one": median(one),
        "megabytes": peak_megabytes(),
        "damage": min(plan.damage_usd for plan in plans),
    }


if __name__ == "__main__":
    with quiet():
        found = main(*(int(argument) for argument in sys.argv[1:4]))
    click.echo(json.dumps(found))
