from __future__ import annotations

from pathlib import Path

import pytest

from services.common.settings import SettingError
from services.telemetry.settings import Settings


def test_an_empty_environment_has_defaults() -> None:
    settings = Settings.from_env({"FORWARD_OTLP_ENDPOINT": "", "RETENTION_SECONDS": ""})
    assert settings.retention_seconds == 3600
    assert settings.store_max_bytes == 300_000_000
    assert settings.forward_endpoint == ""
    assert settings.forward_headers == {}
    assert settings.service_version == Path("services/telemetry/VERSION").read_text().strip()


def test_everything_can_be_set() -> None:
    settings = Settings.from_env(
        {
            "STORE_PATH": "/data/store.db",
            "RETENTION_SECONDS": "60",
            "STORE_MAX_BYTES": "1048576",
            "QUERY_PORT": "3200",
            "FORWARD_OTLP_ENDPOINT": "https://collector:4318/",
            "FORWARD_OTLP_HEADERS": "authorization=Bearer a=b, x-team = payments ,",
        }
    )
    assert settings.store_path == Path("/data/store.db")
    assert settings.retention_seconds == 60
    assert settings.store_max_bytes == 1048576
    assert settings.query_port == 3200
    assert settings.forward_endpoint == "https://collector:4318"
    assert settings.forward_headers == {"authorization": "Bearer a=b", "x-team": "payments"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RETENTION_SECONDS", "0"),
        ("RETENTION_SECONDS", "1h"),
        ("STORE_MAX_BYTES", "5"),
        ("STORE_MAX_BYTES", "-1"),
        ("FORWARD_OTLP_ENDPOINT", "collector:4318"),
        ("FORWARD_OTLP_HEADERS", "authorization"),
        ("FORWARD_OTLP_HEADERS", "=secret"),
    ],
)
def test_errors_name_the_variable(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name):
        Settings.from_env({name: value})


def test_headers_are_never_quoted_back() -> None:
    with pytest.raises(SettingError) as caught:
        Settings.from_env({"FORWARD_OTLP_HEADERS": "s3cret"})
    assert "s3cret" not in str(caught.value)
