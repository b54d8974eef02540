"""What the world is: frozen records of items, regions, recipes, lanes, stocks, demand, controls, evidence, scenarios."""

from exposure.model.claims import ENCODABLE, SCENARIOS, Addresses, Claim, RegisteredControl, address_of
from exposure.model.controls import Control, Rule
from exposure.model.evidence import Fact
from exposure.model.goods import BomLine, CapacityStep, Item, Recipe
from exposure.model.network import KEYS, NEEDED, TABLES, Network, key_text, row_key
from exposure.model.places import Region
from exposure.model.record import (
    ESTIMATE,
    PLACE,
    ControlId,
    Evidence,
    FactId,
    ItemId,
    NodeId,
    RecipeId,
    Record,
    RegionId,
)
from exposure.model.scenario import RESPONSES, Foresight, Override, Response, Scenario
from exposure.model.trade import DEFAULT_LANE_GROWTH, Demand, Lane, Stock

__all__ = [
    "DEFAULT_LANE_GROWTH",
    "ENCODABLE",
    "ESTIMATE",
    "KEYS",
    "NEEDED",
    "PLACE",
    "RESPONSES",
    "SCENARIOS",
    "TABLES",
    "Addresses",
    "BomLine",
    "CapacityStep",
    "Claim",
    "Control",
    "ControlId",
    "Demand",
    "Evidence",
    "Fact",
    "FactId",
    "Foresight",
    "Item",
    "ItemId",
    "Lane",
    "Network",
    "NodeId",
    "Override",
    "Recipe",
    "RecipeId",
    "Record",
    "Region",
    "RegionId",
    "RegisteredControl",
    "Response",
    "Rule",
    "Scenario",
    "Stock",
    "address_of",
    "key_text",
    "row_key",
]
