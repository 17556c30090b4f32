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
        return f"{value * 1000:.3g} ms" if abs(value) < 1 else f"{value:.3g} s"
    if unit == "ratio":
        return f"{value * 100:.3g}%"
    return f"{value:.3g} {unit}".rstrip() if unit != "count" else f"{value:.3g}"
