"""The sheet *Glossary*: the words of the report, one meaning each."""

from __future__ import annotations

from exposure.report.sheet import Column, Sheet

WORDS: tuple[tuple[str, str, str, str], ...] = (
    ("allowed", "Most that a lane, quota or recipe may carry or make in a month, controls included.", "unit/month", "Limits"),
    ("baseline", "The undisturbed world: the baseline year as it would be with none of the listed controls.", "", "Baseline"),
    ("baseline gap", "Demand that supply does not meet even without controls; part of no loss.", "USD", "Results by level"),
    ("binding", "A limit that is used up, so that one unit more of it would save something.", "", "Limits"),
    ("cause", "Why goods did not come: a control on the lane itself, or the tier above was short.", "", "Gap"),
    ("concentration (HHI)", "Sum of squared shares of the countries that make an item; 1 = one country makes all.", "0-1",
     "Concentration"),
    ("contracts", "Response level: usual suppliers only, stocks run down, whoever is short serves all in proportion.", "",
     "Assumptions"),
    ("control", "A government's rule on trade, with the date from which it holds.", "", "Controls in force"),
    ("cost", "What filling the gap costs: dearer makers and routes, tariffs, lateness.", "USD", "Costs"),
    ("cut", "What usually came to a place in a month and did not.", "unit/month", "Gap"),
    ("damage", "Loss + cost.", "USD", "Results by level"),
    ("estimate", "A figure that no published fact carries alone; its row says how it was set.", "", "Estimates"),
    ("evidence", "How far facts carry an answer. Counted are the rows of data on the chains that make nine tenths of its loss. "
     "Mostly published: facts alone carry two thirds of them; partly published: facts carry half, alone or with judgement; else "
     "mostly judgement. It says nothing of errors of the model.", "", "Evidence"),
    ("extra part", "What is made or shipped above the baseline.", "unit/month", "Shipments"),
    ("first loss", "First reported month with a loss.", "month", "Results by level"),
    ("headline", "The level quoted first: voluntary, where it was run.", "", "Summary"),
    ("HHI(WGI,t)", "Concentration weighed by governance and trade, as in the EU's criticality formula.", "0-11", "Concentration"),
    ("item", "Anything made or traded: material, component, product, equipment, software, service, people.", "", "Exposure"),
    ("lane", "The way of one item from one region to another.", "", "Shipments"),
    ("levels", "How far the losses of the levels lie apart: they agree (within a factor of 2), differ (10) or lie far apart.", "",
     "Results by level"),
    ("loss", "Output not delivered beyond the baseline gap, at the value of output.", "USD", "Loss rows"),
    ("loss in the tail", "Loss in the months solved after the reported ones.", "USD", "Results by level"),
    ("planner", "Response level: least total damage whoever pays.", "", "Assumptions"),
    ("price of a limit", "What one unit more of a limit would save.", "USD/unit", "Limits"),
    ("recipe", "How one item is made in one region; its inputs are the bill of materials.", "", "Production"),
    ("region", "A country, a bloc, or a named firm or end use inside one.", "", "Loss rows"),
    ("reserve", "Stock that may not be drawn.", "unit", "Stocks"),
    ("scenario", "The network with some controls in force, over some months, with some figures changed.", "", "Inputs"),
    ("share allowed", "Share of the baseline flow that a rule lets through.", "%", "Controls in force"),
    ("tier", "Recipes between a product and what goes into it.", "count", "Exposure"),
    ("transfers", "Tariffs and revenue shares: paid by one and received by another.", "USD", "Results by level"),
    ("unmet", "Demand not delivered in a month, beyond the baseline gap.", "unit/month", "Loss rows"),
    ("usual part", "What is made or shipped up to the baseline.", "unit/month", "Shipments"),
    ("value added", "Value of output less one tier of inputs at prices.", "USD", "Results by level"),
    ("voluntary", "Response level: rerouting, spare capacity, substitutes, hoarding; nobody worse off than under contracts.", "",
     "Assumptions"),
    ("waiting", "Deferrable demand that is put off and not yet caught up.", "unit", "Loss rows"),
)  # fmt: skip
"""Word, meaning, unit, and the sheet that shows it."""


def glossary_sheet() -> Sheet:
    """Return the words of the report in the order of the alphabet."""
    return Sheet(
        name="Glossary",
        title="Glossary",
        answers="What does each word of this report mean?",
        columns=[
            Column("Word", "text", 26),
            Column("Meaning", "long", 92),
            Column("Unit", "text", 14),
            Column("Sheet", "text", 22),
        ],
        rows=WORDS,
        frozen=1,
    )
