"""The stage that thins batches out by the level in force (`pipeline.py`), and counts what it took away."""

from __future__ import annotations

import time
from collections import Counter as Tally
from collections.abc import Callable

from services.telemetry import counters
from services.telemetry.counters import Counters
from services.telemetry.fog import lines, points, spans
from services.telemetry.fog.level import Level
from services.telemetry.otlp.codec import LogsRequest, MetricsRequest, TracesRequest
from services.telemetry.pipeline import Batch

SIGNALS = {TracesRequest: "traces", LogsRequest: "logs", MetricsRequest: "metrics"}


class FogStage:
    """Returns the same batch when the level in force has nothing to do with it."""

    def __init__(self, level: Callable[[], Level], counts: Counters, now: Callable[[], float] = time.time) -> None:
        self._level = level
        self._counts = counts
        self._now = now

    def __call__(self, batch: Batch, /) -> Batch:
        """Return what is left of a batch."""
        lost: Tally[str] = Tally()
        left = self._left(batch, self._level(), lost)
        for reason, amount in lost.items():
            if amount:
                self._counts.add(counters.LEFT_OUT, amount, signal=SIGNALS[type(batch)], reason=reason)
        return left

    def _left(self, batch: Batch, level: Level, lost: Tally[str]) -> Batch:
        if isinstance(batch, TracesRequest):
            return spans.thinned(batch, level, self._now(), lost) if level.thins_spans else batch
        if isinstance(batch, LogsRequest):
            heard = lines.without_loggers(batch, level) if level.without_loggers else batch
            return lines.thinned(heard, level, self._now(), lost) if level.thins_lines else heard
        thins = level.without_label or level.restarting_exporter
        return points.thinned(batch, level, self._now(), lost) if thins else batch
