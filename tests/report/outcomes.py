"""Outcomes for tests of the report: real ones from small networks, and hand-made ones from a few lines of text."""

from collections.abc import Mapping
from functools import cache

import pandas as pd

from exposure.model import Network, Scenario
from exposure.report.results import COLUMNS
from exposure.response import Outcome, run
from tests.tiny import tiny_network

TEXT = {
    "scenario", "response", "item", "region", "origin", "destination", "month", "kind", "recipe", "cause", "moved_by", "note",
    "control", "chain", "words", "first_loss_month", "worst_month", "recovered_month",
}  # fmt: skip


def chain_network(**more: object) -> Network:
    """China mines ore; China and Japan make magnets; the EU builds motors and cars; a ban stops magnets China to EU."""
    tables: dict[str, object] = {
        "regions": "region,name,within\nCN,China,\nJP,Japan,\nEU,European Union,\nEU/lean,Lean makers,EU",
        "items": """
            item,name,kind,unit,price_usd,source
            ore,Ore,material,t,100,F1
            magnet,NdFeB magnets,component,t,1000,estimate
            car,Combustion cars,product,unit,20000,F1; estimate""",
        "recipes": """
            recipe,item,region,output0,capacity,extra_cost_usd
            mine_cn,ore,CN,240,300,0
            magnet_cn,magnet,CN,120,120,0
            magnet_jp,magnet,JP,120,180,50
            car_eu,car,EU/lean,1200,1200,0""",
        "bom": "recipe,input,quantity\nmagnet_cn,ore,1\nmagnet_jp,ore,1\ncar_eu,magnet,0.1",
        "lanes": """
            item,origin,destination,flow0,max_flow,lead_months
            ore,CN,JP,120,180,0
            magnet,CN,EU/lean,60,60,1
            magnet,JP,EU/lean,60,90,0
            magnet,CN,JP,0,0,0
            car,EU/lean,EU,1200,1200,0""",
        "stocks": "item,region,cover_months\nmagnet,EU/lean,1",
        "demand": """
            item,region,quantity,value_usd
            car,EU,1200,30000
            magnet,CN,60,1000
            magnet,JP,60,1000""",
        "controls": "control,title,imposer,announced,effective,status\nB1,Magnet licences,CN,2025-04-01,2025-04-01,in_force",
        "control_scope": "control,item,origin,destination,mechanism,value\nB1,magnet,CN,EU,licence,0.2",
        "facts": "fact,quantity,value,publisher,published,url,confidence\n"
        "F1,price of ore,100,USGS,2025-01,https://example.org/a?b=1&c=2,high\nF2,unused,x,Nobody,2024,,low",
        "name": "chain",
        "baseline_year": "2024",
        "hashes": {"items.csv": "ab" * 32},
    }
    return tiny_network(**{**tables, **more})


@cache
def real(name: str = "april", controls: tuple[str, ...] = ("B1",), months: int = 6) -> Outcome:
    """Run the chain network."""
    return run(
        chain_network(), Scenario(name=name, title="Licences on magnets", controls=controls, months=months, tail=2)
    )


def table(name: str, text: str) -> pd.DataFrame:
    """Read a table from lines whose first names some of its columns; the others are 0 or blank."""
    lines = [line.strip() for line in text.strip().splitlines()]
    head = lines[0].split(",")
    rows = [dict(zip(head, line.split(","), strict=True)) for line in lines[1:]]
    columns = ["scenario", "response", *COLUMNS[name]]
    frame = pd.DataFrame(rows, columns=head).reindex(columns=columns)
    for column in columns:
        if column == "binding" or column == "short":
            frame[column] = frame[column].map(lambda flag: flag == "yes")
        elif column in TEXT:
            frame[column] = frame[column].astype(object).where(frame[column].notna(), None)
            if "month" not in column:
                frame[column] = frame[column].map(lambda text: text or "")
        else:
            frame[column] = pd.to_numeric(frame[column]).fillna(0.0).astype(float)
    return frame


def made(net: Network, name: str = "S", controls: tuple[str, ...] = ("B1",), **tables: str | pd.DataFrame) -> Outcome:
    """Put an outcome together by hand; tables left out are empty."""
    full: dict[str, pd.DataFrame] = {}
    for key in COLUMNS:
        given = tables.get(key, ",".join(["response"]))
        full[key] = given if isinstance(given, pd.DataFrame) else table(key, given)
        full[key]["scenario"] = name
    return Outcome(Scenario(name=name, controls=controls), net, full, pd.DataFrame(), pd.DataFrame(), {"version": "1"})


def with_record(outcome: Outcome, record: Mapping[str, object]) -> Outcome:
    """Return an outcome with another record."""
    return Outcome(outcome.scenario, outcome.network, outcome.tables, outcome.controls, outcome.baseline_moved, record)
