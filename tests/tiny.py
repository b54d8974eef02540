"""Small networks for tests, written as a few lines of CSV.

Every table is given by keyword, as a text block with a header or as a list of dicts::

    net = tiny_network(
        recipes="recipe,item,region,output0,capacity\\nmine_cn,ore,CN,120,120",
        lanes="item,origin,destination,flow0\\nore,CN,US,120",
        demand="item,region,quantity,value_usd\\nore,US,120,1000",
        controls="control,title,announced,effective,status\\nC1,Ban,2025-04-01,2025-04-01,in_force",
        control_scope="control,item,origin,destination,mechanism,value\\nC1,ore,CN,US,ban,",
    )

Blank lines and spaces round cells are ignored, so a triple-quoted block may be indented. Columns left out take their
defaults. Items that have no row become a material in t at 1 USD; regions that have no row become one named like their
id, within the part before the last "/". ``fill=False`` turns that off (for tests of unknown ids). Keywords that name no
table (``name``, ``built_in``, ``baseline_year``, ``hashes``) go to the network as they are.

``tiny_package(folder, stocks="...", lanes=None)`` writes a small sound data package, some files replaced or left out.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from exposure.model import TABLES, Network

Rows = str | Sequence[Mapping[str, object]]

REGION_COLUMNS = ("region", "origin", "destination")


def tiny_network(*, fill: bool = True, **tables: Any) -> Network:
    """Build a network from keyword tables; see the docstring of the module."""
    rows = {name: _rows(tables.pop(name)) for name in TABLES if name in tables}
    if fill:
        rows["items"] = [*rows.get("items", []), *_missing_items(rows)]
        rows["regions"] = [*rows.get("regions", []), *_missing_regions(rows)]
    for name in ("regions", "items", "recipes", "lanes", "demand"):
        rows.setdefault(name, [])
    records = {
        name: tuple(TABLES[name].model_validate({**row, "line": line}) for line, row in enumerate(given, start=2))
        for name, given in rows.items()
    }
    return Network(**records, **tables)


def _rows(given: Rows) -> list[dict[str, object]]:
    if not isinstance(given, str):
        return [dict(row) for row in given]
    lines = [line.strip() for line in given.splitlines() if line.strip()]
    cells = [[cell.strip() for cell in row] for row in csv.reader(lines)]
    header = cells[0]
    for row in cells[1:]:
        assert len(row) <= len(header), f"more cells than columns: {row}"
    return [dict(zip(header, row + [""] * (len(header) - len(row)), strict=True)) for row in cells[1:]]


def _seen(rows: Mapping[str, Iterable[Mapping[str, object]]], columns: Iterable[tuple[str, str]]) -> list[str]:
    seen: dict[str, None] = {}
    for table, column in columns:
        for row in rows.get(table, ()):
            name = str(row.get(column, "") or "").removeprefix("!")
            if name not in ("", "*"):
                seen[name] = None
    return list(seen)


def _missing_items(rows: Mapping[str, Sequence[Mapping[str, object]]]) -> list[dict[str, object]]:
    places = [
        ("recipes", "item"),
        ("bom", "input"),
        ("lanes", "item"),
        ("stocks", "item"),
        ("demand", "item"),
        ("control_scope", "item"),
    ]
    known = {row["item"] for row in rows.get("items", ())}
    return [
        {"item": name, "name": name, "kind": "material", "unit": "t", "price_usd": 1.0}
        for name in _seen(rows, places)
        if name not in known
    ]


def _missing_regions(rows: Mapping[str, Sequence[Mapping[str, object]]]) -> list[dict[str, object]]:
    places = [
        (table, column)
        for table in ("recipes", "lanes", "stocks", "demand", "control_scope")
        for column in REGION_COLUMNS
    ]
    known = {str(row["region"]) for row in rows.get("regions", ())}
    missing: dict[str, dict[str, object]] = {}
    for name in _seen(rows, places):
        parts = name.split("/")
        for depth in range(1, len(parts) + 1):
            region, within = "/".join(parts[:depth]), "/".join(parts[: depth - 1])
            if region not in known:
                missing[region] = {"region": region, "name": region, "within": within}
    return list(missing.values())


SOUND = {
    "regions": "region,name,within\nCN,China,\nUS,United States,\nKR,South Korea,\nUS/auto,US car makers,US\n",
    "items": "item,name,kind,unit,price_usd\nore,Ore,material,t,10\nmagnet,Magnet,component,t,100\n",
    "recipes": "recipe,item,region,output0,capacity\nmine,ore,CN,120,120\nplant,magnet,CN,60,80\n",
    "bom": "recipe,input,quantity\nplant,ore,2\n",
    "lanes": "item,origin,destination,flow0,lead_months\nmagnet,CN,US,60,1\nmagnet,US,US/auto,60,0\nmagnet,CN,KR,0,1\n",
    "stocks": "item,region,quantity,cover_months\nmagnet,US/auto,,2\n",
    "demand": "item,region,quantity,value_usd\nmagnet,US/auto,60,1000\n",
    "controls": "control,title,announced,effective,status\nC1,Licences,2025-04-01,2025-04-04,in_force\n",
    "control_scope": "control,item,origin,destination,mechanism,value\nC1,magnet,CN,US,licence,0.5\n",
}
"""A sound package: ore and magnets made in China, shipped to US car makers, under one licence rule."""


def tiny_package(folder: Path, **replaced: str | bytes | None) -> Path:
    """Write the files of ``SOUND``, each replaced by the text or bytes given, or left out where that is None."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, content in {**SOUND, **replaced}.items():
        if content is not None:
            (folder / f"{table}.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder
