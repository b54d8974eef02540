"""Closing the baseline of networks that hang together, which no batch can take apart; each size in a process of its own.

``python -m benchmarks.linked COPIES`` prints one JSON object.
"""

from __future__ import annotations

import json
import sys

import click

from benchmarks.clock import peak_megabytes, quiet, timed
from benchmarks.copies import linked
from exposure.lp.baseline import close


def main(count: int) -> dict[str, float]:
    """Close the baseline of that many copies in a ring, each of whose products takes some of the next copy's metal."""
    net = linked(count)
    moved = []

    def run() -> str:
        moved.append(len(close(net).moved))
        return ""

    closed = timed(run)
    return {
        "copies": count,
        "recipes": len(net.recipes),
        "lanes": len(net.lanes),
        "moved": moved[0],
        "close": closed.cpu,
        "megabytes": peak_megabytes(),
    }


if __name__ == "__main__":
    with quiet():
        found = main(int(sys.argv[1]))
    click.echo(json.dumps(found))
