"""The page as one HTML file: content, style and script inside, nothing fetched, every text escaped."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from exposure.io import write_atomically
from exposure.report.money import short, usd
from exposure.report.page.payload import payload
from exposure.report.safe import clean, without_paths
from exposure.report.sentences import planner_above
from exposure.response import Outcome

SCRIPTS = ("core", "timeline", "heat", "gap", "sankey", "walk", "matrix", "start")
"""Parts of the script, in the order in which they are needed."""

POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
"""What the browser may load for the page: nothing but what the file itself holds."""

UPPER = "contracts"
"""The level that is told where the headline loses nothing."""

LEVELS = {
    "contracts": "usual suppliers only, nobody plans: the upper end",
    "voluntary": "rerouting, spare capacity, substitutes, stocks: the headline",
    "planner": "least total damage whoever pays, by what is known at the time",
}


def write_page(outcomes: Sequence[Outcome], path: Path | str, *, severities: Sequence[float] = (0.0,)) -> Path:
    """Write the page, whole or not at all, and return its path.

    Raises
    ------
    InputError
        If there is not one outcome for each severity.
    OutputError
        If the file cannot be written; what stood there before is unchanged.
    """
    path = Path(path)
    text = page_text(outcomes, severities=severities)
    if path.parent.parent.is_dir():
        path.parent.mkdir(exist_ok=True)
    write_atomically(path, text)
    return path


def page_text(outcomes: Sequence[Outcome], *, severities: Sequence[float] = (0.0,)) -> str:
    """Return the page of `write_page`; the same outcomes give the same text."""
    content = payload(outcomes, severities)
    script = "\n".join(_asset(f"{name}.js") for name in SCRIPTS)
    return _asset("page.html").format(
        policy=POLICY,
        title=_text(content["title"]),
        name=_text(content["name"]),
        style=_asset("page.css"),
        sentence=_text(content["cases"][content["base"]]["sentence"]),
        bracket="".join(_bracket(content)),
        sure=_text(f"How sure: {content['sure']}"),
        asked="".join(f"<dt>{_text(k)}</dt><dd>{_text(v)}</dd>" for k, v in content["asked"] if v),
        line=_text(content["line"]),
        loss_level=_text(_told_level(content)[1]),
        loss_table="".join(_loss_table(content)),
        controls_table="".join(_controls_table(content)),
        data=embedded(content),
        script=f'"use strict";\n(function () {{\n{script}\n}})();',
    )


def embedded(content: Any) -> str:  # noqa: ANN401
    """Return JSON that may stand inside a script element: no character of it can end the element."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def _asset(name: str) -> str:
    return (files("exposure.report.page") / "assets" / name).read_text(encoding="utf-8")


def _text(value: object) -> str:
    return escape(without_paths(clean(value)))


def _bracket(content: dict[str, Any]) -> Iterator[str]:
    """Yield one card per response level: loss, cost, first month."""
    summary = content["cases"][content["base"]]["summary"]
    for level in content["levels"]:
        row = summary[level]
        first = f"first loss {row['first_loss_month']}" if row["first_loss_month"] else "no loss"
        yield (
            f'<li data-level="{_text(level)}"><b>{_text(level)}</b><strong>{_text(usd(row["loss_usd"]))}</strong>'
            f"<span>lost; cost {_text(usd(row['cost_usd']))}; {_text(first)}</span>"
            f"<small>{_text(LEVELS[level] + _out_of_order(level, summary))}</small></li>"
        )


def _out_of_order(level: str, summary: Mapping[str, Any]) -> str:
    """Say so where the planner, who should come out lowest, ends above the headline."""
    damage = {name: float(row["damage_usd"]) for name, row in summary.items()}
    above = level == "planner" and planner_above(damage)
    return "; above voluntary here: a bet on what was announced, which came otherwise" if above else ""


def _told_level(content: dict[str, Any]) -> tuple[str, str]:
    """Return the level whose losses the table holds, and its words: the headline or, where that loses nothing, contracts."""
    case = content["cases"][content["base"]]
    headline = str(case["headline"])
    if not case["loss"][headline] and case["loss"].get(UPPER):
        return UPPER, f"level {UPPER} ({headline} loses nothing)"
    return headline, f"level {headline}"


def _loss_table(content: dict[str, Any]) -> Iterator[str]:
    """Yield the table of losses at the stated severity, which stands there without a script too."""
    case = content["cases"][content["base"]]
    yield "<thead><tr><th scope=col>Product</th><th scope=col>Country</th><th scope=col>Total</th>"
    yield "".join(f"<th scope=col>{month}</th>" for month in content["months"]) + "</tr></thead><tbody>"
    for item, place, values, _ in case["loss"].get(_told_level(content)[0], []):
        name = content["items"].get(item, [item])[0]
        cells = "".join(f"<td>{short(value) if value else '–'}</td>" for value in values)
        yield f"<tr><th scope=row>{_text(name)}</th><td>{_text(content['places'].get(place, place))}</td>"
        yield f"<td>{short(sum(values))}</td>{cells}</tr>"
    yield "</tbody>"


def _controls_table(content: dict[str, Any]) -> Iterator[str]:
    heads = ("Control", "Title", "Imposed by", "Announced", "Effective", "Ends", "Status")
    yield "<thead><tr>" + "".join(f"<th scope=col>{head}</th>" for head in heads) + "</tr></thead><tbody>"
    for control in content["controls"]:
        cells = (control[k] for k in ("title", "imposer", "announced", "effective", "ends", "status"))
        yield (
            f"<tr><th scope=row>{_text(control['id'])}</th>"
            + "".join(f"<td>{_text(cell)}</td>" for cell in cells)
            + "</tr>"
        )
    yield "</tbody>"
