"""Log lines that differ in numbers, ids and names only, put together: what is said often, and what is rare. Pure."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

ANY = "<…>"
_QUOTED = r"\"[^\"]*\"|'[^']*'"
_ID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|(?=[0-9a-fA-F]*\d)[0-9a-fA-F]{8,}"
_PREFIXED = r"(?<![A-Za-z0-9])[A-Za-z]{1,8}_(?=[A-Za-z]*\d)[A-Za-z0-9]+"
_NUMBER = r"[-+]?\d[\d.,:TZ/-]*(?:ms|us|s|m|h|%|kB|MB|GB|kb|mb|gb)?"
_VARIES = re.compile(rf"{_QUOTED}|(?<![A-Za-z0-9])(?:{_ID})(?![A-Za-z0-9])|{_PREFIXED}|(?<![A-Za-z]){_NUMBER}")
MOST_TEXT = 400
"""A pattern is made of the beginning of a line only."""


@dataclass(frozen=True)
class Pattern:
    """Lines of a service that are alike: how many, of which level, and one of them."""

    id: str
    service: str
    level: str
    text: str
    lines: int
    example: str


def pattern_of(message: str) -> str:
    """Return a message with what varies taken out."""
    return _VARIES.sub(ANY, message[:MOST_TEXT])


def id_of(service: str, level: str, message: str) -> str:
    """Return the same short id for all lines that are alike, whenever they come."""
    text = f"{service}\0{level}\0{pattern_of(message)}"
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()


def patterns(lines: Iterable[tuple[str, str, str]]) -> list[Pattern]:
    """Return the patterns among lines (service, level, message), the most frequent first."""
    counts: Counter[tuple[str, str, str]] = Counter()
    examples: dict[tuple[str, str, str], str] = {}
    for service, level, message in lines:
        key = (service, level, pattern_of(message))
        counts[key] += 1
        examples.setdefault(key, message)
    return [
        Pattern(id_of(service, level, examples[key]), service, level, text, lines, examples[key])
        for key, lines in counts.most_common()
        for service, level, text in [key]
    ]
