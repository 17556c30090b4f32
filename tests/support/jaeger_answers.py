"""Answers as Jaeger 1.57's query API gives them."""

from __future__ import annotations

from typing import Any

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
START_US = 1_760_000_000_000_000


def span(place: str, operation: str, start: int, duration: int, **tags: Any) -> dict[str, Any]:
    """`place` is "process/id" or "process/id<parent"; times in microseconds after the trace's start."""
    process, _, ids = place.partition("/")
    id, _, parent = ids.partition("<")
    return {
        "traceID": TRACE_ID,
        "spanID": id,
        "operationName": operation,
        "references": [{"refType": "CHILD_OF", "traceID": TRACE_ID, "spanID": parent}] if parent else [],
        "startTime": START_US + start,
        "duration": duration,
        "tags": [{"key": key.replace("__", "."), "type": "string", "value": value} for key, value in tags.items()],
        "logs": [],
        "processID": process,
        "warnings": None,
    }


def checkout(trace_id: str = TRACE_ID, shift_us: int = 0) -> dict[str, Any]:
    """A checkout whose second attempt at the risk service succeeded."""
    spans = [
        span(
            "p1/a1",
            "POST /v1/checkouts",
            0,
            620_000,
            http__request__method="POST",
            http__route="/v1/checkouts",
        ),
        span("p1/b1<a1", "POST", 2_000, 615_000, server__address="payments"),
        span("p2/b2<b1", "POST /checkouts", 3_000, 612_000),
        span("p2/c1<b2", "POST", 5_000, 201_000, server__address="risk", error=True, error__type="timeout"),
        span("p2/c2<b2", "POST", 240_000, 150_000, server__address="risk"),
        span("p3/d1<c1", "POST /assessments", 6_000, 500_000),
    ]
    spans[3]["logs"] = [
        {
            "timestamp": START_US + 206_000,
            "fields": [{"key": "exception.message", "type": "string", "value": "timed out"}],
        }
    ]
    for each in spans:
        each["traceID"] = trace_id
        each["startTime"] += shift_us
        for reference in each["references"]:
            reference["traceID"] = trace_id
    names = {"p1": "gateway", "p2": "payments", "p3": "risk"}
    processes = {key: {"serviceName": name, "tags": []} for key, name in names.items()}
    return {"traceID": trace_id, "spans": spans, "processes": processes, "warnings": None}


def answer(*data: Any) -> dict[str, Any]:
    return {"data": list(data), "total": 0, "limit": 0, "offset": 0, "errors": None}


NOT_FOUND = {"data": None, "total": 0, "limit": 0, "offset": 0, "errors": [{"code": 404, "msg": "trace not found"}]}
