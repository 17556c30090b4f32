from __future__ import annotations

from collections.abc import Callable

import pytest

from services.common import lifecycle


def test_closes_in_reverse_once_and_survives_a_failure(caplog: pytest.LogCaptureFixture) -> None:
    closed: list[str] = []

    def failing() -> None:
        raise OSError("cannot close")

    def closing(name: str) -> Callable[[], None]:
        return lambda: closed.append(name)

    lifecycle.on_shutdown(closing("first"))
    lifecycle.on_shutdown(failing)
    lifecycle.on_shutdown(closing("last"))
    lifecycle.shutdown()
    lifecycle.shutdown()
    assert closed == ["last", "first"]
    assert "a shutdown step failed" in caplog.text
