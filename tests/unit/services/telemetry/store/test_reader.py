from __future__ import annotations

from collections.abc import Callable

from services.telemetry.store.reader import Reader
from tests.support.otlp import span, traces


def test_what_was_written_is_read_with_a_deadline(stored: Callable[..., None], reader: Reader) -> None:
    stored(traces(span()))
    with reader.open() as (connection, deadline):
        assert connection.execute("SELECT count(*) FROM spans").fetchone() == (1,)
        assert deadline.seconds == reader.seconds
        assert not deadline.expired()
