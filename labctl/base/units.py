"""Figures with their unit, as people read them."""

from __future__ import annotations


def seconds(value: float | None) -> str:
    """Return seconds with one digit after the point; "never" for None."""
    return "never" if value is None else f"{value:.1f} s"


def number(value: float | None, unit: str = "") -> str:
    """Return a figure with three digits and its unit; '-' for None."""
    if value is None:
        return "-"
    if unit == "s":
        return _figure_of_seconds(value)
    if unit == "ratio":
        return f"{value * 100:.3g}%"
    return f"{value:.3g} {unit}".rstrip() if unit != "count" else f"{value:.3g}"


def _figure_of_seconds(value: float) -> str:
    if value == 0:
        return "0 s"
    if abs(value) < 0.9995:
        return f"{value * 1000:.3g} ms"
    return f"{value:.3g} s" if abs(value) < 999.5 else f"{value:.0f} s"
