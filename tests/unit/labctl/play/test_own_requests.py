from __future__ import annotations

import pytest

from labctl.model.measurement import Window
from labctl.play.own_requests import counted, share
from tests.support.fake_metrics import FakeMetrics, steady

WINDOW = Window(100, 160)
OWN = counted('http_server_synthetic_requests_total{service="gateway"}', 60)
CLIENTS = counted("client_request_duration_seconds_count", 60)


@pytest.mark.parametrize(
    ("own", "clients", "expected"), [(None, 1200, 0), (0, 1200, 0), (300, 900, 0.25), (5, None, 1), (None, None, 0)]
)
def test_the_share_of_all_requests(own: float | None, clients: float | None, expected: float) -> None:
    known = {OWN: own, CLIENTS: clients}
    metrics = FakeMetrics({query: steady(value) for query, value in known.items() if value is not None})
    assert share(metrics, WINDOW) == expected
