from __future__ import annotations

import pytest

from services.common import tracing
from services.common.app import create_app


def test_alive_says_who() -> None:
    answer = create_app("demo", "1.2.3").test_client().get("/healthz")
    assert answer.get_json() == {"status": "ok", "service": "demo", "version": "1.2.3"}


def test_ready_when_every_check_passes() -> None:
    seen: list[bool] = []
    app = create_app("demo", "1", checks={"peer": lambda: seen.append(tracing.traced())})
    assert app.test_client().get("/readyz").get_json() == {"status": "ready", "checks": {"peer": "ok"}}
    assert seen == [False], "checks leave no spans"


def test_not_ready_names_the_check(caplog: pytest.LogCaptureFixture) -> None:
    def away() -> None:
        raise ConnectionRefusedError("nobody there")

    app = create_app("demo", "1", checks={"good": lambda: None, "peer": away})
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["checks"] == {"good": "ok", "peer": "ConnectionRefusedError"}
    assert "nobody there" in caplog.text


def test_alive_does_not_ask_the_checks() -> None:
    def away() -> None:
        raise ConnectionRefusedError

    assert create_app("demo", "1", checks={"peer": away}).test_client().get("/healthz").status_code == 200
