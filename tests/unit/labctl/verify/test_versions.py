from __future__ import annotations

from typing import cast

import pytest

from labctl.base.errors import LookupFailedError
from labctl.lookups.prometheus import PrometheusClient
from labctl.model.samples import Sample
from labctl.verify import versions
from tests.support.fake_metrics import FakeMetrics


def test_each_service_has_its_version_in_the_order_of_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    metrics = FakeMetrics({})
    found = [Sample({"job": job, "service_version": "1.4.2"}, 1.0, 0.0) for job in ("risk", "gateway")]
    monkeypatch.setattr(metrics, "query", lambda promql: found if promql == versions.QUERY else [])
    assert list(versions.running(cast("PrometheusClient", metrics)).items()) == [
        ("gateway", "1.4.2"),
        ("risk", "1.4.2"),
    ]


def test_a_telemetry_that_does_not_answer_tells_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(promql: str) -> list[Sample]:
        raise LookupFailedError(f"no answer to {promql}")

    metrics = FakeMetrics({})
    monkeypatch.setattr(metrics, "query", refuse)
    assert versions.running(cast("PrometheusClient", metrics)) == {}
