"""Quantities and money as a reader wants them in a line of text."""

from __future__ import annotations

NOTHING = 1e-6
"""Amounts below this are the solver's rounding."""


def quantity(value: float) -> str:
    """Return a number with thousands apart from a thousand on, and with three digits below.

    >>> quantity(191_666.67), quantity(53.7966), quantity(0.0032), quantity(1e-9)
    ('191,667', '53.8', '0.0032', '0')
    """
    size = abs(value)
    if size < NOTHING:
        return "0"
    if size >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if size >= 1e-4 else f"{value:.2e}"


def exact(value: float) -> str:
    """Return a number of the data with its own digits, six at most, and thousands apart.

    >>> exact(2_300_000), exact(750.7), exact(0.0022)
    ('2,300,000', '750.7', '0.0022')
    """
    return f"{value:,.0f}" if abs(value) >= 1e6 else f"{value:,.6g}"


def dollars(value: float) -> str:
    """Return an amount of US dollars with three digits and its thousands in words.

    >>> dollars(757_796_000), dollars(12_345), dollars(0)
    ('USD 758 m', 'USD 12,345', 'USD 0')
    """
    size = abs(value)
    for unit, word in ((1e12, " tn"), (1e9, " bn"), (1e6, " m")):
        if size >= 0.9995 * unit:
            return f"USD {value / unit:.3g}{word}"
    return f"USD {0 if size < 0.5 else value:,.0f}"
