"""The queries as Grafana's data source sends them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import time_ns
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from services.telemetry.app import Telemetry, create_app
from services.telemetry.deadline import Deadline
from services.telemetry.settings import Settings
from tests.support.otlp import SPAN, TRACE, logs, record

SECOND = 10**9
API = "/loki/api/v1"
CATEGORIZE = {"X-Loki-Response-Encoding-Flags": "categorize-labels"}
VOLUME = 'sum by (level, detected_level) (count_over_time({service_name="payments"} |= "a" | drop __error__[1m]))'


@pytest.fixture
def loki(filled: Callable[..., FlaskClient]) -> FlaskClient:
    now = time_ns()
    tags = {"payment.id": "p1"}
    return filled(
        logs(
            *(record(f"captured {n}", time=now - n * SECOND) for n in range(5)),
            record("declined", time=now - 9 * SECOND, severity=17, trace_id=TRACE, span_id=SPAN, tags=tags),
        )
    )


def ask(client: FlaskClient, path: str, query: str, **args: Any) -> Any:
    headers = args.pop("headers", None)
    answer = client.get(f"{API}/{path}", query_string={"query": query, **args}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.get_json()["data"]


def test_the_newest_lines_come_first(loki: FlaskClient) -> None:
    data = ask(loki, "query_range", '{service_name="payments"} |= "captured"', limit=2)
    (stream,) = data["result"]
    assert [line for _, line in stream["values"]] == ["captured 0", "captured 1"]
    oldest = ask(loki, "query_range", '{service_name="payments"}', limit=1, direction="forward")
    assert oldest["result"][0]["values"][0][1] == "declined"


def test_structured_metadata_stands_apart_when_grafana_asks(loki: FlaskClient) -> None:
    data = ask(loki, "query_range", '{level="error"}', headers=CATEGORIZE)
    (value,) = data["result"][0]["values"]
    assert value[2]["structuredMetadata"]["trace_id"] == TRACE.hex()
    assert "trace_id" not in data["result"][0]["stream"]
    assert ask(loki, "query_range", '{level="error"}')["result"][0]["stream"]["payment_id"] == "p1"


def test_the_lines_of_a_trace(loki: FlaskClient) -> None:
    data = ask(loki, "query_range", f'{{service_name=~".+"}} | trace_id="{TRACE.hex()}"')
    assert data["result"][0]["values"][0][1] == "declined"


def test_a_window_in_the_past_is_empty(loki: FlaskClient) -> None:
    assert ask(loki, "query_range", '{service_name="payments"}', start="100", end="200")["result"] == []


def test_log_volume(loki: FlaskClient) -> None:
    data = ask(loki, "query_range", VOLUME, step="60")
    assert data["resultType"] == "matrix"
    assert {series["metric"]["level"] for series in data["result"]} == {"info"}
    assert sum(float(value) for series in data["result"] for _, value in series["values"]) == 5


def test_instant_queries(loki: FlaskClient) -> None:
    data = ask(loki, "query", 'sum by (level) (count_over_time({service_name="payments"}[1m]))')
    assert {series["metric"]["level"]: series["value"][1] for series in data["result"]} == {"info": "5", "error": "1"}


def test_grafanas_health_check(loki: FlaskClient) -> None:
    data = ask(loki, "query", "vector(1)+vector(1)", time="4000000000")
    assert data["resultType"] == "vector"
    assert data["result"] == [{"metric": {}, "value": [4e9, "2"]}]


def test_queries_may_be_posted(loki: FlaskClient) -> None:
    answer = loki.post(f"{API}/query_range", data={"query": '{service_name="payments"}', "limit": "1"})
    assert len(answer.get_json()["data"]["result"]) == 1


def test_buildinfo(loki: FlaskClient) -> None:
    assert loki.get(f"{API}/status/buildinfo").get_json()["version"]


@pytest.mark.parametrize(
    ("path", "args", "words"),
    [
        ("query_range", {}, "parse error at line 1, col 1: syntax error: unexpected $end"),
        ("query_range", {"query": '{a="b"'}, "parse error at line 1, col 7"),
        ("query_range", {"query": '{a=~"("}'}, "error parsing regexp"),
        ("query_range", {"query": '{a="b"}', "limit": "0"}, "'limit'"),
        ("query_range", {"query": '{a="b"}', "start": "x"}, "'start'"),
        ("query_range", {"query": '{a="b"}', "direction": "up"}, "direction"),
        ("query_range", {"query": 'rate({a="b"}[1m])', "step": "0"}, "step"),
        ("query", {"query": '{a="b"}'}, "not supported as an instant query"),
        ("query", {"query": "vector(1)", "time": "x"}, "'time'"),
    ],
)
def test_errors_are_plain_text(loki: FlaskClient, path: str, args: dict[str, str], words: str) -> None:
    answer = loki.get(f"{API}/{path}", query_string=args)
    assert answer.status_code == 400
    assert answer.content_type == "text/plain; charset=utf-8"
    assert words in answer.text


def test_a_slow_query_is_given_up(loki: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.telemetry.store.reader.Deadline", lambda _: Deadline(-1))
    answer = loki.get(f"{API}/query_range", query_string={"query": '{service_name="payments"}'})
    assert answer.status_code == 504
    assert "narrow its time range" in answer.text


ARGS = st.dictionaries(st.sampled_from(["start", "end", "step", "limit", "since", "time", "direction"]), st.text())
QUERIES = st.sampled_from(['{a="b"}', 'rate({service_name="payments"}[1m])', "vector(1)", "{"]) | st.text()


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(args=ARGS, query=QUERIES, path=st.sampled_from(["query", "query_range", "labels", "series", "index/stats"]))
def test_whatever_is_asked_it_never_fails(loki: FlaskClient, args: dict[str, str], query: str, path: str) -> None:
    answer = loki.post(f"{API}/{path}", data={"query": query, **args})
    assert answer.status_code in (200, 400, 405)


def test_too_many_heavy_questions_at_once_are_told_when_to_come_back(settings: Settings) -> None:
    app = create_app(replace(settings, heavy_queries=1, heavy_waiting=0))
    telemetry: Telemetry = app.extensions["telemetry"]
    client = app.test_client()
    with telemetry.gate.passed():
        answer = client.get("/loki/api/v1/query_range?query=%7Bservice_name%3D%22payments%22%7D")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert "too many heavy queries" in answer.text
    assert client.get("/loki/api/v1/query_range?query=%7Bservice_name%3D%22payments%22%7D").status_code == 200
    telemetry.close()
