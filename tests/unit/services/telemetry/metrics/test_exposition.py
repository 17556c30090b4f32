from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from services.telemetry.app import Telemetry
from tests.support.exposition import read
from tests.support.otlp import counter, exemplar, gauge, histogram, metrics, number, observed

PROMETHEUS_2_53 = (
    "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
    "text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
)


@pytest.fixture(autouse=True)
def some_points(telemetry: Telemetry) -> None:
    telemetry.registry.accept(
        metrics(
            histogram("wait", observed([1, 0, 2], exemplars=[exemplar(0.05), exemplar(3.0)])),
            counter("hits", number(3)),
            gauge("odd", number(float("nan"), {"text": 'a "b"\n\\c'})),
        )
    )


def test_prometheus_is_given_openmetrics_with_exemplars(client: FlaskClient) -> None:
    answer = client.get("/metrics", headers={"Accept": PROMETHEUS_2_53})
    assert answer.content_type == "application/openmetrics-text; version=1.0.0; charset=utf-8"
    page = read(answer.text, openmetrics=True)
    assert set(page.exemplars("wait_seconds_bucket")) == {"0.1", "+Inf"}
    assert page.types["hits"] == "counter"
    assert page.units["wait_seconds"] == "seconds"


@pytest.mark.parametrize("accept", ["", "*/*", "text/plain", "text/html"])
def test_everybody_else_is_given_plain_text(client: FlaskClient, accept: str) -> None:
    answer = client.get("/metrics", headers={"Accept": accept})
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    page = read(answer.text, openmetrics=False)
    assert page.value("hits_total") == 3
    assert page.types["hits_total"] == "counter"
    assert [sample.labels["text"] for sample in page.samples if sample.name == "odd"] == ['a "b"\n\\c']


def test_telemetrys_own_health_is_on_the_page(client: FlaskClient) -> None:
    page = read(client.get("/metrics").text, openmetrics=False)
    assert page.value("telemetry_series", job="telemetry", instance="here") == 3
    assert page.value("telemetry_instances") == 1
    assert page.values("telemetry_store_size_bytes") != []
