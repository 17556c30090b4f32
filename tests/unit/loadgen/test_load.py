from __future__ import annotations

import pytest
from opentelemetry.sdk.metrics import MeterProvider

from loadgen.client_metrics import client_metrics
from loadgen.load import Load, LoadSettings
from services.common.settings import SettingError


def load(seed: int) -> Load:
    return Load(LoadSettings(20, seed), client_metrics(MeterProvider(shutdown_on_exit=False)))


def test_defaults() -> None:
    assert LoadSettings.from_env({}) == LoadSettings(rps=20.0, seed=1)


def test_settings_are_read() -> None:
    env = {"TARGET_RPS": "2.5", "LOAD_SEED": "42", "RISK_URL": "http://risk", "LIVE_API_KEY": "live-1"}
    read = LoadSettings.from_env(env)
    assert read == LoadSettings(rps=2.5, seed=42, risk_url="http://risk", api_key="live-1")
    assert "live-1" not in repr(read)


@pytest.mark.parametrize(("name", "value"), [("TARGET_RPS", "0"), ("TARGET_RPS", "fast"), ("LOAD_SEED", "x")])
def test_settings_that_make_no_sense_are_refused(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name):
        LoadSettings.from_env({name: value})


def test_users_draw_differently_from_each_other_and_alike_between_loads() -> None:
    first, second = load(1), load(1)
    ours = [first.rng().random() for _ in range(5)]
    assert len(set(ours)) == 5
    assert [second.rng().random() for _ in range(5)] == ours
    assert [load(2).rng().random() for _ in range(5)] != ours


def test_the_drift_follows_the_seed() -> None:
    assert load(1).drift().factor(100) == load(1).drift().factor(100) != load(2).drift().factor(100)
