"""``exposure run``: one scenario, or every announced control and every episode."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, cast

import click

from exposure.cli.cases import read_case, ready_scenarios
from exposure.cli.completing import CONTROLS, SCENARIO
from exposure.cli.manners import DATA, FORESIGHT, JSON, MONTHS, SET, START, Command, Data, progress, say
from exposure.errors import ExposureError, Finding, InputError
from exposure.model import ControlId, Network, Response, Scenario


@click.command(cls=Command)
@SCENARIO
@CONTROLS
@DATA
@SET
@START
@MONTHS
@click.option(
    "--response", type=click.Choice(["all", "contracts", "voluntary", "planner"]), default="all", show_default=True
)
@FORESIGHT
@click.option("--solver", type=click.Choice(["highs", "cbc"]), default="highs", show_default=True)
@click.option(
    "--prices",
    type=click.IntRange(0),
    default=0,
    help="re-solve the prices of so many limits per level, both ways; default: none",
)
@click.option("--out", type=click.Path(path_type=Path), help="workbook to write; default: reports/NAME.xlsx")
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=None, help="processes for several scenarios; default: up to 2"
)
@JSON
def run(
    scenario: Path | None, controls: tuple[str, ...], data: Data, changes: tuple[str, ...], start: str | None,
    months: int | None, response: str, foresight: str | None, solver: str, prices: int, out: Path | None, jobs: int | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Run a scenario, or with nothing else every announced control, and write one workbook.

    \b
    exposure run
    exposure run april_2025_licensing
    exposure run my.xlsx
    exposure run --control CN-2025-04-RE7 --start 2025-04 --months 12 --out reports/april.xlsx
    """
    from exposure.check import check_scenario
    from exposure.studies import main_job, run_all

    net = data.load()
    cases = (
        [titled(net, scenario_of(net, data, scenario, controls, changes, start, months, foresight))]
        if scenario or controls
        else main_job(net, episodes(data))
    )
    if not (scenario or controls):
        cases = [with_options(case, changes, start, months, foresight) for case in cases]
    if not cases:
        raise InputError(Finding("the network has no announced control; name one with --control", file="controls.csv"))
    if len(cases) == 1:
        found = check_scenario(net, cases[0])
        if all(finding.severity == "notice" for finding in found):
            for finding in found:
                say(f"notice: {finding}")
    workers = jobs or min(2, os.cpu_count() or 1)
    with progress(len(cases)) as tick:
        results = run_all(
            net, cases, response=cast("Literal['all'] | Response", response), solver=cast("Any", solver),
            workers=workers, prices=prices, tell=tick,
        )  # fmt: skip
    outcomes = [result for result in results if not isinstance(result, ExposureError)]
    failed = [(case, result) for case, result in zip(cases, results, strict=True) if isinstance(result, ExposureError)]
    if len(cases) == 1 and failed:
        raise failed[0][1]
    for case, error in failed:
        say(f"{case.name}: {error}")
    if outcomes:
        reasons = {case.name: str(error) for case, error in failed}
        _deliver(outcomes, out, as_json, reasons, single=bool(scenario or controls))
    if failed:
        message = f"{len(failed)} of {len(cases)} scenarios failed"
        raise type(failed[0][1])(message)


def _deliver(outcomes: Sequence[Any], out: Path | None, as_json: bool, failed: dict[str, str], *, single: bool) -> None:
    from exposure.io import safe_name
    from exposure.report import to_json
    from exposure.report.results import Results
    from exposure.report.text import summary_of
    from exposure.report.workbook import TITLE, write_results

    results = Results(tuple(outcomes), title=TITLE, failed=failed)
    click.echo(to_json(outcomes) if as_json else summary_of(results))
    if out is None and as_json:
        return
    name = f"{safe_name(outcomes[0].scenario.name)}.xlsx" if single else "announced_controls.xlsx"
    path = write_results(results, out or Path("reports") / name)
    say(f"written: {path}")


def scenario_of(
    net: Network, data: Data, path: Path | None, controls: tuple[str, ...], changes: tuple[str, ...],
    start: str | None, months: int | None, foresight: str | None,
) -> Scenario:  # fmt: skip
    """Return the scenario of a file, a name or some controls, with the options of the command line laid over it."""
    if path is not None:
        case = read_case(path, net, data)
        merged = tuple(dict.fromkeys((*case.controls, *(ControlId(c) for c in controls))))
        case = case.model_copy(update={"controls": merged})
    else:
        case = Scenario(name=" + ".join(controls)[:200] or "scenario", controls=tuple(ControlId(c) for c in controls))
    return with_options(case, changes, start, months, foresight)


def titled(net: Network, case: Scenario) -> Scenario:
    """Return a scenario of one control with its title, where it has none of its own."""
    control = net.control.get(case.controls[0]) if len(case.controls) == 1 else None
    return case if case.title or control is None else case.model_copy(update={"title": control.title})


def with_options(
    case: Scenario, changes: tuple[str, ...], start: str | None, months: int | None, foresight: str | None
) -> Scenario:
    """Return a scenario with the options of the command line laid over it; raise InputError for what they may not be."""
    from pydantic import ValidationError

    from exposure.io import parse_override
    from exposure.model.faults import fault_message

    fields: dict[str, Any] = dict(case)
    fields["set"] = (*case.set, *(parse_override(text) for text in changes))
    given = {"start": start, "months": months, "foresight": foresight}
    fields |= {name: value for name, value in given.items() if value is not None}
    try:
        return Scenario(**fields)
    except ValidationError as error:
        faults = [(str(fault["input"]), fault) for fault in error.errors()]
        findings = [
            Finding(fault_message(fault, given, Scenario), field=f"--{fault['loc'][0]}", value=given)
            for given, fault in faults
        ]
        raise InputError(findings) from None


def episodes(data: Data) -> list[Scenario]:
    """Read the named scenarios of a package and of what is laid over it."""
    from exposure.io import read_scenario

    return [read_scenario(path) for path in ready_scenarios(data)]
