"""Common spellings of country names, so that an unknown region can be answered with the id that was meant.

Our own small table: ready-made ones turn "EU" into an island or fail on Namibia's NA.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

_SPELLINGS = {
    "AU": "australia, aus",
    "BR": "brazil, brasil, bra",
    "CA": "canada, can",
    "CH": "switzerland, schweiz, suisse",
    "CL": "chile, chl",
    "CN": "china, prc, peoples republic of china, mainland china, chn",
    "DE": "germany, deutschland, deu, ger",
    "EU": "european union, eu27, eu 27, e u, europe",
    "FR": "france, fra",
    "GB": "united kingdom, great britain, britain, uk, u k, england, gbr",
    "HK": "hong kong, hong kong sar",
    "ID": "indonesia, idn",
    "IN": "india, ind",
    "JP": "japan, jpn",
    "KR": "south korea, republic of korea, korea, s korea, rok, kor",
    "KP": "north korea, dprk",
    "LA": "laos, lao pdr",
    "MM": "myanmar, burma",
    "MX": "mexico, mex",
    "MY": "malaysia, mys",
    "NA": "namibia",
    "NL": "netherlands, the netherlands, holland, nld",
    "NO": "norway, norge",
    "PL": "poland",
    "RU": "russia, russian federation, rus",
    "SA": "saudi arabia",
    "SG": "singapore, sgp",
    "TH": "thailand, tha",
    "TR": "turkey, turkiye, tur",
    "TW": "taiwan, chinese taipei, taiwan province of china, twn",
    "UA": "ukraine",
    "US": "united states, united states of america, usa, u s a, u s, america",
    "VN": "vietnam, viet nam, vnm",
    "ZA": "south africa",
    "ROW": "rest of world, rest of the world, other, others, world",
}

_ID_OF = {spelling: region for region, text in _SPELLINGS.items() for spelling in text.split(", ")}


def region_hint(name: str, names: Mapping[str, str]) -> str:
    """Return ``'; did you mean "KR"?'`` for a country's common name, or an empty string.

    Parameters
    ----------
    name
        What was written.
    names
        Ids of the regions that exist, with their names.
    """
    key = _plain(name)
    for region, title in names.items():
        if key in (_plain(title), _plain(region)):
            return f'; did you mean "{region}"?'
    region = _ID_OF.get(key, name.upper() if name.upper() in _SPELLINGS else "")
    if region in names:
        return f'; did you mean "{region}"?'
    if not region:
        return ""
    rest = '; there is "ROW" for the rest of the world' if "ROW" in names else ""
    return f"; {_SPELLINGS[region].split(', ')[0].title()} has no row in regions.csv{rest}"


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i").replace("'", "").replace("’", ""))
    letters = "".join(c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return " ".join(letters.split())
