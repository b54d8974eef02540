"""``exposure list``, ``exposure check``, ``exposure explain``: what there is, whether it is sound, where it comes from."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Literal, cast

import click

from exposure.cli.completing import CONTROLS, SCENARIO, complete
from exposure.cli.manners import DATA, FORESIGHT, JSON, MONTHS, SET, START, Command, Data, say, working
from exposure.cli.running import scenario_of
from exposure.errors import InputError
from exposure.model import Network, Response


@click.command("list", cls=Command)
@click.argument("what", type=click.Choice(["claims", "controls", "items", "regions", "scenarios"]))
@DATA
@JSON
def list_(what: str, data: Data, as_json: bool) -> None:
    """List claims, controls, items, regions or scenarios.

    \b
    exposure list controls
    exposure list claims
    exposure list items --json
    """
    files: dict[str, Callable[[], list[dict[str, str]]]] = {
        "claims": _claim_rows,
        "scenarios": partial(_scenario_rows, data),
    }
    rows = files[what]() if what in files else _rows(data.load(), what)
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


def _scenario_rows(data: Data) -> list[dict[str, str]]:
    from exposure.cli.cases import ready_scenarios
    from exposure.io import read_scenario

    cases = [(path, read_scenario(path)) for path in ready_scenarios(data)]
    return [
        {"file": path.name, "start": str(case.start or ""), "title": case.title or case.name} for path, case in cases
    ]


@click.command(cls=Command)
@click.argument("path", required=False, type=click.Path(path_type=Path))
@DATA
@JSON
def check(path: Path | None, data: Data, as_json: bool) -> None:
    """Check data or a scenario, as folder, file or workbook: every fault at once, then how the baseline closes.

    A scenario workbook with faults gets a copy beside it, MY.checked.xlsx, with the faulty cells marked.

    \b
    exposure check
    exposure check my_network/
    exposure check --extend my_company/
    exposure check case.yaml
    exposure check my.xlsx
    """
    from exposure.studies.data_check import check_path

    with working("checking"):
        report = check_path(path, data.path, data.extend)
    click.echo(json.dumps(report.as_dict(), ensure_ascii=False) if as_json else report.text())
    if report.errors:
        if path is not None and path.suffix.lower() == ".xlsx":
            from exposure.io.workbook import write_annotated

            copy = write_annotated(path, report.findings)
            if copy:
                say(f"faulty cells marked in: {copy}")
        raise click.exceptions.Exit(InputError.exit_code)


@click.command(cls=Command)
@click.argument("ident", shell_complete=complete("items", "controls", "regions", "recipes", "facts"))
@SCENARIO
@CONTROLS
@DATA
@SET
@START
@MONTHS
@FORESIGHT
@click.option(
    "--response",
    type=click.Choice(["all", "contracts", "voluntary", "planner"]),
    default="all",
    show_default=True,
    help="level of a reported figure",
)
@JSON
def explain(
    ident: str, scenario: Path | None, controls: tuple[str, ...], data: Data, changes: tuple[str, ...], start: str | None,
    months: int | None, foresight: str | None, response: str, as_json: bool,
) -> None:  # fmt: skip
    """Explain an item, region, recipe, control, fact, claim, a figure of the data, or a reported figure of a scenario.

    A reported figure is TABLE.KEY.MONTH, TABLE.KEY for all reported months, or summary.COLUMN; it takes the scenario, file or
    name, and the options with which it was run.

    \b
    exposure explain ndfeb_hot
    exposure explain CN-2025-04-RE7
    exposure explain RE-058
    exposure explain S3-10
    exposure explain stocks.ndfeb_hot:US.cover_months
    exposure explain loss.ev:EU.2025-06 april_2025_licensing
    exposure explain summary.loss_usd case.yaml --set stocks.ndfeb_hot:EU/auto_lean.cover_months=2
    exposure explain gap.ndfeb_hot:EU/auto_lean.2025-06 --control CN-2025-04-RE7 --response contracts
    """
    from exposure.studies.explain import explain as explained

    net = data.load()
    case = scenario_of(net, data, scenario, controls, changes, start, months, foresight)
    with working("explaining"):
        answer = explained(net, ident, case, response=cast("Literal['all'] | Response", response))
    click.echo(json.dumps(answer.as_dict(), ensure_ascii=False) if as_json else answer.text())
