"""The command line: parse, one library call, print or write. Data goes to stdout, talk and progress to stderr."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Literal, cast

import click

from exposure.errors import ExposureError, Finding, InputError
from exposure.model import ControlId, Network, Response, Scenario

EXAMPLES = """\b
Examples:
  exposure run                                        every announced control, one workbook
  exposure run --control CN-2025-04-RE7 --months 12   one control
  exposure run case.yaml --out reports/case.xlsx      a scenario file
  exposure run --control CN-2025-04-RE7 --set stocks.ndfeb_hot:US.cover_months=6 --json
  exposure list controls
  exposure explain ndfeb_hot
  exposure check my_network/
  exposure study exposure --item dy_oxide --product ev --region US
"""


class _Group(click.Group):
    """A group whose help starts with examples and whose mistyped commands get a suggestion."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.format_usage(ctx, formatter)
        self.format_help_text(ctx, formatter)
        self.format_options(ctx, formatter)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from exposure.errors import nearest

        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            ctx.fail(f'no command "{args[0]}"{nearest(args[0], self.commands)}')
        return super().resolve_command(ctx, args)


@click.group(cls=_Group, help=f"What an export control stops, where, from when, worth how much.\n\n{EXAMPLES}")
@click.version_option(package_name="exposure")
def cli() -> None:
    """Hold the commands together."""


def main() -> None:
    """Run the command line and turn errors into exit codes: 2 usage, 3 input, 4 solver, 5 check failed, 130 interrupted."""
    debug = "--debug" in sys.argv
    try:
        code = cli.main(args=[arg for arg in sys.argv[1:] if arg != "--debug"], standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.Abort:
        _say("interrupted")
        sys.exit(130)
    except KeyboardInterrupt:
        _say("interrupted")
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except ExposureError as error:
        if debug:
            raise
        _say(str(error))
        sys.exit(error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _say(text: str) -> None:
    click.echo(text, err=True)


_DATA = click.option(
    "--data", type=click.Path(path_type=Path), help="folder of CSV files; default: the built-in network"
)
_JSON = click.option("--json", "as_json", is_flag=True, help="print one JSON object to stdout")


@cli.command()
@click.argument("scenario", required=False, type=click.Path(path_type=Path))
@click.option("--control", "controls", multiple=True, metavar="ID", help="a control of the scenario; may be repeated")
@_DATA
@click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="T.KEY.COL=V",
    help="a changed figure: stocks.ndfeb_hot:US.cover_months=6",
)
@click.option("--start", metavar="YYYY-MM", help="first reported month; default: the first news")
@click.option("--months", type=int, help="reported months; default 18")
@click.option(
    "--response", type=click.Choice(["all", "contracts", "voluntary", "planner"]), default="all", show_default=True
)
@click.option("--foresight", type=click.Choice(["announced", "perfect", "none"]), help="default: announced")
@click.option("--solver", type=click.Choice(["highs", "cbc"]), default="highs", show_default=True)
@click.option("--out", type=click.Path(path_type=Path), help="workbook to write; default: reports/NAME.xlsx")
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=None, help="processes for several scenarios; default: up to 2"
)
@_JSON
def run(
    scenario: Path | None, controls: tuple[str, ...], data: Path | None, changes: tuple[str, ...], start: str | None,
    months: int | None, response: str, foresight: str | None, solver: str, out: Path | None, jobs: int | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Run a scenario, or with nothing else every announced control, and write one workbook.

    \b
    exposure run
    exposure run data/scenarios/april_2025_licensing.yaml
    exposure run --control CN-2025-04-RE7 --start 2025-04 --months 12 --out reports/april.xlsx
    """
    from exposure.load import load
    from exposure.studies import announced, run_all

    net = load(data)
    cases = (
        [_scenario(scenario, controls, changes, start, months, foresight)] if scenario or controls else announced(net)
    )
    if not (scenario or controls):
        cases = [_with_options(case, changes, start, months, foresight) for case in cases]
    if not cases:
        raise InputError(Finding("the network has no announced control; name one with --control", file="controls.csv"))
    workers = jobs or min(2, os.cpu_count() or 1)
    with _progress(len(cases)) as tick:
        results = run_all(
            net, cases, response=cast("Literal['all'] | Response", response), solver=cast("Any", solver),
            workers=workers, tell=tick,
        )  # fmt: skip
    outcomes = [result for result in results if not isinstance(result, ExposureError)]
    failed = [(case, result) for case, result in zip(cases, results, strict=True) if isinstance(result, ExposureError)]
    if len(cases) == 1 and failed:
        raise failed[0][1]
    for case, error in failed:
        _say(f"{case.name}: {error}")
    if outcomes:
        reasons = {case.name: str(error) for case, error in failed}
        _deliver(outcomes, out, as_json, reasons, single=bool(scenario or controls))
    if failed:
        message = f"{len(failed)} of {len(cases)} scenarios failed"
        raise type(failed[0][1])(message)


def _deliver(outcomes: Sequence[Any], out: Path | None, as_json: bool, failed: dict[str, str], *, single: bool) -> None:
    from exposure.io import safe_name
    from exposure.report import terminal_summary, to_json, write_workbook

    if as_json:
        click.echo(to_json(outcomes))
    else:
        click.echo(terminal_summary(outcomes, failed=failed))
    if out is None and as_json:
        return
    name = f"{safe_name(outcomes[0].scenario.name)}.xlsx" if single else "announced_controls.xlsx"
    path = write_workbook(outcomes, out or Path("reports") / name, failed=failed)
    _say(f"written: {path}")


def _scenario(
    path: Path | None, controls: tuple[str, ...], changes: tuple[str, ...], start: str | None, months: int | None,
    foresight: str | None,
) -> Scenario:  # fmt: skip
    from exposure.io import read_scenario

    if path is not None:
        case = read_scenario(path)
        merged = tuple(dict.fromkeys((*case.controls, *(ControlId(c) for c in controls))))
        case = case.model_copy(update={"controls": merged})
    else:
        case = Scenario(name=" + ".join(controls)[:200], controls=tuple(ControlId(c) for c in controls))
    return _with_options(case, changes, start, months, foresight)


def _with_options(
    case: Scenario, changes: tuple[str, ...], start: str | None, months: int | None, foresight: str | None
) -> Scenario:
    from pydantic import ValidationError

    from exposure.io import parse_override

    fields: dict[str, Any] = dict(case)
    fields["set"] = (*case.set, *(parse_override(text) for text in changes))
    given = {"start": start, "months": months, "foresight": foresight}
    fields |= {name: value for name, value in given.items() if value is not None}
    try:
        return Scenario(**fields)
    except ValidationError as error:
        raise InputError(
            [
                Finding(str(e["msg"]).removeprefix("Value error, "), field=f"--{e['loc'][0]}", value=str(e["input"]))
                for e in error.errors()
            ]
        ) from None


@contextmanager
def _progress(count: int) -> Iterator[Callable[[Scenario, Any], None]]:
    """Show a bar with time left on a terminal, a plain line per scenario elsewhere; nothing for a single one."""
    if count == 1:
        yield lambda scenario, result: None
        return
    if not sys.stderr.isatty():
        yield lambda scenario, result: _say(f"done: {scenario.name}")
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("scenarios", total=count)

        def tick(scenario: Scenario, result: Any) -> None:  # noqa: ANN401
            bar.update(task, advance=1, description=scenario.name[:40])

        yield tick


@cli.command("list")
@click.argument("what", type=click.Choice(["claims", "controls", "items", "regions", "scenarios"]))
@_DATA
@_JSON
def list_(what: str, data: Path | None, as_json: bool) -> None:
    """List claims, controls, items, regions or scenarios.

    \b
    exposure list controls
    exposure list claims
    exposure list items --json
    """
    from exposure.load import load

    files: dict[str, Callable[[], list[dict[str, str]]]] = {
        "claims": _claim_rows,
        "scenarios": partial(_scenario_rows, data),
    }
    rows = files[what]() if what in files else _rows(load(data), what)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    width = {name: max((len(str(row[name])) for row in rows), default=0) for name in (rows[0] if rows else {})}
    for row in rows:
        click.echo("  ".join(str(value).ljust(width[name]) for name, value in row.items()).rstrip())


def _rows(net: Network, what: str) -> list[dict[str, str]]:
    if what == "controls":
        return [
            {"control": c.control, "status": c.status, "announced": str(c.announced), "effective": str(c.effective),
             "ends": str(c.ends or ""), "title": c.title}
            for c in net.controls
        ]  # fmt: skip
    if what == "items":
        return [{"item": i.item, "kind": i.kind, "unit": i.unit, "name": i.name} for i in net.items]
    return [{"region": r.region, "within": r.within, "name": r.name} for r in net.regions]


def _claim_rows() -> list[dict[str, str]]:
    from exposure.io import read_claims

    return [
        {
            "claim": c.claim,
            "kind": c.kind,
            "encoded": c.encoded,
            "paragraph": str(c.paragraph),
            "statement": c.statement,
        }
        for c in read_claims()
    ]


def _scenario_rows(data: Path | None) -> list[dict[str, str]]:
    from exposure.io import built_in_path, read_scenario

    folder = (data or built_in_path()) / "scenarios"
    cases = [(path, read_scenario(path)) for path in sorted(folder.glob("*.yaml"))]
    return [
        {"file": path.name, "start": str(case.start or ""), "title": case.title or case.name} for path, case in cases
    ]


@cli.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@_JSON
def check(path: Path | None, as_json: bool) -> None:
    """Check a data folder or a scenario file: every fault at once, then how the baseline closes.

    \b
    exposure check
    exposure check my_network/
    exposure check case.yaml
    """
    from exposure.studies.data_check import check_path

    report = check_path(path)
    click.echo(json.dumps(report.as_dict(), ensure_ascii=False) if as_json else report.text())
    if report.errors:
        raise click.exceptions.Exit(InputError.exit_code)


@cli.command()
@click.argument("ident")
@_DATA
@click.option(
    "--control", "controls", multiple=True, metavar="ID", help="for a reported figure: the controls of the run"
)
@click.option("--start", metavar="YYYY-MM", help="for a reported figure: first month of the run")
@click.option("--months", type=int, help="for a reported figure: months of the run")
@_JSON
def explain(
    ident: str, data: Path | None, controls: tuple[str, ...], start: str | None, months: int | None, as_json: bool
) -> None:
    """Explain an item, region, recipe, control, fact, claim, a figure of the data, or a reported figure.

    \b
    exposure explain ndfeb_hot
    exposure explain CN-2025-04-RE7
    exposure explain RE-058
    exposure explain S3-10
    exposure explain stocks.ndfeb_hot:US.cover_months
    exposure explain loss.ev:US.2025-08 --control CN-2025-04-RE7
    """
    from exposure.load import load
    from exposure.studies.explain import explain as explained

    net = load(data)
    case = _with_options(Scenario(controls=tuple(ControlId(c) for c in controls)), (), start, months, None)
    answer = explained(net, ident, case)
    click.echo(json.dumps(answer.as_dict(), ensure_ascii=False) if as_json else answer.text())


@cli.group(cls=_Group)
def study() -> None:
    """Ask a question of its own: exposure, content (more studies have their own names here).

    \b
    exposure study exposure --item dy_oxide --product ev --region US
    exposure study content --control CN-2025-10-ANN61
    """


@study.command("content")
@click.option(
    "--control", "controls", multiple=True, metavar="ID", help="only the rules of this control; may be repeated"
)
@_DATA
@_JSON
def study_content(controls: tuple[str, ...], data: Path | None, as_json: bool) -> None:
    """Tell which share of each product is covered goods, look-through, against the threshold of each content rule.

    \b
    exposure study content
    exposure study content --control CN-2025-10-ANN61 --json
    """
    from exposure.load import load
    from exposure.studies.content_rules import content_rules, content_text

    net = load(data)
    table = content_rules(net, controls=controls or None)
    click.echo(json.dumps(table.to_dict("records")) if as_json else content_text(net, table))


@study.command("exposure")
@click.option("--item", metavar="ID", help="follow one upstream item, such as dy_oxide")
@click.option("--product", metavar="ID", help="one product, such as ev; default: all that final users want")
@click.option("--region", metavar="ID", help="where it is used; default: the world and every country that uses it")
@click.option(
    "--allocation",
    type=click.Choice(["value", "mass", "main"]),
    default="value",
    show_default=True,
    help="how a joint recipe's inputs are shared among its outputs",
)
@_DATA
@click.option("--out", type=click.Path(path_type=Path), help="workbook to write; default: none")
@_JSON
def study_exposure(
    item: str | None, product: str | None, region: str | None, allocation: str, data: Path | None, out: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Tell what a product takes at every tier, who made it, how concentrated and how risky its supply is; no optimiser.

    \b
    exposure study exposure
    exposure study exposure --item dy_oxide --product ev --region US
    exposure study exposure --product fighter_jet --out reports/fighter.xlsx
    """
    from exposure.load import load
    from exposure.studies.exposure_tables import exposure_tables

    answer = exposure_tables(load(data), item=item, product=product, region=region, allocation=cast("Any", allocation))
    click.echo(answer.to_json() if as_json else answer.text())
    if out is not None:
        _say(f"written: {answer.to_excel(out)}")
