"""The exposure tables as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

MOST = 25
"""Rows of a block that a terminal shows; the JSON and the workbook hold all."""


def exposure_text(tables: Mapping[str, pd.DataFrame], asked: str) -> str:
    """Return what a product takes and who made it (where one was asked for), then how concentrated its supply is."""
    taken, supply = tables["explosion"], tables["concentration"]
    products = taken["product"].nunique()
    if taken["item"].nunique() > 1 and products > 1:  # too many rows for a terminal: the world's only
        taken, supply = taken[taken["region"] == "*"], supply[supply["region"] == "*"]
    lines = [f"Exposure in the undisturbed world: {asked}"]
    if products:
        lines += ["", "one unit takes (with what is thrown away on its account):"]
        lines += _block(_taken(taken))
    if 0 < products <= 2:
        lines += ["", "made in, by look-through:"]
        lines += _block(_made(tables["origins"]))
    lines += [
        "",
        "supply: concentration (0-1), largest maker; supply / demand without the largest supplier, with others' spare:",
    ]
    lines += _block(_supply(supply))
    if len(tables["supply_risk"]):
        lines += ["", "supply risk by the EU formula (1 or more is critical), largest first:"]
        lines += _block(_risk(tables["supply_risk"]))
    return "\n".join(lines)


def _block(rows: Iterator[tuple[str, ...]]) -> list[str]:
    found = list(rows)
    shown = found[:MOST]
    if not shown:
        return ["  none"]
    widths = [max(len(row[k]) for row in shown) for k in range(len(shown[0]))]
    lines = [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in shown
    ]
    if len(found) > MOST:
        lines.append(f"  ... and {len(found) - MOST} more (--json or --out shows all)")
    return lines


def _taken(table: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """Rows of the explosion; regions that take the same stand on one line."""
    rows = table[table["tier"] > 0]
    keyed = rows.assign(amount=[_amount(*cells) for cells in rows[["quantity", "unit", "kg"]].itertuples(index=False)])
    for (product, tier, item, amount), group in keyed.groupby(["product", "tier", "item", "amount"], sort=False):
        yield str(product), _places(group["region"]), f"tier {tier}", str(item), str(amount)


def _amount(quantity: float, unit: str, kilograms: float | None) -> str:
    if kilograms is None or kilograms != kilograms:
        return f"{quantity:.4g} {unit}"
    per = unit.split(" per ", 1)[1]
    return f"{kilograms:.4g} kg per {per}" if kilograms >= 1 else f"{kilograms * 1000:.4g} g per {per}"


def _made(table: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    for (product, region, tier, item), group in table.groupby(["product", "region", "tier", "item"], sort=False):
        yield str(product), _place(str(region)), f"tier {tier}", str(item), _shares(group)


def _supply(table: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    for row in table.to_dict("records"):
        yield (
            row["item"], _place(row["region"]), f"{row['concentration']:.2f}",
            f"{row['largest_origin']} {row['largest_share']:.0%}", f"without {row['largest_supplier']}",
            f"{row['without_largest']:.0%}", f"{row['with_spare']:.0%}",
        )  # fmt: skip


def _risk(table: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    for row in table.sort_values(["supply_risk", "item", "region"], ascending=[False, True, True]).to_dict("records"):
        yield row["item"], row["region"], f"{row['supply_risk']:.1f}"


def _shares(group: pd.DataFrame) -> str:
    shown = [f"{row.origin} {row.share:.0%}" for row in group.itertuples() if float(str(row.share)) >= 0.005]
    return ", ".join(shown)


def _places(regions: pd.Series[str]) -> str:
    names = [_place(region) for region in regions]
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def _place(region: str) -> str:
    return "world" if region == "*" else region
