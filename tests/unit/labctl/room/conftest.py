"""A room, and a browser that is in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.http_server import RecordedServer, serving
from tests.support.room_world import Browser, make_browser


@pytest.fixture
def server() -> Iterator[RecordedServer]:
    with serving() as one:
        yield one


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: RecordedServer) -> Browser:
    return make_browser(tmp_path, monkeypatch, server)


@pytest.fixture
def stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: RecordedServer) -> Browser:
    return make_browser(tmp_path, monkeypatch, server, inside=False)
