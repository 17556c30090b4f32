"""The metrics that a query in PromQL names, told without parsing it whole."""

from __future__ import annotations

import re

_WORDS = frozenset(
    (
        *("and", "or", "unless", "by", "without", "on", "ignoring", "group_left", "group_right"),
        *("offset", "bool", "atan2", "inf", "nan", "start", "end"),
    )
)
_ASIDE = re.compile(
    r"""[#][^\n]*                                    # a comment
    | "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' | `[^`]*`  # a text
    | \[[^\]]*\]                                      # a range
    | \{[^{}]*\}                                      # labels
    | \b(?:by|without|on|ignoring|group_left|group_right)\s*\([^()]*\)
    | \b\d[\w.]*                                      # a number, a span
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NAME = re.compile(r"(?<![\w:.])([a-zA-Z_:][\w:]*)\b(?!\s*\()")


def metrics_in(query: str) -> tuple[str, ...]:
    """Return the metrics that a query names, each once; those that only `__name__` tells are left out."""
    # Texts go first: one may have brackets in it.
    left = _ASIDE.sub(lambda found: '""' if found[0][0] in "\"'`" else " ", query)
    left = _ASIDE.sub(" ", left)
    return tuple(dict.fromkeys(name for name in _NAME.findall(left) if name.lower() not in _WORDS))
