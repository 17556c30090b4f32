"""What telemetry counts about itself."""

from __future__ import annotations

from collections import Counter as Tally
from dataclasses import dataclass
from threading import Lock

Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Kind:
    """One of telemetry's own counters: its family name (without `_total`) and its help text."""

    name: str
    help: str


RECEIVED_SPANS = Kind("telemetry_received_spans", "Spans accepted over OTLP.")
RECEIVED_LOGS = Kind("telemetry_received_log_records", "Log records accepted over OTLP.")
RECEIVED_POINTS = Kind("telemetry_received_metric_points", "Metric points accepted over OTLP.")
REFUSED_POINTS = Kind("telemetry_refused_metric_points", "Metric points that the receiver cannot keep.")
BAD_PAYLOADS = Kind("telemetry_bad_payloads", "OTLP requests that could not be read.")
DROPPED = Kind("telemetry_dropped_items", "Spans and log records lost because the store was full or refused them.")
DELETED = Kind("telemetry_deleted_items", "Spans and log records that went for age, size or a full disk.")
LEFT_OUT = Kind("telemetry_left_out_items", "Spans, log records and metric points that fog kept back, by reason.")
FORWARDED = Kind("telemetry_forwarded_payloads", "Payloads that the team's own backend accepted.")
FORWARD_FAILURES = Kind("telemetry_forward_failures", "Payloads that the team's own backend did not get, by reason.")

KINDS = (
    RECEIVED_SPANS,
    RECEIVED_LOGS,
    RECEIVED_POINTS,
    REFUSED_POINTS,
    BAD_PAYLOADS,
    DROPPED,
    DELETED,
    LEFT_OUT,
    FORWARDED,
    FORWARD_FAILURES,
)


class Counters:
    """Monotonic counts by kind and labels; safe between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: Tally[tuple[Kind, Labels]] = Tally()

    def add(self, kind: Kind, amount: int = 1, **labels: str) -> None:
        """Count `amount` more of `kind`."""
        with self._lock:
            self._counts[kind, tuple(sorted(labels.items()))] += amount

    def of(self, kind: Kind) -> dict[Labels, int]:
        """Return the counts of one kind, by labels; {(): 0} when nothing was counted yet."""
        with self._lock:
            found = {labels: count for (counted, labels), count in self._counts.items() if counted == kind}
        return found or {(): 0}

    def total(self, kind: Kind) -> int:
        """Return the count of one kind over all its labels."""
        return sum(self.of(kind).values())
