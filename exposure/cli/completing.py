"""Tab completion of ids: controls, items, regions, recipes, facts and ready scenarios."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from exposure.cli.cases import ready_scenarios
from exposure.cli.manners import Data

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def complete(*tables: str) -> Completer:
    """Return a completer for the ids of tables; it reads their first columns only, so that a tab stays quick."""

    def ids(ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
        found = [row for table in tables for folder in _data(ctx).folders for row in _ids(folder / f"{table}.csv")]
        return [CompletionItem(ident, help=words) for ident, words in found if ident.startswith(begun)]

    return ids


def _data(ctx: click.Context) -> Data:
    return Data(ctx.params.get("data"), tuple(ctx.params.get("extend") or ()))


def _ids(path: Path) -> list[tuple[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return [(row[0], row[1] if len(row) > 1 else "") for row in list(csv.reader(stream))[1:] if row]


def complete_scenario(ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Complete a ready scenario's name, or a file."""
    names = [path.stem for path in ready_scenarios(_data(ctx))]
    ready = [CompletionItem(name) for name in names if name.startswith(begun)]
    return ready or [CompletionItem(begun, type="file")]


SCENARIO = click.argument("scenario", required=False, type=click.Path(path_type=Path), shell_complete=complete_scenario)
CONTROLS = click.option(
    "--control", "controls", multiple=True, metavar="ID", help="a control of the scenario; may be repeated",
    shell_complete=complete("controls"),
)  # fmt: skip
