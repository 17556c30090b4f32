from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.common import lifecycle
from services.common.settings import SettingError, Settings
from services.risk import wiring

NOBODY = {
    "DATABASE_URL": "postgresql://risk@127.0.0.1:9/payments?connect_timeout=1",
    "REDIS_URL": "redis://127.0.0.1:9/0",
    "DB_POOL_TIMEOUT_MS": "50",
    "SIGNALS_URL": "http://acquirer:8080",
}


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    lifecycle.shutdown()


def test_it_starts_before_its_database_and_cache_and_says_that_it_is_not_ready() -> None:
    parts = wiring.connect(Settings(NOBODY))
    assert set(parts.checks) == {"postgres", "warm-start"}
    for check in parts.checks.values():
        with pytest.raises(Exception, match=r"came free|not loaded"):
            check()
    assert parts.merchant_country(1) is None


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL", "SIGNALS_URL"])
def test_addresses_are_required(name: str) -> None:
    with pytest.raises(SettingError, match=name):
        wiring.connect(Settings({key: value for key, value in NOBODY.items() if key != name}))


@pytest.mark.parametrize(
    ("name", "value"),
    [("FEATURE_CACHE_TTL_SECONDS", "0"), ("DB_POOL_MAX", "0"), ("FEATURE_QUERY_TIMEOUT_MS", "soon")],
)
def test_a_setting_that_makes_no_sense_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name):
        wiring.connect(Settings({**NOBODY, name: value}))
