"""What `exposure check` tells: faults, coverage by evidence, and how the baseline closes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from exposure.check import check_claims, check_register, check_scenario, coverage, unused_facts
from exposure.errors import Finding, counted
from exposure.io import built_in_path, read_claims, read_register, read_scenario_with_findings
from exposure.io.workbook import is_data_workbook, read_workbook_with_findings
from exposure.load import load, load_with_findings
from exposure.lp.baseline import Baseline
from exposure.model import Network
from exposure.response import close_once
from exposure.studies.amounts import exact
from exposure.studies.overlay_check import own_figures, rows_laid_over, shifted
from exposure.units import MONTHS_PER_YEAR

SHOWN = 25
"""Moved figures shown in the text; the JSON holds all."""


@dataclass(frozen=True)
class DataCheck:
    """Findings of one folder or file and, where it can be read, its coverage and its baseline."""

    path: str
    findings: tuple[Finding, ...]
    coverage: tuple[dict[str, Any], ...] = ()
    unused_facts: tuple[str, ...] = ()
    moved: tuple[dict[str, Any], ...] = ()
    gaps: tuple[dict[str, Any], ...] = ()
    sizes: dict[str, int] = field(default_factory=dict)
    traced: dict[str, int] = field(default_factory=dict)
    laid_over: tuple[dict[str, Any], ...] = ()
    own_figures: int = 0
    own_moved: tuple[dict[str, Any], ...] = ()
    shifted: tuple[dict[str, Any], ...] = ()
    known_notices: int = 0

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Findings that stop a run."""
        return tuple(finding for finding in self.findings if finding.severity == "error")

    def as_dict(self) -> dict[str, Any]:
        """Return everything as JSON-ready values."""
        findings = [{name: getattr(f, name) for name in f.__slots__} for f in self.findings]
        return {
            "path": self.path, "findings": findings, "coverage": list(self.coverage), "moved": list(self.moved),
            "baseline_gaps": list(self.gaps), "unused_facts": list(self.unused_facts), "rows": self.sizes,
            "traced": self.traced, "laid_over": list(self.laid_over), "own_moved": list(self.own_moved),
            "shifted": list(self.shifted),
        }  # fmt: skip

    def text(self) -> str:
        """Return the report as lines for a terminal."""
        notices = [f for f in self.findings if f.severity == "notice"]
        lines = [f"{self.path}: {counted(len(self.errors), 'error')}, {counted(len(notices), 'notice')}"]
        lines += [f"  error   {finding}" for finding in self.errors]
        lines += [f"  notice  {finding}" for finding in notices]
        if self.known_notices:
            lines.append(
                f"  ({counted(self.known_notices, 'notice')} of the data below: exposure check without --extend)"
            )
        if self.sizes:
            lines.append("rows: " + ", ".join(f"{count} {table}" for table, count in self.sizes.items()))
        if self.coverage:
            lines += ["", "numbers by evidence:"]
            lines += _table(self.coverage)
            more = " (--json lists them)" if self.unused_facts else ""
            lines.append(f"facts that no row uses: {len(self.unused_facts)}{more}")
        if self.traced:
            lines += ["", "traced to the model:", *(f"  {count:5} {what}" for what, count in self.traced.items())]
        lines += self._laid_over()
        if self.sizes:
            lines += ["", f"baseline: {counted(len(self.moved), 'figure')} moved to make every node close"]
            lines += [_moved_line(row) for row in self.moved[:SHOWN]]
            if len(self.moved) > SHOWN:
                lines.append(f"  ... and {len(self.moved) - SHOWN} more (--json shows all)")
            lines += [f"  baseline gap: {g['item']} in {g['region']}, {exact(g['gap'])} {g['unit']}" for g in self.gaps]
        return "\n".join(lines)

    def _laid_over(self) -> list[str]:
        """Tell what an extension added and replaced, and what its rows move: its own figures first."""
        if not self.laid_over:
            return []
        lines = ["", "laid over:"]
        for package in dict.fromkeys(row["extension"] for row in self.laid_over):
            rows = [row for row in self.laid_over if row["extension"] == package]
            words = ", ".join(f"{row['table']} {row['added'] + row['replaced']}" for row in rows)
            count = sum(row["added"] + row["replaced"] for row in rows)
            replaced = sum(row["replaced"] for row in rows)
            place = f"; {replaced} of them in the place of a row below" if replaced else ""
            lines.append(f"  {package}: {counted(count, 'row')} ({words}){place}")
        moved = len(self.own_moved) or "none"
        lines.append(f"  {moved} of {counted(self.own_figures, 'own figure')} had to move for the baseline to close")
        lines += [_moved_line(row) for row in self.own_moved]
        lines.append(f"  {len(self.shifted) or 'no'} quantities of the data below are others than without")
        lines += [_shifted_line(row) for row in self.shifted[:SHOWN]]
        if len(self.shifted) > SHOWN:
            lines.append(f"  ... and {len(self.shifted) - SHOWN} more (--json shows all)")
        return lines


def check_path(path: Path | None = None, data: Path | None = None, extend: Sequence[Path] = ()) -> DataCheck:
    """Check a data folder or workbook, a scenario file or workbook or, without a path, the data.

    Parameters
    ----------
    path
        What to check. A scenario is checked against the network of ``data`` and ``extend``.
    data
        The data package; None for the built-in one.
    extend
        Folders or data workbooks laid over it, whose rows are checked with it.
    """
    if path is not None and path.suffix.lower() in (".yaml", ".yml"):
        return _check_file(path, data, extend)
    if path is not None and path.suffix.lower() == ".xlsx" and not is_data_workbook(path):
        return _check_workbook(path, data, extend)
    path = data if path is None else path
    net, findings = load_with_findings(path, extend=extend)
    name = "built-in data" if path is None or path.resolve() == built_in_path().resolve() else path.name
    name = " + ".join([name, *(one.name or str(one) for one in extend)])
    known: set[Finding] = set(load_with_findings(path)[1]) if extend else set()
    told = [finding for finding in findings if finding.severity == "error" or finding not in known]
    if net is None:
        advice = _advice(path, told) if path is not None and not extend else ()
        return DataCheck(name, (*told, *advice), known_notices=len(findings) - len(told))
    baseline = close_once(net)
    traced, further = _traced(net) if net.built_in else ({}, [])
    below = load(path) if extend else net
    own = own_figures(net)
    return DataCheck(
        path=name,
        findings=(*told, *further),
        coverage=tuple(_coverage_rows(net)),
        unused_facts=tuple(unused_facts(net)),
        moved=baseline.moved,
        gaps=tuple(_gaps(net, baseline)),
        sizes={table: len(rows) for table, rows in _tables(net).items() if rows},
        traced=traced,
        laid_over=tuple(rows_laid_over(net)) if extend else (),
        own_figures=len(own),
        own_moved=tuple(row for row in baseline.moved if (row["table"], row["key"]) in own),
        shifted=tuple(shifted(net, below)) if extend else (),
        known_notices=len(findings) - len(told),
    )


def _advice(path: Path, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Tell a folder that does not stand alone, but would stand well over the built-in data, how to be laid there."""
    if not path.is_dir() or any(finding.file == path.name for finding in findings):
        return ()
    _, over = load_with_findings(extend=path)
    left = sum(finding.severity == "error" for finding in over)
    if left >= sum(finding.severity == "error" for finding in findings):
        return ()
    message = f"laid over the built-in data it would have {counted(left, 'error')}: exposure check --extend {path.name}"
    return (Finding(message, severity="notice"),)


def _check_file(path: Path, data: Path | None, extend: Sequence[Path]) -> DataCheck:
    """Check a scenario file by itself and, once it can be read, what it says against the network."""
    scenario, findings = read_scenario_with_findings(path)
    if scenario is None:
        return DataCheck(path.name, tuple(findings))
    against = check_scenario(load(data, extend=extend), scenario)
    own = [replace(found, file=path.name) if found.file == "scenario" else found for found in against]
    return DataCheck(path.name, (*findings, *own))


def _check_workbook(path: Path, data: Path | None, extend: Sequence[Path]) -> DataCheck:
    """Check a scenario workbook by itself, and what it says against the network."""
    net = load(data, extend=extend)
    read = read_workbook_with_findings(path, net)
    found = check_scenario(net, read.scenario) if read.scenario else []
    further = [finding for finding in found if "the range must hold" not in finding.message]
    return DataCheck(path.name, (*read.findings, *(read.at_cell(finding, path.name) for finding in further)))


def _traced(net: Network) -> tuple[dict[str, int], list[Finding]]:
    """Count how much of the founding documents and of the register of controls the model holds, and tell what is amiss."""
    claims, register = read_claims(), read_register()
    scenarios = {path.stem for path in (built_in_path() / "scenarios").glob("*.yaml")}
    ruled = {rule.control for rule in net.control_scope}
    counts = {
        "claims of the founding documents": len(claims),
        "of them held by rows": sum(claim.encoded == "yes" for claim in claims),
        "controls of the register": len(register),
        "of them with rules of their own": sum(row.control in ruled for row in register),
        "scenarios": len(scenarios),
    }
    return counts, [*check_claims(net, claims, scenarios), *check_register(net, register)]


def _tables(net: Network) -> dict[str, tuple[Any, ...]]:
    from exposure.model import TABLES

    return {table: getattr(net, table) for table in TABLES}


def _coverage_rows(net: Network) -> list[dict[str, Any]]:
    return [dict(row) for row in coverage(net)]


def _gaps(net: Network, baseline: Baseline) -> list[dict[str, Any]]:
    return [
        {
            "item": row.item,
            "region": row.region,
            "gap": float(gap),
            "unit": f"{net.item[row.item].unit}/yr ({gap / MONTHS_PER_YEAR:,.4g} a month)",
        }
        for row, gap in zip(net.demand, baseline.gap, strict=True)
        if gap > 0
    ]


def _moved_line(row: dict[str, Any]) -> str:
    left = "; left its range" if row["left_range"] else ""
    return (
        f"  {row['table']} {row['key']}: figure {exact(row['figure'])}, model {exact(row['model'])} {row['unit']}"
        f" ({row['widths']:.2f} widths{left}; {row['source'] or 'no source'})"
    )


def _shifted_line(row: dict[str, Any]) -> str:
    change = row["now"] / row["before"] - 1 if row["before"] else float("inf")
    percent = f"{change:+.1%}" if abs(change) < 10 else "from nothing"
    return f"  {row['table']} {row['key']}: {exact(row['before'])} before, {exact(row['now'])} now, {row['unit']} ({percent})"


def _table(rows: tuple[dict[str, Any], ...]) -> list[str]:
    names = list(rows[0])
    width = {name: max(len(name), *(len(str(row[name])) for row in rows)) for name in names}
    head = "  " + "  ".join(name.rjust(width[name]) for name in names)
    return [head, *("  " + "  ".join(str(row[name]).rjust(width[name]) for name in names) for row in rows)]
