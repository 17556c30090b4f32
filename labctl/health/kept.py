"""What the telemetry store could not keep: who looks for a trace or a line has to know that it may be missing."""

from __future__ import annotations

from typing import Protocol

WINDOW = "15m"
LOST = f"sum(telemetry_dropped_items_total) - (sum(telemetry_dropped_items_total offset {WINDOW}) or vector(0))"
"""A counter appears with its first loss, which `increase` would not see."""
DISK_FULL = "max(telemetry_store_disk_full)"


class Scalars(Protocol):
    """What is needed of a metrics client."""

    def scalar(self, promql: str, at: float | None = None) -> float | None:
        """Return the single number that a query yields."""
        ...


def troubles(metrics: Scalars) -> list[str]:
    """Return a sentence for each thing that the store could not keep lately; empty where it keeps everything."""
    lost = metrics.scalar(LOST) or 0
    said = [f"spans and lines that the telemetry store lost in the last {WINDOW}: {lost:.0f}"]
    full = ["the disk is full: the telemetry store lets its oldest spans and lines go"]
    return [*(said if lost >= 1 else []), *(full if metrics.scalar(DISK_FULL) else [])]
