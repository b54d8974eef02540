"""What follows from a frozen object alone is worked out once, and kept for as long as the object lives."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

T = TypeVar("T")

_KEPT: dict[int, dict[Hashable, Any]] = {}


def once(owner: object, name: Hashable, make: Callable[[], T]) -> T:
    """Return what ``make`` gives, made at the first call for this owner and name.

    Parameters
    ----------
    owner
        A frozen object on which alone the answer depends; it is told apart from its equals.
    name
        What is asked of it.
    make
        Works the answer out.
    """
    kept = _KEPT.get(id(owner))
    if kept is None:
        kept = _KEPT[id(owner)] = {}
        weakref.finalize(owner, _KEPT.pop, id(owner), None)
    if name not in kept:
        kept[name] = make()
    return cast("T", kept[name])
