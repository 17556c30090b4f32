from __future__ import annotations

from typing import TypeVar

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from services.telemetry import limits
from services.telemetry.app import Telemetry
from services.telemetry.limits import MAX_ATTRIBUTES, MAX_ITEM_BYTES, MAX_NAME, MAX_VALUE, cut, cut_long_texts
from services.telemetry.otlp.codec import LogsRequest, MetricsRequest, TracesRequest
from tests.support.otlp import Value, attributes, gauge, logs, metrics, number, record, span, traces

MIB = 1024 * 1024
PROTOBUF = {"Content-Type": "application/x-protobuf"}


Batch = TypeVar("Batch", TracesRequest, MetricsRequest, LogsRequest)


def bounded(batch: Batch) -> Batch:
    found = type(batch)()
    found.CopyFrom(batch)
    cut_long_texts(found)
    return found


def bounded_span(one: Span) -> Span:
    return bounded(traces(one)).resource_spans[0].scope_spans[0].spans[0]


def test_what_is_within_the_bounds_goes_on_as_it_is() -> None:
    event = Span.Event(name="retry", attributes=attributes({"attempt": 2}))
    usual = traces(span(tags={"http.route": "/checkouts", "n": 1, "many": ["a", "b"]}, events=[event], error=True))
    assert bounded(usual) == usual
    lines = logs(record("slow " * 200, tags={"exception.stacktrace": "x" * 5000}))
    assert bounded(lines) == lines
    points = metrics(gauge("queue", number(1, {"pool": "risk"})))
    assert bounded(points) == points


@given(st.text(max_size=40), st.integers(0, 40))
def test_a_cut_text_says_how_long_it_was(text: str, most: int) -> None:
    shown = cut(text, most)
    assert shown == text or shown == f"{text[:most]}… (cut: {len(text)} characters)"
    assert (shown == text) == (len(text) <= most)


@pytest.mark.parametrize("value", ["x" * MIB, ["x" * 1000] * 1000, b"x" * MIB])
def test_values_are_cut_and_say_so(value: Value) -> None:
    (found,) = bounded_span(span(tags={"key": value})).attributes
    assert found.value.string_value.endswith(" characters)")
    assert len(found.value.string_value) < MAX_VALUE + 50


def test_everything_of_a_span_is_bounded() -> None:
    long = "x" * MIB
    many = {f"{number}{'k' * MAX_NAME}": "x" * 3000 for number in range(300)}
    event = Span.Event(name="x" * 1000, attributes=attributes({"k" * 1000: "x" * 3000}))
    link = Span.Link(attributes=event.attributes)
    made = span(long, tags=many, events=[event] * 200, links=[link] * 200, trace_state=long, parent_span_id=b"x" * MIB)
    made.status.message = long
    found = bounded_span(made)
    assert found.ByteSize() <= MAX_ITEM_BYTES
    assert len(found.attributes) + found.dropped_attributes_count == 300
    assert 1 < len(found.attributes) <= MAX_ATTRIBUTES
    assert (found.dropped_events_count, found.dropped_links_count) == (200, 200)


def test_everything_of_a_line_is_bounded() -> None:
    made = record("x" * 7 * MIB, severity_text="x" * MIB, tags={str(number): "x" * MAX_VALUE for number in range(200)})
    (found,) = bounded(logs(made)).resource_logs[0].scope_logs[0].log_records
    assert found.ByteSize() <= MAX_ITEM_BYTES
    assert found.body.string_value.endswith("… (cut: 7,340,032 characters)")


def test_metrics_are_bounded() -> None:
    long = "x" * MIB
    found = bounded(metrics(gauge(long, number(1, {long: long}), unit=long), service=long))
    assert found.ByteSize() < 2 * MAX_VALUE


def test_what_is_too_long_is_stored_cut(client: FlaskClient, telemetry: Telemetry) -> None:
    service = "s" * MIB
    client.post("/v1/traces", data=traces(span(), service=service).SerializeToString(), headers=PROTOBUF)
    client.post("/v1/logs", data=logs(record("x" * 7 * MIB)).SerializeToString(), headers=PROTOBUF)
    telemetry.writer.close()
    (shown,) = client.get("/api/services").get_json()["data"]
    assert shown == "s" * MAX_NAME + "… (cut: 1,048,576 characters)"
    answer = client.get("/loki/api/v1/query_range?query=%7Bservice_name%3D%22payments%22%7D")
    ((_, line),) = answer.get_json()["data"]["result"][0]["values"]
    assert line == "x" * MAX_VALUE + "… (cut: 7,340,032 characters)"


TEXTS = st.sampled_from(["", "x", "é" * 20, "x" * 256, "x" * 257, "x" * 16_384, "x" * 16_385])


@given(
    name=TEXTS, state=TEXTS, trace=st.sampled_from([0, 16, 17]), attributes=st.dictionaries(TEXTS, TEXTS, max_size=3)
)
def test_what_is_not_looked_at_closely_has_nothing_to_cut(
    name: str, state: str, trace: int, attributes: dict[str, str]
) -> None:
    one = span(name, trace_id=b"t" * trace, span_id=b"12345678", trace_state=state, tags=dict(attributes))
    line = record(name, trace_id=b"t" * trace, tags=dict(attributes))
    if one.ByteSize() > MAX_NAME and limits._span_fits(one):
        before = one.SerializeToString()
        limits._span(one)
        assert one.SerializeToString() == before
    if line.ByteSize() > MAX_NAME and limits._record_fits(line):
        before = line.SerializeToString()
        limits._record(line)
        assert line.SerializeToString() == before
    ordinary = span("POST /checkouts", tags={f"key.{number}": "value" * 5 for number in range(20)})
    assert limits._span_fits(ordinary)
