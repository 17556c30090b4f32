from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
import requests

from services.common import lifecycle
from services.common.process import Identity
from services.common.settings import SettingError, Settings
from services.ledger import wiring

NOBODY = {
    "DATABASE_URL": "postgresql://ledger@127.0.0.1:9/payments?connect_timeout=1",
    "REDIS_URL": "redis://127.0.0.1:9/0",
    "DB_POOL_TIMEOUT_MS": "50",
}


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    lifecycle.shutdown()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_it_is_alive_without_its_database_and_redis_but_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "ANY_ADDRESS", "127.0.0.1")
    port = free_port()
    settings = Settings({**NOBODY, "PORT": str(port)})
    wiring.serve_health(Identity("ledger", "1.6.1"), wiring.connect(settings), settings)
    assert requests.get(f"http://127.0.0.1:{port}/healthz", timeout=5).status_code == 200
    answer = requests.get(f"http://127.0.0.1:{port}/readyz", timeout=5)
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"postgres": "PoolTimeoutError", "redis": "ConnectionError", "worker": "ok"}


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
def test_addresses_are_required(name: str) -> None:
    with pytest.raises(SettingError, match=name):
        wiring.connect(Settings({key: value for key, value in NOBODY.items() if key != name}))


@pytest.mark.parametrize(("name", "value"), [("BATCH", "0"), ("MAX_DELIVERIES", "0"), ("DB_POOL_MAX", "none")])
def test_a_setting_that_makes_no_sense_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name):
        wiring.connect(Settings({**NOBODY, name: value}))
