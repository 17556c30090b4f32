"""A trace of thousands of spans, as a batch or a loop of queries leaves it: wide, deep, with errors and events."""

from __future__ import annotations

import time
from typing import Any

ID = "a" * 32
SERVICES = ("gateway", "payments", "risk", "ledger")


def long_trace(spans: int) -> dict[str, Any]:
    """Return the trace as the trace store's API answers it."""
    start = int((time.time() - 60) * 1e6)
    return {"traceID": ID, "processes": {name: {"serviceName": name} for name in SERVICES},
            "spans": [_span(number, spans, start) for number in range(spans)]}  # fmt: skip


def _span(number: int, spans: int, start: int) -> dict[str, Any]:
    parent = (number - 1) // 4
    tags = [{"key": key, "type": "string", "value": f"{key} of span {number}"} for key in ("db.query.text", "peer")]
    event = {"timestamp": start, "fields": [{"key": "event", "type": "string", "value": "retry"}]}
    return {
        "traceID": ID,
        "spanID": f"{number + 1:016x}",
        "operationName": f"SELECT rows of page {number}",
        "references": [{"refType": "CHILD_OF", "traceID": ID, "spanID": f"{parent + 1:016x}"}] if number else [],
        "startTime": start + number * 500,
        "duration": (spans - number) * 500,
        "tags": [*tags, *([{"key": "error", "type": "bool", "value": True}] if number % 50 == 7 else [])],
        "logs": [event] if number % 10 == 0 else [],
        "processID": SERVICES[number % 4],
    }
