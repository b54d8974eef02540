"""``exposure report`` and ``exposure app``: a page to look at, and a live app."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from exposure.cli.completing import CONTROLS, SCENARIO
from exposure.cli.manners import DATA, FORESIGHT, JSON, MONTHS, SET, START, Command, Data, progress, say
from exposure.cli.running import scenario_of, titled
from exposure.errors import ExposureError, Finding, InputError

if TYPE_CHECKING:
    from exposure.response import Outcome


@click.command(cls=Command)
@SCENARIO
@click.option(
    "--html", is_flag=True, required=True, help="one self-contained HTML file (exposure run writes the workbook)"
)
@CONTROLS
@DATA
@SET
@START
@MONTHS
@FORESIGHT
@click.option(
    "--severities", type=click.Choice(["1", "3", "5"]), default="5", show_default=True,
    help="places of the slider between the mild and the harsh ends of the rules' ranges",
)  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), help="file to write; default: reports/NAME.html")
@click.option("--jobs", type=click.IntRange(1, 64), default=None, help="processes; default: up to 2")
@JSON
def report(
    scenario: Path | None, html: bool, controls: tuple[str, ...], data: Data, changes: tuple[str, ...],
    start: str | None, months: int | None, foresight: str | None, severities: str, out: Path | None, jobs: int | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Write a page with pictures: timeline, loss, gap, flows, chain, trade, each figure with its sources.

    \b
    exposure report --html --control CN-2025-04-RE7 --out reports/april.html
    exposure report --html data/scenarios/april_2025_licensing.yaml --json
    """
    from exposure.io import safe_name
    from exposure.report.page import STEPS, at_severity, write_page
    from exposure.studies import run_all

    if scenario is None and not controls:
        raise InputError(Finding("name a scenario file or a --control; exposure list scenarios shows what there is"))
    net = data.load()
    case = titled(net, scenario_of(net, data, scenario, controls, changes, start, months, foresight))
    places = {"1": (0.0,), "3": STEPS[::2], "5": STEPS}[severities]
    cases = [at_severity(net, case, place) for place in places]
    # Where no rule has a range there is nothing to slide.
    if all(one.set == case.set for one in cases):
        places, cases = (0.0,), [case]
    with progress(len(cases)) as tick:
        outcomes = run_all(net, cases, workers=jobs or min(2, os.cpu_count() or 1), tell=tick)
    done = []
    for outcome in outcomes:
        if isinstance(outcome, ExposureError):
            raise outcome
        done.append(outcome)
    path = write_page(done, out or Path("reports") / f"{safe_name(case.name)}.html", severities=places)
    if as_json:
        click.echo(json.dumps(_told(path, done, places), ensure_ascii=False))
    say(f"written: {path}")


def _told(path: Path, outcomes: Sequence[Outcome], severities: Sequence[float]) -> dict[str, Any]:
    """Return what was written and from what, as JSON-ready values: the file with its size and hash, the data, the answers."""
    from exposure.report import answers
    from exposure.report.results import Results

    content, net = path.read_bytes(), outcomes[0].network
    said = answers(Results(tuple(outcomes)))
    return {
        "written": str(path),
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "scenario": outcomes[0].scenario.name,
        "controls": [str(control) for control in outcomes[0].scenario.controls],
        "data": net.name,
        "data_sha256": dict(net.hashes),
        "severities": [
            {"severity": place, "response": one.headline, "loss_usd": one.loss, "first_loss_month": one.first_month or None,
             "sentence": one.sentence}
            for place, one in zip(severities, said, strict=True)
        ],
    }  # fmt: skip


@click.command(cls=Command)
@click.option("--port", type=click.IntRange(1024, 65535), default=8501, show_default=True, help="port on this machine")
@DATA
@click.option("--no-browser", is_flag=True, help="do not open a browser")
def app(port: int, data: Data, no_browser: bool) -> None:
    """Open the live app in a browser, on this machine only (needs the extra: pip install "exposure[app]").

    It runs until it is closed and answers on its own page, so it has no --json.

    \b
    exposure app
    exposure app --data my_network/ --port 8600
    """
    if find_spec("streamlit") is None:
        raise InputError(Finding('the live app needs streamlit; install it with pip install "exposure[app]"'))
    import exposure.app

    command = [
        sys.executable, "-m", "streamlit", "run", str(Path(exposure.app.__file__).parent / "main.py"),
        "--server.address=127.0.0.1", f"--server.port={port}", "--browser.gatherUsageStats=false",
        f"--server.headless={str(no_browser).lower()}", "--server.fileWatcherType=none", "--client.toolbarMode=minimal",
        "--runner.magicEnabled=false", "--theme.base=light", "--theme.primaryColor=#1f4e79",
        "--", "" if data.path is None else str(data.path), *(str(path) for path in data.extend),
    ]  # fmt: skip
    code = subprocess.run(command, check=False).returncode
    if code not in (0, 130, -2):
        raise click.exceptions.Exit(code)
