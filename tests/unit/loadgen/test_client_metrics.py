from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from loadgen import client_metrics
from loadgen.client_metrics import client_metrics as create
from loadgen.client_metrics import outcome, provider
from services.common.instruments import BOUNDS_S


@pytest.fixture
def reader() -> InMemoryMetricReader:
    return InMemoryMetricReader()


@pytest.fixture
def source(reader: InMemoryMetricReader) -> Iterator[MeterProvider]:
    source = MeterProvider([reader])
    yield source
    source.shutdown()


@pytest.mark.parametrize(
    ("status", "expected"),
    [(0, "error"), (200, "ok"), (201, "ok"), (404, "ok"), (409, "ok"), (499, "ok"), (500, "error"), (502, "error")],
)
def test_outcomes(status: int, expected: str) -> None:
    assert outcome(status) == expected


def test_a_request_is_measured_by_endpoint_outcome_and_status(
    source: MeterProvider, reader: InMemoryMetricReader
) -> None:
    metrics = create(source)
    metrics.record("checkout", 201, 0.12)
    metrics.record("checkout", 0, 10.0)
    data: Any = reader.get_metrics_data()
    (metric,) = data.resource_metrics[0].scope_metrics[0].metrics
    assert (metric.name, metric.unit) == ("client.request.duration", "s")
    points = {point.attributes["outcome"]: point for point in metric.data.data_points}
    assert dict(points["ok"].attributes) == {
        "endpoint": "checkout",
        "outcome": "ok",
        "http.response.status_code": 201,
    }
    assert dict(points["error"].attributes) == {"endpoint": "checkout", "outcome": "error"}
    assert tuple(points["ok"].explicit_bounds) == BOUNDS_S
    assert points["ok"].sum == pytest.approx(0.12)


@pytest.mark.parametrize(("endpoint", "exporters"), [("", 0), ("http://127.0.0.1:9", 1)])
def test_metrics_are_exported_when_there_is_an_endpoint(
    monkeypatch: pytest.MonkeyPatch, endpoint: str, exporters: int
) -> None:
    made: list[str] = []
    monkeypatch.setattr(
        client_metrics, "OTLPMetricExporter", lambda endpoint, **_: made.append(endpoint) or InMemoryMetricReader()
    )
    monkeypatch.setattr(client_metrics, "PeriodicExportingMetricReader", lambda reader, **_: reader)
    source = provider({"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint}, "1.0.0")
    create(source).record("checkout", 201, 0.1)
    source.shutdown()
    assert made == [f"{endpoint}/v1/metrics"] * exporters


def test_the_resource_says_who_we_are(monkeypatch: pytest.MonkeyPatch) -> None:
    resource = client_metrics._resource({"HOSTNAME": "h1", "SERVICE_VERSION": "1.2.3"}, "1.0.0")
    assert resource.attributes["service.name"] == "clients"
    assert resource.attributes["service.version"] == "1.2.3"
    assert resource.attributes["service.instance.id"] == "h1"
    assert client_metrics._resource({}, "1.0.0").attributes["service.version"] == "1.0.0"
