"""What Logs Drilldown asks for on its way: services, a service's labels, fields, patterns, one field's values."""

from __future__ import annotations

from collections.abc import Callable
from time import time_ns
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.support.otlp import logs, record

API = "/loki/api/v1"
SECOND = 10**9
PAYMENTS = '{service_name="payments"}'


@pytest.fixture
def loki(filled: Callable[..., FlaskClient]) -> FlaskClient:
    now = time_ns()
    paid = [
        record(f"paid {n}", time=now - n * SECOND, tags={"duration_ms": 10.5 + n, "status": 201, "route": "/checkouts"})
        for n in range(4)
    ]
    return filled(logs(*paid, record("no answer", time=now - SECOND, severity=17)), logs(record("123"), service="risk"))


def got(client: FlaskClient, path: str, query: str = PAYMENTS, **args: Any) -> Any:
    answer = client.get(f"{API}/{path}", query_string={"query": query, **args})
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def test_what_may_be_asked_is_told(loki: FlaskClient) -> None:
    told = loki.get(f"{API}/drilldown-limits").get_json()
    assert told["pattern_ingester_enabled"] is True
    assert told["limits"]["volume_enabled"] is True
    assert told["limits"]["log_level_fields"] == ["level"]
    assert told["version"] == loki.get(f"{API}/status/buildinfo").get_json()["version"]


def test_services_by_their_volume(loki: FlaskClient) -> None:
    found = got(loki, "index/volume", "{service_name=~`.+`}", limit=5000)["data"]["result"]
    assert [each["metric"] for each in found] == [{"service_name": "payments"}, {"service_name": "risk"}]
    levels = got(loki, "index/volume", '{level=~".+"}')["data"]["result"]
    assert {each["metric"]["level"] for each in levels} == {"info", "error"}


def test_volumes_over_time(loki: FlaskClient) -> None:
    data = got(loki, "index/volume_range", "{service_name=~`.+`}", step="60s", targetLabels="service_name")["data"]
    assert data["resultType"] == "matrix"
    sums = {each["metric"]["service_name"]: sum(float(value) for _, value in each["values"]) for each in data["result"]}
    assert sums == {"payments": 4 * len("paid 1") + len("no answer"), "risk": 3}


def test_labels_with_how_many_values_they_have(loki: FlaskClient) -> None:
    found = {each["label"]: each["cardinality"] for each in got(loki, "detected_labels", "")["detectedLabels"]}
    assert found == {"detected_level": 2, "level": 2, "service_name": 2, "instance": 1}


def test_fields_with_their_types(loki: FlaskClient) -> None:
    found = {each["label"]: each for each in got(loki, "detected_fields")["fields"]}
    assert {*found} >= {"detected_level", "duration_ms", "status", "route"}
    assert (found["duration_ms"]["type"], found["duration_ms"]["cardinality"]) == ("float", 4)
    assert found["status"]["type"] == "int"
    assert {each["parsers"] for each in found.values()} == {None}
    assert len(got(loki, "detected_fields", limit=2)["fields"]) == 2


def test_the_values_of_a_field(loki: FlaskClient) -> None:
    assert got(loki, "detected_field/route/values")["values"] == ["/checkouts"]
    assert got(loki, "detected_field/detected_level/values")["values"] == ["error", "info"]
    assert got(loki, "detected_field/missing/values")["values"] == []


def test_patterns_over_time(loki: FlaskClient) -> None:
    found = {each["pattern"]: each for each in got(loki, "patterns", step="60s")["data"]}
    assert sum(count for _, count in found["paid <_>"]["samples"]) == 4
    assert found["no answer"]["level"] == "error"


@pytest.mark.parametrize(
    "query",
    [
        f'avg_over_time({PAYMENTS} | duration_ms!="" | unwrap duration_ms | __error__="" [1m]) by ()',
        f"sum by (status) (count_over_time({PAYMENTS} [1m]))",
        f'sum(count_over_time({PAYMENTS} | detected_level != "" [1m])) by (detected_level)',
        f"sum(count_over_time({PAYMENTS} |> `paid <_>` [1m])) by (route)",
        f'sum(count_over_time({PAYMENTS} | json | logfmt | drop __error__ | status!="" [1m])) by (status)',
    ],
)
def test_what_its_panels_ask_for(loki: FlaskClient, query: str) -> None:
    data = got(loki, "query", query)["data"]
    assert data["resultType"] == "vector"
    assert sum(float(each["value"][1]) for each in data["result"]) >= 4


def test_a_metric_has_no_fields(loki: FlaskClient) -> None:
    answer = loki.get(f"{API}/detected_fields", query_string={"query": f"rate({PAYMENTS}[1m])"})
    assert (answer.status_code, "not for a metric" in answer.text) == (400, True)


def test_what_is_not_served_says_so(loki: FlaskClient) -> None:
    answer = loki.get(f"{API}/rules")
    assert answer.status_code == 404
    assert "/loki/api/v1/rules: this part of Loki's API is not served here" in answer.text
