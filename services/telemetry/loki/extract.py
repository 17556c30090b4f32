"""Labels out of lines: JSON and logfmt."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from services.telemetry.loki.entry import Entry
from services.telemetry.metrics.names import label_name

MAX_LINE = 65_536
MAX_LABELS = 200
_PAIR = re.compile(r'([^\s=]+)(?:=("(?:[^"\\]|\\.)*"|[^\s]*))?')
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


def parse_json(entry: Entry) -> bool:
    """Labels of a JSON object's values; nested names are joined with "_", lists are left out."""
    try:
        # Numbers keep the text that they were written with.
        found = json.loads(entry.line[:MAX_LINE], parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        entry.fail("JSONParserErr", str(error))
        return True
    if not isinstance(found, dict):
        entry.fail("JSONParserErr", "the line is not a JSON object")
        return True
    for _, (name, value) in zip(range(MAX_LABELS), _flat(found, ""), strict=False):
        entry.add(name, value)
    return True


def _flat(values: dict[str, object], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in values.items():
        name = label_name(f"{prefix}{key}")
        if isinstance(value, dict):
            yield from _flat(value, f"{name}_")
        elif isinstance(value, bool):
            yield name, "true" if value else "false"
        elif isinstance(value, str):
            yield name, value


def parse_logfmt(entry: Entry) -> bool:
    """Labels of key=value pairs; a key alone is an empty label."""
    for _, match in zip(range(MAX_LABELS), _PAIR.finditer(entry.line[:MAX_LINE]), strict=False):
        key, value = match.groups(default="")
        if len(value) > 1 and value[0] == value[-1] == '"':
            value = _ESCAPE.sub(lambda escape: _ESCAPES.get(escape[1], escape[1]), value[1:-1])
        entry.add(label_name(key), value)
    return True
