from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack

import pytest
from flask import Flask

from services.telemetry import streamed


def test_small_pieces_are_sent_together() -> None:
    found = list(streamed.chunks(["ab"] * streamed.CHUNK_BYTES))
    assert [len(chunk) for chunk in found] == [streamed.CHUNK_BYTES, streamed.CHUNK_BYTES, 0]
    assert list(streamed.chunks(["é", "x"])) == ["éx".encode()]


def test_what_an_answer_needs_is_open_until_it_is_sent() -> None:
    events: list[str] = []

    def make(stack: ExitStack) -> Iterable[str]:
        stack.callback(events.append, "closed")
        return (events.append("written") or "x" for _ in range(1))

    with Flask(__name__).test_request_context():
        answer = streamed.response(make)
        assert events == []
        assert answer.get_data() == b"x"
        answer.close()
    assert events == ["written", "closed"]


def test_an_error_before_the_first_byte_closes_everything() -> None:
    events: list[str] = []

    def make(stack: ExitStack) -> Iterable[str]:
        stack.callback(events.append, "closed")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        streamed.response(make)
    assert events == ["closed"]
