from __future__ import annotations

import pytest

from labctl.base import paths
from labctl.state import settings
from services.common import lifecycle
from services.common.settings import SettingError, Settings
from services.payments import wiring
from services.payments.figures import Patience

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
    assert parts.patience.attempts > 1


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL", "RISK_URL", "ACQUIRER_URL"])
def test_the_others_have_to_be_named(name: str) -> None:
    env = {key: value for key, value in ENV.items() if key != name}
    with pytest.raises(SettingError, match=name):
        wiring.connect(Settings(env))
    lifecycle.shutdown()


def patience(**settings: str) -> Patience:
    parts = wiring.connect(Settings({**ENV, **settings}))
    lifecycle.shutdown()
    return parts.patience


def test_the_patience_follows_its_settings_and_is_none_without_an_attempt() -> None:
    told = {"FIGURES_TIMEOUT_MS": "80", "FIGURES_ATTEMPTS": "3", "FIGURES_PAUSE_MS": "100"}
    assert patience(**told) == Patience(seconds=0.08, attempts=3, pause=0.1)
    with pytest.raises(SettingError, match="FIGURES_ATTEMPTS"):
        patience(FIGURES_ATTEMPTS="0")
    lifecycle.shutdown()


def test_what_is_shipped_is_what_it_is_without_settings() -> None:
    shipped = settings.parse((paths.bundle_root() / "compose/config/payments.env").read_text())
    told = {key: value for key, value in shipped.items() if key.startswith("FIGURES_")}
    assert len(told) == 3
    assert patience(**told) == patience()


def test_clients_follow_their_settings() -> None:
    risk = wiring.risk_client(Settings({"RISK_URL": "http://risk:8080", "RISK_ATTEMPTS": "5"}))
    acquirer = wiring.acquirer_client(Settings({"ACQUIRER_URL": "http://acquirer:8080"}))
    assert (risk.name, acquirer.name) == ("risk", "acquirer")
    with pytest.raises(SettingError, match="RISK_ATTEMPTS"):
        wiring.risk_client(Settings({"RISK_URL": "http://risk:8080", "RISK_ATTEMPTS": "0"}))
    risk.close()
    acquirer.close()
