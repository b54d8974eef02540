"""``exposure study ensemble``: one scenario over many draws."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from exposure.cli.completing import CONTROLS, SCENARIO
from exposure.cli.manners import DATA, FORESIGHT, JSON, MONTHS, START, Command, Data, say
from exposure.cli.running import scenario_of
from exposure.errors import SolverError

EVERY = 5.0
"""Seconds between two lines of progress, where nobody sees a bar."""


@click.command("ensemble", cls=Command)
@SCENARIO
@CONTROLS
@DATA
@click.option(
    "--set", "changes", multiple=True, metavar="T.KEY.COL=V", help="a changed figure, which is then not drawn"
)
@START
@MONTHS
@FORESIGHT
@click.option("--draws", type=int, default=1000, show_default=True, help="worlds to draw")
@click.option("--seed", type=int, default=1, show_default=True, help="what makes the draws repeatable")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="processes on this machine")
@click.option("--scheduler", metavar="tcp://HOST:PORT", help="Dask scheduler whose workers answer the draws")
@click.option("--coefficients", is_flag=True, help="draw bills of materials too; each draw closes the baseline anew")
@click.option("--flows", is_flag=True, help="draw outputs, flows and demand of the baseline too; the same")
@click.option("--range", "ranges", multiple=True, metavar="T.KEY.COL=LOW:HIGH", help="range of one more figure")
@click.option("--out", type=click.Path(path_type=Path), help="folder of the draws; what it holds is gone on with")
@click.option("--fresh", is_flag=True, help="throw away what --out holds")
@click.option("--excel", type=click.Path(path_type=Path), help="workbook of the tables to write")
@JSON
def study_ensemble(
    scenario: Path | None, controls: tuple[str, ...], data: Data, changes: tuple[str, ...], start: str | None,
    months: int | None, foresight: str | None, draws: int, seed: int, jobs: int, scheduler: str | None, coefficients: bool,
    flows: bool, ranges: tuple[str, ...], out: Path | None, fresh: bool, excel: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Draw every figure that has a range, a thousand times: quantiles of the damage, and which figure sways it most.

    \b
    exposure study ensemble --control US-2025-05-ETHANE --draws 1000 --jobs 2 --out ethane
    exposure study ensemble data/scenarios/april_2025_licensing.yaml --draws 200 --seed 7 --excel april.xlsx
    exposure study ensemble --control US-2025-05-ETHANE --scheduler tcp://10.0.0.5:8786 --out ethane
    """
    from exposure.studies.ensemble import ensemble

    if scenario is None and not controls:
        message = "name a scenario file, or a control with --control"
        raise click.UsageError(message)
    net = data.load()
    case = scenario_of(net, data, scenario, controls, changes, start, months, foresight)
    with _progress() as tell:
        answer = ensemble(
            net, case, draws=draws, seed=seed, jobs=jobs, scheduler=scheduler, out=out, coefficients=coefficients,
            flows=flows, ranges=ranges, fresh=fresh, tell=tell,
        )  # fmt: skip
    click.echo(answer.to_json() if as_json else answer.text())
    if out is not None:
        say(f"written: {out}")
    if excel is not None:
        say(f"written: {answer.to_excel(excel)}")
    if answer.failed:
        draw, reason = next(iter(answer.failed.items()))
        message = f"{len(answer.failed)} of {draws} draws failed; the first, draw {draw}: {reason}"
        raise SolverError(message)


@contextmanager
def _progress() -> Iterator[Callable[[int, int, float], None]]:
    """Show a bar with time left on a terminal, a line now and then elsewhere."""
    if not sys.stderr.isatty():
        yield _Lines().tell
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("draws"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("draws", total=None)
        yield lambda done, draws, left: bar.update(task, completed=done, total=draws)


class _Lines:
    """Progress as plain lines, not more often than a reader can take."""

    def __init__(self) -> None:
        self._said = -math.inf

    def tell(self, done: int, draws: int, left: float) -> None:
        """Say how many draws are done and how long the rest will take."""
        now = time.monotonic()
        if done < draws and now - self._said < EVERY:
            return
        self._said = now
        more = "" if math.isnan(left) or done == draws else f", {_span(left)} left"
        say(f"{done:,} of {draws:,} draws{more}")


def _span(seconds: float) -> str:
    """Return a length of time in words that suit it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
