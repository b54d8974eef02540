"""``exposure study``: questions of their own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import click

from exposure.cli.completing import complete
from exposure.cli.ensembles import study_ensemble
from exposure.cli.manners import DATA, JSON, Data, Group, say


@click.group(cls=Group)
def study() -> None:
    """Ask a question of its own: exposure, content, ensemble (more studies have their own names here).

    \b
    exposure study exposure --item dy_oxide --product ev --region US
    exposure study content --control CN-2025-10-ANN61
    exposure study ensemble --control US-2025-05-ETHANE --draws 200
    """


study.add_command(study_ensemble)


@study.command("content")
@click.option(
    "--control", "controls", multiple=True, metavar="ID", help="only the rules of this control; may be repeated"
)
@DATA
@JSON
def study_content(controls: tuple[str, ...], data: Data, as_json: bool) -> None:
    """Tell which share of each product is covered goods, look-through, against the threshold of each content rule.

    \b
    exposure study content
    exposure study content --control CN-2025-10-ANN61 --json
    """
    from exposure.studies.content_rules import content_rules, content_text

    net = data.load()
    table = content_rules(net, controls=controls or None)
    click.echo(json.dumps(table.to_dict("records")) if as_json else content_text(net, table))


@study.command("exposure")
@click.option(
    "--item", metavar="ID", shell_complete=complete("items"), help="follow one upstream item, such as dy_oxide"
)
@click.option(
    "--product",
    metavar="ID",
    shell_complete=complete("items"),
    help="one product, such as ev; default: all that final users want",
)
@click.option(
    "--region",
    metavar="ID",
    shell_complete=complete("regions"),
    help="where it is used; default: the world and every country that uses it",
)
@click.option(
    "--allocation",
    type=click.Choice(["value", "mass", "main"]),
    default="value",
    show_default=True,
    help="how a joint recipe's inputs are shared among its outputs",
)
@DATA
@click.option("--out", type=click.Path(path_type=Path), help="workbook to write; default: none")
@JSON
def study_exposure(
    item: str | None, product: str | None, region: str | None, allocation: str, data: Data, out: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Tell what a product takes at every tier, who made it, how concentrated and how risky its supply is; no optimiser.

    \b
    exposure study exposure
    exposure study exposure --item dy_oxide --product ev --region US
    exposure study exposure --product fighter_jet --out reports/fighter.xlsx
    """
    from exposure.studies.exposure_tables import exposure_tables

    answer = exposure_tables(data.load(), item=item, product=product, region=region, allocation=cast("Any", allocation))
    click.echo(answer.to_json() if as_json else answer.text())
    if out is not None:
        say(f"written: {answer.to_excel(out)}")
