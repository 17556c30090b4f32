from __future__ import annotations

import math
from collections.abc import Mapping

import pytest

from labctl.base.errors import LookupFailedError
from labctl.lookups.prometheus import PrometheusClient
from labctl.model.promql import ASKED, together
from labctl.model.samples import Rule, Series
from tests.support.http_server import RecordedServer

# Answers of Prometheus 2.53.
VECTOR = {
    "status": "success",
    "data": {
        "resultType": "vector",
        "result": [
            {"metric": {"__name__": "up", "job": "risk"}, "value": [1760000000.123, "1"]},
            {"metric": {"__name__": "up", "job": "gateway"}, "value": [1760000000.123, "0"]},
        ],
    },
}
MATRIX = {
    "status": "success",
    "data": {
        "resultType": "matrix",
        "result": [{"metric": {"job": "risk"}, "values": [[1760000000, "0.5"], [1760000001, "NaN"]]}],
    },
}
ALERTS = {
    "status": "success",
    "data": {
        "alerts": [
            {
                "labels": {"alertname": "CheckoutLatencyHigh", "severity": "page"},
                "annotations": {"summary": "slow"},
                "state": "pending",
                "activeAt": "2025-10-09T08:53:22.987654321Z",
                "value": "1e+00",
            },
            {
                "labels": {"alertname": "CheckoutErrorRatioHigh", "severity": "page"},
                "annotations": {"summary": "failing"},
                "state": "firing",
                "activeAt": "2025-10-09T08:53:20Z",
                "value": "3e-02",
            },
        ]
    },
}
RULES = {
    "status": "success",
    "data": {
        "groups": [
            {
                "name": "clients",
                "file": "/etc/prometheus/alerts.yml",
                "interval": 1,
                "rules": [
                    {
                        "state": "inactive",
                        "name": "CheckoutLatencyHigh",
                        "query": "histogram_quantile(0.99, x) > 0.5",
                        "duration": 2,
                        "keepFiringFor": 0,
                        "labels": {"service": "gateway", "severity": "page"},
                        "annotations": {"summary": "slow"},
                        "alerts": [],
                        "health": "ok",
                        "type": "alerting",
                    }
                ],
            },
            {
                "name": "ledger",
                "rules": [{"name": "BalancesLate", "query": "lag > 20", "duration": 10, "labels": {}}],
            },
        ]
    },
}


def vector(*values: str) -> dict[str, object]:
    result = [{"metric": {"n": str(n)}, "value": [1.0, value]} for n, value in enumerate(values)]
    return {"status": "success", "data": {"resultType": "vector", "result": result}}


def test_query_returns_labels_value_and_time(server: RecordedServer) -> None:
    server.reply("/api/v1/query", VECTOR)

    first, second = PrometheusClient(server.url).query("up", at=1760000000.1234)

    assert (first.labels["job"], first.value, first.at) == ("risk", 1.0, 1760000000.123)
    assert second.labels["job"] == "gateway"
    assert server.requests[0].params == {"query": "up", "time": "1760000000.123"}


def test_query_without_a_time_leaves_it_to_the_server(server: RecordedServer) -> None:
    server.reply("/api/v1/query", VECTOR)

    PrometheusClient(server.url).query("up")

    assert "time" not in server.requests[0].params


def test_a_scalar_answer_has_no_labels(server: RecordedServer) -> None:
    server.reply("/api/v1/query", {"status": "success", "data": {"resultType": "scalar", "result": [5, "2.5"]}})

    (sample,) = PrometheusClient(server.url).query("scalar(x)")

    assert (sample.labels, sample.value, sample.at) == ({}, 2.5, 5.0)


@pytest.mark.parametrize("kind", ["matrix", "string"])
def test_an_answer_without_one_value_per_series_says_what_to_do(server: RecordedServer, kind: str) -> None:
    server.reply("/api/v1/query", {"status": "success", "data": {"resultType": kind, "result": []}})

    with pytest.raises(LookupFailedError, match="yields a") as caught:
        PrometheusClient(server.url).query("up[5m]")

    assert "rate(" in caught.value.todo


def test_range_returns_every_point(server: RecordedServer) -> None:
    server.reply("/api/v1/query_range", MATRIX)

    (series,) = PrometheusClient(server.url).query_range("x", 1760000000, 1760000001, 1)

    assert series.labels == {"job": "risk"}
    assert series.points[0] == (1760000000.0, 0.5)
    assert math.isnan(series.points[1][1])
    assert server.requests[0].params["step"] == "1.000"


@pytest.mark.parametrize(
    ("values", "expected"), [((), None), (("NaN",), None), (("0.25",), 0.25), (("+Inf",), math.inf)]
)
def test_scalar_is_one_number_or_none(server: RecordedServer, values: tuple[str, ...], expected: float | None) -> None:
    server.reply("/api/v1/query", vector(*values))

    assert PrometheusClient(server.url).scalar("x") == expected


def test_scalar_of_several_series_is_an_error(server: RecordedServer) -> None:
    server.reply("/api/v1/query", vector("1", "2"))

    with pytest.raises(LookupFailedError, match="2 series"):
        PrometheusClient(server.url).scalar("x")


def answered(kind: str, *series: Mapping[str, object]) -> dict[str, object]:
    return {"status": "success", "data": {"resultType": kind, "result": list(series)}}


def test_numbers_that_are_asked_for_together_come_in_one_answer_each_at_its_place(server: RecordedServer) -> None:
    second = {"metric": {ASKED: "1"}, "value": [1.0, "0.25"]}
    third = {"metric": {ASKED: "2"}, "value": [1.0, "NaN"]}
    server.reply("/api/v1/query", answered("vector", third, second))
    assert PrometheusClient(server.url).scalars(["a", "b", "c"], at=5.0) == [None, 0.25, None]
    (request,) = server.requests
    assert request.params == {"query": together(["a", "b", "c"]), "time": "5.000"}


def test_numbers_of_which_one_is_several_are_an_error_that_names_it(server: RecordedServer) -> None:
    twice = [{"metric": {ASKED: "1", "job": job}, "value": [1.0, "1"]} for job in ("risk", "gateway")]
    server.reply("/api/v1/query", answered("vector", *twice))
    with pytest.raises(LookupFailedError, match=r"2 series: b$"):
        PrometheusClient(server.url).scalars(["a", "b"])


def test_curves_that_are_asked_for_together_have_the_labels_that_they_have_alone(server: RecordedServer) -> None:
    of_second = {"metric": {ASKED: "1", "job": "risk"}, "values": [[1.0, "7"]]}
    server.reply("/api/v1/query_range", answered("matrix", of_second))
    found = PrometheusClient(server.url).query_ranges(["a", "b"], 1.0, 2.0, 1.0)
    assert found == [[], [Series({"job": "risk"}, ((1.0, 7.0),))]]
    (request,) = server.requests
    assert request.params["query"] == together(["a", "b"])


def test_of_no_query_nothing_is_asked(server: RecordedServer) -> None:
    client = PrometheusClient(server.url)
    assert (client.scalars([]), client.query_ranges([], 1.0, 2.0, 1.0)) == ([], [])
    assert server.requests == []


def test_alerts_come_oldest_first_with_their_time(server: RecordedServer) -> None:
    server.reply("/api/v1/alerts", ALERTS)

    first, second = PrometheusClient(server.url).alerts()

    assert (first.name, first.state, first.active_at) == ("CheckoutErrorRatioHigh", "firing", 1760000000.0)
    assert second.annotations == {"summary": "slow"}
    assert second.active_at == pytest.approx(1760000002.987654, abs=1e-5)


def test_rules_come_in_their_files_order(server: RecordedServer) -> None:
    server.reply("/api/v1/rules", RULES)

    assert PrometheusClient(server.url).rules() == [
        Rule(
            "CheckoutLatencyHigh",
            "histogram_quantile(0.99, x) > 0.5",
            2.0,
            {"service": "gateway", "severity": "page"},
        ),
        Rule("BalancesLate", "lag > 20", 10.0, {}),
    ]
    assert server.requests[0].params == {"type": "alert"}


def test_recorded_series_and_their_queries(server: RecordedServer) -> None:
    rules = [{"name": "a:b", "query": "sum(b)", "type": "recording"}]
    server.reply("/api/v1/rules", {"status": "success", "data": {"groups": [{"name": "g", "rules": rules}]}})

    assert PrometheusClient(server.url).recordings() == {"a:b": "sum(b)"}
    assert server.requests[0].params == {"type": "record"}


def test_a_prometheus_without_rules_has_none(server: RecordedServer) -> None:
    server.reply("/api/v1/rules", {"status": "success", "data": {"groups": []}})

    assert PrometheusClient(server.url).rules() == []


def test_a_broken_query_shows_prometheus_s_own_message(server: RecordedServer) -> None:
    message = 'invalid parameter "query": 1:5: parse error: unclosed left parenthesis'
    server.reply("/api/v1/query", {"status": "error", "errorType": "bad_data", "error": message}, status=400)

    with pytest.raises(LookupFailedError) as caught:
        PrometheusClient(server.url).query("sum(")

    assert message in caught.value.what


def test_an_answer_of_something_else_is_not_a_success(server: RecordedServer) -> None:
    server.reply("/api/v1/query", {"hello": "world"})

    with pytest.raises(LookupFailedError, match="unexpected answer"):
        PrometheusClient(server.url).query("up")
