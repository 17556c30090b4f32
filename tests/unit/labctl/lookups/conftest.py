from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.http_server import RecordedServer, serving


@pytest.fixture
def server() -> Iterator[RecordedServer]:
    with serving() as recorded:
        yield recorded
