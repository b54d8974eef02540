"""The rows of a network that one chain needs: what goes into an item, what it goes into, and who trades, holds, rules it."""

from __future__ import annotations

from collections.abc import Iterable

from exposure.errors import Finding, InputError, nearest
from exposure.model import Network, Record
from exposure.model.controls import SWITCHES


def chain_of(net: Network, item: str) -> Network:
    """Return the part of a network that one item or product needs.

    All that goes into it at any depth, all that it goes into, by-products made beside; recipes keep the inputs that belong
    to the chain. Goods that only a content rule
    names keep their row alone. Users outside the chain are left out, so the baseline of the part moves more figures
    than that of the whole.

    Raises
    ------
    InputError
        If there is no such item.
    """
    if item not in {row.item for row in net.items}:
        raise InputError(
            Finding(f"no such item{nearest(item, [row.item for row in net.items])}", field="--item", value=item)
        )
    items = _upstream(net, item) | _downstream(net, item)
    items |= {line.input for line in net.bom if line.quantity < 0 and net.recipe[line.recipe].item in items}
    recipes = tuple(row for row in net.recipes if row.item in items)
    made = {row.recipe for row in recipes}
    rules = [
        rule
        for rule in net.control_scope
        if rule.item in items or (rule.item == "*" and rule.mechanism not in SWITCHES)
    ]
    ruled = {rule.control for rule in rules}
    rules += [
        rule for rule in net.control_scope if rule.mechanism in SWITCHES and rule.value in ruled and rule not in rules
    ]
    kept = {id(rule) for rule in rules}
    named = {rule.control for rule in rules}
    mentioned = {word.strip() for rule in rules for word in rule.covered.split(":", 1)[-1].split(";")}
    part = {
        "items": tuple(row for row in net.items if row.item in items | mentioned),
        "recipes": recipes,
        "bom": tuple(line for line in net.bom if line.recipe in made and line.input in items),
        "capacity": tuple(row for row in net.capacity if row.recipe in made),
        "lanes": tuple(row for row in net.lanes if row.item in items),
        "stocks": tuple(row for row in net.stocks if row.item in items),
        "demand": tuple(row for row in net.demand if row.item in items),
        "controls": tuple(row for row in net.controls if row.control in named),
        "control_scope": tuple(rule for rule in net.control_scope if id(rule) in kept),
    }
    facts = {fact for rows in part.values() for row in rows for fact in _facts(row)}
    fields = {name: getattr(net, name) for name in type(net).model_fields}
    chosen = {**part, "facts": tuple(row for row in net.facts if row.fact in facts)}
    return Network(**{**fields, **chosen, "name": f"{net.name}-{item}", "hashes": {}, "built_in": False})


def _upstream(net: Network, item: str) -> set[str]:
    inputs: dict[str, set[str]] = {}
    for line in net.bom:
        maker = net.recipe[line.recipe].item
        taker, taken = (maker, line.input) if line.quantity > 0 else (line.input, maker)
        inputs.setdefault(taker, set()).add(taken)
    return _reached(item, inputs)


def _downstream(net: Network, item: str) -> set[str]:
    uses: dict[str, set[str]] = {}
    for line in net.bom:
        if line.quantity > 0:
            uses.setdefault(line.input, set()).add(net.recipe[line.recipe].item)
    return _reached(item, uses)


def _reached(start: str, steps: dict[str, set[str]]) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        new = steps.get(waiting.pop(), set()) - found
        found |= new
        waiting += sorted(new)
    return found


def _facts(row: Record) -> Iterable[str]:
    return getattr(row, "fact_ids", ())
