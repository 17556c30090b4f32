"""What fields a sample of lines has, and which values: as Loki detects them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from services.telemetry.loki.entry import ERROR, Entry, Labels
from services.telemetry.loki.extract import parse_json, parse_logfmt
from services.telemetry.loki.syntax import Parser

LEVEL = "detected_level"
"""A label of streams here; Grafana looks for it among the fields, too."""
MAX_VALUES = 1000
"""Different values of one field that are told apart."""
_KINDS = (
    ("int", re.compile(r"[+-]?\d{1,18}")),
    ("float", re.compile(r"[+-]?\d+\.\d+([eE][+-]?\d+)?")),
    ("boolean", re.compile(r"true|false", re.IGNORECASE)),
    ("duration", re.compile(r"[+-]?(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+")),
    ("bytes", re.compile(r"\d+(\.\d+)?\s?([kKMGT]i?)?B")),
)


@dataclass
class Detected:
    """One field: its values, and the parsers that find it; none for what was sent beside the line."""

    values: dict[str, None] = field(default_factory=dict)
    parsers: set[Parser] = field(default_factory=set)

    @property
    def kind(self) -> str:
        """The type that all its values have; numbers with and without a point are numbers with one."""
        kinds = {kind_of(each) for each in self.values}
        if kinds == {"int", "float"}:
            return "float"
        return kinds.pop() if len(kinds) == 1 else "string"


def kind_of(text: str) -> str:
    """Return the type that a value looks like."""
    return next((kind for kind, pattern in _KINDS if pattern.fullmatch(text)), "string")


def detect(entries: Iterable[Entry]) -> dict[str, Detected]:
    """Return the fields of these entries by name."""
    found: dict[str, Detected] = {}
    for entry in entries:
        _add(found, _beside(entry).items(), None)
        parser = Parser.JSON if entry.line.startswith("{") else Parser.LOGFMT
        _add(found, in_line(entry, parser), parser)
    return found


def _beside(entry: Entry) -> Labels:
    level = {LEVEL: entry.stream[LEVEL]} if LEVEL in entry.stream else {}
    return {**level, **entry.metadata, **entry.parsed}


def in_line(entry: Entry, parser: Parser) -> Iterator[tuple[str, str]]:
    """Yield the fields that a parser finds in the line itself."""
    if parser is Parser.LOGFMT and "=" not in entry.line:
        return
    line = Entry(entry.time_ns, entry.line, {})
    (parse_json if parser is Parser.JSON else parse_logfmt)(line)
    if ERROR not in line.parsed:
        # A word without a value is no field, but a part of a sentence.
        yield from ((name, value) for name, value in line.parsed.items() if value)


def _add(found: dict[str, Detected], pairs: Iterable[tuple[str, str]], parser: Parser | None) -> None:
    for name, value in pairs:
        known = found.setdefault(name, Detected())
        if len(known.values) < MAX_VALUES:
            known.values[value] = None
        if parser:
            known.parsers.add(parser)
