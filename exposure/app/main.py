"""The app's page, run by streamlit from top to bottom at each change."""

from __future__ import annotations

import sys
import time

import streamlit as st

from exposure.app.charts import gap_chart, gap_places, loss_by_product, loss_over_time, loss_table
from exposure.app.what_if import WhatIf
from exposure.calendar import Month
from exposure.errors import ExposureError
from exposure.io import safe_name
from exposure.load import load
from exposure.model import ControlId, Network
from exposure.report import answers, workbook_bytes
from exposure.report.focus import gap_behind, hits
from exposure.report.money import usd
from exposure.report.page import page_text
from exposure.report.results import Results
from exposure.response import Outcome, run, world_once

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORDS = {"contracts": "usual suppliers only", "voluntary": "the headline", "planner": "least total damage"}
KEPT = 12  # answers that stay in memory, over all who look


@st.cache_resource(show_spinner="Reading the network and closing its baseline")
def network(folders: tuple[str, ...]) -> Network:
    """Return the network of a package (blank: the built-in one) and what is laid over it, its undisturbed world worked out once."""
    net = load(folders[0] or None, extend=folders[1:])
    world_once(net)
    return net


@st.cache_resource(max_entries=KEPT, show_spinner="Solving the three levels")
def solved(folders: tuple[str, ...], asked: WhatIf) -> tuple[Outcome, float]:
    """Return the answer and the seconds that it took."""
    began = time.perf_counter()
    net = network(folders)
    return run(net, asked.scenario(net)), time.perf_counter() - began


def ask(net: Network) -> WhatIf:
    """Show the form and return what it says."""
    titles = {str(c.control): f"{c.control}: {c.title}" for c in net.controls}
    first = "CN-2025-04-RE7" if "CN-2025-04-RE7" in titles else next(iter(titles), None)
    with st.sidebar.form("what-if"):
        controls = st.multiselect(
            "Controls", list(titles), default=[first] if first else [], format_func=titles.__getitem__,
            help="Type to search by id or words", key="controls",
        )  # fmt: skip
        start = st.text_input(
            "First month (YYYY-MM)", value="", placeholder="month of the first news", key="start"
        ).strip()
        months = st.slider("Months", 3, 36, 12, key="months")
        severity = st.slider(
            "Severity of the rules", -1.0, 1.0, 0.0, 0.25, key="severity",
            help="-1: the mild end of every rule's range; 0: as stated; 1: the harsh end",
        )  # fmt: skip
        stock = st.slider("Stocks of controlled goods, times", 0.0, 4.0, 1.0, 0.25, key="stock")
        ramp = st.slider("Time that new makers need, times", 0.25, 3.0, 1.0, 0.25, key="ramp")
        st.form_submit_button("Answer", type="primary", width="stretch")
    return WhatIf(tuple(controls), start or first_month(net, controls), months, severity, stock, ramp)


def first_month(net: Network, controls: list[str]) -> str:
    """Return the month of the first news of some controls."""
    months = [Month.of(net.control[ControlId(control)].announced) for control in controls]
    return str(min(months)) if months else ""


def show(net: Network, folders: tuple[str, ...], asked: WhatIf) -> None:
    """Show the answer to what was asked."""
    outcome, seconds = solved(folders, asked)
    results = Results((outcome,))
    answer = answers(results)[0]
    st.markdown("**" + plain(answer.sentence) + "**")
    summary = outcome.summary.set_index("response")
    for column, level in zip(st.columns(3), summary.index, strict=True):
        column.metric(
            f"{level}: {WORDS[str(level)]}", usd(answer.loss[str(level)]),
            f"cost {usd(float(summary.loc[level, 'cost_usd']))}", delta_color="off", delta_arrow="off",
        )  # fmt: skip
    level = str(
        st.select_slider("Response level of the charts", list(summary.index), value=answer.headline, key="level")
    )
    st.subheader("When")
    st.altair_chart(loss_over_time(results), width="stretch", theme=None)
    st.subheader("What and where")
    heat = loss_by_product(results, level)
    if heat is None:
        st.info("No output is lost at this level.")
    else:
        st.altair_chart(heat, width="stretch", theme=None)
        with st.expander("The same as a table"):
            st.dataframe(loss_table(results, level).pivot(index="product", columns="month", values="usd_m"))
    show_gap(results, level)
    downloads(outcome)
    data = f"{plain(net.name)}, baseline year {plain(net.baseline_year)}"
    st.caption(f"Solved in {seconds:.1f} s; {data}. Money in US dollars of the baseline year.")


def show_gap(results: Results, level: str) -> None:
    """Show what fills a gap that the reader picks."""
    places, names = gap_places(results, level), results.names
    st.subheader("What fills the gap")
    if not places:
        st.info("Nothing was cut at this level.")
        return
    first = gap_behind(results, 0, next(iter(hits(results, 0)), None))
    at = places.index((first.item, first.region)) if first and (first.item, first.region) in places else 0
    words = {place: f"{names.item(place[0])}, {names.region(place[1])}" for place in places}
    item, region = st.selectbox("Item and region", places, index=at, format_func=words.__getitem__, key="gap")
    st.altair_chart(gap_chart(results, level, item, region), width="stretch", theme=None)


def downloads(outcome: Outcome) -> None:
    """Offer the workbook and the page; each is made when it is asked for."""
    name = safe_name(outcome.scenario.name)
    left, right = st.columns(2)
    left.download_button(
        "Download the workbook",
        lambda: workbook_bytes([outcome]),
        f"{name}.xlsx",
        SHEET,
        key="workbook",
        on_click="ignore",
    )
    right.download_button(
        "Download the page",
        lambda: page_text([outcome]).encode(),
        f"{name}.html",
        "text/html",
        key="page",
        on_click="ignore",
    )


def plain(text: str) -> str:
    """Return text in which no character means anything to Markdown."""
    return "".join("\\" + char if char in "\\`*_{}[]()<>#+-.!|$~:&" else char for char in text)


def main() -> None:
    """Show the whole page."""
    st.set_page_config("Exposure to export controls", layout="wide")
    st.title("Exposure to export controls")
    folders = tuple(sys.argv[1:]) or ("",)
    try:
        net = network(folders)
        asked = ask(net)
        if asked.controls:
            show(net, folders, asked)
        else:
            st.info("Pick a control on the left, then press Answer.")
    except (ExposureError, ValueError) as error:
        st.error(plain(str(error)))


if __name__ == "__main__":
    main()
