"""One look for all pictures: a figure that shows itself in a notebook, with a title, a source line and an alternative text."""

from __future__ import annotations

import base64
import html
import io
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from exposure.response import Outcome

BLUE, ORANGE, GREEN, PINK, AMBER, SKY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"
"""Okabe and Ito's palette, told apart by colour-blind readers."""
INK, QUIET, RULE, PALE = "#1F2A37", "#5B6673", "#D9DEE4", "#EEF1F4"
"""Text, small print (5.9:1 on white), grid lines, empty areas."""
LEVEL_COLOURS = {"contracts": ORANGE, "voluntary": BLUE, "planner": GREEN}
LEVEL_WORDS = {
    "contracts": "contracts (upper end)",
    "voluntary": "voluntary (headline)",
    "planner": "planner (least damage)",
}
MARGIN = 0.18
"""Inches between the edge of a picture and its title."""
DPI = 110


class Picture(Figure):
    """A matplotlib figure that belongs to no window: a notebook shows it once, with ``alt`` as its alternative text."""

    alt: str = ""

    def png(self) -> bytes:
        """Return the picture as a PNG file."""
        file = io.BytesIO()
        self.savefig(file, format="png", dpi=DPI, metadata={"Software": None})
        return file.getvalue()

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.png()).decode()
        words = html.escape(self.alt, quote=True)
        return f'<img alt="{words}" style="max-width:100%" src="data:image/png;base64,{data}">'


def picture(width: float, height: float) -> Picture:
    """Return an empty picture of a size in inches."""
    figure = Picture(figsize=(width, height), facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def frame(figure: Picture, out: Outcome, title: str, below: str, response: str = "") -> None:
    """Put the title, the line below it and the source line on a picture, and keep them as its alternative text."""
    width, height = figure.get_size_inches()
    left = MARGIN / width
    head = figure.text(left, 1 - 0.10 / height, plain(title), fontsize=13, weight="bold", color=INK, va="top")
    long = head.get_window_extent().width / figure.dpi / (0.95 * (width - 2 * MARGIN))
    head.set_fontsize(13 / max(long, 1.0))
    figure.text(left, 1 - 0.38 / height, plain(below), fontsize=9.5, color=QUIET, va="top")
    figure.text(left, 0.08 / height, plain(source_line(out, response)), fontsize=8, color=QUIET, va="bottom")
    figure.alt = f"{title}. {below}. {source_line(out, response)}"


def source_line(out: Outcome, response: str = "") -> str:
    """Return whose figures these are: data package, baseline year, scenario, level."""
    net = out.network
    year = f", baseline year {net.baseline_year}" if net.baseline_year else ""
    level = f"; response: {response}" if response else ""
    name = out.scenario.name if len(out.scenario.name) <= 60 else f"{out.scenario.name[:57]}..."
    return f"Source: data package {net.name}{year}; scenario {name}{level}; exposure {out.record.get('version', '')}".rstrip()


def area(figure: Picture, *, left: float, right: float, top: float = 0.75, bottom: float = 0.75) -> Axes:
    """Return axes that leave so many inches free on each side."""
    width, height = figure.get_size_inches()
    box = (left / width, bottom / height, (width - left - right) / width, (height - top - bottom) / height)
    return quiet(figure.add_axes(box))


def quiet(axes: Axes) -> Axes:
    """Take boxes and ticks away that say nothing."""
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(QUIET)
    axes.tick_params(length=0, labelsize=9, colors=INK)
    axes.set_axisbelow(True)
    return axes


def month_axis(axes: Axes, months: list[str]) -> None:
    """Label months by position, so many as have room; the year stands at its first label."""
    step = max(1, -(-len(months) // 13))
    shown = list(range(0, len(months), step))
    labels, year = [], ""
    for k in shown:
        labels.append(f"{_MONTHS[int(months[k][5:7]) - 1]}" + (f"\n{months[k][:4]}" if months[k][:4] != year else ""))
        year = months[k][:4]
    axes.set_xticks(shown, labels)
    axes.set_xlim(-0.5, len(months) - 0.5)


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def plain(text: str) -> str:
    """Return text that matplotlib draws as it is: a dollar sign starts no formula, control characters are gone."""
    return "".join(char if char.isprintable() or char == "\n" else " " for char in text).replace("$", r"\$")


def ink_on(colour: tuple[float, ...]) -> str:
    """Return the text colour that reads better on a background (relative luminance of WCAG)."""
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3]]
    light = 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    return "white" if light < 0.18 else INK


def cut(text: str, most: int) -> str:
    """Return text of at most so many characters, at a word's end."""
    if len(text) <= most:
        return text
    short = text[: most - 1].rsplit(" ", 1)[0] if " " in text[: most - 1] else text[: most - 1]
    return f"{short.rstrip(' ,(')}…"


def legend_below(axes: Axes, columns: int, **more: Any) -> None:  # noqa: ANN401
    """Put a legend without a box above the axes' left end."""
    legend = axes.legend(
        loc="lower left", bbox_to_anchor=(0, 1.0), ncols=columns, frameon=False, fontsize=9, handlelength=1.2,
        columnspacing=1.3, borderaxespad=0.2, **more,
    )  # fmt: skip
    for text in legend.get_texts():
        text.set_color(INK)
