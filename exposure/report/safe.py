"""Text that cannot harm a cell: no control characters, nothing cut in silence, nothing that becomes a formula."""

from __future__ import annotations

import re

LONGEST_TEXT = 32_767
"""Characters that one cell holds, counted as Excel does (in UTF-16)."""

_FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_LOOKS_LIVE = ("=", "+", "-", "@")
_ABSOLUTE = re.compile(
    r"(?<![\w/:.])(?:[A-Za-z]:[\\/]|/(?:home|Users|tmp|root|work|var|mnt|opt|srv|private)/)[^\s\"';,]*"
)


def clean(value: object) -> str:
    """Return text without control characters and no longer than a cell; a cut is marked at the end."""
    text = _FORBIDDEN.sub(" ", str(value).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    if len(text) * 2 <= LONGEST_TEXT or _length(text) <= LONGEST_TEXT:
        return text
    mark = f" [... cut: {len(text):,} characters in all]"
    kept = text[: LONGEST_TEXT - len(mark)]
    while _length(kept) + len(mark) > LONGEST_TEXT:
        kept = kept[: -max(1, (_length(kept) + len(mark) - LONGEST_TEXT) // 2)]
    return kept + mark


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def looks_live(text: str) -> bool:
    """Return True for text that a spreadsheet would take for a formula when it is typed again."""
    return text.lstrip().startswith(_LOOKS_LIVE)


def without_paths(text: str) -> str:
    """Replace absolute paths by their last part: a report holds no folder and no user name."""
    return _ABSOLUTE.sub(lambda match: re.split(r"[\\/]", match[0].rstrip("\\/"))[-1], text)
