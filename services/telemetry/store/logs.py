"""Log records as rows: the line, the stream that it belongs to, and the rest as structured metadata."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator

from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from services.telemetry.metrics.names import label_name
from services.telemetry.otlp.codec import LogsRequest
from services.telemetry.otlp.values import text, texts
from services.telemetry.store.shared import Shared
from services.telemetry.store.spans import MAX_INTEGER, UNKNOWN_SERVICE

INSERT = "INSERT INTO logs VALUES (?, ?, ?, ?, ?, ?)"
LEVELS = ("trace", "debug", "info", "warn", "error", "fatal")
WORDS = {"warning": "warn", "critical": "fatal", "err": "error", "information": "info"}

ENCODER = json.JSONEncoder(ensure_ascii=False)
"""One for all lines: `json.dumps` would make one for each."""
LogRow = tuple[int, int, int, str, str, str]


class LogRows:
    """Turns requests into rows; writes the streams that they belong to on the way."""

    def __init__(self, next_id: Callable[[], int]) -> None:
        self._next_id = next_id
        self.streams = Shared("streams", ("service", "level", "instance", "version"))

    def rows(self, connection: sqlite3.Connection, batch: LogsRequest, now_us: int) -> Iterator[LogRow]:
        """One row a record."""
        for resource_logs in batch.resource_logs:
            resource = texts(resource_logs.resource.attributes)
            service = resource.get("service.name") or UNKNOWN_SERVICE
            instance = resource.get("service.instance.id", "")
            version = resource.get("service.version", "")
            for scope_logs in resource_logs.scope_logs:
                for record in scope_logs.log_records:
                    key = (service, level_of(record), instance, version)
                    stream = self.streams.id_of(connection, key, now_us)
                    yield _row(self._next_id(), stream, scope_logs.scope.name, record, now_us)


def level_of(record: LogRecord) -> str:
    """One of LEVELS by the severity's number, else by its text, else "unknown"."""
    if record.severity_number:
        return LEVELS[min((int(record.severity_number) - 1) // 4, len(LEVELS) - 1)]
    word = record.severity_text.lower()
    word = WORDS.get(word, word)
    return word if word in LEVELS else "unknown"


def _row(identifier: int, stream: int, scope: str, record: LogRecord, now_us: int) -> LogRow:
    time_ns = record.time_unix_nano or record.observed_time_unix_nano or now_us * 1000
    metadata = {label_name(key): value for key, value in texts(record.attributes).items()}
    trace_id = record.trace_id.hex()
    if trace_id:
        metadata |= {"trace_id": trace_id, "span_id": record.span_id.hex()}
    if scope:
        metadata["scope_name"] = scope
    line = text(record.body)
    return identifier, min(time_ns, MAX_INTEGER), stream, trace_id, line, ENCODER.encode(metadata)
