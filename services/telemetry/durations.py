"""Durations as Go and Prometheus write them: 300ms, 1.5s, 1h30m, 7d."""

from __future__ import annotations

import re

SECONDS = {
    "ns": 1e-9,
    "us": 1e-6,
    "µs": 1e-6,
    "ms": 1e-3,
    "s": 1.0,
    "m": 60.0,
    "h": 3600.0,
    "d": 86400.0,
    "w": 604800.0,
}
PART = r"\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h|d|w)"
DURATION = re.compile(rf"(?:{PART})+")
_PART = re.compile(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d|w)")


def parse_duration(text: str) -> float:
    """Seconds. Raises ValueError that quotes the text."""
    if text == "0":
        return 0.0
    if not DURATION.fullmatch(text):
        raise ValueError(f'time: invalid duration "{text}"')
    return sum(float(number) * SECONDS[unit] for number, unit in _PART.findall(text))
