"""The sheets *Exposure*: what products take at every tier, who made it, how concentrated and how risky its supply is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from exposure.errors import InputError
from exposure.model import Network
from exposure.report.names import Names
from exposure.report.sheet import Column, Kind, Sheet
from exposure.studies.exposure_rows import WORLD
from exposure.studies.exposure_tables import TABLE_COLUMNS, ExposureTables, exposure_tables

MOST_ROWS = 6_000
"""Rows of one of these sheets; beyond it a workbook is slow to write and slower to open."""

Read = Callable[[Names, Any], object]
Field = tuple[str, str, Kind, float, Read | None]
Fields = Sequence[Field]
"""Column of the table, header with unit, what it holds, width, and how a value is read (as it is, if None)."""


def _item(names: Names, ident: Any) -> object:  # noqa: ANN401
    return names.item(ident) if ident else ""


def _place(names: Names, ident: Any) -> object:  # noqa: ANN401
    return "World" if ident == WORLD else names.region(ident)


def _grams(names: Names, kilograms: Any) -> object:  # noqa: ANN401
    return None if kilograms is None else kilograms * 1000


def _yes(names: Names, flag: Any) -> object:  # noqa: ANN401
    return "yes" if flag else "no"


def _countries(names: Names, idents: Any) -> object:  # noqa: ANN401
    return ", ".join(names.region(ident) for ident in str(idents).split(", ")) if idents else ""


PRODUCT: Field = ("product", "Product", "text", 34, _item)
ITEM: Field = ("item", "Item", "text", 46, _item)
USED_IN: Field = ("region", "Used in", "text", 34, _place)
IDS: Fields = (("item", "Item id", "text", 22, None), ("region", "Region id", "text", 16, None))

EXPLOSION: Fields = (
    PRODUCT, USED_IN, ("tier", "Tier (recipes)", "count", 9, None), ITEM,
    ("quantity", "Quantity (see Unit)", "amount", 14, None), ("unit", "Unit", "text", 26, None),
    ("kg", "Mass (g per unit of product)", "amount", 16, _grams), ("product", "Product id", "text", 20, None), *IDS,
)  # fmt: skip
ORIGINS: Fields = (
    PRODUCT, USED_IN, ("along", "Following", "text", 26, _item), ("tier", "Tier (recipes)", "count", 9, None), ITEM,
    ("origin", "Made in", "text", 24, _place), ("share", "Share of the item (%)", "share", 11, None),
    ("quantity", "Quantity (see Unit)", "amount", 14, None), ("unit", "Unit", "text", 34, None),
    ("product", "Product id", "text", 20, None), *IDS, ("origin", "Origin id", "text", 10, None),
)  # fmt: skip
CONCENTRATION: Fields = (
    ITEM, ("region", "Made by the world, or used in", "text", 34, _place),
    ("concentration", "Concentration (HHI, 0-1)", "amount", 14, None),
    ("largest_origin", "Largest maker", "text", 24, _place), ("largest_share", "Its share (%)", "share", 10, None),
    ("origins", "Makers (count)", "count", 9, None), ("largest_supplier", "Largest supplier", "text", 24, _place),
    ("supplier_share", "Share of that supplier (%)", "share", 10, None), ("demand", "Demand (see Unit)", "amount", 14, None),
    ("unit", "Unit", "text", 18, None), ("without_largest", "Supply / demand without it (%)", "share", 14, None),
    ("with_spare", "The same with others' spare (%)", "share", 14, None), *IDS,
)  # fmt: skip
RISK: Fields = (
    ITEM, ("region", "Used in", "text", 34, _place), ("world", "HHI(WGI,t) world (0-11)", "amount", 12, None),
    ("sourcing", "HHI(WGI,t) sourcing (0-11)", "amount", 12, None), ("import_reliance", "Import reliance (%)", "share", 11, None),
    ("supply_risk", "Supply risk (index)", "amount", 11, None), ("critical", "1 or more", "flag", 9, _yes),
    ("restricted", "Exports restricted by", "text", 24, _countries),
    ("no_governance", "No governance figure", "text", 40, _countries), *IDS,
)  # fmt: skip


def explosion_sheet(answer: ExposureTables) -> Sheet:
    """Return one row per product, place of use and upstream item."""
    return _sheet(
        answer, "explosion", EXPLOSION, "Exposure", "Exposure: what a unit of each product takes at every tier",
        "How much of each upstream item is made on account of one unit of a product?",
        "Undisturbed world. Suppliers weigh by baseline flow, recipes by baseline output; installed items count as renewals. A "
        "joint recipe's inputs are shared among its outputs by value at prices; what is thrown away counts with what is taken.",
    )  # fmt: skip


def origins_sheet(answer: ExposureTables) -> Sheet:
    """Return one row per product, place of use, item and country that made it."""
    return _sheet(
        answer, "origins", ORIGINS, "Exposure origins", "Exposure: who made what is in each product",
        "Which country mined, separated and made what is in a product, tier by tier?",
        "By look-through: goods passed on keep the country that made them. Shares of one item in one product and place sum to "
        "100 %. Following an item: goods downstream of it weigh by how much of it they carry.",
    )  # fmt: skip


def concentration_sheet(answer: ExposureTables) -> Sheet:
    """Return one row per item, for the world and each country that uses it."""
    return _sheet(
        answer, "concentration", CONCENTRATION, "Concentration", "Concentration of supply, and what is left without the largest",
        "On how few countries does each item hang, and what is left if the largest supplier stops?",
        "Concentration: sum of squared shares of the countries that made it. Supplier: by maker for the world, by immediate seller "
        "for a country. First order: own capacity and lanes only, inputs and substitutes not asked.",
    )  # fmt: skip


def risk_sheet(answer: ExposureTables) -> Sheet:
    """Return one row per material or component and country that uses it."""
    return _sheet(
        answer, "supply_risk", RISK, "Supply risk", "Supply risk by the EU formula",
        "How risky is the supply of each item by the Commission's formula for critical raw materials?",
        "[world x IR/2 + sourcing x (1 - IR/2)], recycling and substitution left out, with the shares of this network; a country "
        "without a governance figure counts as the world's mean. It ranks structure and foretells no control.",
    )  # fmt: skip


def exposure_sheets(answer: ExposureTables) -> list[Sheet]:
    """Return the sheets of the study's workbook."""
    return [explosion_sheet(answer), origins_sheet(answer), concentration_sheet(answer), risk_sheet(answer)]


def structure_sheets(net: Network) -> list[Sheet]:
    """Return the two sheets that every report has; where the chain has no answer they say why."""
    try:
        answer = exposure_tables(net, only=("explosion", "concentration"))
        return [explosion_sheet(answer), concentration_sheet(answer)]
    except InputError as error:
        empty = ExposureTables(
            net, "", {name: pd.DataFrame(columns=list(heads)) for name, heads in TABLE_COLUMNS.items()}
        )
        sheets = [explosion_sheet(empty), concentration_sheet(empty)]
        for sheet in sheets:
            sheet.note = f"Not computed: {error}"
        return sheets


def _sheet(
    answer: ExposureTables, table: str, fields: Fields, name: str, title: str, answers: str, note: str
) -> Sheet:  # fmt: skip
    frame, names = answer.tables[table], Names([answer.network])
    left_out = f"{MOST_ROWS:,} of {len(frame):,} rows; --json gives all" if len(frame) > MOST_ROWS else ""
    return Sheet(
        name=name, title=title, answers=answers, columns=[Column(header, kind, width) for _, header, kind, width, _ in fields],
        rows=_rows(names, frame.head(MOST_ROWS), fields), note=f"{note} {left_out}".strip(), frozen=2, left_out=left_out,
    )  # fmt: skip


def _rows(names: Names, frame: pd.DataFrame, fields: Fields) -> list[tuple[object, ...]]:
    columns = []
    for source, _, _, _, read in fields:
        values = [None if pd.isna(value) else value for value in frame[source].tolist()]
        columns.append([read(names, value) for value in values] if read else values)
    return list(zip(*columns, strict=True))
