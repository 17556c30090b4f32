"""Series as people and machines read them: names, numbers, and the summary of a curve."""

from __future__ import annotations

import math
from dataclasses import dataclass

from labctl.model.samples import Labels, Series

_EXACT = 1e15
_THOUSAND = 999.95
"""From here on, four digits leave nothing behind the point."""


@dataclass(frozen=True)
class Summary:
    """The least, mean, greatest and last number of a curve; None where it has no number."""

    min: float | None
    mean: float | None
    max: float | None
    last: float | None


def summary(series: Series) -> Summary:
    """Return the least, mean, greatest and last value of a curve; gaps (NaN) do not count."""
    values = [value for _, value in series.points if not math.isnan(value)]
    if not values:
        return Summary(None, None, None, None)
    # Clamped, since rounding may carry a mean just past the greatest value; the sum of opposite infinities has no mean.
    mean = sum(value / len(values) for value in values)
    bounded = None if math.isnan(mean) else min(max(mean, min(values)), max(values))
    return Summary(min(values), bounded, max(values), values[-1])


def series_name(labels: Labels) -> str:
    """Return a series as PromQL spells it: name{label="value", …}."""
    inner = ", ".join(f'{key}="{value}"' for key, value in sorted(labels.items()) if key != "__name__")
    name = labels.get("__name__", "")
    return f"{name}{{{inner}}}" if inner or not name else name


def number(value: float | None) -> str:
    """Return a number with four significant digits, whole ones and thousands in full; a dash for None."""
    if value is None:
        return "-"
    whole = abs(value) < _EXACT and (value.is_integer() or abs(value) >= _THOUSAND)
    return f"{value:.0f}" if whole else f"{value:.4g}"


def json_number(value: float | None) -> float | str | None:
    """Return a number that JSON can hold; what it can't, as Prometheus spells it: "NaN", "+Inf", "-Inf"."""
    if value is None or math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "+Inf" if value > 0 else "-Inf"
