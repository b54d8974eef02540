"""An ensemble: thousands of draws over the ranges in the data, kept as they end, gone on with after a kill."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from exposure.check import check_scenario
from exposure.errors import Finding, InputError
from exposure.io import sha256, table_text
from exposure.lp.session import SolverName, solver_name
from exposure.model import TABLES, Network, Scenario
from exposure.response import horizon
from exposure.response.draw import Prepared
from exposure.studies.ensemble.figures import Figure, figures_of, touched_items
from exposure.studies.ensemble.result import Ensemble, ensemble_of
from exposure.studies.ensemble.sampling import sample
from exposure.studies.ensemble.store import Store
from exposure.studies.ensemble.work import Row, Sent, Setup, answers, columns_of, executor_of, loss_columns

CHUNK = 20
"""Draws in one file: what a kill may cost."""
MOST_DRAWS = 1_000_000
DISTRIBUTION = "triangular from low to high with the stated figure as mode, Latin hypercube"

Tell = Callable[[int, int, float], None]
"""Hears of draws done, of how many, and of the seconds left (nan before the first)."""


def ensemble(
    net: Network,
    scenario: Scenario,
    *,
    draws: int = 1000,
    seed: int = 1,
    jobs: int = 1,
    scheduler: str | None = None,
    out: Path | str | None = None,
    coefficients: bool = False,
    flows: bool = False,
    ranges: Sequence[str] = (),
    fresh: bool = False,
    chunk: int = CHUNK,
    solver: SolverName = "highs",
    tell: Tell = lambda done, draws, left: None,
) -> Ensemble:
    """Answer a scenario over many draws of its uncertain figures.

    Each figure of the data with a range that bears on the scenario is drawn from a triangular distribution with the stated
    figure as mode. Figures that name the same facts as source move together. Draw k depends on the figures' names and ranges,
    the seed and the number of draws alone. By default severity, stocks, room to grow and taxed prices are drawn: the closed
    baseline of the likely world stays. ``coefficients`` (bills of materials) and ``flows`` (outputs, flows, demand) close it
    anew for each draw.

    Parameters
    ----------
    net, scenario
        What is asked, of which network; what the scenario sets is not drawn.
    draws, seed
        How many, and what makes them repeatable.
    jobs, scheduler
        Processes on this machine, or the address of a Dask scheduler (``tcp://...``) whose workers answer.
    out
        Folder of Parquet files and a manifest; what it holds of the same inputs is gone on with. None: kept nowhere.
    ranges
        Ranges of further figures, as ``table.key.column=low:high``.
    fresh
        Throw away what ``out`` holds.
    chunk
        Draws in one file.
    tell
        Hears of each draw that ends.

    Raises
    ------
    InputError
        If the scenario or a range names what the network does not have, nothing has a range, or ``out`` holds other draws.
    SolverError
        If the processes that answer are killed. A draw whose solve fails is a row with a reason instead.
    """
    _require(net, scenario, draws, seed, chunk)
    figures = figures_of(net, scenario, coefficients=coefficients, flows=flows, ranges=ranges)
    if not figures:
        message = "no figure that bears on this scenario has a range; give some with --range table.key.column=low:high"
        raise InputError(Finding(message, file="scenario", value=scenario.name))
    inputs = _inputs(net, scenario, figures, draws=draws, seed=seed, chunk=chunk, solver=solver)
    setup = Setup(_key(inputs), _bare(net), scenario, figures, solver, version("exposure"))
    items = touched_items(net.with_values(scenario.set), scenario)
    prepared = Prepared(net, scenario, solver=solver)
    columns = columns_of(prepared, figures, items)
    with tempfile.TemporaryDirectory() as scratch:
        store = Store(Path(scratch if out is None else out), inputs, columns, fresh=fresh)
        with store.held():
            _fill(store, setup, items, jobs, scheduler, tell)
        lost = loss_columns(prepared, items)
        demand = {
            end: (str(prepared.net.demand[d].item), str(prepared.net.demand[d].region)) for d, end in lost.items()
        }
        return ensemble_of(store, figures, _record(inputs, figures, prepared), demand)


def _require(net: Network, scenario: Scenario, draws: int, seed: int, chunk: int) -> None:
    faults = [finding for finding in check_scenario(net, scenario) if finding.severity == "error"]
    for name, value, least, most in (
        ("draws", draws, 1, MOST_DRAWS),
        ("seed", seed, 0, 2**63),
        ("chunk", chunk, 1, 10_000),
    ):
        if not least <= value <= most:
            faults.append(Finding(f"must lie between {least} and {most}", field=name, value=str(value)))
    if faults:
        raise InputError(faults)


def _fill(store: Store, setup: Setup, items: frozenset[str], jobs: int, scheduler: str | None, tell: Tell) -> None:
    """Answer every draw that the folder does not hold yet; a chunk is written when its last draw ends."""
    finished = store.finished()
    missing = [chunk for chunk in store.chunks if chunk not in finished]
    store.write_manifest()
    total = int(store.inputs["draws"])
    done = sum(len(store.span(chunk)) for chunk in finished)
    if not missing:
        tell(total, total, 0.0)
        return
    tell(done, total, float("nan"))
    opened: dict[int, list[Row]] = {}
    with executor_of(setup, jobs, scheduler) as (executor, workers):
        began, before = time.monotonic(), done
        for row in answers(executor, workers, setup.key, _sent(store, setup, missing), items):
            number = row["draw"] // int(store.inputs["chunk"])
            rows = opened.setdefault(number, [])
            rows.append(row)
            if len(rows) == len(store.span(number)):
                store.write(number, sorted(opened.pop(number), key=lambda r: int(r["draw"])))
            done += 1
            tell(done, total, (time.monotonic() - began) / (done - before) * (total - done))


def _sent(store: Store, setup: Setup, chunks: Sequence[int]) -> Iterator[Sent]:
    """Yield draws with their values, chunk by chunk."""
    for chunk in chunks:
        span = store.span(chunk)
        values = sample(setup.figures, int(store.inputs["seed"]), int(store.inputs["draws"]), span.start, span.stop)
        yield from zip(span, values, strict=True)


def _inputs(
    net: Network,
    scenario: Scenario,
    figures: Sequence[Figure],
    *,
    draws: int,
    seed: int,
    chunk: int,
    solver: SolverName,
) -> dict[str, Any]:
    """Return everything that the draws follow from, in the words in which a difference is told."""
    packages = {name: version(name) for name in ("numpy", "pandas", "pyarrow")}
    told = [asdict(figure) for figure in figures]
    data = {
        f"{table}.csv": sha256(table_text(table, getattr(net, table)).encode()) for table in TABLES if table != "facts"
    }
    return {
        "scenario": scenario.name,
        "scenario hash": sha256(scenario.model_dump_json().encode()),
        **{f"data {name}": digest for name, digest in data.items()},
        "figures drawn": sha256(json.dumps(told).encode()),
        "distribution": DISTRIBUTION,
        "draws": draws,
        "seed": seed,
        "chunk": chunk,
        "version": version("exposure"),
        "solver": solver_name(solver),
        **packages,
    }


def _key(inputs: Mapping[str, Any]) -> str:
    return sha256(json.dumps(inputs, sort_keys=True).encode())[:16]


def _bare(net: Network) -> Network:
    """Return the network without what was worked out from it, so that it is small to send."""
    return Network.model_construct(**{name: getattr(net, name) for name in Network.model_fields})


def _record(inputs: Mapping[str, Any], figures: Sequence[Figure], prepared: Prepared) -> dict[str, Any]:
    when = horizon(prepared.net, prepared.scenario)
    return {
        **inputs,
        "figures": len(figures),
        "first_month": str(when.calendar[when.first]),
        "last_month": str(when.calendar[when.end - 1]),
        "data": prepared.net.name,
        "baseline_year": prepared.net.baseline_year,
    }
