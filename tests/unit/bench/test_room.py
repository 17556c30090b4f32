from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from bench import room
from labctl.base import progress
from labctl.base.errors import EngineError
from labctl.room.views import VIEWS
from tests.support.http_server import RecordedServer, serving


@pytest.fixture
def server() -> Iterator[RecordedServer]:
    with serving() as one:
        yield one


def test_without_a_browser_the_rest_of_the_bench_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    heard: list[Any] = []
    with progress.listening(heard.append):
        assert room.figures(None) == []  # type: ignore[arg-type]
    assert "no browser is here" in heard[0].text


def test_a_search_is_asked_as_a_page_that_is_kept_fresh(server: RecordedServer) -> None:
    server.reply("/room/logs", "<p>")
    assert room._answered_ms(f"{server.url}/room/logs?since=15m", "room=x") > 0
    (asked,) = server.requests
    assert (asked.params, asked.headers["cookie"], asked.headers["x-refresh"]) == ({"since": "15m"}, "room=x", "1")


def test_an_answer_that_is_none_is_no_sample(server: RecordedServer) -> None:
    with pytest.raises(EngineError, match="404"):
        room._answered_ms(f"{server.url}/nothing", "")


def test_the_cpu_of_a_process_and_its_children_counts() -> None:
    used = room.cpu_s(os.getpid())
    code = "import time\nwhile time.process_time() < 0.3: pass\nprint('spent', flush=True)\ninput()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"spent\n"
        assert room.cpu_s(child.pid) >= 0.25
        assert room.cpu_s(os.getpid()) - used >= 0.25
        child.communicate(b"\n")


def test_the_view_that_costs_most_is_kept_fresh() -> None:
    assert room.KEPT_FRESH[-1] in [view.name for view in VIEWS]
