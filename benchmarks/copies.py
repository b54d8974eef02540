"""Networks of any size: copies of one random network side by side, its controls on the first copy and again on the others."""

from __future__ import annotations

from typing import Any

from exposure.model import Network, Scenario
from tests.random_networks import random_network

SEED = 6
"""A random network (six items, four countries) whose controls hurt in every level, in three stages."""
ITEM_OF = {
    "items": ("item",), "recipes": ("recipe", "item"), "bom": ("recipe", "input"), "lanes": ("item",), "stocks": ("item",),
    "demand": ("item",), "control_scope": ("item",),
}  # fmt: skip
"""Fields of each table that name an item or a recipe."""


def copies(count: int) -> Network:
    """Return a network of that many separate copies; ids of copy k end in ``_k``."""
    one = random_network(SEED)
    tables: dict[str, Any] = {name: getattr(one, name) for name in type(one).model_fields}
    for name, fields in ITEM_OF.items():
        tables[name] = tuple(
            row.model_copy(update={field: f"{getattr(row, field)}_{k}" for field in fields} | _control(row, k))
            for k in range(count)
            for row in getattr(one, name)
        )
    again = (control.model_copy(update={"control": f"{control.control}_others"}) for control in one.controls)
    tables["controls"] = (*one.controls, *(again if count > 1 else ()))
    return Network(**tables)


def linked(count: int) -> Network:
    """Return the copies in a ring: every product also takes a little of the metal of the next copy, so that none stands alone."""
    net = copies(count)
    metal = next(line for line in net.bom if line.input.startswith("metal_"))
    more = [
        metal.model_copy(
            update={"recipe": row.recipe, "input": f"metal_{(int(row.item[5:]) + 1) % count}", "quantity": 0.05}
        )
        for row in net.recipes
        if row.item.startswith("good_")
    ]
    tables: dict[str, Any] = {name: getattr(net, name) for name in type(net).model_fields}
    return Network(**{**tables, "bom": (*net.bom, *more)})


def _control(row: object, k: int) -> dict[str, str]:
    control = getattr(row, "control", None)
    return {"control": f"{control}_others"} if control and k else {}


def everywhere(net: Network, months: int = 18) -> Scenario:
    """Return the controls on all copies."""
    return Scenario(name="all copies", months=months, controls=tuple(row.control for row in net.controls))


def on_one(net: Network, months: int = 18) -> Scenario:
    """Return the controls on the first copy alone."""
    return Scenario(
        name="one copy", controls=tuple(c.control for c in net.controls if not c.control.endswith("_others"))
    )
