from __future__ import annotations

import pytest

from services.common import lifecycle
from services.common.settings import SettingError, Settings
from services.payments import wiring

ENV = {
    "DATABASE_URL": "postgresql://payments@127.0.0.1:1/payments",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "RISK_URL": "http://risk:8080",
    "ACQUIRER_URL": "http://acquirer:8080",
    "DB_POOL_TIMEOUT_MS": "20",
}


def test_everything_opens_without_its_peers_and_closes_again() -> None:
    parts = wiring.connect(Settings(ENV))
    lifecycle.shutdown()
    assert set(parts.checks) == {"postgres"}


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL", "RISK_URL", "ACQUIRER_URL"])
def test_the_others_have_to_be_named(name: str) -> None:
    env = {key: value for key, value in ENV.items() if key != name}
    with pytest.raises(SettingError, match=name):
        wiring.connect(Settings(env))
    lifecycle.shutdown()


def test_clients_follow_their_settings() -> None:
    risk = wiring.risk_client(Settings({"RISK_URL": "http://risk:8080", "RISK_ATTEMPTS": "5"}))
    acquirer = wiring.acquirer_client(Settings({"ACQUIRER_URL": "http://acquirer:8080"}))
    assert (risk.name, acquirer.name) == ("risk", "acquirer")
    with pytest.raises(SettingError, match="RISK_ATTEMPTS"):
        wiring.risk_client(Settings({"RISK_URL": "http://risk:8080", "RISK_ATTEMPTS": "0"}))
    risk.close()
    acquirer.close()
