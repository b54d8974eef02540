"""Content rules: which share of each product is covered goods, tier by tier, against each rule's threshold; no optimiser."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

import pandas as pd

from exposure.errors import InputError
from exposure.graph import Contents
from exposure.model import ItemId, Network, RegionId, Rule
from exposure.model.content import Family, family_of
from exposure.policy import covered_lanes
from exposure.response import close_once

COLUMNS = [
    "control", "item", "region", "to", "covered", "origin", "threshold", "edge", "share", "least", "most", "caught", "by_tier",
]  # fmt: skip


def content_rules(net: Network, *, controls: Iterable[str] | None = None) -> pd.DataFrame:
    """Return one row per content rule and product that it looks at, the largest share first.

    Parameters
    ----------
    net
        The network; shares are those of its undisturbed world.
    controls
        Only the rules of these controls; default: all.

    Returns
    -------
    control, item, region (where it ships from), to (where it may not go), covered, origin, threshold and edge of the rule;
    ``share`` of covered goods in the product's value at the usual mix of suppliers, ``least`` and ``most`` by choice among usual
    suppliers; ``caught``: whether the usual product is (``all`` of it, ``some`` or ``none``, by least and most); ``by_tier``:
    shares met 0, 1, 2 ... steps up the bill of materials.

    Raises
    ------
    InputError
        If a control does not exist.
    """
    wanted = None if controls is None else set(controls)
    unknown = sorted((wanted or set()) - set(map(str, net.control)))
    if unknown:
        message = f"no such control: {', '.join(unknown)}"
        raise InputError(message)
    base = close_once(net)
    known: dict[tuple[str, frozenset[ItemId]], Contents] = {}
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for rule in net.control_scope:
        if rule.mechanism != "content_rule" or (wanted is not None and rule.control not in wanted):
            continue
        family = family_of(rule)
        key = family.origin, family.items
        if key not in known:
            known[key] = Contents(net, base.output, base.flow, covered=family.items, origin=family.origin)
        for row in _rows(net, rule, family, known[key]):
            rows.setdefault(tuple(row[name] for name in COLUMNS[:8]), row)
    table = pd.DataFrame(list(rows.values()), columns=COLUMNS)
    return table.sort_values(
        ["control", "share", "item", "region"], ascending=[True, False, True, True], ignore_index=True
    )


def _rows(net: Network, rule: Rule, family: Family, contents: Contents) -> Iterator[dict[str, Any]]:
    """Rows of one rule; a product that nobody makes in the baseline has none."""
    lanes = [net.lanes[k] for k in covered_lanes(net, rule)]
    for item, region in dict.fromkeys((lane.item, lane.origin) for lane in lanes):
        try:
            found = contents.share(item, region)
        except InputError:
            continue
        yield {
            "control": rule.control, "item": item, "region": region, "to": rule.destination or "*",
            "covered": ";".join(sorted(family.items)), "origin": family.origin,
            "threshold": float(family.threshold), "edge": family.edge,
            "share": float(found.share), "least": float(found.least), "most": float(found.most),
            "caught": _caught(family, found.least, found.most), "by_tier": [float(tier) for tier in found.by_tier],
        }  # fmt: skip


def _caught(family: Family, least: Fraction, most: Fraction) -> str:
    if family.catches(least):
        return "all"
    return "some" if family.catches(most) else "none"


def content_text(net: Network, table: pd.DataFrame) -> str:
    """Return the table for a terminal: one line per product, shares in percent."""
    if table.empty:
        return "no content rule looks at a product of this network"
    lines = [
        "control              product                          from     to       threshold  share     range            caught"
    ]
    for row in table.itertuples(index=False):
        edge = ">=" if row.edge == "at_or_above" else "> "
        name, place = net.item_name(str(row.item))[:32], RegionId(str(row.region))
        lines.append(
            f"{row.control:<20} {name:<32} {place:<8} {row.to:<8} {edge}{row.threshold:7.2%}  {row.share:8.3%}  "
            f"{row.least:6.2%}-{row.most:<7.2%} {row.caught}"
        )
    return "\n".join(lines)
