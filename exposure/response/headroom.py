"""Headroom: the most that each recipe may make above its baseline, by month."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from exposure.calendar import Calendar
from exposure.lp.world import World
from exposure.model import CapacityStep, RecipeId
from exposure.policy import Growth
from exposure.units import MONTHS_PER_YEAR

Floats = NDArray[np.float64]
ALL_KNOWN = 10**6
"""A period by which every plant is announced."""


def headroom(world: World, calendar: Calendar, news: Mapping[int, int], growth: Growth, *, known: int) -> Floats:
    """Return headroom in unit/month, recipes x periods, as known in a period.

    ::

        headroom[p, t] = (capacity - baseline) x built(t - news - start_months + 1 months of ramp_months)
                       + (announced capacity - capacity) x built(from its month on), once announced

    zero before the news; a recipe that hears no news gets none. Without rules on growth ``built`` is the share of the ramp that
    has passed. Under such a rule a part of the projects stands still for as long as it is in force (its clock stops), and starts
    are put off by its delay; what stands already goes on. Idle capacity (no start, no ramp) is no growth.

    Parameters
    ----------
    world, calendar
        The undisturbed world and the months of the run.
    news
        Period in which each recipe hears of a control that concerns it.
    growth
        What rules leave of growth, as known.
    known
        Period of the stage: plants announced later are not known.
    """
    w = world
    room = np.zeros((len(w.make0), calendar.periods))
    for p, heard in news.items():
        recipe = w.network.recipes[p]
        grows = recipe.start_months > 0 or recipe.ramp_months > 0
        share, delay = (growth.share[p], growth.delay[p]) if grows else (np.ones(calendar.periods), np.zeros(1))
        room[p] = w.headroom[p] * built(share, delay, heard, recipe.start_months, recipe.ramp_months)
    place = {row.recipe: p for p, row in enumerate(w.network.recipes)}
    for recipe_id, steps in _steps(w, calendar, known).items():
        p = place[recipe_id]
        if p in news:
            room[p] += _announced(w, p, steps, growth, calendar)
    return room


def built(share: Floats, delay: Floats, news: int, start_months: int, ramp_months: int) -> Floats:
    """Return the share of a project's capacity that stands in each period, shape (T,).

    Think of many small projects, each with a rank between 0 and 1. In a period in which a share of growth goes on, the projects
    ranked above it stand still. So those of rank r have worked ``elapsed`` months, the periods since the news with a share of at
    least r, and the answer is the average over all ranks of  min(1, (elapsed - start - delay) / ramp).

    Parameters
    ----------
    share
        Share of growth that goes on, by period.
    delay
        Months by which a start is put off, by period; the longest so far counts.
    news
        Period in which the clock starts.
    start_months, ramp_months
        Months to the first output, and from there to the full capacity in equal steps.
    """
    if bool(np.all(share == 1.0)) and not np.any(delay):
        return _built_freely(len(share), news, start_months, ramp_months)
    t = np.arange(len(share))
    later = np.maximum.accumulate(np.where(t >= news, delay, 0.0))
    ranks = np.unique(np.append(share[t >= news], 1.0))
    total = np.zeros(len(share))
    for rank, width in zip(ranks, np.diff(ranks, prepend=0.0), strict=True):
        elapsed = np.cumsum((t >= news) & (share >= rank))
        begun = np.where(t >= news, elapsed - start_months - later, 0.0)
        total += width * np.maximum.accumulate(np.clip(begun / max(ramp_months, 1), 0.0, 1.0))
    return total


@lru_cache(maxsize=4096)
def _built_freely(periods: int, news: int, start_months: int, ramp_months: int) -> Floats:
    """Return what `built` does where no rule holds back growth."""
    elapsed = np.maximum(np.arange(periods) - max(news, 0) + 1, 0)
    share = np.where(elapsed > 0, np.clip((elapsed - start_months) / max(ramp_months, 1), 0.0, 1.0), 0.0)
    share.setflags(write=False)  # it is handed out again
    return share


def _stood(growth: Growth, p: int, step: CapacityStep, calendar: Calendar) -> Floats:
    """Return the share of a plant opened before the run that stands in each period.

    What a rule held back then that is still in force waits for its end, and then for as long as it had stood still.
    """
    since = growth.since.get(p)
    if since is None or step.month < since:
        return np.ones(calendar.periods)
    late = calendar.index(step.month) - calendar.index(since)
    return np.asarray(np.maximum(growth.share[p, 0], built(growth.share[p], np.zeros(1), 0, late, 0)))


def _steps(w: World, calendar: Calendar, known: int) -> dict[RecipeId, list[CapacityStep]]:
    """Announced capacities of each recipe that are known, in the order of their months."""
    steps: dict[RecipeId, list[CapacityStep]] = {}
    for step in sorted(w.network.capacity, key=lambda row: (row.recipe, row.month)):
        if step.announced is None or calendar.index(step.announced) <= known:
            steps.setdefault(step.recipe, []).append(step)
    return steps


def _announced(w: World, p: int, steps: list[CapacityStep], growth: Growth, calendar: Calendar) -> Floats:
    """Return what new plants add to a recipe: each step's own capacity beyond what stands, built at its month."""
    total, reached = np.zeros(calendar.periods), 0.0
    for step in steps:
        beyond = max(0.0, step.capacity / MONTHS_PER_YEAR - w.make0[p] - w.headroom[p])
        month = calendar.index(step.month)
        if month <= 0:
            stands = _stood(growth, p, step, calendar)
        elif beyond > reached:
            stands = built(growth.share[p], growth.delay[p], 0, month, 0)
        else:
            stands = (np.arange(calendar.periods) >= month).astype(float)
        total += (beyond - reached) * stands
        reached = beyond
    return total
