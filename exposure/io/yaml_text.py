"""YAML as plain data: mappings, lists and text, nothing else; every node knows its line.

Scalars stay text (``NO`` is Norway, not false), a key may stand once, and anchors, tags and deep nesting are refused,
so a file can neither run code nor grow in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from exposure.errors import Finding

DEEPEST = 12
"""Levels of nesting that are read."""

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass
class Text:
    """A scalar; ``is_null`` if it was left out or written ``~`` or ``null`` without quotes."""

    value: str
    line: int
    is_null: bool = False


@dataclass
class Sequence:
    """A list."""

    line: int
    entries: list[Node] = field(default_factory=list)


@dataclass
class Mapping:
    """A mapping; the line of a key is the line of its value's name."""

    line: int
    entries: dict[str, Node] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


Node = Text | Sequence | Mapping


class _RefusedError(Exception):
    """The file cannot be read on from here."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.finding_line = line


def parse_yaml(text: str, file: str) -> tuple[Node | None, list[Finding]]:
    """Read one YAML document; None where it cannot be read at all."""
    findings: list[Finding] = []
    try:
        events = iter(yaml.parse(text, Loader=_LOADER))
        return _document(events, file, findings), findings
    except _RefusedError as refused:
        return None, [*findings, Finding(str(refused), file=file, row=refused.finding_line)]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
        told = f"nested more than {DEEPEST} levels deep" if "nesting depth" in problem else f"not YAML ({problem})"
        return None, [*findings, Finding(told, file=file, row=mark.line + 1 if mark else None)]


def _document(events: Iterator[yaml.Event], file: str, findings: list[Finding]) -> Node | None:
    root: Node | None = None
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            if root is not None:
                message = "a second document; one file holds one scenario"
                raise _RefusedError(message, _line(event))
            root = _node(next(events), events, file, findings, depth=0)
    return root


def _node(event: yaml.Event, events: Iterator[yaml.Event], file: str, findings: list[Finding], *, depth: int) -> Node:
    _refuse(event, depth)
    if isinstance(event, yaml.ScalarEvent):
        is_null = not event.style and event.value in ("", "~", "null", "Null", "NULL")
        return Text(event.value, _line(event), is_null)
    if isinstance(event, yaml.SequenceStartEvent):
        sequence = Sequence(_line(event))
        while not isinstance(entry := next(events), yaml.SequenceEndEvent):
            sequence.entries.append(_node(entry, events, file, findings, depth=depth + 1))
        return sequence
    return _mapping(event, events, file, findings, depth=depth)


def _mapping(
    event: yaml.Event, events: Iterator[yaml.Event], file: str, findings: list[Finding], *, depth: int
) -> Mapping:
    mapping = Mapping(_line(event))
    while not isinstance(entry := next(events), yaml.MappingEndEvent):
        key, line = _node(entry, events, file, findings, depth=depth + 1), _line(entry)
        if not isinstance(key, Text):
            message = "a key must be a word"
            raise _RefusedError(message, line)
        value = _node(next(events), events, file, findings, depth=depth + 1)
        if key.value in mapping.entries:
            message = f"the key stands twice (first in line {mapping.lines[key.value]}); keep one"
            findings.append(Finding(message, file=file, row=line, field=key.value))
            continue
        mapping.entries[key.value] = value
        mapping.lines[key.value] = line
    return mapping


def _refuse(event: yaml.Event, depth: int) -> None:
    message, tag = "", getattr(event, "tag", None)
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        message = "anchors and aliases (& and *) are not read; write the value out, or put * in quotation marks"
    elif tag not in (None, "!"):
        message = f"tags such as {tag} are not read; write plain values"
    elif depth > DEEPEST:
        message = f"nested more than {DEEPEST} levels deep"
    if message:
        raise _RefusedError(message, _line(event))


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return int(mark.line) + 1 if mark else 1
