"""The report workbook: cover, tables, charts, sources and checks of one or many outcomes."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from openpyxl import Workbook
from openpyxl.packaging.core import DocumentProperties
from openpyxl.utils import get_column_letter

from exposure.errors import InputError
from exposure.io import read_claims, write_atomically
from exposure.model import Network
from exposure.report.assumptions import assumptions_sheet
from exposure.report.balance import balance_sheet
from exposure.report.cells import Ink, Strings, sheet_data
from exposure.report.chains import why_sheet
from exposure.report.charts import gap_over_time_sheet, loss_over_time_sheet
from exposure.report.checks import checks_sheet
from exposure.report.cover import contents_sheet, cover_sheet, scenarios_sheet
from exposure.report.evidence import baseline_sheet, estimates_sheet, sources_sheet
from exposure.report.exposures import exposure_sheets, structure_sheets
from exposure.report.finish import Filling, finished
from exposure.report.flows import costs_sheet, production_sheet, shipments_sheet, stocks_sheet
from exposure.report.frame import add_frame
from exposure.report.gaps import gap_sheet
from exposure.report.glossary import glossary_sheet
from exposure.report.grounds import evidence_sheet, footing, grounds
from exposure.report.in_force import controls_sheet
from exposure.report.inputs import inputs_sheet
from exposure.report.levels import levels_sheet
from exposure.report.limits import limits_sheet
from exposure.report.losses import loss_by_month_sheet, loss_rows_sheet
from exposure.report.money import Money
from exposure.report.products import product_sheets
from exposure.report.quality import quality_sheet
from exposure.report.record import record_sheet
from exposure.report.results import Results
from exposure.report.safe import clean
from exposure.report.sentences import answers
from exposure.report.sheet import Sheet
from exposure.report.studies import content_sheet
from exposure.report.styles import Styles
from exposure.report.summary import summary_sheet
from exposure.report.traceability import traceability_sheet
from exposure.response import Outcome
from exposure.studies.exposure_tables import ExposureTables

BEGINNING = dt.datetime(1980, 1, 1)
"""Time of creation shown where the run does not declare one: the same outcomes give the same bytes."""


TITLE = "Exposure to export controls"


def write_workbook(
    outcomes: Sequence[Outcome],
    path: Path | str,
    *,
    title: str = TITLE,
    failed: Mapping[str, str] | None = None,
    created: dt.datetime | None = None,
    studies: Sequence[Sheet] = (),
) -> Path:
    """Write outcomes as one workbook, whole or not at all, and return its path.

    Parameters
    ----------
    outcomes
        One or more outcomes; their tables stand end to end.
    path
        File to write; its folder is made if only that is missing.
    title
        Title of the cover.
    failed
        Scenarios that could not be computed, with the reason; named on the cover.
    created
        Time of creation to declare in the document's properties (UTC).
    studies
        Further sheets, such as `study_sheet` makes of any table.

    Raises
    ------
    InputError
        If there is no outcome.
    OutputError
        If the file cannot be written; what stood there before is unchanged.
    """
    return write_results(_together(outcomes, title, failed), path, created=created, studies=studies)


def write_results(
    results: Results, path: Path | str, *, created: dt.datetime | None = None, studies: Sequence[Sheet] = ()
) -> Path:
    """Write what `write_workbook` writes of outcomes brought together."""
    path = Path(path)
    data = _bytes(results, created, studies)
    if path.parent.parent.is_dir():
        path.parent.mkdir(exist_ok=True)
    write_atomically(path, data)
    return path


def workbook_bytes(
    outcomes: Sequence[Outcome],
    *,
    title: str = TITLE,
    failed: Mapping[str, str] | None = None,
    created: dt.datetime | None = None,
    studies: Sequence[Sheet] = (),
) -> bytes:
    """Return the workbook of `write_workbook` as bytes."""
    return _bytes(_together(outcomes, title, failed), created, studies)


def _together(outcomes: Sequence[Outcome], title: str, failed: Mapping[str, str] | None) -> Results:
    if not outcomes:
        message = "no outcome to report"
        raise InputError(message)
    return Results(tuple(outcomes), title=title, failed=dict(failed or {}))


def _bytes(results: Results, created: dt.datetime | None, studies: Sequence[Sheet]) -> bytes:
    about = results.labels[0] if len(results.outcomes) == 1 else f"{len(results.outcomes)} scenarios"
    return _saved(
        sheets_of(results, studies), results.title, results.money, data_line(results), created or BEGINNING, about
    )


def write_exposure_workbook(answer: ExposureTables, path: Path | str, *, created: dt.datetime | None = None) -> Path:
    """Write the tables of the exposure study as one workbook, whole or not at all, and return its path.

    Raises
    ------
    OutputError
        If the file cannot be written; what stood there before is unchanged.
    """
    path = Path(path)
    title = f"Exposure in the undisturbed world: {answer.asked}"
    sheets = exposure_sheets(answer)
    line = " | ".join(part for part in (f"exposure {version('exposure')}", *_data_parts(answer.network)) if part)
    data = _saved([contents_sheet(sheets), *sheets], title, Money(1.0, "USD"), line, created or BEGINNING, answer.asked)
    if path.parent.parent.is_dir():
        path.parent.mkdir(exist_ok=True)
    write_atomically(path, data)
    return path


def sheets_of(results: Results, studies: Sequence[Sheet] = ()) -> list[Sheet]:
    """Return every sheet in the order of the workbook, cover first; ``studies`` stand before the evidence."""
    said, over_time = answers(results), loss_over_time_sheet(results)
    by_month, gap_over_time = loss_by_month_sheet(results), gap_over_time_sheet(results)
    found = [grounds(results, k) for k in range(len(results.outcomes))]
    footings, sources = [footing(one) for one in found], sources_sheet(results)
    grounded = evidence_sheet(results, found, sources)
    front = [summary_sheet(results, said, over_time)]
    if len(results.outcomes) > 1:
        front.append(scenarios_sheet(results, said, footings, by_month, grounded))
    tables = [
        levels_sheet(results),
        inputs_sheet(results),
        by_month,
        over_time,
        *product_sheets(results),
        loss_rows_sheet(results),
        gap_sheet(results),
        gap_over_time,
        why_sheet(results),
        limits_sheet(results),
        costs_sheet(results),
        controls_sheet(results),
        shipments_sheet(results),
        production_sheet(results),
        stocks_sheet(results),
        balance_sheet(results),
        *studies,
        *structure_sheets(results.networks[0]),
        *_content(results),
    ]
    estimates, baseline = estimates_sheet(results), baseline_sheet(results)
    evidence = [
        *([traceability_sheet(results, read_claims())] if results.networks[0].built_in else []),
        assumptions_sheet(results),
        grounded,
        sources,
        estimates,
        baseline,
    ]
    by_name = {sheet.name: sheet for sheet in (*tables, *evidence)}
    checks = checks_sheet(results, by_name)
    log = quality_sheet(results, checks, baseline, tables)
    body = [*front, *tables, *evidence, checks, log, record_sheet(results), glossary_sheet()]
    cover = cover_sheet(results, said, footings, checks, estimates)
    return [cover, contents_sheet([cover, *body]), *body]


def _content(results: Results) -> list[Sheet]:
    """Return the sheet of content rules, if any control of the scenarios is one."""
    net = results.networks[0]
    run = {str(control) for outcome in results.outcomes for control in outcome.scenario.controls}
    ruled = any(rule.mechanism == "content_rule" and rule.control in run for rule in net.control_scope)
    return [content_sheet(net, sorted(run))] if ruled else []


def _saved(
    sheets: Sequence[Sheet], title: str, money: Money, line: str, created: dt.datetime, about: str = ""
) -> bytes:
    book = Workbook()
    book.properties = DocumentProperties(
        creator="exposure", title=clean(title)[:250], created=created, modified=created
    )
    scratch = book.worksheets[0]
    ink = Ink(Styles(book, money), Strings(), line)
    for sheet in sheets:
        sheet.fit()
        add_frame(book, sheet, about)
    book.remove(scratch)
    stream = io.BytesIO()
    book.save(stream)
    drawn = [sheet for sheet in sheets if sheet.pictures]
    rows = [sheet_data(sheet, ink) for sheet in sheets]
    filling = Filling(
        rows=rows,
        strings=ink.strings.xml(),
        sizes=[f"A1:{get_column_letter(len(sheet.columns))}{sheet.last_row}" for sheet in sheets],
        words={k: [picture.words for picture in sheet.pictures] for k, sheet in enumerate(drawn, start=1)},
        created=created,
    )
    return finished(stream.getvalue(), filling)


def data_line(results: Results) -> str:
    """Return the line that every sheet carries: tool, data package, its year and hash, newest fact, unit of money."""
    net = results.networks[0]
    record = results.outcomes[0].record
    parts = [
        f"exposure {record.get('version', '')}".strip(),
        *_data_parts(net),
        "MODIFIED DATA" if record.get("modified_data") else "",
        f"money in {results.money.unit}",
        f"{len(results.outcomes)} scenario" + ("s" if len(results.outcomes) > 1 else f": {results.labels[0]}"),
    ]
    return " | ".join(part for part in parts if part)


def _data_parts(net: Network) -> list[str]:
    """Return the data package, its year, its newest fact and its hash, each blank where there is none."""
    digest = hashlib.sha256(
        "".join(f"{name}{value}" for name, value in sorted(net.hashes.items())).encode()
    ).hexdigest()
    newest = max((fact.published for fact in net.facts if fact.published[:4].isdigit()), default="")
    return [
        f"data {net.name}" if net.built_in else f"data {net.name} (not the built-in package)",
        f"baseline year {net.baseline_year}" if net.baseline_year else "",
        f"facts up to {newest[:10]}" if newest else "",
        f"data hash {digest[:12]}" if net.hashes else "",
    ]
