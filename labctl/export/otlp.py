"""OTLP's JSON, one export request a line, as a collector's file exporter writes and its receiver reads it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from pathlib import Path
from typing import Any, TypeVar

from labctl.export.case import Case
from labctl.export.reading import Telemetry, TracedSpan
from labctl.export.tables import NAME, SERVICE, nanoseconds
from labctl.lookups.logs import LogLine
from labctl.lookups.spans import Attribute, Event
from labctl.model.samples import Series

Json = dict[str, Any]
T = TypeVar("T")
ITEMS_A_LINE = 512
KINDS = {"internal": 1, "server": 2, "client": 3, "producer": 4, "consumer": 5}
SEVERITIES = {"trace": 1, "debug": 5, "info": 9, "warn": 13, "warning": 13, "error": 17, "fatal": 21}
COUNTERS = ("_total", "_count", "_sum")
CUMULATIVE = 2
SCOPE = {"name": "labctl export"}
_OWN = frozenset({"span.kind", "error", "otel.status_code", "otel.status_description", "otel.scope.name"})


def write(case: Case, telemetry: Telemetry, folder: Path) -> dict[str, int]:
    """Write all six files; return how many spans, lines and points each has."""
    rows = {}
    for prefix, window in case.windows:
        rows[f"{prefix}_traces.jsonl"] = _requests(folder / f"{prefix}_traces.jsonl", telemetry.spans(window), _traces)
        rows[f"{prefix}_logs.jsonl"] = _requests(folder / f"{prefix}_logs.jsonl", telemetry.lines(window), _logs)
        rows[f"{prefix}_metrics.jsonl"] = _metrics(folder / f"{prefix}_metrics.jsonl", telemetry.metrics(window))
    return rows


def _requests(file: Path, items: Iterable[T], request: Callable[[Sequence[T]], Json]) -> int:
    waiting, count = iter(items), 0
    with file.open("w", encoding="utf-8") as opened:
        while part := list(islice(waiting, ITEMS_A_LINE)):
            _line(opened.write, request(part))
            count += len(part)
    return count


def _line(write_text: Callable[[str], object], request: Json) -> None:
    write_text(json.dumps(request, ensure_ascii=False, separators=(",", ":")) + "\n")


def _by_service(items: Sequence[T], service: Callable[[T], str]) -> Iterator[tuple[Json, list[T]]]:
    for name, group in groupby(sorted(items, key=service), key=service):
        yield {"attributes": _attributes({"service.name": name})}, list(group)


def _traces(found: Sequence[TracedSpan]) -> Json:
    return {
        "resourceSpans": [
            {"resource": resource, "scopeSpans": [{"scope": SCOPE, "spans": list(map(_span, group))}]}
            for resource, group in _by_service(found, lambda each: each.span.service)
        ]
    }


def _span(each: TracedSpan) -> Json:
    span, tags = each.span, each.span.attributes
    start = nanoseconds(span.start)
    status = 2 if span.error else 1 if tags.get("otel.status_code") == "OK" else 0
    message = str(tags.get("otel.status_description", ""))
    return {
        "traceId": each.trace_id.zfill(32),
        "spanId": span.id.zfill(16),
        **({"parentSpanId": span.parent_id.zfill(16)} if span.parent_id else {}),
        "name": span.operation,
        "kind": KINDS.get(str(tags.get("span.kind", "")), 1),
        "startTimeUnixNano": str(start),
        "endTimeUnixNano": str(start + max(0, round(span.duration * 1e6)) * 1000),
        "attributes": _attributes({key: value for key, value in tags.items() if key not in _OWN}),
        "events": list(map(_event, span.events)),
        "status": {"code": status, **({"message": message} if message else {})},
    }


def _event(event: Event) -> Json:
    rest = {key: value for key, value in event.attributes.items() if key != "event"}
    name = str(event.attributes.get("event", "event"))
    return {"timeUnixNano": str(nanoseconds(event.at)), "name": name, "attributes": _attributes(rest)}


def _logs(found: Sequence[LogLine]) -> Json:
    return {
        "resourceLogs": [
            {"resource": resource, "scopeLogs": [{"scope": SCOPE, "logRecords": list(map(_record, group))}]}
            for resource, group in _by_service(found, lambda line: line.service)
        ]
    }


def _record(line: LogLine) -> Json:
    request = {"request_id": line.request_id} if line.request_id else {}
    return {
        "timeUnixNano": str(nanoseconds(line.at)),
        "severityNumber": SEVERITIES.get(line.level, 0),
        "severityText": line.level.upper(),
        "body": {"stringValue": line.message},
        "attributes": _attributes({**line.attributes, **request}),
        **({"traceId": line.trace_id.zfill(32)} if line.trace_id else {}),
        **({"spanId": line.span_id.zfill(16)} if line.span_id else {}),
    }


def _metrics(file: Path, metrics: Iterable[tuple[str, Sequence[Series]]]) -> int:
    count = 0
    with file.open("w", encoding="utf-8") as opened:
        for name, found in metrics:
            for resource, group in _by_service(found, lambda series: series.labels.get(SERVICE, "")):
                points = [point for series in group for point in _points(series)]
                count += len(points)
                scoped = [{"scope": SCOPE, "metrics": [{"name": name, **_kind(name, points)}]}]
                _line(opened.write, {"resourceMetrics": [{"resource": resource, "scopeMetrics": scoped}]})
    return count


def _kind(name: str, points: list[Json]) -> Json:
    if name.endswith(COUNTERS):
        return {"sum": {"aggregationTemporality": CUMULATIVE, "isMonotonic": True, "dataPoints": points}}
    return {"gauge": {"dataPoints": points}}


def _points(series: Series) -> Iterator[Json]:
    labels = {key: value for key, value in series.labels.items() if key not in (SERVICE, NAME)}
    attributes = _attributes(labels)
    for at, value in series.points:
        yield {"timeUnixNano": str(nanoseconds(at)), "asDouble": _number(value), "attributes": attributes}


def _number(value: float) -> float | str:
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _attributes(values: Mapping[str, Attribute]) -> list[Json]:
    return [{"key": key, "value": _value(value)} for key, value in values.items()]


def _value(value: Attribute) -> Json:
    match value:
        case bool():
            return {"boolValue": value}
        case int():
            return {"intValue": str(value)}
        case float():
            return {"doubleValue": _number(value)}
    return {"stringValue": value}
