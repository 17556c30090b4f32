from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from services.telemetry import streamed
from services.telemetry.deadline import Deadline
from services.telemetry.jaeger import search, written
from services.telemetry.store.reader import Reader
from tests.support.otlp import span, traces


def ids(count: int) -> list[bytes]:
    return [number.to_bytes(16, "big") for number in range(1, count + 1)]


@pytest.fixture
def some_traces(stored: Callable[..., None]) -> None:
    long = {"http.route": "x" * 500}
    spans = [
        span(trace_id=trace, span_id=number.to_bytes(8, "big"), start_us=number, tags=long)
        for trace in ids(200)
        for number in range(1, 11)
    ]
    stored(traces(*spans))


def read(pieces: Iterator[str]) -> dict[str, Any]:
    document: dict[str, Any] = json.loads("".join(pieces))
    return document


@pytest.mark.usefixtures("some_traces")
class TestAnswers:
    def test_memory_does_not_grow_with_the_answer(self, reader: Reader) -> None:
        few, many = (self._peak(reader, count) for count in (10, 200))
        assert many < 1.5 * few

    def _peak(self, reader: Reader, count: int) -> int:
        with reader.open() as (connection, deadline):
            tracemalloc.start()
            try:
                size = sum(map(len, streamed.chunks(written.answer(connection, ids(count), deadline))))
                peak = tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()
        assert size > 5000 * count
        return peak

    def test_a_whole_answer_has_no_warning(self, reader: Reader) -> None:
        with reader.open() as (connection, deadline):
            found = read(written.answer(connection, ids(3), deadline))
        assert set(found) == {"data", "total", "limit", "offset", "errors"}
        assert [trace["traceID"] for trace in found["data"]] == [each.hex() for each in ids(3)]
        assert found["total"] == 3

    def test_traces_that_are_gone_are_left_out(self, reader: Reader) -> None:
        with reader.open() as (connection, deadline):
            found = read(written.answer(connection, [b"?" * 16, ids(1)[0], b"!" * 16], deadline))
        assert found["total"] == len(found["data"]) == 1

    def test_more_that_match_are_said(self, reader: Reader) -> None:
        with reader.open() as (connection, deadline):
            found = read(written.answer(connection, ids(3), deadline, more=True))
        assert found["warnings"] == [f"cut at 3 traces: more match; {written.NARROW}"]

    def test_an_answer_that_is_too_large_is_cut_and_says_so(
        self, reader: Reader, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(written, "MAX_ANSWER_CHARACTERS", 10_000)
        with reader.open() as (connection, deadline):
            found = read(written.answer(connection, ids(200), deadline))
        assert found["total"] == len(found["data"]) < 5
        assert found["warnings"][0].startswith(f"cut at {found['total']} of 200 traces: ")

    def test_an_answer_whose_time_is_over_is_still_a_document(self, reader: Reader) -> None:
        with reader.open() as (connection, _):
            found = read(written.answer(connection, ids(3), Deadline(-1)))
        assert (found["data"], found["warnings"][0][:22]) == ([], "cut at 0 of 3 traces: ")

    def test_a_cut_trace_says_so_itself(self, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(search, "MAX_SPANS_A_TRACE", 4)
        with reader.open() as (connection, deadline):
            (found,) = read(written.answer(connection, ids(1), deadline))["data"]
        assert len(found["spans"]) == 4
        assert found["warnings"] == ["cut at 4 spans: the trace has more than an answer may hold"]
