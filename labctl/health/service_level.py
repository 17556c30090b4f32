"""The clients' service level as the paging alerts see it: when it came back for good."""

from __future__ import annotations

from labctl.health import paging
from labctl.model.measurement import STEP_S, Metrics, Window

QUIET_S = 15.0
"""Seconds without a page after which users count as well again: an alert's own window is twenty, and it may flap."""
LONGEST_S = 7200.0


def back_at(metrics: Metrics, since: float, until: float) -> float | None:
    """Return the moment after the last page between two moments (epoch seconds); None when it is not quiet yet.

    `since` is when the first page came. Errors of the metrics client pass through.
    """
    window = Window(max(since, until - LONGEST_S), until)
    series = metrics.query_range(paging.FIRED, window.start, window.end, STEP_S)
    last = max((at for each in series for at, _ in each.points), default=since)
    back = last + STEP_S
    return back if until - back >= QUIET_S else None
