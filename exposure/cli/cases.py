"""A scenario as a user names it: a YAML file, a workbook, or the name of one that stands ready."""

from __future__ import annotations

from pathlib import Path

from exposure.errors import Finding, InputError, nearest
from exposure.model import Network, Scenario


def scenarios_folder(data: Path | None) -> Path:
    """Return the folder of ready scenarios beside the data; a data workbook has the built-in ones."""
    from exposure.io import built_in_path

    folder = built_in_path() if data is None or data.suffix.lower() == ".xlsx" else data
    return folder / "scenarios"


def read_case(given: Path, net: Network, data: Path | None) -> Scenario:
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
    folder = scenarios_folder(data)
    ready = folder / f"{given}.yaml"
    if ready.parent == folder and ready.exists():
        return read_scenario(ready)
    names = [path.stem for path in folder.glob("*.yaml")]
    message = f"neither a file nor a ready scenario{nearest(str(given), names)}; exposure list scenarios names them"
    raise InputError(Finding(message, field="scenario", value=str(given)))
