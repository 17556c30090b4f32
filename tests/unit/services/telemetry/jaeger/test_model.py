from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span

from services.telemetry.jaeger.model import StoredSpan, kind_name, pieces
from tests.support.otlp import SPAN, TRACE, Value, attributes, resource, span

OTHER = bytes.fromhex("00f067aa0ba902b7")


def stored(one: Span, service: str = "payments", **more: Value) -> StoredSpan:
    origin = ResourceSpans(resource=resource(service, **more))
    origin.scope_spans.add().scope.name = "http"
    return StoredSpan(TRACE, service, one.SerializeToString(), origin.SerializeToString())


def trace(spans: Sequence[StoredSpan], warnings: Sequence[str] = ()) -> dict[str, Any]:
    written: dict[str, Any] = json.loads("".join(pieces(TRACE, spans, warnings)))
    return written


def tag(tags: list[dict[str, Any]], key: str) -> dict[str, Any]:
    (found,) = [item for item in tags if item["key"] == key]
    return found


def test_a_whole_span() -> None:
    event = Span.Event(name="retry", time_unix_nano=2_000_000, attributes=attributes({"attempt": 2}))
    made = trace([stored(span("GET", start_us=1000, duration_us=25, parent_span_id=OTHER, events=[event]))])
    assert made == {
        "traceID": TRACE.hex(),
        "processes": {
            "p1": {
                "serviceName": "payments",
                "tags": [{"key": "service.instance.id", "type": "string", "value": "one"}],
            }
        },
        "warnings": None,
        "spans": [
            {
                "traceID": TRACE.hex(),
                "spanID": SPAN.hex(),
                "flags": 1,
                "operationName": "GET",
                "references": [{"refType": "CHILD_OF", "traceID": TRACE.hex(), "spanID": OTHER.hex()}],
                "startTime": 1000,
                "duration": 25,
                "tags": [
                    {"key": "otel.scope.name", "type": "string", "value": "http"},
                    {"key": "span.kind", "type": "string", "value": "server"},
                ],
                "logs": [
                    {
                        "timestamp": 2000,
                        "fields": [
                            {"key": "event", "type": "string", "value": "retry"},
                            {"key": "attempt", "type": "int64", "value": 2},
                        ],
                    }
                ],
                "processID": "p1",
                "warnings": None,
            }
        ],
    }


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        ("x", "string", "x"),
        (True, "bool", True),
        (7, "int64", 7),
        (0.5, "float64", 0.5),
        (b"\x00", "binary", "AA=="),
        (["a"], "string", '["a"]'),
    ],
)
def test_tags_have_types(value: Value, kind: str, shown: object) -> None:
    made = trace([stored(span(tags={"k": value}))])
    assert tag(made["spans"][0]["tags"], "k") == {"key": "k", "type": kind, "value": shown}


def test_an_error_is_a_tag() -> None:
    tags = trace([stored(span(error=True, trace_state="a=b"))])["spans"][0]["tags"]
    assert tag(tags, "error") == {"key": "error", "type": "bool", "value": True}
    assert tag(tags, "otel.status_code")["value"] == "ERROR"
    assert tag(tags, "otel.status_description")["value"] == "refused"
    assert tag(tags, "w3c.tracestate")["value"] == "a=b"


def test_success_is_said_when_it_was() -> None:
    good = span()
    good.status.code = good.status.StatusCode.STATUS_CODE_OK
    assert tag(trace([stored(good)])["spans"][0]["tags"], "otel.status_code")["value"] == "OK"


def test_links_are_references() -> None:
    parent = Span.Link(trace_id=TRACE, span_id=OTHER, attributes=attributes({"opentracing.ref_type": "child_of"}))
    made = trace([stored(span(links=[Span.Link(trace_id=TRACE, span_id=SPAN), parent]))])
    assert [reference["refType"] for reference in made["spans"][0]["references"]] == ["FOLLOWS_FROM", "CHILD_OF"]


def test_each_resource_is_a_process() -> None:
    made = trace(
        [
            stored(span(span_id=OTHER, start_us=1), service="risk"),
            stored(span(span_id=SPAN, start_us=2)),
            stored(span(span_id=b"12345678", start_us=3)),
            stored(span(span_id=b"87654321", start_us=4), host_name="h2"),
        ]
    )
    assert [one["processID"] for one in made["spans"]] == ["p1", "p2", "p2", "p3"]
    assert {key: process["serviceName"] for key, process in made["processes"].items()} == {
        "p1": "risk",
        "p2": "payments",
        "p3": "payments",
    }


def test_a_span_that_came_twice_is_there_once() -> None:
    assert len(trace([stored(span()), stored(span())])["spans"]) == 1


@pytest.mark.parametrize(("kind", "name"), [(0, ""), (1, "internal"), (3, "client"), (5, "consumer"), (99, "")])
def test_kinds(kind: int, name: str) -> None:
    assert kind_name(kind) == name


def test_a_trace_says_what_is_cut() -> None:
    assert trace([stored(span())], ["cut at 1 spans"])["warnings"] == ["cut at 1 spans"]
