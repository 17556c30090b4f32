from __future__ import annotations

from services.common import instruments
from tests.support.observed import Observed


def test_bounds_rise() -> None:
    for bounds in (instruments.BOUNDS_S, instruments.FINE_BOUNDS_S):
        assert list(bounds) == sorted(set(bounds))


def test_gauges_follow_what_is_registered(observed: Observed) -> None:
    instruments.breaker_states["somewhere"] = lambda: 2
    instruments.pool_sizes["some-pool"] = lambda: (3, 2, 8)
    try:
        assert observed.value("circuit_breaker.state", server_address="somewhere") == 2
        assert observed.value("db.client.connection.count", pool_name="some-pool", state="idle") == 3
        assert observed.value("db.client.connection.count", pool_name="some-pool", state="used") == 2
        assert observed.value("db.client.connection.max", pool_name="some-pool") == 8
    finally:
        del instruments.breaker_states["somewhere"], instruments.pool_sizes["some-pool"]
