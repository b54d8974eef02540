"""Who answers the draws: this process, a pool of processes, or the workers of a Dask cluster, all as `concurrent.futures`.

A worker reads and states nothing per draw: it prepares the scenario once and then answers draws by their values. An answer
depends on the values alone, so it is the same to the last bit whoever gives it.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exposure.errors import ExposureError, Finding, InputError, SolverError
from exposure.lp.session import SolverName
from exposure.model import RESPONSES, Network, Scenario
from exposure.response.draw import MEASURES, MONTHS, Prepared, answer_draw
from exposure.studies.ensemble.figures import Figure

Floats = NDArray[np.float64]
Row = dict[str, Any]
Sent = tuple[int, Floats]
"""Number of a draw and the values of all figures."""

AHEAD = 3
"""Draws that wait for each worker: enough that none stands still, few enough that memory does not grow with the draws."""
PATIENCE = "15s"
"""How long a scheduler may take to answer the first time."""


@dataclass(frozen=True)
class Setup:
    """All that a worker needs to answer draws; ``key`` names it."""

    key: str
    net: Network
    scenario: Scenario
    figures: tuple[Figure, ...]
    solver: SolverName
    version: str

    def prepared(self) -> Prepared:
        """Close and state the scenario, with room for the largest value of each figure."""
        made = Prepared(self.net, self.scenario, [f.at(f.high) for f in self.figures], solver=self.solver)
        made.responder(())
        return made


_HERE: dict[str, tuple[Setup, Prepared]] = {}
"""What this process is ready to answer, by key."""


def begin(setup: Setup) -> None:
    """Make this process ready; what a parent process had prepared before the fork is taken over.

    Raises
    ------
    InputError
        If the worker runs another version of the tool.
    """
    if setup.version != version("exposure"):
        message = f"this worker has exposure {version('exposure')}, the ensemble was started with {setup.version}"
        raise InputError(message)
    if setup.key not in _HERE:
        _HERE.clear()
        _HERE[setup.key] = setup, setup.prepared()


def loss_columns(prepared: Prepared, items: Iterable[str]) -> dict[int, str]:
    """Return the part of a column's name for each demand row (position) of some items."""
    wanted = set(items)
    rows = enumerate(prepared.net.demand)
    return {d: f"loss_usd.{row.item}/{row.region}" for d, row in rows if str(row.item) in wanted}


def columns_of(prepared: Prepared, figures: Iterable[Figure], items: Iterable[str]) -> dict[str, str]:
    """Return the columns of a draw with their types."""
    named: dict[str, str] = {"draw": "int", "reason": "text"}
    for response in RESPONSES:
        named |= {f"{response}.{name}": "float" for name in MEASURES} | {
            f"{response}.{name}": "text" for name in MONTHS
        }
    lost = loss_columns(prepared, items)
    named |= {f"{response}.{name}": "float" for response in RESPONSES for name in lost.values()}
    return named | {f"value.{figure.address}": "float" for figure in figures}


def answer(key: str, draw: int, values: Floats, items: frozenset[str]) -> Row:
    """Answer one draw as a row; what goes wrong becomes its reason, so that one draw does not lose the rest."""
    setup, prepared = _HERE[key]
    row: Row = {"draw": draw, "reason": None}
    row |= {f"value.{f.address}": float(value) for f, value in zip(setup.figures, values, strict=True)}
    try:
        levels = answer_draw(prepared, [f.at(float(value)) for f, value in zip(setup.figures, values, strict=True)])
    except Exception as error:
        text = str(error) if isinstance(error, ExposureError) else f"{type(error).__name__}: {error}"
        return row | {"reason": text or type(error).__name__}
    lost = loss_columns(prepared, items)
    for response, level in levels.items():
        row |= {f"{response}.{name}": value for name, value in level.summary.items()}
        row |= {f"{response}.{name}": float(level.loss[d]) for d, name in lost.items()}
    return row


def answers(executor: Executor, workers: int, key: str, draws: Iterable[Sent], items: frozenset[str]) -> Iterator[Row]:
    """Yield the row of each draw as it ends, a few sent ahead.

    Raises
    ------
    SolverError
        If the processes that answer are gone.
    """
    try:
        yield from _as_they_end(executor, workers, key, draws, items)
    except BrokenExecutor as error:
        message = (
            "a process that answers draws was killed; what is finished is kept: give the same command again to go on"
        )
        raise SolverError(message) from error


def _as_they_end(
    executor: Executor, workers: int, key: str, draws: Iterable[Sent], items: frozenset[str]
) -> Iterator[Row]:
    waiting: dict[Future[Row], Sent] = {}
    coming = iter(draws)
    while True:
        while len(waiting) < AHEAD * workers and (sent := next(coming, None)) is not None:
            waiting[executor.submit(answer, key, *sent, items)] = sent
        if not waiting:
            return
        done, _ = wait(waiting, return_when=FIRST_COMPLETED)
        for future in sorted(done, key=lambda f: waiting[f][0]):
            yield _row(future, waiting.pop(future))


def _row(future: Future[Row], sent: Sent) -> Row:
    try:
        return future.result()
    except BrokenExecutor as error:
        message = (
            "a process that answers draws was killed; what is finished is kept: give the same command again to go on"
        )
        raise SolverError(message) from error
    except Exception as error:
        return {"draw": sent[0], "reason": f"{type(error).__name__}: {error}"}


class Inline(Executor):
    """Answers in this process, at once."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401
        """Call and return a future that is done."""
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


@contextmanager
def executor_of(setup: Setup, jobs: int, scheduler: str | None) -> Iterator[tuple[Executor, int]]:
    """Open what answers draws, ready for a setup, and say how many it answers at a time.

    Parameters
    ----------
    setup
        What to be ready for.
    jobs
        Processes on this machine.
    scheduler
        Address of a Dask scheduler; then its workers answer, and ``jobs`` says nothing.
    """
    if scheduler is not None:
        with _cluster(setup, scheduler) as opened:
            yield opened
    elif jobs < 2:
        begin(setup)
        yield Inline(), 1
    else:
        begin(setup)
        method = "fork" if "fork" in multiprocessing.get_all_start_methods() else None
        context = multiprocessing.get_context(method)
        pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=begin, initargs=(setup,))
        try:
            yield pool, jobs
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _cluster(setup: Setup, scheduler: str) -> Iterator[tuple[Executor, int]]:
    try:
        import distributed
    except ImportError as error:
        message = 'a scheduler needs the Dask client: pip install "exposure[cluster]"'
        raise InputError(message) from error

    class Ready(distributed.WorkerPlugin):  # type: ignore[misc]
        """Prepares each worker once, also one that joins or comes back later."""

        def __init__(self, given: Setup) -> None:
            self.given, self.name = given, f"exposure-{given.key}"

        def setup(self, worker: object) -> None:
            """Prepare the worker."""
            begin(self.given)

    try:
        client: Any = distributed.Client(scheduler, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        message = "no Dask scheduler answers there; start one with: dask scheduler"
        raise InputError(Finding(message, field="--scheduler", value=scheduler)) from error
    with client:
        ready = Ready(setup)
        client.register_plugin(ready)
        threads = sum(client.nthreads().values())
        if not threads:
            message = "the scheduler has no workers; start some with: dask worker " + scheduler
            raise InputError(Finding(message, field="--scheduler", value=scheduler))
        try:
            yield client.get_executor(pure=False), threads
        finally:
            client.unregister_worker_plugin(ready.name)
