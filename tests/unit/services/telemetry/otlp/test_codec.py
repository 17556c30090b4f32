from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from google.rpc.status_pb2 import Status
from hypothesis import given
from hypothesis import strategies as st

from services.telemetry.otlp.codec import BadPayloadError, Encoding, LogsRequest, TracesRequest, decode, encode, unpack
from tests.support.otlp import SPAN, TRACE, span, traces

LIMIT = 1000


@pytest.mark.parametrize("coding", ["", "identity"])
def test_a_plain_body_stays(coding: str) -> None:
    assert unpack(b"x" * LIMIT, coding, LIMIT) == b"x" * LIMIT


def test_gzip_is_undone() -> None:
    assert unpack(gzip.compress(b"x" * LIMIT), "gzip", LIMIT) == b"x" * LIMIT


# Without a time of its own: workers that run side by side have to collect the same tests.
@pytest.mark.parametrize(
    ("body", "coding", "http", "words"),
    [
        (b"x" * (LIMIT + 1), "", 413, "larger than 1000 bytes"),
        (b"x" * (LIMIT + 1), "gzip", 413, "larger than 1000 bytes"),
        (gzip.compress(b"x" * 10_000_000, mtime=0), "gzip", 413, "larger than 1000 bytes"),
        (b"plain", "gzip", 400, "not gzip"),
        (gzip.compress(b"x" * LIMIT, mtime=0)[:-9], "gzip", 400, "ends too early"),
        (b"x", "br", 415, "expected gzip or none"),
    ],
)
def test_bodies_that_cannot_be_unpacked(body: bytes, coding: str, http: int, words: str) -> None:
    with pytest.raises(BadPayloadError, match=words) as caught:
        unpack(body, coding, LIMIT)
    assert caught.value.http == http
    assert caught.value.status.code in (3, 8)


@pytest.mark.parametrize("mimetype", ["", "text/plain", "application/grpc"])
def test_other_content_types_are_refused(mimetype: str) -> None:
    with pytest.raises(BadPayloadError) as caught:
        Encoding.of(mimetype)
    assert caught.value.http == 415


def otlp_json(**fields: Any) -> bytes:
    made = {"traceId": TRACE.hex(), "spanId": SPAN.hex(), "name": "GET", **fields}
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [made]}]}]}).encode()


def test_json_ids_are_hexadecimal() -> None:
    batch = TracesRequest()
    link = {"traceId": TRACE.hex().upper(), "spanId": SPAN.hex()}
    decode(batch, Encoding.JSON, otlp_json(parentSpanId=SPAN.hex(), links=[link], startTimeUnixNano="123", kind=2))
    found = batch.resource_spans[0].scope_spans[0].spans[0]
    assert (found.trace_id, found.span_id, found.parent_span_id) == (TRACE, SPAN, SPAN)
    assert found.links[0].trace_id == TRACE
    assert (found.start_time_unix_nano, found.kind) == (123, 2)


def test_json_ignores_fields_from_the_future_but_no_attributes() -> None:
    batch = TracesRequest()
    tags = [{"key": "traceId", "value": {"stringValue": "not an id"}}]
    decode(batch, Encoding.JSON, otlp_json(attributes=tags, madeUp=1))
    assert batch.resource_spans[0].scope_spans[0].spans[0].attributes[0].value.string_value == "not an id"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"resourceSpans": 1}',
        otlp_json(traceId="xyz"),
        otlp_json(traceId=5),
        otlp_json(name="\ud800"),
        b'{"resourceSpans":' + b"[" * 100_000,
    ],
)
def test_bad_json(body: bytes) -> None:
    with pytest.raises(BadPayloadError) as caught:
        decode(TracesRequest(), Encoding.JSON, body)
    assert caught.value.http == 400


def test_bad_protobuf() -> None:
    with pytest.raises(BadPayloadError, match="not an OTLP request"):
        decode(LogsRequest(), Encoding.PROTOBUF, b"\x0a\xff")


def refusal(encoding: Encoding, body: bytes) -> BadPayloadError | None:
    try:
        decode(TracesRequest(), encoding, body)
    except BadPayloadError as error:
        return error
    return None


@given(st.binary(max_size=200))
def test_any_bytes_are_a_request_or_refused(body: bytes) -> None:
    for encoding in Encoding:
        if error := refusal(encoding, body):
            assert Status.FromString(encode(error.status, Encoding.PROTOBUF)).message == str(error)


KEYS = st.sampled_from(["resourceSpans", "resource", "scopeSpans", "spans", "traceId", "attributes", "value", "key"])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text()


@given(st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=20))
def test_any_json_is_a_request_or_refused(value: object) -> None:
    error = refusal(Encoding.JSON, json.dumps(value).encode())
    assert error is None or error.http == 400


def test_what_is_encoded_can_be_decoded() -> None:
    sent, got = traces(span()), TracesRequest()
    decode(got, Encoding.PROTOBUF, encode(sent, Encoding.PROTOBUF))
    assert got == sent
    assert json.loads(encode(TracesRequest(), Encoding.JSON)) == {}
