"""Fog over a batch of log records."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable

from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord, ResourceLogs, SeverityNumber

from services.telemetry.fog.level import Level
from services.telemetry.fog.sampling import apart, kept
from services.telemetry.otlp.codec import LogsRequest
from services.telemetry.otlp.values import texts

WARNING = SeverityNumber.SEVERITY_NUMBER_WARN
ERROR = SeverityNumber.SEVERITY_NUMBER_ERROR


def thinned(batch: LogsRequest, level: Level, now: float, lost: Tally[str]) -> LogsRequest:
    """Return what is left of a batch; `lost` counts what is not, by the reason."""
    left = LogsRequest()
    for group in batch.resource_logs:
        service = texts(group.resource.attributes).get("service.name", "")
        if level.away(service, now):
            lost["exporter-away"] += sum(len(scope.log_records) for scope in group.scope_logs)
        else:
            _keep(left, group, service, level, lost)
    return left


def without_loggers(batch: LogsRequest, level: Level) -> LogsRequest:
    """Return a batch without the records of the loggers that the level leaves out; mostly the batch itself."""
    scopes = (scope.scope.name for group in batch.resource_logs for scope in group.scope_logs)
    if level.without_loggers.isdisjoint(scopes):
        return batch
    left = LogsRequest()
    for group in batch.resource_logs:
        out = left.resource_logs.add(resource=group.resource, schema_url=group.schema_url)
        out.scope_logs.extend(scope for scope in group.scope_logs if scope.scope.name not in level.without_loggers)
    return left


def _keep(left: LogsRequest, group: ResourceLogs, service: str, level: Level, lost: Tally[str]) -> None:
    out = left.resource_logs.add(resource=group.resource, schema_url=group.schema_url)
    for scope in group.scope_logs:
        severe = _severe(scope.log_records, service, level)
        lost["log-level"] += len(scope.log_records) - len(severe)
        some = [each for each in severe if _sampled(each, level)]
        lost["sampling"] += len(severe) - len(some)
        again = [each for each in some for _ in range(level.lines_repeated.get(service, 1))]
        out.scope_logs.add(scope=scope.scope, schema_url=scope.schema_url, log_records=again)
    if service in level.context_lost:
        for each in (record for scope in out.scope_logs for record in scope.log_records):
            each.trace_id = apart(each.trace_id)


def _severe(records: Iterable[LogRecord], service: str, level: Level) -> list[LogRecord]:
    if service not in level.errors_only:
        return list(records)
    return [each for each in records if each.severity_number >= ERROR]


def _sampled(record: LogRecord, level: Level) -> bool:
    return record.severity_number >= WARNING or not record.trace_id or kept(record.trace_id, level.one_info_line_in)
