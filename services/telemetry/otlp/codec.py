"""OTLP/HTTP bodies: both encodings, gzip, and the size bound."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from enum import StrEnum
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import DecodeError, Message
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest as LogsRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest as MetricsRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest as TracesRequest

__all__ = [
    "BadPayloadError",
    "Encoding",
    "LogsRequest",
    "MetricsRequest",
    "TracesRequest",
    "decode",
    "encode",
    "unpack",
]

INVALID_ARGUMENT = 3  # google.rpc.Code
RESOURCE_EXHAUSTED = 8
GZIP = 16 + zlib.MAX_WBITS
ID_FIELDS = {"traceId", "spanId", "parentSpanId", "trace_id", "span_id", "parent_span_id"}


class BadPayloadError(Exception):
    """A body that cannot be taken: the HTTP status, the google.rpc code and what is wrong."""

    def __init__(self, message: str, *, http: int = 400, code: int = INVALID_ARGUMENT) -> None:
        super().__init__(message)
        self.http = http
        self.status = Status(code=code, message=message)


class Encoding(StrEnum):
    """How a body is written; the answer is written the same way."""

    PROTOBUF = "application/x-protobuf"
    JSON = "application/json"

    @classmethod
    def of(cls, mimetype: str) -> Encoding:
        """Raise BadPayloadError (415) for any other content type."""
        try:
            return cls(mimetype)
        except ValueError:
            expected = " or ".join(cls)
            raise BadPayloadError(f"content type {mimetype!r}; expected {expected}", http=415) from None


def unpack(body: bytes, content_encoding: str, limit: int) -> bytes:
    """Return the body, decompressed; at most `limit` bytes, before and after."""
    if len(body) <= limit and content_encoding in ("", "identity"):
        return body
    if content_encoding not in ("", "identity", "gzip"):
        raise BadPayloadError(f"content encoding {content_encoding!r}; expected gzip or none", http=415)
    inflater = zlib.decompressobj(GZIP)
    try:
        plain = inflater.decompress(body, limit + 1) if len(body) <= limit else body
    except zlib.error as error:
        raise BadPayloadError(f"the body is not gzip: {error}") from None
    if len(plain) > limit:
        raise BadPayloadError(f"the body is larger than {limit} bytes", http=413, code=RESOURCE_EXHAUSTED)
    if not inflater.eof:
        raise BadPayloadError("the gzip body ends too early")
    return plain


def decode(message: Message, encoding: Encoding, body: bytes) -> None:
    """Fill an empty message from a body; raises BadPayloadError."""
    try:
        if encoding is Encoding.PROTOBUF:
            message.ParseFromString(body)
        else:
            json_format.ParseDict(_json_object(body), message, ignore_unknown_fields=True)
    except (DecodeError, json_format.ParseError, ValueError, RecursionError) as error:
        raise BadPayloadError(f"the body is not an OTLP request: {error}") from None


def encode(message: Message, encoding: Encoding) -> bytes:
    """Return an answer's body."""
    if encoding is Encoding.PROTOBUF:
        return bytes(message.SerializeToString())
    return json_format.MessageToJson(message, indent=None).encode()


def _json_object(body: bytes) -> dict[str, Any]:
    found = json.loads(body)
    if not isinstance(found, dict):
        raise ValueError(f"expected a JSON object, not {type(found).__name__}")  # noqa: TRY004 - the caller's own error
    converted: dict[str, Any] = _with_base64_ids(found)
    return converted


def _with_base64_ids(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """OTLP's JSON writes ids in hexadecimal where protobuf's JSON mapping expects base64."""
    if isinstance(value, list):
        return [_with_base64_ids(item) for item in value]
    if isinstance(value, dict):
        return {key: _base64(item) if key in ID_FIELDS else _with_base64_ids(item) for key, item in value.items()}
    return value


def _base64(identifier: Any) -> str:  # noqa: ANN401 - any JSON value
    try:
        return base64.b64encode(binascii.unhexlify(identifier)).decode()
    except (TypeError, ValueError):
        raise BadPayloadError(f"{identifier!r} is not a hexadecimal id") from None
