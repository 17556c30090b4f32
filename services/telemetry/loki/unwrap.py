"""The value of a label as the number that a query counts instead of the line."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from services.telemetry.durations import parse_duration
from services.telemetry.loki.entry import Entry
from services.telemetry.loki.syntax import Unwrap

CONVERSIONS = ("duration", "duration_seconds", "bytes")
_BYTES = re.compile(r"(\d+(?:\.\d+)?)\s?([kKMGT]?)(i?)B?")
_POWERS = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4}


def value(text: str, conversion: str) -> float:
    """Return the number that a text says: seconds of a duration, bytes of a size; raises ValueError."""
    if conversion.startswith("duration"):
        return parse_duration(text)
    if conversion == "bytes":
        found = _BYTES.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is no size in bytes")
        unit = 1024.0 if found[3] else 1000.0
        return float(found[1]) * math.pow(unit, _POWERS[found[2].upper()])
    return float(text)


def step(stage: Unwrap) -> Callable[[Entry], bool]:
    """Return the function that unwraps an entry; one without the label does not go on, as in Loki."""

    def unwrap(entry: Entry) -> bool:
        text = entry.get(stage.label)
        if not text:
            return False
        try:
            entry.value = value(text, stage.conversion)
        except ValueError as error:
            entry.fail("SampleExtractionErr", str(error))
        entry.drop((stage.label,))
        return True

    return unwrap
