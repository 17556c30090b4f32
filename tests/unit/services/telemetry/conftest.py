from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from services.telemetry.app import Telemetry, create_app
from services.telemetry.counters import DROPPED, Counters
from services.telemetry.otlp.codec import LogsRequest, TracesRequest
from services.telemetry.settings import Settings
from services.telemetry.store.reader import Reader
from services.telemetry.store.writer import Writer


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(store_path=tmp_path / "store" / "store.db", instance="here", service_version="0.4.0")


@pytest.fixture
def counts() -> Counters:
    return Counters()


@pytest.fixture
def reader(settings: Settings) -> Reader:
    return Reader(settings.store_path, settings.query_seconds)


@pytest.fixture
def stored(settings: Settings, counts: Counters) -> Callable[..., None]:
    """Write batches, and return when they can be read."""

    def write(*batches: TracesRequest | LogsRequest) -> None:
        writer = Writer(settings, counts, settle=0)
        for batch in batches:
            assert writer.offer(batch)
        writer.close()
        assert counts.total(DROPPED) == 0

    return write


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    made = create_app(settings)
    yield made
    made.extensions["telemetry"].close()


@pytest.fixture
def telemetry(app: Flask) -> Telemetry:
    found: Telemetry = app.extensions["telemetry"]
    return found


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def filled(app: Flask) -> Callable[..., FlaskClient]:
    """Give batches to a running service; its answers are read when they are written."""

    def fill(*batches: Any) -> FlaskClient:
        telemetry: Telemetry = app.extensions["telemetry"]
        for batch in batches:
            assert telemetry.writer.offer(batch)
        telemetry.writer.close()
        return app.test_client()

    return fill
