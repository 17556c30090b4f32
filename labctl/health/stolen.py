"""Whether other guests of the host's machine took its CPU away: while they do, no figure of speed is the lab's own."""

from __future__ import annotations

from labctl.model.measurement import STEP_S, Metrics, Window

SHARE = 'sum(increase(node_cpu_seconds_total{mode="steal"}[3s])) / sum(increase(node_cpu_seconds_total[3s]))'
"""The part of the host's CPU time, over three seconds, that other guests had: from 0 to 1."""
MUCH = 0.2
"""On two cores, a healthy lab at 20 requests/s was seen to page where other guests had a quarter and more."""


def worst(metrics: Metrics, window: Window) -> float:
    """Return the largest share that was taken away within a window; 0 where the host does not tell."""
    series = metrics.query_range(SHARE, window.start, window.end, STEP_S)
    return max((value for each in series for _, value in each.points), default=0.0)


def doubt(metrics: Metrics, window: Window) -> str:
    """Return why nothing can be said of speed in a window; "" where the host had its CPU for itself."""
    share = worst(metrics, window)
    return f"other guests of the host's machine took {share:.0%} of its CPU away meanwhile" if share >= MUCH else ""
