"""Whether Prometheus scraped all its targets all the time: where it did not, no probe can be judged."""

from __future__ import annotations

from labctl.model.measurement import STEP_S, Metrics, Window

ALL_THERE = 'min(up) == 1 and on() count_over_time(up{job="telemetry"}[3s])'
"""Has a point for every moment at which Prometheus ran, and all its targets answered.

While Prometheus itself is away, `up` alone keeps its last value for five minutes; a count over a range does not.
"""
WATCHED = 0.9
"""The least share of a window that has to be watched: one missed scrape is no harm, a gap can hide a signature."""
GAPS = "the telemetry has gaps, in which no probe can be judged"
"""The reason that a verification or a soak gives for a window with gaps."""


def has_gaps(metrics: Metrics, window: Window) -> bool:
    """Whether less than WATCHED of the window was watched."""
    points = sum(len(series.points) for series in metrics.query_range(ALL_THERE, window.start, window.end, STEP_S))
    return points * STEP_S < WATCHED * window.seconds
