"""The small pieces of the exposition formats: numbers, labels, exemplars."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})


def number(value: float) -> str:
    """Return a sample's value; integers stay integers."""
    if math.isfinite(value):
        return repr(value)
    return "NaN" if math.isnan(value) else "+Inf" if value > 0 else "-Inf"


def bound(value: float) -> str:
    """Return an upper bound of a bucket, always written as a float, as OpenMetrics asks."""
    return number(float(value))


def escape(value: str) -> str:
    """Return a label's value between its quotes."""
    return value.translate(_ESCAPES)


def label_text(labels: Mapping[str, str]) -> str:
    """`a="1",b="2"`, without braces."""
    return ",".join(f'{name}="{escape(value)}"' for name, value in labels.items())


@dataclass(frozen=True)
class Exemplar:
    """One observation that can be looked up as a trace: ids in hexadecimal, time in epoch seconds."""

    trace_id: str
    span_id: str
    value: float
    at: float

    def __str__(self) -> str:
        return f' # {{trace_id="{self.trace_id}",span_id="{self.span_id}"}} {number(self.value)} {self.at:.3f}'
