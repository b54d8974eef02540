"""``python -m benchmarks``: run every comparison, print it and write ``benchmarks/RESULTS.md``."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click

import exposure as ex
from benchmarks import growing, machine, sections
from benchmarks.clock import number

RESULTS = Path(__file__).parent / "RESULTS.md"
PARTS = ("what-ifs", "profile", "tail", "boario", "growth", "linked", "many")
"""Parts of the report, in order."""


@click.command()
@click.option("--quick", is_flag=True, help="A part of it, under a minute; prints only.")
@click.option(
    "--cap", type=float, help="Wall seconds after which a row of another tool is stopped (10; 8 with --quick)."
)
@click.option("--repeats", type=int, default=5, show_default=True, help="Runs of quick rows; slow ones are run once.")
@click.option("--only", type=click.Choice(PARTS), help="One part alone, put in its place in the file.")
@click.option("--out", type=click.Path(path_type=Path), default=RESULTS, help="File to write.")
def main(quick: bool, cap: float | None, repeats: int, only: str | None, out: Path) -> None:
    """Time what-ifs side by side with other ways to solve the same programmes."""
    began = time.perf_counter()
    warnings.simplefilter("ignore")
    effort = sections.Effort(
        quick, cap or (8.0 if quick else 10.0), 3 if quick else repeats, lambda text: click.echo(text, err=True)
    )
    net = ex.load()
    measures: dict[str, Callable[[], list[str]]] = {
        "many": partial(
            sections.many_what_ifs, net, effort
        ),  # first: a forked worker begins with the memory of this process
        "what-ifs": partial(sections.what_ifs, net, effort),
        "profile": partial(sections.time_goes, net, effort),
        "tail": partial(sections.tail_costs, net, effort),
        "boario": partial(sections.simulated_year, net, effort),
        "growth": partial(growing.growth, effort),
        "linked": partial(growing.linked_closing, effort),
    }
    found = {name: measure() for name, measure in measures.items() if only in (None, name)}
    parts = [found[name] for name in PARTS if name in found]
    click.echo("\n".join(line for part in parts for line in part))
    if not quick:
        text = out.read_text() if only and out.exists() else "\n".join(_head())
        for part in parts:
            text = growing.in_place_of(text, part[0], part)
        out.write_text(text)
    click.echo(f"{number(time.perf_counter() - began)} s{'' if quick else f', written: {out}'}", err=True)


def _head() -> list[str]:
    """Return what holds for every part: the machine, the versions, how figures are made."""
    facts = machine.facts()
    kept = ("memory", "system", "versions")
    return [
        "# Timings, side by side", "",
        *(f"- {key}: {facts[key]}" for key in kept), "",
        "Written by `python -m benchmarks`; each part says when it was run. Runs of one table take turns; figures are medians.",
        "Ratios are of processor seconds (user and system, children included), since wall time also counts what else the",
        "machine did.", "",
        *sections.absent(),
    ]  # fmt: skip


if __name__ == "__main__":
    main()
