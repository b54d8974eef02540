"""The unit strings that items may use, and the conversion of yearly rates to months.

Rates stand per year in files and per month in the programme. A month is a twelfth of a year.
"""

from __future__ import annotations

MONTHS_PER_YEAR = 12

UNITS: dict[str, str] = {
    "t": "metric ton",
    "t REO": "metric ton of rare-earth oxide equivalent",
    "kg": "kilogram",
    "unit": "piece",
    "set": "set of parts for one product",
    "million units": "million pieces",
    "thousand units": "thousand pieces",
    "MW": "megawatt of rated power",
    "GWh": "gigawatt hour",
    "kWafer": "thousand wafers of 300 mm equivalent",
    "wafer": "one wafer of 300 mm equivalent",
    "million USD": "million US dollars at baseline prices",
    "MWh": "megawatt hour",
    "MWh/yr": "megawatt hour a year (a production line)",
    "t ethylene": "furnace time for one metric ton of ethylene",
    "design": "one chip design taken to production",
    "thousand dies": "thousand good dies",
    "thousand stacks": "thousand memory stacks",
    "thousand packages": "thousand packaged accelerators",
    "thousand servers": "thousand servers",
    "thousand H100-equivalents": "computing power of a thousand Nvidia H100 (total processing performance / 15,830)",
    "million phones": "million telephones",
    "million carats": "million carats (200 kg)",
    "million fibre-km": "million kilometres of optical fibre",
    "thousand persons": "thousand persons",
    "thousand person-years": "thousand person-years",
    "person": "person",
    "seat": "software seat",
}
"""Unit strings of items; anything else is reported as a notice, never converted by guess."""


def per_month(rate_per_year: float) -> float:
    """Turn a rate per year into a rate per month."""
    return rate_per_year / MONTHS_PER_YEAR
