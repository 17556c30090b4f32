"""Readings of the steady state as people read them."""

from __future__ import annotations

from labctl.actions.parts import Reading
from labctl.model.probe import Tolerance


def value(reading: Reading) -> str:
    """Return the value with its unit."""
    unit = reading.unit if reading.unit != "ratio" else ""
    return "no data" if reading.value is None else f"{reading.value:.3g} {unit}".rstrip()


def expected(reading: Reading) -> str:
    """Return the bounds within which the value has to be."""
    return str(Tolerance(reading.low, reading.high))


def as_line(reading: Reading) -> str:
    """Return the whole reading in one line."""
    return f"{reading.probe}: {value(reading)} (expected {expected(reading)})"
