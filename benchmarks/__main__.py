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


@click.command()
@click.option("--quick", is_flag=True, help="A part of it, under a minute; prints only.")
@click.option(
    "--cap", type=float, help="Wall seconds after which a row of another tool is stopped (10; 8 with --quick)."
)
@click.option("--repeats", type=int, default=5, show_default=True, help="Runs of quick rows; slow ones are run once.")
@click.option(
    "--only",
    type=click.Choice(["what-ifs", "many", "growth", "linked"]),
    help="One part alone, put in its place in the file.",
)
@click.option("--out", type=click.Path(path_type=Path), default=RESULTS, help="File to write.")
def main(quick: bool, cap: float | None, repeats: int, only: str | None, out: Path) -> None:
    """Time what-ifs side by side with other ways to solve the same programmes."""
    began = time.perf_counter()
    warnings.simplefilter("ignore")
    facts = machine.facts()
    effort = sections.Effort(
        quick, cap or (8.0 if quick else 10.0), 3 if quick else repeats, lambda text: click.echo(text, err=True)
    )
    if only:
        parts: dict[str, tuple[Callable[[sections.Effort], list[str]], str]] = {
            "what-ifs": (partial(sections.what_ifs, ex.load()), "## One warm what-if"),
            "many": (partial(sections.many_what_ifs, ex.load()), "## Many what-ifs"),
            "growth": (growing.growth, growing.GROWTH),
            "linked": (growing.linked_closing, growing.LINKED),
        }
        measure, heading = parts[only]
        part = measure(effort)
        click.echo("\n".join(part))
        if not quick:
            out.write_text(growing.in_place_of(out.read_text(), heading, part))
        return
    net = ex.load()
    lines = ["# Timings, side by side in one run", ""]
    lines += [f"- {key}: {value}" for key, value in facts.items()]
    stop = f"{number(effort.cap)} s per row of another tool; three times that for the one-chain control, more for highspy by hand"
    lines += [f"- stopped after: {stop}", ""]
    lines += [
        "Written by `python -m benchmarks`. Runs of one table take turns; figures are medians. Ratios are of processor seconds",
        "(user and system, children included), since wall time also counts what else the machine did.", "",
        *sections.absent(),
    ]  # fmt: skip
    many = sections.many_what_ifs(net, effort)  # first, since a forked worker begins with the memory of this process
    lines += sections.what_ifs(net, effort)
    lines += sections.simulated_year(net, effort)
    lines += growing.growth(effort)
    lines += growing.linked_closing(effort)
    lines += many
    lines += [f"The whole run took {number(time.perf_counter() - began)} s.", ""]
    click.echo("\n".join(lines))
    if not quick:
        out.write_text("\n".join(lines))
        click.echo(f"written: {out}", err=True)


if __name__ == "__main__":
    main()
