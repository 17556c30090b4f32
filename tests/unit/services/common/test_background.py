from __future__ import annotations

import threading

import pytest

from services.common.background import BackgroundLoop


def test_runs_when_woken() -> None:
    ran = threading.Event()
    loop = BackgroundLoop("test", ran.set, every=3600)
    loop.start()
    assert not ran.is_set()
    loop.wake()
    assert ran.wait(5)
    loop.stop()


def test_runs_when_its_time_has_come() -> None:
    ran = threading.Event()
    loop = BackgroundLoop("test", ran.set, every=0.01)
    loop.start()
    assert ran.wait(5)
    loop.stop()


def test_a_failing_step_is_logged_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    second = threading.Event()
    calls: list[int] = []

    def step() -> None:
        calls.append(1)
        if len(calls) == 1:
            raise ValueError("first time")
        second.set()

    loop = BackgroundLoop("test", step, every=0.01)
    loop.start()
    assert second.wait(5)
    loop.stop()
    assert "background step failed" in caplog.text


def test_stop_ends_the_thread() -> None:
    loop = BackgroundLoop("a-loop-to-stop", lambda: None, every=3600)
    loop.start()
    loop.stop()
    assert "a-loop-to-stop" not in {thread.name for thread in threading.enumerate()}
