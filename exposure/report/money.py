"""Money in one unit per workbook, and in words."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

MILLION = 1e6


@dataclass(frozen=True, slots=True)
class Money:
    """The unit in which a workbook shows money: ``factor`` USD, named ``unit``."""

    factor: float
    unit: str

    @classmethod
    def fitting(cls, amounts: Iterable[float]) -> Money:
        """Return USD million where any amount reaches a million, plain USD else."""
        largest = max((abs(usd) for usd in amounts if math.isfinite(usd)), default=0.0)
        return cls(MILLION, "USD million") if largest >= MILLION else cls(1.0, "USD")


def usd(amount: float) -> str:
    """Return an amount in words of two or three digits, such as ``USD 3.1 bn``.

    >>> usd(3_140_000_000), usd(980_000_000), usd(46_900_000), usd(12_345), usd(0)
    ('USD 3.1 bn', 'USD 980 m', 'USD 47 m', 'USD 12,000', 'USD 0')
    """
    return f"USD {short(amount)}"


def short(amount: float) -> str:
    """Return an amount in words without its currency, for a list of amounts."""
    size = abs(amount)
    for unit, word in ((1e12, " tn"), (1e9, " bn"), (1e6, " m")):
        if size >= 0.9995 * unit:
            return _two_digits(amount / unit) + word
    return _two_digits(amount)


def _two_digits(value: float) -> str:
    if abs(value) < 0.05:
        return "0"
    if abs(value) < 9.95:
        return f"{value:.1f}"
    digits = 2 - math.ceil(math.log10(abs(value)))
    return f"{round(value, digits):,.0f}"
