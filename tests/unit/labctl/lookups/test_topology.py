from __future__ import annotations

from collections.abc import Callable

import pytest

from labctl.lookups.prometheus import PrometheusClient
from labctl.lookups.topology import ARCHITECTURE, Edge, edges
from labctl.lookups.traces import Dependency
from labctl.model.samples import Sample


class Metrics(PrometheusClient):
    """Answers each query by its text."""

    def __init__(self, answer: Callable[[str], list[Sample]]) -> None:
        self._answer = answer
        self.asked: list[str] = []

    def query(self, promql: str, at: float | None = None) -> list[Sample]:
        self.asked.append(promql)
        return self._answer(promql)


def sample(value: float, **labels: str) -> list[Sample]:
    return [Sample(labels, value, 0.0)]


def nothing(promql: str) -> list[Sample]:
    return []


def find(found: list[Edge], caller: str, callee: str) -> Edge:
    return next(edge for edge in found if (edge.caller, edge.callee) == (caller, callee))


def test_without_telemetry_the_architecture_is_still_there() -> None:
    found = edges(Metrics(nothing), [], 60)

    assert [(edge.caller, edge.callee) for edge in found] == list(ARCHITECTURE)
    assert all((edge.rate, edge.error_ratio, edge.p95_s, edge.traced_calls) == (None, None, None, 0) for edge in found)


def test_a_connection_has_the_caller_s_rate_errors_and_p95() -> None:
    def answer(promql: str) -> list[Sample]:
        if "http_client_request" not in promql:
            return []
        value = 0.18 if "quantile" in promql else 19.0 if "response_status" in promql else 20.0
        return sample(value, job="payments", server_address="risk:8080")

    edge = find(edges(Metrics(answer), [Dependency("payments", "risk", 7)], 60), "payments", "risk")

    assert (edge.rate, edge.p95_s, edge.traced_calls) == (20.0, 0.18, 7)
    assert edge.error_ratio == pytest.approx(0.05)


def test_the_window_is_in_every_question() -> None:
    metrics = Metrics(nothing)

    edges(metrics, [], 90)

    assert metrics.asked
    assert all("[90s]" in query for query in metrics.asked)


def test_clients_and_datastores_are_ends_by_their_metric() -> None:
    def answer(promql: str) -> list[Sample]:
        if "client_request_duration_seconds" in promql and "http_client" not in promql:
            return sample(2.0, job="clients")
        if "db_client" in promql:
            return sample(3.0, job="ledger")
        return sample(4.0, job="risk") if "cache_requests" in promql else []

    found = edges(Metrics(answer), [], 60)

    assert find(found, "clients", "gateway").rate == 2.0
    assert find(found, "ledger", "postgres").rate == 3.0
    assert find(found, "risk", "redis").rate == 4.0
    assert find(found, "risk", "redis").error_ratio is None


def test_what_is_seen_but_not_designed_is_there_too() -> None:
    found = edges(Metrics(nothing), [Dependency("jobs", "gateway", 1)], 60)

    assert find(found, "jobs", "gateway").via == "seen"


@pytest.mark.parametrize(("rate", "good", "ratio"), [(0.0, 0.0, None), (10.0, 10.1, 0.0), (10.0, 0.0, 1.0)])
def test_the_share_of_failures_is_one_of_calls(rate: float, good: float, ratio: float | None) -> None:
    def answer(promql: str) -> list[Sample]:
        if "http_client" not in promql or "quantile" in promql:
            return sample(float("nan"), job="gateway", server_address="payments")
        value = good if "response_status" in promql else rate
        return sample(value, job="gateway", server_address="payments")

    edge = find(edges(Metrics(answer), [], 60), "gateway", "payments")

    assert edge.error_ratio == ratio
    assert edge.p95_s is None
