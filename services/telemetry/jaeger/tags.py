"""Finding spans by a tag, inside SQLite.

A span's body is OTLP, and protobuf encodes an attribute always to the same bytes: a span that has the attribute holds
those bytes. Looking for them needs neither an index over all attributes nor decoding a span that doesn't match.
"""

from __future__ import annotations

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

Condition = tuple[str, list[str | int | bytes]]

INT64 = range(-(2**63), 2**63)
BOOLS = {"true": True, "false": False}
KINDS = {kind.removeprefix("SPAN_KIND_").lower(): number for kind, number in Span.SpanKind.items()}
STATUSES = {code.removeprefix("STATUS_CODE_"): number for code, number in Status.StatusCode.items()}


def condition(key: str, value: str) -> Condition:
    """Return SQL over `spans` that is true where the span, one of its events or its resource has the tag."""
    encodings = _encodings(key, value)
    inside = " OR ".join(["instr(body, ?) > 0"] * len(encodings))
    text = f"({inside} OR origin IN (SELECT id FROM origins WHERE {inside})"  # noqa: S608 - only placeholders
    parameters: list[str | int | bytes] = [*encodings, *encodings]
    derived, more = _derived(key, value)
    return f"{text}{derived})", parameters + more


def _derived(key: str, value: str) -> Condition:
    """Jaeger's tags that OTLP holds as fields of the span."""
    if key == "error" and value in BOOLS:
        return f" OR status {'=' if BOOLS[value] else '!='} ?", [Status.StatusCode.STATUS_CODE_ERROR]
    if key == "otel.status_code" and value in STATUSES:
        return " OR status = ?", [STATUSES[value]]
    if key == "span.kind" and value in KINDS:
        return " OR kind = ?", [KINDS[value]]
    return "", []


def _encodings(key: str, value: str) -> list[bytes]:
    """Return the attribute's bytes for every type that its text can stand for."""
    values = [AnyValue(string_value=value)]
    if value in BOOLS:
        values.append(AnyValue(bool_value=BOOLS[value]))
    number = _number(value)
    if number is not None:
        values.append(AnyValue(double_value=number))
        if number.is_integer() and int(number) in INT64 and value.lstrip("-").isdecimal():
            values.append(AnyValue(int_value=int(value)))
    return [KeyValue(key=key, value=each).SerializeToString() for each in values]


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
