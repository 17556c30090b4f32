from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.support.otlp import logs, record

API = "/loki/api/v1"


@pytest.fixture
def loki(filled: Callable[..., FlaskClient]) -> FlaskClient:
    return filled(logs(record("12345"), record("1", severity=17)), logs(record("123"), service="risk", instance="two"))


def data(client: FlaskClient, path: str, **args: str) -> Any:
    answer = client.get(f"{API}/{path}", query_string={name.replace("__", "[]"): value for name, value in args.items()})
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def test_labels_and_their_values(loki: FlaskClient) -> None:
    assert data(loki, "labels")["data"] == ["detected_level", "instance", "level", "service_name"]
    assert data(loki, "label/service_name/values")["data"] == ["payments", "risk"]
    assert data(loki, "label/level/values", query='{service_name="risk"}')["data"] == ["info"]
    assert data(loki, "label/missing/values")["data"] == []
    assert data(loki, "labels", start="1", end="2")["data"] == []


def test_series(loki: FlaskClient) -> None:
    labels = {"service_name": "risk", "level": "info", "detected_level": "info", "instance": "two"}
    assert data(loki, "series", match__='{service_name="risk"}') == {"status": "success", "data": [labels]}
    assert len(data(loki, "series")["data"]) == 3
    assert len(loki.post(f"{API}/series", data={"match[]": ["{}", '{level="error"}']}).get_json()["data"]) == 3


def test_stats(loki: FlaskClient) -> None:
    query = '{service_name="payments"}'
    assert data(loki, "index/stats", query=query) == {"streams": 2, "chunks": 2, "entries": 2, "bytes": 6}
    assert data(loki, "index/stats", query='{service_name="nobody"}')["entries"] == 0


def test_volume(loki: FlaskClient) -> None:
    found = data(loki, "index/volume", query="{}")["data"]
    assert found["resultType"] == "vector"
    assert [(one["metric"], one["value"][1]) for one in found["result"]] == [
        ({"service_name": "payments"}, "6"),
        ({"service_name": "risk"}, "3"),
    ]
    by_level = data(loki, "index/volume", query='{service_name=~".+"}', targetLabels="level", limit="1")["data"]
    assert [(one["metric"], one["value"][1]) for one in by_level["result"]] == [({"level": "info"}, "8")]


@pytest.mark.parametrize(
    ("path", "args"),
    [
        ("labels", {"start": "x"}),
        ("label/level/values", {"query": "{a=}"}),
        ("series", {"match[]": '{a="b"} |= "x"'}),
        ("index/stats", {}),
        ("index/volume", {"query": "rate"}),
        ("index/volume", {"query": "{}", "limit": "x"}),
    ],
)
def test_errors_are_plain_text(loki: FlaskClient, path: str, args: dict[str, str]) -> None:
    answer = loki.get(f"{API}/{path}", query_string=args)
    assert (answer.status_code, answer.content_type) == (400, "text/plain; charset=utf-8")
