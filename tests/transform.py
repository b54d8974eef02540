"""The same world said otherwise: other ids, other row order, other units, other money; two worlds side by side."""

import random
from collections.abc import Callable, Mapping

from exposure.lp.baseline import close
from exposure.model import TABLES, Network
from tests.tiny import tiny_network

Row = dict[str, object]

PER_UNIT = {"items": ("price_usd",), "recipes": ("extra_cost_usd",), "lanes": ("extra_cost_usd",),
            "demand": ("value_usd", "value_added_usd")}  # fmt: skip
"""Columns in USD per unit of the row's item."""

IN_UNITS = {"recipes": ("output0", "capacity", "low", "high"), "lanes": ("flow0", "max_flow", "low", "high"),
            "stocks": ("quantity", "reserve"), "demand": ("quantity", "low", "high")}  # fmt: skip
"""Columns in units of the row's item."""


def rows_of(net: Network) -> dict[str, list[Row]]:
    """Return every table as dicts with the names of the CSV columns."""
    return {name: [row.model_dump(by_alias=True) for row in getattr(net, name)] for name in TABLES}


def network_of(tables: Mapping[str, list[Row]]) -> Network:
    """Build a network from tables that are complete."""
    return tiny_network(fill=False, **tables)


def each(net: Network, change: Callable[[str, Row], Row]) -> Network:
    """Return the network with every row changed."""
    return network_of({name: [change(name, row) for row in rows] for name, rows in rows_of(net).items()})


def shuffled(net: Network, seed: int) -> Network:
    """Return the network with the rows of every table in another order."""
    rng = random.Random(seed)
    tables = rows_of(net)
    for rows in tables.values():
        rng.shuffle(rows)
    return network_of(tables)


def relabelled(net: Network, name: Callable[[str], str]) -> Network:
    """Return the network with other ids of items, regions and recipes; * and ! keep their meaning."""
    ids = {"item", "input", "region", "within", "origin", "destination", "recipe"}

    def rename(text: str) -> str:
        if text in ("", "*"):
            return text
        if text.startswith("!"):
            return "!" + rename(text[1:])
        return "/".join(name(part) for part in text.split("/"))

    return each(net, lambda _, row: {k: rename(str(v)) if k in ids and v is not None else v for k, v in row.items()})


def in_other_units(net: Network, factor: Mapping[str, float]) -> Network:
    """Count each item in another unit: one old unit is ``factor[item]`` new ones."""
    item_of = {row.recipe: row.item for row in net.recipes}

    def change(table: str, row: Row) -> Row:
        k = factor.get(str(row.get("item", "")), 1.0)
        row |= {c: row[c] * k for c in IN_UNITS.get(table, ()) if row[c] is not None}
        row |= {c: row[c] / k for c in PER_UNIT.get(table, ()) if row[c] is not None}
        if table == "bom":
            row["quantity"] *= factor.get(str(row["input"]), 1.0) / factor.get(item_of[row["recipe"]], 1.0)
        if table == "control_scope" and row["mechanism"] == "quota":
            row["value"] = repr(float(row["value"]) * k)
        return row

    return each(net, change)


def in_other_money(net: Network, factor: float) -> Network:
    """Count money in another currency."""
    return each(
        net, lambda table, row: row | {c: row[c] * factor for c in PER_UNIT.get(table, ()) if row[c] is not None}
    )


def beside(net: Network, other: Network) -> Network:
    """Return both networks as one without a common item; the other's controls are left out."""
    mine, theirs = rows_of(net), rows_of(relabelled(other, lambda part: f"other_{part}"))
    for name in ("controls", "control_scope", "facts"):
        theirs[name] = []
    return network_of({name: [*mine[name], *theirs[name]] for name in mine})


def settled(net: Network) -> Network:
    """Return the network with its closed baseline as stated figures: nothing is left for ties to decide."""
    base = close(net)
    tables = rows_of(net)
    for row, output, capacity in zip(tables["recipes"], base.output, base.capacity, strict=True):
        row |= {"output0": float(output), "capacity": float(capacity)}
    for row, flow, most in zip(tables["lanes"], base.flow, base.max_flow, strict=True):
        row |= {"flow0": float(flow), "max_flow": float(most)}
    for row, quantity, gap in zip(tables["demand"], base.quantity, base.gap, strict=True):
        row |= {"quantity": max(0.0, float(quantity - gap))}
    return network_of(tables)
