from __future__ import annotations

from types import SimpleNamespace

import pytest

from services.common import tracing
from services.common.app import create_app
from services.common.usual import REMEMBERED
from services.telemetry.fog.level import parse
from tests.support.markdown import ROOT


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


def test_a_check_that_takes_much_longer_than_usual_is_noted(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = iter([*(each for round_ in range(REMEMBERED) for each in (round_, round_ + 0.004)), 100.0, 100.05])
    monkeypatch.setattr("services.common.health.time", SimpleNamespace(perf_counter=lambda: next(moments)))
    app = create_app("demo", "1", checks={"peer": lambda: None})
    for _ in range(REMEMBERED + 1):
        assert app.test_client().get("/readyz").status_code == 200
    (line,) = [each for each in caplog.records if each.name == "services.common.health.slow"]
    assert line.getMessage() == "slow health check: peer took 50.0 ms, usually 4.0"


def test_slow_checks_are_none_of_what_a_clear_lab_shows() -> None:
    level = parse((ROOT / "compose" / "config" / "fog.json").read_text("utf-8"))
    assert "services.common.health.slow" in level.without_loggers
