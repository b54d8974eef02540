"""What all commands share: examples first in help, suggestions, talk on stderr, progress, common options."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from exposure.model import Network, Scenario


class Command(click.Command):
    """A command whose help starts with examples."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples first, then usage, what the command does, and its options."""
        _examples_first(self, ctx, formatter)


class Group(click.Group):
    """A group whose help starts with examples and whose mistyped commands get a suggestion."""

    command_class = Command

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples first, then usage, what the group does, its options and commands."""
        _examples_first(self, ctx, formatter)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; suggest the nearest one where it does not exist."""
        from exposure.errors import nearest

        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            ctx.fail(f'no command "{args[0]}"{nearest(args[0], self.commands)}')
        return super().resolve_command(ctx, args)


def _examples_first(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """Write the block of a docstring that is marked as preformatted before everything else."""
    text, _, block = inspect.cleandoc(command.help or "").partition("\b\n")
    examples = [line.strip() for line in block.splitlines() if line.strip().startswith("exposure")]
    if examples:
        with formatter.section("Examples"):
            formatter.write("".join(f"  {line}\n" for line in examples))
        formatter.write_paragraph()
    command.format_usage(ctx, formatter)
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(text.strip())
    command.format_options(ctx, formatter)


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show on a terminal that something is being done, and for how long already; elsewhere say nothing."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        bar.add_task(what, total=None)
        yield


def say(text: str) -> None:
    """Say something to whoever watches, on stderr."""
    click.echo(text, err=True)


@dataclass(frozen=True)
class Data:
    """The data that a command stands on: a package (None: the built-in one), and what is laid over it."""

    path: Path | None = None
    extend: tuple[Path, ...] = ()

    def load(self) -> Network:
        """Return the network; raise InputError with every fault of all files."""
        from exposure.load import load

        return load(self.path, extend=self.extend)

    @property
    def folders(self) -> tuple[Path, ...]:
        """Folders that may hold ready scenarios, those laid over first; a data workbook has the built-in ones."""
        from exposure.io import built_in_path

        base = built_in_path() if self.path is None or self.path.suffix.lower() == ".xlsx" else self.path
        return (*(folder for folder in reversed(self.extend) if folder.is_dir()), base)


def DATA(command: Callable[..., Any]) -> Callable[..., Any]:  # noqa: N802
    """Give a command the options ``--data`` and ``--extend``, as one argument ``data``."""

    @functools.wraps(command)
    def with_data(*args: Any, data: Path | None, extend: tuple[Path, ...], **rest: Any) -> Any:  # noqa: ANN401
        return command(*args, data=Data(data, extend), **rest)

    over = click.option(
        "--extend",
        metavar="DIR",
        multiple=True,
        type=click.Path(path_type=Path),
        help="your own tables laid over the data: folder or data workbook; may be repeated",
    )
    base = click.option(
        "--data",
        type=click.Path(path_type=Path),
        help="folder of CSV files, or data workbook; default: the built-in network",
    )
    return base(over(with_data))


SET = click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="T.KEY.COL=V",
    help="a changed figure: stocks.ndfeb_hot:US.cover_months=6",
)
START = click.option("--start", metavar="YYYY-MM", help="first reported month; default: the first news")
MONTHS = click.option("--months", type=int, help="reported months; default 18")
FORESIGHT = click.option("--foresight", type=click.Choice(["announced", "perfect", "none"]), help="default: announced")
JSON = click.option("--json", "as_json", is_flag=True, help="print one JSON object to stdout")


@contextmanager
def progress(count: int) -> Iterator[Callable[[Scenario, Any], None]]:
    """Show a bar with time left on a terminal, a plain line per scenario elsewhere; nothing for a single one."""
    if count == 1:
        with working("solving three responses"):
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
