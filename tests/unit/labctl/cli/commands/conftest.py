from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.http_server import serving
from tests.support.looking import Looking, make_looking


@pytest.fixture
def looking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Looking]:
    with serving() as server:
        yield make_looking(tmp_path, server, monkeypatch, capsys)
