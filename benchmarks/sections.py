"""The parts of the run, each of which measures and returns the lines of its part of the report."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from benchmarks import machine
from benchmarks.clock import Median, Timing, interleaved, number, timed
from benchmarks.contenders import Floor, Run, cbc, highs, linopy_solve, pulp_with
from benchmarks.many import Study, by_workers
from benchmarks.profile import profile
from benchmarks.recorded import Recorded, ours, record
from benchmarks.tail import TAILS, tail
from exposure.model import Network, Scenario
from exposure.response import world_once
from tests.random_networks import random_network

ROOT = Path(__file__).parent.parent
EPISODE = ROOT / "data" / "scenarios" / "april_2025_licensing.yaml"
YEAR, LONG = 365, 300.0
"""Days of a year; seconds from which a cap leaves room for a year of the largest table."""
PATIENT = 20.0
"""Cap from which the largest sizes are run."""
CHAIN = "US-2025-05-ETHANE"
SMALL_SEED, SMALL_CONTROL = 6, "C1"
"""A random network and one of its controls which, as a licence, hurts at most shares let through."""


@dataclass(frozen=True)
class Effort:
    """How much to run. ``cap``: wall seconds after which a row of another tool is stopped; ``repeats``: of quick rows."""

    quick: bool
    cap: float
    repeats: int
    say: Callable[[str], None]


def what_ifs(net: Network, effort: Effort) -> list[str]:
    """Compare warm what-ifs of different reach with the other ways to solve their programmes."""
    world = world_once(net)
    lines = [
        "## One warm what-if", "",
        "Three levels, stages, tie-breaks. *Narrowed*: the solves that HiGHS is asked for here, on the nodes that a control",
        "disturbs, trials included. *Whole*: each programme once, with its limits on the whole network, as somebody states it",
        "who does not narrow. The others are given limits and costs for nothing and walk no contracts; ours counts both.",
        "No row counts the making of tables.", "", machine.run_line(effort.cap), "",
    ]  # fmt: skip
    for scenario, repeats in _cases(effort):
        effort.say(f"one what-if: {scenario.name}")
        recorded = record(scenario.name, world, scenario)
        medians = interleaved(_contenders(recorded, effort, repeats, full=scenario.name == CHAIN), effort.say)
        lines += [*_heading(recorded), "", *_ratios(medians), ""]
    return lines


def _cases(effort: Effort) -> list[tuple[Scenario, int]]:
    """Return scenarios of small, middle and wide reach, with how often each is run."""
    names = (CHAIN, effort.repeats), ("CN-2025-04-CHECKS", 3)
    alone = [(Scenario(name=name, controls=(name,)), min(effort.repeats, most)) for name, most in names]
    episode = Scenario.model_validate(yaml.safe_load(EPISODE.read_text()))
    return alone[:1] if effort.quick else [*alone, (episode, min(effort.repeats, 2))]


def time_goes(net: Network, effort: Effort) -> list[str]:
    """Take the same what-ifs apart."""
    return profile(world_once(net), _cases(effort), effort.say)


def tail_costs(net: Network, effort: Effort) -> list[str]:
    """Take months off the tail of the widest of the what-ifs."""
    scenario = _cases(effort)[-1][0]
    return tail(world_once(net), scenario, effort.say, TAILS[:1] if effort.quick else TAILS)


def _contenders(
    recorded: Recorded, effort: Effort, repeats: int, *, full: bool
) -> list[tuple[str, int, Callable[[], str]]]:
    """Return name, repeats and run of ours and of all others; ``full``: the narrowed programmes too, with a longer cap."""
    world, scenario, matrix = recorded.world, recorded.scenario, recorded.matrix
    cap = effort.cap * (3 if full and not effort.quick else 1)
    narrowed, whole = Run(matrix, recorded.narrowed, cap), Run(recorded.whole_matrix, recorded.whole, cap)
    floor = Run(matrix, recorded.narrowed, 4 * cap)
    first = recorded.narrowed[0]
    found: list[tuple[str, int, Callable[[], str]]] = [
        ("ours", repeats, lambda: ours(world, scenario)),
        (
            "highspy by hand, warm (floor), narrowed",
            repeats,
            lambda: floor.run(Floor(matrix, first, warm=True).solve),
        ),
        (
            "highspy by hand, from nothing, narrowed",
            repeats if full else 1,
            lambda: floor.run(Floor(matrix, first, warm=False).solve),
        ),
    ]
    solves = [("PuLP with HiGHS, rebuilt", pulp_with(highs)), ("PuLP with CBC, rebuilt", pulp_with(cbc))]
    if find_spec("linopy"):
        solves.insert(0, ("linopy with HiGHS, rebuilt", linopy_solve))
    for label, run in (("narrowed", narrowed), ("whole", whole)) if full else (("whole", whole),):
        found += [(f"{name}, {label}", 1, lambda run=run, solve=solve: run.run(solve)) for name, solve in solves]  # type: ignore[misc]
    return found[:5] if effort.quick else found


def _heading(recorded: Recorded) -> list[str]:
    (rows, columns), (part_rows, part_columns) = recorded.whole_matrix.shape, recorded.matrix.shape
    return [
        f"### {recorded.name}", "",
        f"{columns:,} columns, {rows:,} rows, of which the part that the control touches has {part_columns:,} and {part_rows:,};",
        f"{len(recorded.narrowed)} solves narrowed, {len(recorded.whole)} programmes whole.",
        f"Damage with tail (USD m): {recorded.damage}.",
    ]  # fmt: skip


def _ratios(medians: Sequence[Median]) -> list[str]:
    """Return a table of medians; ratios are of processor seconds."""
    lines = ["| | runs | CPU s | wall s | CPU, times ours | |", "|---|---|---|---|---|---|"]
    return lines + [
        f"| {m.name} | {len(m.runs)} | {m.seconds(m.cpu)} | {m.seconds(m.wall)} | {m.ratio(medians[0])} | {m.notes} |"
        for m in medians
    ]


def simulated_year(net: Network, effort: Effort) -> list[str]:
    """Time BoARIO on tables of about as many industries as we have nodes, and of as many regions and sectors."""
    world = world_once(net)
    countries = {region.partition("/")[0] for _, region in world.nodes}
    items = {net.real_item(item) for item, _ in world.nodes}
    side = round(len(world.nodes) ** 0.5)
    lines = [
        "## BoARIO: one simulated year", "",
        f"Daily steps on made-up input-output tables. The built-in network has {len(world.nodes)} nodes: {len(items)} items in "
        f"{len(countries)} countries, not each in each.", "", machine.run_line(), "",
    ]  # fmt: skip
    missing = [name for name in ("boario", "pymrio") if not find_spec(name)]
    if missing:
        return [*lines, f'Not run: {", ".join(missing)} not installed (`pip install -e ".[bench]"`).', ""]
    lines += [
        "| regions x sectors | days | CPU s | CPU s a year | output lost (days of the whole table) |",
        "|---|---|---|---|---|",
    ]
    days = YEAR if effort.cap >= LONG else 30
    sizes = ((6, 8, YEAR), (side, side, YEAR), (len(countries), len(items), days))
    for regions, sectors, length in sizes[:1] if effort.quick else sizes:
        effort.say(f"BoARIO: {regions} x {sectors}, {length} days")
        timing, found = process("benchmarks.boario_year", regions, sectors, length, cap=max(60.0, effort.cap))
        if found is None:
            lines.append(f"| {regions} x {sectors} | {length} | | | {timing.note} after {number(timing.wall)} s |")
            continue
        year = number(found["cpu"] * YEAR / length)
        lines.append(f"| {regions} x {sectors} | {length} | {number(found['cpu'])} | {year} | {found['lost']:.3g} |")
    return [*lines, ""]


def many_what_ifs(net: Network, effort: Effort) -> list[str]:
    """Measure time and memory against the number of what-ifs and of processes."""
    small = Study.of(random_network(SMALL_SEED), SMALL_CONTROL)
    chain = Study.of(net, CHAIN)
    draw = 0.25
    for study in (small, chain):
        once, anew = study.what_if(draw), study.from_scratch(draw)
        if abs(once - anew) > 1e-6 * abs(anew):
            message = f"{study.scenario.name}: {once} from the held programme, {anew} from scratch"
            raise RuntimeError(message)
    counts = (10, 100) if effort.quick else (10, 100, 1_000)
    cases = [("random network", small, count, 1) for count in counts]
    few = 8 if effort.quick else 200
    cases += [("built-in", chain, few, workers) for workers in (1, 2)]
    if effort.cap >= PATIENT:
        cases.append(("built-in", chain, 10_000, 2))
    lines = [
        "## Many what-ifs", "",
        f"A licence whose share let through is drawn anew each time, all levels: {SMALL_CONTROL} of a random network",
        f"of {_columns(small)} columns, and {CHAIN} of the built-in network ({_columns(chain)}). The start of the processes is",
        "counted; one draw of each was checked against the same with everything built anew.", "", machine.run_line(), "",
        "| network | what-ifs | processes | CPU s | wall s | CPU s each | peak MB of a process | with damage above zero |",
        "|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    walls: dict[tuple[int, int], float] = {}
    for name, study, count, workers in cases:
        effort.say(f"{count} what-ifs, {workers} processes: {name}")
        kept: list[tuple[list[float], float]] = []
        timing = timed(lambda s=study, c=count, w=workers, k=kept: k.append(by_workers(s, c, w)) or "")  # type: ignore[misc]
        damages, peak = kept[0]
        walls[count, workers] = timing.wall
        lines.append(
            f"| {name} | {count:,} | {workers} | {number(timing.cpu)} | {number(timing.wall)} | {timing.cpu / count:.4f} "
            f"| {peak:.0f} | {sum(damage > 0 for damage in damages):,} |"
        )
    return [
        *lines,
        "",
        f"Two processes against one: {number(walls[few, 1] / walls[few, 2])} times as fast (wall), on "
        f"{os.cpu_count()} cores with {os.getloadavg()[0]:.1f} busy processes in the last minute, these included.",
        "",
    ]


def _columns(study: Study) -> str:
    return f"{study.responder.statement.matrix.shape[1]:,}"


def process(module: str, *arguments: int, cap: float) -> tuple[Timing, Any]:
    """Run a module in a process of its own and read what it prints; None where it fails or is over its cap."""
    found: list[Any] = []

    def run() -> str:
        command = [sys.executable, "-W", "ignore", "-m", module, *map(str, arguments)]
        try:
            ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=cap, check=True)
        except subprocess.TimeoutExpired:
            return "stopped at its cap"
        except subprocess.CalledProcessError as failed:
            return f"failed: {failed.stderr.strip().splitlines()[-1][:200]}"
        found.append(json.loads(ended.stdout.strip().splitlines()[-1]))
        return ""

    timing = timed(run)
    return timing, found[0] if found else None


def absent() -> list[str]:
    """Say which of the others could not be compared."""
    return [
        f"{name} was not installed; its rows are left out."
        for name in ("linopy",)
        if machine.installed(name) == "not installed"
    ]
