from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from services.telemetry.app import Telemetry, create_app
from services.telemetry.otlp.codec import TracesRequest
from services.telemetry.pipeline import Batch
from services.telemetry.settings import Settings
from tests.support.otlp import logs, record, span, traces

PROTOBUF = {"Content-Type": "application/x-protobuf"}


@pytest.mark.parametrize(
    ("path", "words"), [("/healthz", '"status":"ok"'), ("/readyz", '"status":"ready"'), ("/ready", "ready")]
)
def test_health(client: FlaskClient, path: str, words: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert words in answer.text


def test_not_ready_without_its_writer(filled: Callable[..., FlaskClient]) -> None:
    answer = filled().get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["detail"] == "the store's writer has ended"


@pytest.mark.parametrize("path", ["/readyz", "/api/services", "/loki/api/v1/labels"])
def test_a_store_that_cannot_be_read_is_no_crash(
    client: FlaskClient, settings: Settings, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    for file in settings.store_path.parent.iterdir():
        file.unlink()
    answer = client.get(path)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "1"
    assert "cannot be read" in caplog.text


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nothing", 404), ("PUT", "/metrics", 405)])
def test_other_errors_are_problem_documents(client: FlaskClient, method: str, path: str, status: int) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == answer.get_json()["status"] == status
    assert answer.content_type == "application/problem+json"


def test_what_comes_in_can_be_asked_for(app: Flask, client: FlaskClient, telemetry: Telemetry) -> None:
    client.post("/v1/traces", data=traces(span()).SerializeToString(), headers=PROTOBUF)
    client.post("/v1/logs", data=logs(record("hello")).SerializeToString(), headers=PROTOBUF)
    telemetry.writer.close()
    assert client.get("/api/services").get_json()["data"] == ["payments"]
    answer = client.get("/loki/api/v1/query_range", query_string={"query": '{service_name="payments"}'})
    assert answer.get_json()["data"]["result"][0]["values"][0][1] == "hello"


def only_errors(batch: Batch) -> Batch:
    kept = type(batch)()
    kept.CopyFrom(batch)
    if isinstance(kept, TracesRequest):
        for resource in kept.resource_spans:
            for scope in resource.scope_spans:
                good = [one for one in scope.spans if one.status.code != 2]
                for one in good:
                    scope.spans.remove(one)
    return kept


def test_every_batch_passes_the_stages_before_it_is_stored(settings: Settings) -> None:
    app = create_app(replace(settings), stages=[only_errors])
    client = app.test_client()
    batch = traces(span("good"), span("bad", span_id=b"12345678", error=True))
    client.post("/v1/traces", data=batch.SerializeToString(), headers=PROTOBUF)
    app.extensions["telemetry"].close()
    (found,) = client.get("/api/traces?service=payments").get_json()["data"]
    assert [one["operationName"] for one in found["spans"]] == ["bad"]


@pytest.mark.parametrize("path", ["/v1/traces", "/v1/logs", "/v1/metrics"])
def test_the_published_port_takes_no_telemetry(settings: Settings, path: str) -> None:
    app = create_app(replace(settings, query_port=3200))
    inside, published = ({"SERVER_PORT": port} for port in ("4318", "3200"))
    client = app.test_client()
    assert client.post(path, data=b"", headers=PROTOBUF, environ_overrides=inside).status_code == 200
    forged = {**PROTOBUF, "Host": "telemetry:4318", "X-Forwarded-Port": "4318"}
    assert client.post(path, data=b"", headers=forged, environ_overrides=published).status_code == 404
    assert client.get("/api/services", environ_overrides=published).status_code == 200
    app.extensions["telemetry"].close()


def test_how_much_is_kept_can_be_read_and_nothing_else_of_the_file(settings: Settings, tmp_path: Path) -> None:
    fog = tmp_path / "fog.json"
    fog.write_text('{"level": "thin", "levels": {"thin": {"one_trace_in": 10, "errors_only": ["risk"]}, "other": {}}}')
    app = create_app(replace(settings, fog_file=fog))
    try:
        assert app.test_client().get("/config").get_json() == {
            "level": "thin",
            "one_trace_in": 10,
            "errors_only": ["risk"],
        }
    finally:
        app.extensions["telemetry"].close()


def test_without_a_file_nothing_is_left_out(client: FlaskClient) -> None:
    assert client.get("/config").get_json() == {"level": "clear"}
