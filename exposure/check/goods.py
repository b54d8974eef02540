"""Rules for recipes, bills of materials and announced capacity."""

from __future__ import annotations

from collections.abc import Iterator

from exposure.check.place import error, notice
from exposure.errors import Finding
from exposure.model import CapacityStep, Network, Recipe


def capacity_covers_output(net: Network) -> Iterator[Finding]:
    """Check that a recipe can make at least what it makes in the undisturbed world."""
    for recipe in net.recipes:
        if recipe.capacity is not None and recipe.output0 is not None and recipe.capacity < recipe.output0:
            yield error(recipe, "capacity", f"below output0 ({recipe.output0:.12g})")


def extra_recipes_state_their_output(net: Network) -> Iterator[Finding]:
    """Check that a substitute or announced plant writes its baseline output, else the baseline might run it."""
    for recipe in net.recipes:
        if recipe.output0 is None and (recipe.extra_cost_usd or recipe.start_months or recipe.ramp_months):
            message = "must be written for a recipe with extra cost, start or ramp (0 if it does not run yet)"
            yield error(recipe, "output0", message)


def recipes_can_run(net: Network) -> Iterator[Finding]:
    """Check that a recipe makes something at some time."""
    grows = {step.recipe for step in net.capacity if step.capacity > 0}
    for recipe in net.recipes:
        if _capacity(recipe) == 0 and recipe.recipe not in grows:
            yield notice(
                recipe, "capacity", "can never make anything: no baseline output, no capacity, no announced plant"
            )


def _capacity(recipe: Recipe) -> float | None:
    return recipe.output0 if recipe.capacity is None else recipe.capacity


def by_products_are_other_items(net: Network) -> Iterator[Finding]:
    """Check that what a recipe makes is neither its own by-product nor its own input."""
    for line in net.bom:
        recipe = net.recipe.get(line.recipe)
        if recipe is None or recipe.item != line.input:
            continue
        if line.quantity < 0:
            yield error(line, "input", "a by-product of itself; count it in the recipe's output instead")
        else:
            yield error(line, "input", "an input of itself; write the net output instead")


def bom_quantities_are_not_zero(net: Network) -> Iterator[Finding]:
    """Check that a line of a bill of materials uses or makes something."""
    for line in net.bom:
        if line.quantity == 0:
            yield notice(line, "quantity", "uses nothing; delete the line if that is meant")


def installed_items_are_inputs(net: Network) -> Iterator[Finding]:
    """Check that an item with a life is installed, not made beside something else."""
    for line in net.bom:
        item = net.item.get(line.input)
        if item is not None and item.life_months is not None and line.quantity < 0:
            yield error(line, "quantity", "an installed item (with life_months) cannot be a by-product")


def lives_are_not_zero(net: Network) -> Iterator[Finding]:
    """Check that an installed unit stands for at least a month."""
    for item in net.items:
        if item.life_months == 0:
            yield error(item, "life_months", "must be at least 1; leave it blank for an item that is consumed in use")


def capacity_steps_raise(net: Network) -> Iterator[Finding]:
    """Check that announced capacity lies above the baseline and is announced before it comes."""
    for step in net.capacity:
        recipe = net.recipe.get(step.recipe)
        if recipe is None:
            continue
        yield from _step(step, recipe)


def _step(step: CapacityStep, recipe: Recipe) -> Iterator[Finding]:
    baseline = _capacity(recipe)
    if baseline is not None and step.capacity < baseline:
        yield notice(step, "capacity", f"below the baseline capacity ({baseline:.12g}): a closure")
    if step.announced is not None and step.announced > step.month:
        yield error(step, "announced", f"after the month from which it holds ({step.month})")
