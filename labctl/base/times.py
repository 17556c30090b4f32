"""Durations as people type them, and moments as they read them: the one module that parses and shows both."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from labctl.base.errors import InputError

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)", re.ASCII)
_LONGEST = 366 * 86400.0
_HALF = {"min": 0.5, "h": 30.0, "d": 1800.0}
"""Half of the next smaller unit, in seconds."""

EXAMPLES = "a number and a unit, such as 90s, 5m, 1h30m or 250ms"


def parse_duration(text: str, option: str = "duration") -> float:
    """Return the seconds that `text` means, more than 0. Raises InputError that names `option`."""
    typed = text.strip().lower()
    parts = _PART.findall(typed)
    if not parts or "".join(number + unit for number, unit in parts) != typed:
        raise InputError(f"{option}: '{text}' is not a duration", expected=EXAMPLES)
    seconds = sum(float(number) * _UNITS[unit] for number, unit in parts)
    if not 0 < seconds <= _LONGEST:
        raise InputError(f"{option}: '{text}' is out of range", expected="more than 0 and at most 366d")
    return seconds


def show_duration(seconds: float) -> str:
    """Return `seconds` as people read it: 0 s, 850 us, 12.3 ms, 1.25 s, 5m 30s, 2h 05m, 3d 04h; '-' when negative."""
    # Each unit ends where rounding would reach the next one: never "1000 ms" or "60.00 s".
    if seconds < 0:
        return "-"
    if seconds < 0.5e-6:
        return "0 s"
    if seconds < 0.9995e-3:
        return f"{seconds * 1e6:.0f} us"
    if seconds < 0.9995:
        return f"{seconds * 1e3:.3g} ms" if seconds < 0.0995 else f"{seconds * 1e3:.0f} ms"
    if seconds < 59.995:
        return f"{seconds:.2f} s"
    return _show_long(round(seconds))


def show_clock(seconds: float) -> str:
    """Return a span that a person follows, in whole seconds: 0 s, 38 s, 5m 30s, 2h 05m, 3d 04h; 0 s when negative."""
    whole = max(0, round(seconds))
    return f"{whole} s" if whole < 60 else _show_long(whole)


def _show_long(seconds: int) -> str:
    if seconds < 3600:
        return f"{seconds // 60}m {seconds % 60:02d}s"
    if seconds < 86400:
        return f"{seconds // 3600}h {seconds % 3600 // 60:02d}m"
    return f"{seconds // 86400}d {seconds % 86400 // 3600:02d}h"


def ago(at: float, now: float) -> str:
    """Return how long before `now` the moment `at` was (both epoch seconds), in one unit: 12 s ago, 3 h ago."""
    seconds = max(0.0, now - at)
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        # From half a smaller unit below on: 59 minutes and 40 seconds are an hour, never "60 min".
        if seconds >= size - _HALF[unit]:
            return f"{max(1, round(seconds / size))} {unit} ago"
    return f"{seconds:.0f} s ago"


def local_time(at: float) -> str:
    """Return the local wall-clock time of `at` (epoch seconds) as HH:MM:SS."""
    return datetime.fromtimestamp(at).astimezone().strftime("%H:%M:%S")


def local_time_ms(at: float) -> str:
    """Return the local wall-clock time of `at` (epoch seconds) as HH:MM:SS.mmm."""
    return datetime.fromtimestamp(at).astimezone().isoformat(timespec="milliseconds")[11:23]


def iso(at: float) -> str:
    """Return `at` (epoch seconds) as ISO 8601 in UTC with milliseconds, for machines."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_iso(text: str) -> float:
    """Return the epoch seconds of a text that `iso` returned."""
    return datetime.fromisoformat(text).timestamp()
