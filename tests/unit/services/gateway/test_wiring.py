from __future__ import annotations

from pathlib import Path

import pytest

from services.common import lifecycle
from services.common.settings import SettingError, Settings
from services.gateway import wiring


def test_settings_reach_the_parts() -> None:
    env = {"PAYMENTS_URL": "http://payments:8080", "CHECKOUT_DEADLINE_MS": "500"}
    forward = wiring.connect(Settings(env))
    lifecycle.shutdown()
    assert (forward.write_deadline, forward.read_deadline) == (0.5, 0.8)
    assert forward.payments.name == "payments"


def test_payments_has_to_be_named() -> None:
    with pytest.raises(SettingError, match="PAYMENTS_URL"):
        wiring.connect(Settings({}))


def test_clients_are_told_how_long_it_took_when_the_flag_says_so(tmp_path: Path) -> None:
    told = wiring.timing_told(Settings({"FLAGS_FILE": str(tmp_path / "flags.json")}))
    assert told() is False
    on = '{"flags": {"server-timing": {"state": "ENABLED", "variants": {"on": true}, "defaultVariant": "on"}}}'
    (tmp_path / "flags.json").write_text(on)
    assert told() is True
