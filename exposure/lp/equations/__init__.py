"""The programme as a list: each equation is one function in one file, in the order in which an analyst would explain it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from exposure.lp.columns import Columns
from exposure.lp.equations.balance import balance
from exposure.lp.equations.deferral import deferral, shortfall
from exposure.lp.equations.installed_base import installed_base, installed_need
from exposure.lp.equations.origin_variants import origin_variants
from exposure.lp.equations.quota import quota
from exposure.lp.equations.rows import Rows
from exposure.lp.groups import Groups

EQUATIONS: Mapping[str, Callable[[Columns], Rows]] = {
    "balance": balance,
    "installed_base": installed_base,
    "installed_need": installed_need,
    "quota": quota,
    "origin_variants": origin_variants,
    "deferral": deferral,
    "shortfall": shortfall,
}
"""Every equation of the programme by name."""

__all__ = [
    "EQUATIONS",
    "Groups",
    "Rows",
    "balance",
    "deferral",
    "installed_base",
    "installed_need",
    "origin_variants",
    "quota",
    "shortfall",
]
