"""``python -m benchmarks.solvers``: every scenario of the main job by HiGHS and by CBC, and how far the answers are apart.

It takes an hour or more, nearly all of it CBC's, and writes ``benchmarks/SOLVERS.md``.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import pandas as pd

import exposure as ex
from benchmarks import machine
from exposure.cli.manners import DATA, Data
from exposure.cli.running import episodes
from exposure.response import Outcome
from exposure.studies import main_job

SOLVERS = Path(__file__).parent / "SOLVERS.md"
FLOWS = {"shipments": ("usual", "extra"), "production": ("usual", "extra"), "stocks": ("stock",), "loss": ("unmet",)}
"""Quantities that are compared, one by one, for every place, month and response level."""
SMALLEST = 1e-12


@dataclass(frozen=True)
class Apart:
    """Largest differences of one scenario.

    ``damage``: of a level's damage, as a share of the largest level's. ``flow``: of a single monthly quantity, as a share of the
    largest one of its item in that table (usual or moved). ``where``: the quantity that differs most.
    """

    scenario: str
    damage: float
    flow: float
    where: str
    seconds: float


def apart(net: ex.Network, scenario: ex.Scenario) -> Apart:
    """Answer a scenario with both solvers."""
    began = time.perf_counter()
    one, other = ex.run(net, scenario), ex.run(net, scenario, solver="cbc")
    damages = [np.array(list(_damages(out).values())) for out in (one, other)]
    largest = max(float(np.abs(damages[0]).max(initial=0.0)), 1.0)
    differences = [
        difference for name in FLOWS for difference in _differences(name, one.tables[name], other.tables[name])
    ]
    flow, where = max(differences, default=(0.0, ""))
    return Apart(
        scenario.name,
        float(np.abs(damages[0] - damages[1]).max(initial=0.0)) / largest,
        flow,
        where,
        time.perf_counter() - began,
    )


def _damages(outcome: Outcome) -> dict[str, float]:
    found = outcome.record["damage_with_tail_usd"]
    assert isinstance(found, dict)
    return found


def _differences(name: str, one: pd.DataFrame, other: pd.DataFrame) -> Iterator[tuple[float, str]]:
    """Yield the largest difference of each quantity of a table, and where it is; the rows of both stand in one order."""
    for column in FLOWS[name]:
        if one.empty:
            continue
        size = one.groupby("item")[column].transform("max").abs().to_numpy(dtype=float)
        if "baseline" in one:
            size = np.maximum(size, one.groupby("item")["baseline"].transform("max").to_numpy(dtype=float))
        difference = np.abs(one[column].to_numpy(dtype=float) - other[column].to_numpy(dtype=float))
        share = difference / np.maximum(size, SMALLEST)
        k = int(np.argmax(share))
        words = [
            str(one[key].iloc[k])
            for key in ("response", "item", "origin", "destination", "region", "month")
            if key in one
        ]
        yield float(share[k]), " ".join([*words, name, column])


def lines_of(found: Sequence[Apart], data: str) -> list[str]:
    """Return the page, the scenarios that are furthest apart first."""
    facts = machine.facts()
    return [
        "# Two solvers", "",
        *(f"- {key}: {value}" for key, value in facts.items()),
        f"- data: {data}", "",
        "Written by `python -m benchmarks.solvers`: every scenario of the main job by HiGHS and by CBC, each with tie-breaks of",
        "its own. *Damage*: largest difference of a level's damage as a share of the largest level's. *Flow*: largest difference",
        "of any single monthly shipment, output, stock or shortage, as a share of the largest one of its item.", "",
        f"{len(found)} scenarios; damage differs by at most {max(a.damage for a in found):.0e}, a flow by at most "
        f"{max(a.flow for a in found):.0e}; in {sum(a.flow > 1e-6 for a in found)} a flow differs by more than 1e-6.", "",
        "| scenario | damage | flow | where | wall s, both |",
        "|---|---|---|---|---|",
        *(
            f"| {a.scenario} | {a.damage:.0e} | {a.flow:.0e} | {a.where if a.flow > 1e-6 else ''} | {a.seconds:.0f} |"
            for a in sorted(found, key=lambda a: (-a.flow, a.scenario))
        ),
    ]  # fmt: skip


@click.command()
@DATA
@click.option("--only", multiple=True, help="A scenario; may be repeated; prints only.")
@click.option("--out", type=click.Path(path_type=Path), default=SOLVERS, help="File to write.")
def main(data: Data, only: tuple[str, ...], out: Path) -> None:
    """Compare the answers of HiGHS and CBC."""
    net = data.load()
    found = []
    for scenario in main_job(net, episodes(data)):
        if not only or scenario.name in only:
            found.append(apart(net, scenario))
            click.echo(f"{found[-1]}", err=True)
    lines = lines_of(found, net.name)
    click.echo("\n".join(lines))
    if not only:
        out.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
