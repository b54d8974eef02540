"""A scenario as a user names it: a YAML file, a workbook, or the name of one that stands ready."""

from __future__ import annotations

from pathlib import Path

from exposure.cli.manners import Data
from exposure.errors import Finding, InputError, nearest
from exposure.model import Network, Scenario


def ready_scenarios(data: Data) -> list[Path]:
    """Return the files of ready scenarios beside the data, in order of their names; of two with one name the upper counts."""
    found: dict[str, Path] = {}
    for folder in data.folders:
        for path in (folder / "scenarios").glob("*.yaml"):
            found.setdefault(path.stem, path)
    return [found[name] for name in sorted(found)]


def read_case(given: Path, net: Network, data: Data) -> Scenario:
    """Read a scenario file or workbook, or the ready scenario of that name.

    Raises
    ------
    InputError
        If there is none, with the nearest name; or with every fault of the file.
    """
    from exposure.io import read_scenario

    if given.suffix.lower() in (".xlsx", ".xlsm", ".xls"):
        from exposure.io.workbook import read_scenario_workbook

        return read_scenario_workbook(given, net)
    if given.exists() or given.suffix:
        return read_scenario(given)
    ready = {path.stem: path for path in ready_scenarios(data)}
    if str(given) in ready:
        return read_scenario(ready[str(given)])
    message = f"neither a file nor a ready scenario{nearest(str(given), ready)}; exposure list scenarios names them"
    raise InputError(Finding(message, field="scenario", value=str(given)))
