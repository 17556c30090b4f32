from __future__ import annotations

import re

from labctl.state.credentials import VARIABLES, complete


def test_each_variable_gets_a_password_of_its_own_that_a_url_can_carry() -> None:
    made = complete({})
    assert set(made) == set(VARIABLES)
    assert len(set(made.values())) == len(VARIABLES)
    assert all(re.fullmatch(r"[0-9a-f]{32}", password) for password in made.values())


def test_two_labs_share_none() -> None:
    assert not set(complete({}).values()) & set(complete({}).values())


def test_known_passwords_are_kept_and_other_settings_dropped() -> None:
    known = {"REDIS_PASSWORD": "kept", "RISK_DB_PASSWORD": "", "GATEWAY_PORT": "1"}
    made = complete(known)
    assert made["REDIS_PASSWORD"] == "kept"
    assert made["RISK_DB_PASSWORD"]
    assert "GATEWAY_PORT" not in made
