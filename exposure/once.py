"""What follows from a frozen object alone is worked out once, and kept on it for as long as it lives."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar, cast

T = TypeVar("T")

KEPT = "_once"


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
    kept = owner.__dict__.setdefault(KEPT, {})
    if name not in kept:
        kept[name] = make()
    return cast("T", kept[name])
