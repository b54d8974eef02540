"""What all commands share: examples first in help, suggestions, talk on stderr, progress, common options."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from exposure.model import Scenario


class Group(click.Group):
    """A group whose help starts with examples and whose mistyped commands get a suggestion."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write usage and text with its examples; the commands stand in the text."""
        self.format_usage(ctx, formatter)
        self.format_help_text(ctx, formatter)
        self.format_options(ctx, formatter)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; suggest the nearest one where it does not exist."""
        from exposure.errors import nearest

        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            ctx.fail(f'no command "{args[0]}"{nearest(args[0], self.commands)}')
        return super().resolve_command(ctx, args)


def say(text: str) -> None:
    """Say something to whoever watches, on stderr."""
    click.echo(text, err=True)


DATA = click.option(
    "--data", type=click.Path(path_type=Path), help="folder of CSV files; default: the built-in network"
)
JSON = click.option("--json", "as_json", is_flag=True, help="print one JSON object to stdout")


@contextmanager
def progress(count: int) -> Iterator[Callable[[Scenario, Any], None]]:
    """Show a bar with time left on a terminal, a plain line per scenario elsewhere; nothing for a single one."""
    if count == 1:
        yield lambda scenario, result: None
        return
    if not sys.stderr.isatty():
        yield lambda scenario, result: say(f"done: {scenario.name}")
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("scenarios", total=count)

        def tick(scenario: Scenario, result: Any) -> None:  # noqa: ANN401
            bar.update(task, advance=1, description=scenario.name[:40])

        yield tick
