"""Whether Prometheus heard from everything that it asks, all the time: what it missed, nobody can judge."""

from __future__ import annotations

from labctl.model.measurement import STEP_S, Metrics, Window

ALL_THERE = 'min(up) == 1 and on() count_over_time(up{job="telemetry"}[3s])'
"""Has a point for every moment at which Prometheus was there, and heard from everything that it asks.

While it is away itself, `up` alone goes on for five minutes as it was; a window has samples or hasn't.
"""
WATCHED = 0.9
"""So much of a window has to have been watched: a scrape may be missed, a gap hides a signature."""
GAPS = "the telemetry has gaps, in which nobody knows what held"
"""What a verification and a soak say of a window with gaps."""


def has_gaps(metrics: Metrics, window: Window) -> bool:
    """Whether less than WATCHED of the window was watched."""
    points = sum(len(series.points) for series in metrics.query_range(ALL_THERE, window.start, window.end, STEP_S))
    return points * STEP_S < WATCHED * window.seconds
