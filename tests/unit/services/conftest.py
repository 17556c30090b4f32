from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from services.common import deadline, request_context
from tests.support.observed import Observed
from tests.support.wsgi_server import running


@pytest.fixture
def observed() -> Observed:
    return Observed()


@pytest.fixture
def serve() -> Iterator[Callable[[Any], str]]:
    """Serve WSGI apps on loopback for the length of the test."""
    with ExitStack() as servers:
        yield lambda app: servers.enter_context(running(app))


@pytest.fixture(autouse=True)
def clean_context() -> Iterator[None]:
    """Fail a test that leaves a deadline or a request id bound to this thread."""
    yield
    assert deadline.current() is None
    assert request_context.current() == ""
