"""``out.plot``: the pictures of one outcome."""

from __future__ import annotations

from dataclasses import dataclass

from exposure.plot import bill, gap, losses, sankey
from exposure.plot.picture import Picture
from exposure.response import Outcome


@dataclass(frozen=True)
class OutcomePlots:
    """Pictures of one outcome; each method returns a matplotlib figure: ``figure.axes`` its axes, ``figure.savefig`` a file.

    ``response`` is the level shown: ``contracts``, ``voluntary`` or ``planner``; the headline, if not given. An unknown item,
    region, month or level raises ``InputError`` with the nearest one that there is.
    """

    outcome: Outcome

    def gap(self, item: str | None = None, region: str | None = None, response: str | None = None) -> Picture:
        """Return what met the gap in a good, month by month (item's unit per month); the gap that matters most, if none is named.

        A region without rows of its own stands for all that lies within it.
        """
        return gap.gap(self.outcome, item, region, response)

    def loss_heatmap(self, response: str | None = None, region: str | None = None, top: int = 12) -> Picture:
        """Return output lost by product and month (USD), the largest ``top`` rows; of one region and all within it, if given."""
        return losses.loss_heatmap(self.outcome, response, region, top)

    def timeline(self, response: str | None = None) -> Picture:
        """Return output lost over time (USD per month), all levels or one, with the controls at their dates."""
        return losses.timeline(self.outcome, response)

    def bill_of_materials(self, product: str, region: str | None = None, response: str | None = None) -> Picture:
        """Return what goes into a product used in a region, tier by tier; marked is what a control holds and what came short."""
        return bill.bill_of_materials(self.outcome, product, region, response)

    def sankey(self, item: str | None = None, month: str | None = None, response: str | None = None) -> Picture:
        """Return the flows of a good between countries, usual and in one month.

        By default of the good whose gap matters most, in the month with least on usual lanes.
        """
        return sankey.sankey(self.outcome, item, month, response)
