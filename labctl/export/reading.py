"""All that a lab's stores hold of a window, read in slices: it need not fit into memory, nor into one answer."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from labctl.lookups.http import ApiClient
from labctl.lookups.logs import LogLine, LokiClient
from labctl.lookups.prometheus import PrometheusClient
from labctl.lookups.spans import Span
from labctl.lookups.traces import JaegerClient, Search
from labctl.model.measurement import Window
from labctl.model.samples import Series

SLICE_S = 8.0
LEAST_SLICE_S = 0.125
"""A shorter slice is not cut in two any more. Halves of halves are exact in binary: no span lies between two slices."""
MOST_TRACES = 1400
MOST_LINES = 5000
OVERLAP_S = 0.001
"""A float of epoch seconds is no nanosecond: lines are asked for a little more widely, and kept by their own moment."""
EVERY_LINE = '{service_name=~".+"}'
LEFT_OUT = ("_bucket", "ALERTS", "ALERTS_FOR_STATE")
"""Metrics that end so are not read: a histogram's buckets are nine tenths of all series."""
TIMEOUT_S = 60.0
T = TypeVar("T")


@dataclass(frozen=True)
class TracedSpan:
    """A span, and the trace that it is of."""

    trace_id: str
    span: Span


class Telemetry(Protocol):
    """What an export reads; `cut` says what is missing."""

    cut: list[str]

    def spans(self, window: Window) -> Iterator[TracedSpan]:
        """Yield the spans that began in a window."""
        ...

    def lines(self, window: Window) -> Iterator[LogLine]:
        """Yield the log lines of a window, the oldest first."""
        ...

    def labels(self, window: Window) -> list[str]:
        """Return the labels' names of all metrics."""
        ...

    def metrics(self, window: Window) -> Iterator[tuple[str, Sequence[Series]]]:
        """Yield each metric's name with its series, a point a second where the window allows it."""
        ...

    def curves(self, query: str, window: Window) -> Sequence[Series]:
        """Return what a query yields over a window."""
        ...


@dataclass
class Stores:
    """The stores of a running lab, by their addresses."""

    telemetry: str
    prometheus: str
    cut: list[str] = field(default_factory=list)

    def spans(self, window: Window) -> Iterator[TracedSpan]:
        """Yield the spans that began in a window."""
        client = JaegerClient(self.telemetry, timeout=TIMEOUT_S)

        def read(part: Window) -> tuple[list[TracedSpan], str]:
            found = client.search(Search(part.start, part.end, limit=MOST_TRACES))
            spans = [TracedSpan(trace.id, span) for trace in found.traces for span in trace.spans]
            return [each for each in spans if part.start <= each.span.start < part.end], found.cut

        for part in self._parts(window, read, "traces"):
            yield from sorted(part, key=lambda each: each.span.start)

    def lines(self, window: Window) -> Iterator[LogLine]:
        """Yield the log lines of a window, the oldest first."""
        client = LokiClient(self.telemetry, timeout=TIMEOUT_S)

        def read(part: Window) -> tuple[list[LogLine], str]:
            found = client.page(EVERY_LINE, part.start - OVERLAP_S, part.end + OVERLAP_S, MOST_LINES)
            lines = [each for each in found.lines if part.start <= each.at < part.end]
            return lines, f"cut at {MOST_LINES} lines" if found.is_cut else ""

        for part in self._parts(window, read, "log lines"):
            yield from part

    def labels(self, window: Window) -> list[str]:
        """Return the labels' names of all metrics."""
        return sorted(self._names("labels", window))

    def metrics(self, window: Window) -> Iterator[tuple[str, Sequence[Series]]]:
        """Yield each metric's name with its series, a point a second where the window allows it."""
        for name in sorted(self._names("label/__name__/values", window)):
            if not name.endswith(LEFT_OUT):
                yield name, self.curves(f'{{__name__="{name}"}}', window)

    def curves(self, query: str, window: Window) -> Sequence[Series]:
        """Return what a query yields over a window."""
        client = PrometheusClient(self.prometheus, timeout=TIMEOUT_S)
        return client.query_range(query, window.start, window.end, window.step)

    def _names(self, what: str, window: Window) -> list[str]:
        api = ApiClient(self.prometheus, "Prometheus", timeout=TIMEOUT_S)
        answer = api.get(f"/api/v1/{what}", {"start": window.start, "end": window.end})
        return [str(each) for each in answer.get("data") or ()]

    def _parts(self, window: Window, read: Callable[[Window], tuple[list[T], str]], what: str) -> Iterator[list[T]]:
        waiting = slices(window)
        while waiting:
            part = waiting.pop(0)
            found, cut = read(part)
            if cut and part.seconds > LEAST_SLICE_S:
                middle = part.start + part.seconds / 2
                waiting[:0] = [Window(part.start, middle), Window(middle, part.end)]
                continue
            if cut:
                self.cut.append(f"{what} from {part.start:.3f} to {part.end:.3f}: {cut}")
            yield found


def slices(window: Window) -> list[Window]:
    """Cut a window into slices that begin with it and end with it."""
    count = math.ceil(window.seconds / SLICE_S)
    edges = [*(window.start + number * SLICE_S for number in range(count)), window.end]
    return [Window(start, end) for start, end in itertools.pairwise(edges)]
