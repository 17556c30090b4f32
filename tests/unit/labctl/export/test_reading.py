from __future__ import annotations

import itertools
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labctl.export import reading
from labctl.export.reading import LEAST_SLICE_S, Stores, slices
from labctl.lookups.logs import LogLine, Page
from labctl.lookups.spans import Span, Trace
from labctl.lookups.traces import Found, Search
from labctl.model.measurement import Window

WINDOW = Window(1_700_000_000.0, 1_700_000_060.0)
MOMENTS = st.lists(st.integers(0, 60_000_000 - 1), max_size=12)


def at(microseconds: int) -> float:
    return WINDOW.start + microseconds / 1e6


@dataclass
class Store:
    """Holds spans and lines at some moments, and answers with few of them at once."""

    moments: list[int]
    most: int = 3

    def search(self, search: Search) -> Found:
        """Return traces of two spans, the second five seconds after the first."""
        spans = [
            (n, Span(f"{n}-{k}", None, "s", "o", at(m) + 5 * k, 0.1))
            for n, m in enumerate(self.moments)
            for k in (0, 1)
        ]
        ids = sorted({n for n, span in spans if search.start <= span.start <= search.end})
        traces = [Trace(str(n), tuple(span for of, span in spans if of == n)) for n in ids]
        return Found(traces[: self.most], "cut" if len(traces) > self.most else "")

    def page(self, _query: str, start: float, end: float, _limit: int) -> Page:
        found = [LogLine(at(m), "info", "s", str(n)) for n, m in enumerate(self.moments) if start <= at(m) <= end]
        return Page(found[: self.most], len(found) >= self.most)


def stores(monkeypatch: pytest.MonkeyPatch, store: Store) -> Stores:
    monkeypatch.setattr(reading, "JaegerClient", lambda *_, **__: store)
    monkeypatch.setattr(reading, "LokiClient", lambda *_, **__: store)
    return Stores("http://telemetry", "http://prometheus")


@settings(max_examples=20, deadline=None)
@given(MOMENTS)
def test_every_span_and_line_comes_once_whatever_an_answer_holds(moments: list[int]) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        apart = sorted({each // 1_000_000 * 1_000_000 + 1 for each in moments})
        found = stores(monkeypatch, Store(apart))
        spans = sorted(each.span.id for each in found.spans(WINDOW))
        lines = [int(each.message) for each in found.lines(WINDOW)]
    within = [f"{n}-{k}" for n, m in enumerate(apart) for k in (0, 1) if at(m) + 5 * k < WINDOW.end]
    assert spans == sorted(within)
    assert lines == list(range(len(apart)))
    assert found.cut == []


def test_more_at_one_moment_than_an_answer_holds_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    found = stores(monkeypatch, Store([2_000_000] * 5))
    assert len(list(found.spans(WINDOW))) >= 3
    assert found.cut
    assert "traces from 1700000002.000 to 1700000002.125: cut" in found.cut


@given(st.floats(0, 100), st.floats(0, 1000))
def test_slices_cover_a_window_without_gap_or_overlap(start: float, seconds: float) -> None:
    window = Window(start, start + seconds)
    parts = slices(window)
    assert all(first.end == then.start for first, then in itertools.pairwise(parts))
    assert not parts or (parts[0].start, parts[-1].end) == (window.start, window.end)
    assert LEAST_SLICE_S < reading.SLICE_S


def test_metrics_are_read_by_name_without_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {"labels": ["service"], "label/__name__/values": ["up", "x_bucket", "ALERTS", "x_count"]}
    monkeypatch.setattr(Stores, "_names", lambda _self, what, _window: names[what])
    monkeypatch.setattr(Stores, "curves", lambda _self, query, _window: [query])
    found = Stores("http://telemetry", "http://prometheus")
    assert found.labels(WINDOW) == ["service"]
    assert list(found.metrics(WINDOW)) == [("up", ['{__name__="up"}']), ("x_count", ['{__name__="x_count"}'])]
