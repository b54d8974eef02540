"""What a picture shows: levels, goods, places and months by id, each refused with the nearest one that can be shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import cast

import pandas as pd

from exposure.errors import InputError, nearest
from exposure.model import Network, RegionId
from exposure.report.focus import Gap, gap_behind, hits
from exposure.report.results import Results
from exposure.response import Outcome

SOME = 12
"""Most ids that a message lists."""


def level(out: Outcome, response: str | None) -> str:
    """Return the response level asked for; the headline, if none is.

    Raises
    ------
    InputError
        If the outcome was not run at that level.
    """
    present = [str(name) for name in out.summary["response"]]
    if response is None:
        return Results([out]).headline(0)
    if response not in present:
        message = f'no response "{response}" in this outcome{nearest(response, present)} (run: {", ".join(present)})'
        raise InputError(message)
    return response


def item(net: Network, ident: str) -> str:
    """Return an item's id, or refuse it with the nearest one."""
    return _known("item", ident, net.item, {row.name: str(row.item) for row in net.items})


def region(net: Network, ident: str) -> str:
    """Return a region's id, or refuse it with the nearest one."""
    return _known("region", ident, net.region, {row.name: str(row.region) for row in net.regions})


def _known(kind: str, ident: str, ids: Collection[str], named: Mapping[str, str]) -> str:
    """Return an id that exists, or refuse it with the nearest id or name."""
    if ident not in ids:
        message = f'no {kind} "{ident}"{nearest(ident, ids) or _by_name(ident, named)}'
        raise InputError(message)
    return ident


def month(months: Iterable[str], wanted: str) -> str:
    """Return a month of the outcome, or refuse it with those that there are."""
    known = sorted(months)
    if wanted not in known:
        message = f'no month "{wanted}" in this outcome; it reports {known[0]} to {known[-1]}'
        raise InputError(message)
    return wanted


def reported(out: Outcome) -> list[str]:
    """Return the reported months in order."""
    return sorted(str(one) for one in out.loss["month"].unique())


def gap_that_matters(out: Outcome) -> Gap:
    """Return the gap behind the hardest-hit product.

    Raises
    ------
    InputError
        If no usual goods stopped coming.
    """
    results = Results([out])
    found = hits(results, 0)
    behind = gap_behind(results, 0, found[0] if found else None)
    if behind is None:
        message = "no usual goods stopped coming in this scenario: there is no gap to draw"
        raise InputError(message)
    return behind


def within(net: Network, rows: pd.DataFrame, column: str, place: str) -> pd.DataFrame:
    """Return the rows of a place itself or, where it has none, of all that lies within it."""
    own = rows[rows[column] == place]
    if len(own):
        return own
    return rows[rows[column].map(lambda one: net.covers(place, cast("RegionId", one))).astype(bool)]


def some(idents: Iterable[str]) -> str:
    """Return a list of ids for a message, cut with a count."""
    names = sorted(idents)
    more = f" and {len(names) - SOME} more" if len(names) > SOME else ""
    return ", ".join(names[:SOME]) + more


def _by_name(ident: str, named: Mapping[str, str]) -> str:
    """Return a hint where a name was written instead of an id."""
    lowered = {name.lower(): one for name, one in named.items()}
    close = nearest(ident.lower(), lowered)
    if not close:
        return ""
    found = close.removeprefix('; did you mean "').removesuffix('"?')
    return f'; did you mean "{lowered[found]}" ({found})?' if found in lowered else ""
