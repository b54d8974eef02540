"""Exposure without an optimiser: what a product takes at every tier, who made it, on how few it hangs, how risky that supply is."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from exposure.errors import InputError, nearest
from exposure.graph import Allocation, Chain, chain_of
from exposure.model import ItemId, Network, RegionId
from exposure.response import close_once
from exposure.response.outcome import records
from exposure.studies.exposure_rows import Row, Study
from exposure.studies.exposure_text import exposure_text

TABLE_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "explosion": ("product", "region", "tier", "item", "quantity", "unit", "kg"),
    "origins": ("product", "region", "along", "tier", "item", "origin", "share", "quantity", "unit"),
    "stages": ("product", "region", "along", "tier", "item", "concentration", "largest_origin", "largest_share", "origins"),
    "concentration": (
        "item", "region", "concentration", "largest_origin", "largest_share", "origins", "largest_supplier",
        "supplier_share", "demand", "unit", "without_largest", "with_spare",
    ),
    "supply_risk": (
        "item", "region", "world", "sourcing", "import_reliance", "supply_risk", "critical", "restricted", "no_governance",
    ),
    "tiers": ("product", "item", "tier"),
}  # fmt: skip
"""Columns of each table."""


@dataclass(frozen=True)
class ExposureTables:
    """Tidy tables of one network's undisturbed world; ``region`` is ``*`` for the world.

    - ``explosion``: units of every upstream item made on account of one unit of a product used in a region (``kg`` where its unit
      is one of mass);
    - ``origins``: which country made each item that is in the product; with ``along``, of the units of that item alone;
    - ``stages``: how concentrated those origins are, at each stage;
    - ``concentration``: HHI of the countries that made what the world makes or a country uses; and what is left of supply / demand
      without its largest immediate supplier, and with the spare capacity of the others;
    - ``supply_risk``: the EU formula on these shares (recycling and substitution left out); 1 or more is critical;
    - ``tiers``: recipes between a product and what goes into it, substitutes included.
    """

    network: Network
    asked: str
    tables: Mapping[str, pd.DataFrame]

    @property
    def explosion(self) -> pd.DataFrame:
        """Units of each item per unit of product."""
        return self.tables["explosion"]

    @property
    def origins(self) -> pd.DataFrame:
        """Who made what is in a product."""
        return self.tables["origins"]

    @property
    def stages(self) -> pd.DataFrame:
        """Concentration of the origins of each stage of a product."""
        return self.tables["stages"]

    @property
    def concentration(self) -> pd.DataFrame:
        """On how few countries an item hangs, and what is left without the largest."""
        return self.tables["concentration"]

    @property
    def supply_risk(self) -> pd.DataFrame:
        """Supply risk by the EU formula."""
        return self.tables["supply_risk"]

    @property
    def tiers(self) -> pd.DataFrame:
        """Recipes between a product and what goes into it."""
        return self.tables["tiers"]

    def _repr_html_(self) -> str:
        from exposure.plot.cards import exposure_card  # looked up when a notebook shows it

        return exposure_card(self)

    def text(self) -> str:
        """Return the answer as lines for a terminal."""
        return exposure_text(self.tables, self.asked)

    def to_json(self) -> str:
        """Return one JSON object with a list of records per table."""
        return json.dumps({name: records(table) for name, table in self.tables.items()}, ensure_ascii=False)

    def to_excel(self, path: str | Path) -> Path:
        """Write the tables as a workbook and return its path."""
        from exposure.report import (
            write_exposure_workbook,
        )  # a convenience that reaches up, so it is looked up when called

        return Path(write_exposure_workbook(self, path))


def exposure_tables(
    net: Network,
    *,
    item: str | None = None,
    product: str | None = None,
    region: str | None = None,
    allocation: Allocation = "value",
    only: Collection[str] | None = None,
) -> ExposureTables:
    """Return what products take, who made it, how concentrated and how risky its supply is, from the closed baseline.

    Parameters
    ----------
    net
        The network; its baseline is closed first.
    item
        An upstream item to follow: only what holds it, only its units.
    product
        A product; all that final users want, if not given.
    region
        Where products are used; the world and every country that uses some, if not given.
    allocation
        How a joint recipe's inputs are shared among its outputs: by ``value``, by ``mass``, or all on the ``main`` one.
    only
        Tables to fill; the others stay empty. All, if not given.

    Raises
    ------
    InputError
        If an id is unknown, or the product is not used, or holds none of the item, there.
    """
    study = Study(net, chain_of_baseline(net, allocation), _known(item, net.item), _known(product, net.item))
    where = _known(region, net.region)
    made: dict[str, Iterable[Row]] = {
        "explosion": study.explosion(where),
        "origins": study.origins(where),
        "concentration": study.concentration(where),
        "supply_risk": study.supply_risk(where),
        "tiers": study.tiers(),
    }  # generators: nothing is computed that is not asked for
    asked = ", ".join(text for text in (item, product and f"in {product}", region and f"in {region}") if text)
    tables = {}
    for name, columns in TABLE_COLUMNS.items():
        rows = made.get(name, ()) if only is None or name in only else ()
        tables[name] = pd.DataFrame(list(rows), columns=list(columns))
    if len(tables["origins"]):
        tables["stages"] = _stages(tables["origins"])
    return ExposureTables(net, asked or "all items and products", tables)


def chain_of_baseline(net: Network, allocation: Allocation = "value") -> Chain:
    """Return who supplies whom in a network's closed baseline."""
    base = close_once(net)
    return chain_of(
        net, base.output, base.flow, base.quantity - base.gap,
        capacity=base.capacity, max_flow=base.max_flow, allocation=allocation,
    )  # fmt: skip


def _stages(origins: pd.DataFrame) -> pd.DataFrame:
    """Sum squared shares by stage; origins stand largest first."""
    keys = ["product", "region", "along", "tier", "item"]
    squared = origins.assign(concentration=origins["share"] ** 2)
    grouped = squared.groupby(keys, sort=False, as_index=False)
    return grouped.agg(
        concentration=("concentration", "sum"), largest_origin=("origin", "first"), largest_share=("share", "first"),
        origins=("origin", "count"),
    )  # fmt: skip


def _known(ident: str | None, valid: Mapping[ItemId, object] | Mapping[RegionId, object]) -> str | None:
    if ident is not None and ident not in valid:
        kind = "region" if "/" in ident or ident.isupper() else "item"
        message = f'no {kind} "{ident}"{nearest(ident, valid)}'
        raise InputError(message)
    return ident
