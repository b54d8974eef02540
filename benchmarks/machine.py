"""What the timings were taken on: processor, memory, versions, load."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("exposure", "pulp", "highspy", "cbcbox", "linopy", "boario", "pymrio", "numpy", "pandas")


def facts() -> dict[str, str]:
    """Return what a reader needs to compare timings of another day or machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "processor": f"{_model()}, {os.cpu_count()} cores",
        "memory": f"{memory:.0f} GB",
        "system": f"{platform.system()} {platform.machine()}",
        "load when it began": f"{os.getloadavg()[0]:.1f} processes (1 minute)",
        "versions": ", ".join([f"Python {platform.python_version()}", *(f"{p} {installed(p)}" for p in PACKAGES)]),
    }


def run_line(cap: float | None = None) -> str:
    """Return when and on what a part is run; ``cap``: wall seconds after which rows of other tools are stopped."""
    known = facts()
    stopped = f"; rows of other tools stopped after {cap:.0f} s" if cap else ""
    return f"Run of {known['date']}, {known['processor']}; load when it began: {known['load when it began']}{stopped}."


def installed(package: str) -> str:
    """Return the version of a package, or that it is not there."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _model() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
