"""``exposure template``, ``exposure data``, ``exposure completion``: workbooks in and out, and the shell's tab key."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from exposure.cli.cases import read_case
from exposure.cli.completing import complete, complete_scenario
from exposure.cli.manners import DATA, JSON, Command, Data, Group, say
from exposure.errors import OutputError
from exposure.model import Scenario


@click.command(cls=Command)
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--scenario", metavar="NAME|FILE", type=click.Path(path_type=Path), shell_complete=complete_scenario,
    help="fill it with this scenario; default: an empty one",
)  # fmt: skip
@click.option("--force", is_flag=True, help="replace a workbook that stands there")
@DATA
@JSON
def template(out: Path, scenario: Path | None, force: bool, data: Data, as_json: bool) -> None:
    """Write a scenario workbook to fill in: controls to tick, and every number with its base value, range and unit.

    \b
    exposure template my.xlsx
    exposure template my.xlsx --scenario april_2025_licensing
    exposure template my.xlsx --scenario case.yaml --data my_network/
    """
    from exposure.io.workbook import write_template

    _new_workbook(out, force)
    net = data.load()
    case = read_case(scenario, net, data) if scenario else Scenario(name=out.stem[:200] or "scenario")
    write_template(out, net, case)
    _told(
        {"written": str(out), "scenario": case.name}, f"written: {out}; fill it in, then: exposure run {out}", as_json
    )


@click.group("data", cls=Group)
def data() -> None:
    """Move a data package into one workbook and back, or begin tables of your own.

    \b
    exposure data example my_company/
    exposure data export network.xlsx
    exposure data export ev.xlsx --item ev
    exposure data import network.xlsx my_network/
    """


@data.command("export")
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--item", metavar="ID", shell_complete=complete("items"), help="only the rows that this item's chain needs"
)
@click.option("--force", is_flag=True, help="replace a workbook that stands there")
@DATA
@JSON
def export(out: Path, item: str | None, force: bool, data: Data, as_json: bool) -> None:
    """Write the whole data package, or one chain of it, as one workbook: a sheet per table.

    \b
    exposure data export network.xlsx
    exposure data export ev.xlsx --item ev
    exposure data export mine.xlsx --extend my_company/
    """
    from exposure.io import built_in_path
    from exposure.io.workbook import chain_of, export_network, export_package

    _new_workbook(out, force)
    if item or data.extend or (data.path is not None and data.path.suffix.lower() == ".xlsx"):
        net = data.load()
        export_network(out, chain_of(net, item) if item else net)
    else:
        export_package(out, data.path or built_in_path())
    _told({"written": str(out)}, f"written: {out}", as_json)


@data.command("import")
@click.argument("workbook", type=click.Path(path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path))
@JSON
def import_(workbook: Path, folder: Path, as_json: bool) -> None:
    """Write a data workbook as a folder of CSV files; what its rows say is checked by exposure check FOLDER.

    \b
    exposure data import network.xlsx my_network/
    """
    from exposure.io.workbook import write_data_folder

    hashes = write_data_folder(workbook, folder)
    _told({"written": str(folder), "sha256": hashes}, f"written: {folder} ({len(hashes)} tables)", as_json)


@data.command("example")
@click.argument("folder", type=click.Path(path_type=Path))
@JSON
def example(folder: Path, as_json: bool) -> None:
    """Write the tables of an invented motor maker, to be filled with your own and laid over the data with --extend.

    \b
    exposure data example my_company/
    exposure check --extend my_company/
    """
    from exposure.io import write_example

    files = write_example(folder)
    text = f"written: {folder} ({len(files)} tables); put your own rows in, then: exposure check --extend {folder}"
    _told({"written": str(folder), "tables": files}, text, as_json)


@click.command(cls=Command)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that makes the tab key complete commands, options and ids.

    \b
    exposure completion bash > ~/.exposure-complete.sh
    exposure completion fish
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    root = click.get_current_context().find_root().command
    if kind is not None:
        click.echo(kind(root, {}, "exposure", "_EXPOSURE_COMPLETE").source())


def _new_workbook(out: Path, force: bool) -> None:
    """Refuse a name that Excel would not open, and a workbook that somebody may have filled in."""
    if out.suffix.lower() != ".xlsx":
        message = f'"{out}" does not end in .xlsx'
        raise OutputError(message)
    if out.exists() and not force:
        message = f'"{out}" stands there already and may hold your work; choose another name, or add --force'
        raise OutputError(message)


def _told(values: dict[str, Any], text: str, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(values, ensure_ascii=False))
    else:
        say(text)
