"""The lab's telemetry as Grafana's data sources read it: one request seen whole, from every side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import time
from typing import Any

import httpx
import pytest

from labctl.base.waiting import wait_until
from labctl.health import steady_state
from labctl.lab.lab import Lab

pytestmark = pytest.mark.lab

ROUTE = "/v1/checkouts"
BUCKETS = f'http_server_request_duration_seconds_bucket{{job="gateway",http_route="{ROUTE}"}}'
PATIENCE_S = 20.0
SETTLED_S = 10.0
"""No point comes later than that."""


@pytest.fixture
def telemetry(steady_lab: Lab) -> Iterator[httpx.Client]:
    url = f"http://127.0.0.1:{steady_lab.record.ports.telemetry}"
    # Longer than the service gives a query: a slow one is then an answer that says so.
    with httpx.Client(base_url=url, timeout=PATIENCE_S, trust_env=False) as client:
        yield client


@pytest.fixture
def prometheus(steady_lab: Lab) -> Iterator[httpx.Client]:
    url = f"http://127.0.0.1:{steady_lab.record.ports.prometheus}"
    with httpx.Client(base_url=url, timeout=PATIENCE_S, trust_env=False) as client:
        yield client


def get(client: httpx.Client, path: str, **params: Any) -> Any:
    answer = client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def eventually(what: str, look: Callable[[], Any]) -> Any:
    """The first truthy answer; telemetry is a second or two behind."""
    return wait_until(look, what=what, timeout=PATIENCE_S, interval=0.5)


def services(trace: Any) -> set[str]:
    return {process["serviceName"] for process in trace["processes"].values()}


def parents(trace: Any) -> set[str]:
    return {reference["spanID"] for span in trace["spans"] for reference in span["references"][:1]}


def test_a_checkout_is_one_trace_through_every_service(telemetry: httpx.Client) -> None:
    def whole() -> Any:
        # Each service exports on its own clock: a trace that is a few seconds old has arrived whole.
        settled = int((time() - 4) * 1e6)
        found = get(telemetry, "/api/traces", service="ledger", end=settled, limit=20)
        everywhere = (trace for trace in found if {"gateway", "payments", "risk", "ledger"} <= services(trace))
        return next((trace for trace in everywhere if parents(trace) <= {span["spanID"] for span in trace["spans"]}), 0)

    trace = eventually("a trace from the gateway to the ledger, no span's parent missing", whole)
    roots = [span for span in trace["spans"] if not span["references"]]
    assert len(roots) == 1
    assert trace["processes"][roots[0]["processID"]]["serviceName"] in ("gateway", "clients")
    assert get(telemetry, f"/api/traces/{trace['traceID']}")[0]["traceID"] == trace["traceID"]


def test_who_calls_whom(telemetry: httpx.Client) -> None:
    calls = {(call["parent"], call["child"]) for call in get(telemetry, "/api/dependencies", lookback=60_000)}
    assert {("gateway", "payments"), ("payments", "risk"), ("payments", "ledger")} <= calls


def test_spans_are_found_by_operation_tag_and_duration(telemetry: httpx.Client) -> None:
    (operation, *_) = [name for name in get(telemetry, "/api/services/gateway/operations") if ROUTE in name]
    tags = '{"http.route": "/v1/checkouts", "span.kind": "server"}'
    found = get(telemetry, "/api/traces", service="gateway", operation=operation, tags=tags, minDuration="1ms", limit=3)
    assert len(found) == 3
    last_minute = int((time() - 60) * 1e6)
    assert get(telemetry, "/api/traces", service="gateway", tags='{"http.route": "/nowhere"}', start=last_minute) == []


def test_exemplars_lead_from_a_histogram_to_a_trace(telemetry: httpx.Client, prometheus: httpx.Client) -> None:
    def newest() -> Any:
        series = get(prometheus, "/api/v1/query_exemplars", query=BUCKETS, start=time() - 60, end=time())
        found = [exemplar for one in series for exemplar in one["exemplars"]]
        return max(found, key=lambda exemplar: exemplar["timestamp"], default=None)

    exemplar = eventually("an exemplar in Prometheus", newest)
    path = f"/api/traces/{exemplar['labels']['trace_id']}"

    def known() -> bool:
        # Other services' spans of the trace may arrive first.
        answer = telemetry.get(path)
        traces = answer.json()["data"] if answer.status_code == 200 else []
        return exemplar["labels"]["span_id"] in {span["spanID"] for trace in traces for span in trace["spans"]}

    assert eventually("the exemplar's span", known)


def test_logs_lead_to_their_trace_and_back(telemetry: httpx.Client) -> None:
    def line() -> Any:
        query = '{service_name="payments"} | trace_id!=""'
        data = get(telemetry, "/loki/api/v1/query_range", query=query, limit=1, start=time() - 60)
        return data["result"][0] if data["result"] else None

    stream = eventually("a log line with a trace", line)["stream"]
    trace_id = stream["trace_id"]
    eventually("the line's trace", lambda: telemetry.get(f"/api/traces/{trace_id}").status_code == 200)
    back = get(telemetry, "/loki/api/v1/query_range", query=f'{{service_name=~".+"}} | trace_id="{trace_id}"')
    assert "payments" in {found["stream"]["service_name"] for found in back["result"]}


def test_log_volume_as_grafana_draws_it(telemetry: httpx.Client) -> None:
    query = 'sum by (level, detected_level) (count_over_time({service_name=~".+"} | drop __error__[10s]))'
    data = get(telemetry, "/loki/api/v1/query_range", query=query, start=time() - 60, step="10")
    assert data["resultType"] == "matrix"
    assert sum(float(value) for series in data["result"] for _, value in series["values"]) > 0


def test_every_service_is_in_prometheus_under_its_own_name(prometheus: httpx.Client) -> None:
    query = "count by (job) ({job=~'gateway|payments|risk|ledger|clients', service_version!=''})"
    jobs = {series["metric"]["job"] for series in get(prometheus, "/api/v1/query", query=query)["result"]}
    assert jobs == {"gateway", "payments", "risk", "ledger", "clients"}


def test_every_container_is_measured(prometheus: httpx.Client) -> None:
    query = "rate(container_cpu_usage_seconds_total[10s]) and on (container_id) container_memory_working_set_bytes > 0"
    found = get(prometheus, "/api/v1/query", query=query)["result"]
    measured = {series["metric"]["service"] for series in found}
    assert {"gateway", "payments", "risk", "ledger", "postgres", "redis", "telemetry", "prometheus"} <= measured


def test_what_is_asked_together_is_answered_as_it_is_alone(steady_lab: Lab) -> None:
    metrics, at = steady_lab.metrics, time() - SETTLED_S
    queries = [each.query for each in steady_state.probes(steady_lab.rps)]
    assert metrics.scalars(queries, at) == [metrics.scalar(each, at) for each in queries]
    assert metrics.query_ranges(queries, at, at + 2, 1) == [
        metrics.query_range(each, at, at + 2, 1) for each in queries
    ]


def test_nothing_was_lost_on_the_way(prometheus: httpx.Client) -> None:
    for name in ("dropped_items", "refused_metric_points", "bad_payloads"):
        data = get(prometheus, "/api/v1/query", query=f"sum(telemetry_{name}_total)")
        assert [series["value"][1] for series in data["result"]] == ["0"], name
