"""A server that stands in for a lab's telemetry, and a game day whose labs are made up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.day_world import Day, make_day
from tests.support.http_server import RecordedServer, serving


@pytest.fixture
def server() -> Iterator[RecordedServer]:
    with serving() as one:
        yield one


@pytest.fixture
def day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: RecordedServer) -> Day:
    return make_day(tmp_path, monkeypatch, server)
