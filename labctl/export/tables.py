"""Spans, lines and samples as the rows of data sets for root causes: names, units and types of their columns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from labctl.export.reading import TracedSpan
from labctl.lookups.logs import LogLine
from labctl.model.samples import Series

Row = dict[str, object]
SERVICE, NAME = "service", "__name__"
ATTRIBUTE = "attr."
STATUS, KIND, HTTP_METHOD, HTTP_STATUS = (
    "attr.status_code",
    "attr.span_kind",
    "attr.http.request.method",
    "attr.http.response.status_code",
)
REST = "attributes"
"""Of a span or a line: all its attributes as a JSON object."""
_TAGS = ("otel.status_code", "error", "span.kind")
"""Tags that Jaeger's API makes of a span's own fields."""


def nanoseconds(at: float) -> int:
    """Return epoch seconds as epoch nanoseconds, as exact as a microsecond."""
    return round(at * 1e6) * 1000


def span_row(each: TracedSpan) -> Row:
    """Return a span: `duration` in nanoseconds."""
    span = each.span
    return {
        "time": nanoseconds(span.start),
        "trace_id": each.trace_id,
        "span_id": span.id,
        "parent_span_id": span.parent_id or "",
        "service_name": span.service,
        "span_name": span.operation,
        "duration": max(0, round(span.duration * 1e6)) * 1000,
        KIND: str(span.attributes.get("span.kind", "internal")).capitalize(),
        STATUS: "Error" if span.error else str(span.attributes.get("otel.status_code", "Unset")).capitalize(),
        HTTP_METHOD: _text(span.attributes.get("http.request.method")),
        HTTP_STATUS: _whole(span.attributes.get("http.response.status_code")),
        REST: _json({key: value for key, value in span.attributes.items() if key not in _TAGS}),
    }


def line_row(line: LogLine) -> Row:
    """Return a log line; `level` in capitals."""
    attributes = {**line.attributes, **({"request_id": line.request_id} if line.request_id else {})}
    return {
        "time": nanoseconds(line.at),
        "trace_id": line.trace_id,
        "span_id": line.span_id,
        "level": line.level.upper(),
        "service_name": line.service,
        "message": line.message,
        REST: _json(attributes),
    }


def sample_rows(name: str, found: Sequence[Series]) -> Iterator[Row]:
    """Yield a row for each point of a metric's series; a label is a column of its own."""
    for series in found:
        labels = {
            f"{ATTRIBUTE}{label}": value for label, value in series.labels.items() if label not in (SERVICE, NAME)
        }
        for at, value in series.points:
            service = series.labels.get(SERVICE, "")
            yield {"time": nanoseconds(at), "metric": name, "value": value, "service_name": service, **labels}


def metric_columns(labels: Iterable[str]) -> list[str]:
    """Return the columns that labels become."""
    return [f"{ATTRIBUTE}{label}" for label in labels if label not in (SERVICE, NAME)]


def _json(attributes: Mapping[str, object]) -> str:
    return json.dumps(attributes, ensure_ascii=False, sort_keys=True)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _whole(value: object) -> int | None:
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdecimal()) else None
