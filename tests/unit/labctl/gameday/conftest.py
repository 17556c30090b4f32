"""A hub in front of two rooms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.http_server import RecordedServer
from tests.support.http_server import serving as serving_telemetry
from tests.support.hub_world import Hub, serving


@pytest.fixture
def server() -> Iterator[RecordedServer]:
    with serving_telemetry() as one:
        yield one


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: RecordedServer) -> Iterator[Hub]:
    with serving(tmp_path, monkeypatch, server) as one:
        yield one
