"""The stream's metrics: messages by outcome, and how many wait."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from opentelemetry import metrics
from opentelemetry.metrics import CallbackOptions, Observation
from redis import RedisError

from services.ledger.stream import StreamGroup

_log = logging.getLogger(__name__)
_meter = metrics.get_meter("services")
_messages = _meter.create_counter("stream.messages", "{message}", "Messages by what became of them")


def count(stream: str, outcome: str) -> None:
    """Count a message: booked, duplicate, ignored, failed (to be delivered again), dead; or postponed (every try)."""
    _messages.add(1, {"stream": stream, "outcome": outcome})


class Backlog:
    """The stream's lag and pending messages, asked every second and kept for the exporter."""

    def __init__(self, group: StreamGroup, stream: str) -> None:
        self._group = group
        self._labels = {"stream": stream}
        self._lag: int | None = None
        self._pending: int | None = None
        _meter.create_observable_gauge("stream.lag", [self._observe_lag], "{message}", "Messages not yet delivered")
        _meter.create_observable_gauge(
            "stream.pending", [self._observe_pending], "{message}", "Messages delivered and not yet acknowledged"
        )

    def step(self) -> None:
        """Ask Redis; what can't be known now isn't reported."""
        try:
            self._lag, self._pending = self._group.backlog()
        except RedisError as error:
            self._lag = self._pending = None
            _log.debug("backlog unknown: %s", error)

    def _observe_lag(self, _: CallbackOptions) -> Iterable[Observation]:
        return [] if self._lag is None else [Observation(self._lag, self._labels)]

    def _observe_pending(self, _: CallbackOptions) -> Iterable[Observation]:
        return [] if self._pending is None else [Observation(self._pending, self._labels)]
