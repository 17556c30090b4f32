"""Running one job: a connection of its own for as long as it takes, a span, metrics, one line in the log."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
from opentelemetry import metrics, trace
from opentelemetry.trace import StatusCode

from services.common.database import DatabaseError, connection_arguments, translated_errors
from services.common.statement import Session

STATEMENT_TIMEOUT_S = 10.0

Findings = dict[str, int]
"""What a job found or did: names and numbers for its log line."""

_log = logging.getLogger(__name__)
_tracer = trace.get_tracer("services")
_meter = metrics.get_meter("services")
_runs = _meter.create_counter("job.runs", "{run}", "Runs of scheduled jobs by outcome")
_duration = _meter.create_histogram("job.duration", "s", "Duration of scheduled jobs")


@dataclass(frozen=True)
class Job:
    """A name, as logs and (as jobs-<name>) pg_stat_activity show it, and the function that does the work."""

    name: str
    work: Callable[[Session], Findings]

    def run(self, database_url: str, statement_timeout: float = STATEMENT_TIMEOUT_S) -> bool:
        """Run once, each statement within so many seconds; False when it failed, which is logged.

        The next run tries again.
        """
        started = time.perf_counter()
        with _tracer.start_as_current_span(f"job {self.name}", record_exception=False) as span:
            try:
                findings = self._work(database_url, statement_timeout)
            except (DatabaseError, psycopg.Error) as error:
                span.set_status(StatusCode.ERROR, str(error))
                self._finished("failed", started, {"error_type": type(error).__name__, "error": str(error)})
                return False
            span.set_attributes(findings)
            self._finished("succeeded", started, findings)
            return True

    def _work(self, database_url: str, statement_timeout: float) -> Findings:
        arguments = connection_arguments(f"jobs-{self.name}", statement_timeout)
        with translated_errors(), psycopg.connect(database_url, **arguments) as connection:
            return self.work(Session(connection))

    def _finished(self, outcome: str, started: float, fields: dict[str, str] | Findings) -> None:
        seconds = time.perf_counter() - started
        labels = {"job.name": self.name, "outcome": outcome}
        _runs.add(1, labels)
        _duration.record(seconds, labels)
        level = logging.INFO if outcome == "succeeded" else logging.ERROR
        extra = {"job": self.name, "duration_ms": round(seconds * 1000, 1), **fields}
        _log.log(level, "job %s %s", self.name, outcome, extra=extra)
