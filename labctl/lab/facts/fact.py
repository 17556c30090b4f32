"""A fact: a place in plain words, such as "risk: Memory", and its value as text."""

from __future__ import annotations

import hashlib
import json

Facts = dict[str, str]
"""Values by place, such as {"risk: Memory": "150994944"}."""

_HASHED = "#"


def hashed(value: str) -> str:
    """Return a hash in place of a value that may be secret, or is too long to be read."""
    return _HASHED + hashlib.sha256(value.encode()).hexdigest()[:16]


def is_hashed(value: str) -> bool:
    """Whether the text is a hash in place of a value."""
    return value.startswith(_HASHED)


def compact(value: object) -> str:
    """Return JSON types as text; equal values give the same text."""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)
