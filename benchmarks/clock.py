"""Wall and processor seconds of repeated runs, and how ratios of them are written."""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median


class OverTimeError(Exception):
    """A run reached its cap after ``done`` of ``asked`` programmes."""

    def __init__(self, done: int, asked: int) -> None:
        super().__init__(f"{done} of {asked} programmes")


@dataclass(frozen=True)
class Timing:
    """Seconds of one run. ``over``: it was stopped at its cap, so both are lower ends; ``note`` says what else there is to say."""

    wall: float
    cpu: float
    over: bool = False
    note: str = ""


@dataclass(frozen=True)
class Median:
    """The medians of all runs of one contender."""

    name: str
    runs: tuple[Timing, ...]

    @property
    def wall(self) -> float:
        """Median wall seconds."""
        return median(run.wall for run in self.runs)

    @property
    def cpu(self) -> float:
        """Median processor seconds, children included."""
        return median(run.cpu for run in self.runs)

    @property
    def over(self) -> bool:
        """Whether any run was stopped at its cap."""
        return any(run.over for run in self.runs)

    @property
    def notes(self) -> str:
        """What the runs say, each thing once."""
        return "; ".join(dict.fromkeys(run.note for run in self.runs if run.note))

    def seconds(self, value: float) -> str:
        """Write seconds, with ``over`` in front where a run was stopped."""
        return ("over " if self.over else "") + number(value)

    def ratio(self, ours: Median) -> str:
        """Write processor seconds of this contender per processor second of ours."""
        return ("over " if self.over else "") + number(self.cpu / ours.cpu)


def number(value: float) -> str:
    """Write a number with about three digits."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def cpu_seconds() -> float:
    """User and system seconds of this process and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(part.ru_utime + part.ru_stime for part in used)


def peak_megabytes() -> float:
    """Most memory that this process ever held (where the kernel tells: without what its parent held before it began)."""
    status = Path("/proc/self/status")
    for line in status.read_text().splitlines() if status.exists() else ():
        if line.startswith("VmHWM:"):
            return float(line.split()[1]) / 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def timed(run: Callable[[], str]) -> Timing:
    """Time one run; what it returns is the note."""
    wall, cpu = time.perf_counter(), cpu_seconds()
    over = False
    try:
        note = run()
    except OverTimeError as stopped:
        over, note = True, f"stopped after {stopped}"
    return Timing(time.perf_counter() - wall, cpu_seconds() - cpu, over, note)


def interleaved(contenders: Sequence[tuple[str, int, Callable[[], str]]], say: Callable[[str], None]) -> list[Median]:
    """Run contenders (name, repeats, run) in turn, so that a busy minute of the machine hits all of them alike.

    A run that was stopped at its cap is not repeated.
    """
    runs: dict[str, list[Timing]] = {name: [] for name, _, _ in contenders}
    for turn in range(max(repeats for _, repeats, _ in contenders)):
        for name, repeats, run in contenders:
            if turn < repeats and not any(timing.over for timing in runs[name]):
                with quiet():
                    timing = timed(run)
                runs[name].append(timing)
                say(f"  {name}: {'over ' if timing.over else ''}{number(timing.wall)} s, CPU {number(timing.cpu)} s")
    return [Median(name, tuple(found)) for name, found in runs.items()]


@contextmanager
def quiet() -> Iterator[None]:
    """Send what solvers print themselves (HiGHS has a banner) to nowhere."""
    sys.stdout.flush()
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
