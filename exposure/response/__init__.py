"""How the world responds to controls: stages of knowledge, contracts, voluntary trade, a planner; and the outcome."""

from exposure.response.outcome import ITEMS, TABLE_NAMES, Outcome, records
from exposure.response.run import close_once, horizon, prepare, run, touched_items, world_once

__all__ = [
    "ITEMS", "TABLE_NAMES", "Outcome", "close_once", "horizon", "prepare", "records", "run", "touched_items",
    "world_once",
]  # fmt: skip
