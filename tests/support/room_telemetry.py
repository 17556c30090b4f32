"""The telemetry of a lab in trouble, as a room shows it: alerts, curves, lines and traces that are made up."""

from __future__ import annotations

import math
import random
import re
import time
from collections.abc import Mapping
from typing import Any

from labctl.model.promql import ASKED
from tests.support import topology_telemetry
from tests.support.http_server import RecordedServer, Request

FIRED_S = 150
"""So many seconds ago, the first alert fired."""
PAYMENT = "5f0c6d0e-1f0a-4b5e-9a43-0a4a4c6a7c11"
ENDPOINTS = ("checkout", "history", "lookup", "refund")
SERVICES = ("gateway", "payments", "risk", "ledger")
MESSAGES = (
    ("info", "request answered in {ms} ms"),
    ("info", "payment pay_{id} authorised"),
    ("debug", "features of customer {number} from the cache"),
    ("warn", "retrying risk after {ms} ms, attempt 2"),
    ("error", "risk did not answer within 200 ms"),
)
ALERT = {"alertname": "CheckoutErrorRatioHigh", "service": "gateway", "severity": "page"}
SECOND_ALERT = {"alertname": "EndpointLatencyHigh", "service": "payments", "severity": "page"}

NAMES: dict[str, object] = {
    "labels": ["__name__", "service"],
    "label/service/values": list(SERVICES),
    "label/__name__/values": ["up", "cache_requests_total", "cache_refreshes_total"],
    "series": [{"__name__": "up", "service": "risk"}],
    "metadata": {"up": [{"type": "gauge", "unit": "", "help": "Whether it answers"}]},
    "status/flags": {"enable-feature": "exemplar-storage", "web.config.file": "/secret"},
}
"""What an editor completes from, by the path below Prometheus's API."""


def record(server: RecordedServer) -> None:
    """Let the server answer as Prometheus, log store and trace store of such a lab."""
    topology_telemetry.record(server)
    server.reply("/api/v1/alerts", {"status": "success", "data": {"alerts": [_alert(ALERT)]}})
    server.answers["/api/v1/query_range"] = (200, _curves)
    server.answers["/api/v1/query_exemplars"] = (200, _exemplars)
    for path, data in NAMES.items():
        server.reply(f"/api/v1/{path}", {"status": "success", "data": data})
    server.answers["/api/v1/query"] = (200, _values)
    server.reply("/v1/checkouts", {"payment_id": PAYMENT, "status": "captured"}, status=201)
    server.headers["traceresponse"] = f"00-{_trace_id(0)}-b7ad6b7169203331-01"
    server.reply("/loki/api/v1/status/buildinfo", {"version": "3"})
    server.reply("/loki/api/v1/label/service_name/values", {"data": list(SERVICES)})
    server.answers["/loki/api/v1/query_range"] = (200, _lines)
    server.reply("/api/services", {"data": list(SERVICES)})
    server.reply("/api/traces", {"data": [_trace(number) for number in range(40)]})
    for number in range(40):
        server.reply(f"/api/traces/{_trace_id(number)}", {"data": [_trace(number)]})


def _alert(labels: Mapping[str, str]) -> dict[str, Any]:
    active = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - FIRED_S))
    annotations = {"summary": "More than 1% of checkouts fail"}
    return {"labels": dict(labels), "annotations": annotations, "state": "firing", "activeAt": active, "value": "1"}


def _curves(request: Request) -> dict[str, Any]:
    start, end, step = (float(request.params[each]) for each in ("start", "end", "step"))
    times = [start + step * number for number in range(int((end - start) / step) + 1)]
    if "ALERTS" in request.params["query"] and ASKED not in request.params["query"]:
        fired = [at for at in times if at >= time.time() - FIRED_S]
        passed = [at for at in times if time.time() - 120 <= at <= time.time() - 60]
        found = [_series(ALERT, fired, lambda _: 1), _series(SECOND_ALERT, passed, lambda _: 1)]
    else:
        kind, names = ("endpoint", ENDPOINTS) if "endpoint)" in request.params["query"] else ("service", SERVICES)
        # Queries that are asked together: each series says which one it answers.
        asked = re.findall(rf'"{ASKED}", "(\d+)"', request.params["query"])
        more: list[dict[str, str]] = [{ASKED: number} for number in asked] or [{}]
        found = [_series({kind: name, **each}, times, _wave(at)) for each in more for at, name in enumerate(names)]
    return {"status": "success", "data": {"resultType": "matrix", "result": found}}


def _exemplars(request: Request) -> dict[str, Any]:
    end = float(request.params["end"])
    found = [
        {"labels": {"trace_id": _trace_id(number)}, "value": str(0.05 + number % 7 / 10), "timestamp": end - 7 * number}
        for number in range(40)
    ]
    return {"status": "success", "data": [{"exemplars": found}]}


def _values(request: Request) -> dict[str, Any]:
    at = float(request.params.get("time") or time.time())
    found: list[dict[str, Any]]
    if "endpoint" in request.params["query"]:
        found = [{"metric": {"endpoint": name}, "value": [at, str(0.02 + n)]} for n, name in enumerate(ENDPOINTS)]
    elif (figures := topology_telemetry.figures_of(request))["data"]["result"]:
        return figures
    else:
        found = [{"metric": {"service": name, "job": name}, "value": [at, "1"]} for name in SERVICES]
    return {"status": "success", "data": {"resultType": "vector", "result": found}}


def _wave(number: int) -> Any:
    return lambda at: 2 + number + math.sin(at / (20 + 10 * number)) + (3 if at > time.time() - FIRED_S else 0)


def _series(labels: Mapping[str, str], times: list[float], value: Any) -> dict[str, Any]:
    own = {key: text for key, text in labels.items() if key != "severity"}
    return {"metric": own, "values": [[at, str(value(at))] for at in times]}


def _lines(request: Request) -> dict[str, Any]:
    start, end = (int(request.params[each]) / 1e9 for each in ("start", "end"))
    if any(each in request.params["query"] for each in ("_over_time(", "rate(")):
        step = float(request.params["step"])
        times = [start + step * number for number in range(int((end - start) / step) + 1)]
        found = [_series({"level": level}, times, _count(number)) for number, level in enumerate(("info", "error"))]
        return {"status": "success", "data": {"resultType": "matrix", "result": found}}
    lines = [_line(at) for at in range(int(start) + 1, int(end) + 1)][-int(request.params["limit"]) :]
    return {"status": "success", "data": {"resultType": "streams", "result": lines}}


def _count(number: int) -> Any:
    return lambda at: int(12 + 8 * math.sin(at / 30)) if number == 0 else (4 if at > time.time() - FIRED_S else 0)


def _line(second: int) -> dict[str, Any]:
    chance = random.Random(second)
    level, text = chance.choice(MESSAGES)
    labels = {"service_name": chance.choice(SERVICES), "level": level, "trace_id": _trace_id(second % 40)}
    message = text.format(
        ms=chance.randint(8, 420), id=f"{chance.getrandbits(40):010x}", number=chance.randint(1, 9999)
    )
    fields = {**labels, "request_id": f"req-{second}", "http_route": "/v1/checkouts"}
    return {"stream": fields, "values": [[str(second * 10**9 + 123_000_000), message]]}


def _trace_id(number: int) -> str:
    return f"{number + 1:032x}"


def _trace(number: int) -> dict[str, Any]:
    chance = random.Random(number)
    start = int((time.time() - 10 - 7 * number) * 1e6)
    whole = chance.randint(40_000, 700_000)
    steps = (("gateway", "POST /v1/checkouts", 0.0, 1.0, -1), ("payments", "POST /checkouts", 0.05, 0.95, 0),
             ("payments", "postgres SELECT", 0.08, 0.2, 1), ("risk", "POST /assess", 0.22, 0.6, 1),
             ("risk", "redis GET", 0.24, 0.27, 3), ("payments", "acquirer authorise", 0.62, 0.93, 1))  # fmt: skip
    failed = number % 5 == 0
    return {
        "traceID": _trace_id(number),
        "processes": {name: {"serviceName": name} for name in SERVICES},
        "spans": [_span(number, at, step, start, whole, failed=failed and at == 3) for at, step in enumerate(steps)],
    }


def _span(
    number: int, at: int, step: tuple[str, str, float, float, int], start: int, whole: int, *, failed: bool
) -> Any:
    service, name, begins, ends, parent = step
    tags: list[dict[str, Any]] = [{"key": "http.request.method", "type": "string", "value": "POST"}]
    tags += [{"key": "error", "type": "bool", "value": True}] if failed else []
    above = (
        [{"refType": "CHILD_OF", "traceID": _trace_id(number), "spanID": f"{parent + 1:016x}"}] if parent >= 0 else []
    )
    return {
        "traceID": _trace_id(number),
        "spanID": f"{at + 1:016x}",
        "operationName": name,
        "references": above,
        "startTime": start + int(whole * begins),
        "duration": int(whole * (ends - begins)),
        "tags": tags,
        "logs": [],
        "processID": service,
    }
