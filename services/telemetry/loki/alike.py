"""Lines that differ in numbers, ids and names only, put together, as Loki's patterns do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from services.telemetry.loki.entry import Entry

ANY = "<_>"
MOST_TEXT = 400
MAX_PATTERNS = 500
_VARIES = re.compile(
    r"\"[^\"]*\"|'[^']*'"
    r"|(?<![A-Za-z0-9])(?:[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|(?=[0-9a-fA-F]*\d)[0-9a-fA-F]{8,})(?![A-Za-z0-9])"
    r"|(?<![A-Za-z0-9])[A-Za-z]{1,8}_(?=[A-Za-z]*\d)[A-Za-z0-9]+"
    r"|(?<![A-Za-z])[-+]?\d[\d.,:TZ/-]*(?:ms|us|s|m|h|%|kB|MB|GB)?"
)


@dataclass
class Alike:
    """How many lines of one pattern and level came in each step (s since the epoch)."""

    counts: dict[int, int] = field(default_factory=dict)


def pattern_of(line: str) -> str:
    """Return a line with what varies taken out; a query may look for it with `|>`."""
    text = _VARIES.sub(ANY, line[:MOST_TEXT])
    return text if len(line) <= MOST_TEXT else f"{text}{ANY}"


def count(entries: Iterable[Entry], step_ns: int) -> dict[tuple[str, str], Alike]:
    """Return the most frequent patterns by (pattern, level)."""
    found: dict[tuple[str, str], Alike] = {}
    for entry in entries:
        counts = found.setdefault((pattern_of(entry.line), entry.stream.get("level", "")), Alike()).counts
        at = entry.time_ns // step_ns * step_ns // 10**9
        counts[at] = counts.get(at, 0) + 1
    most = sorted(found.items(), key=lambda item: -sum(item[1].counts.values()))
    return dict(most[:MAX_PATTERNS])
