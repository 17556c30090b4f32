"""A lab's stores as an export reads them, made up: an error that begins with the broken window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from labctl.export.case import Case
from labctl.export.reading import TracedSpan
from labctl.lookups.logs import LogLine
from labctl.lookups.spans import Event, Span
from labctl.model.measurement import Window
from labctl.model.samples import Series
from tests.support.example_debrief import example_story
from tests.support.example_incident import INJECTED, SOLVED

HOSTILE = 'a "quoted", line\nwith a second one; =cmd|é\u2028'
NORMAL, ABNORMAL = Window(INJECTED - 60, INJECTED), Window(INJECTED, SOLVED)


def example_case(*, over: bool = True) -> Case:
    return Case("INC-0001", NORMAL, ABNORMAL, example_story() if over else None)


@dataclass
class MadeUp:
    """One request a second, with two spans and one line."""

    cut: list[str] = field(default_factory=list)

    def spans(self, window: Window) -> Iterator[TracedSpan]:
        for at in self._seconds(window):
            tags: dict[str, str | int | float | bool] = {"http.request.method": "POST", "span.kind": "server"}
            failed: dict[str, str | int | float | bool] = {
                "error": True,
                "otel.status_code": "ERROR",
                "otel.status_description": HOSTILE,
            }
            own = {**tags, "http.response.status_code": 502, **failed} if self._broken(at) else tags
            event = Event(at + 0.25, {"event": "exception", "exception.message": HOSTILE})
            yield TracedSpan(
                f"{int(at):032x}", Span(f"{int(at):016x}", None, "gateway", "POST /pay", at, 0.5, own, (event,))
            )
            child = Span(
                f"{int(at) + 1:016x}", f"{int(at):016x}", "risk", "SELECT", at + 0.125, 0.001953125, {"n": 3, "x": 0.5}
            )
            yield TracedSpan(f"{int(at):032x}", child)

    def lines(self, window: Window) -> Iterator[LogLine]:
        for at in self._seconds(window):
            level = "error" if self._broken(at) else "info"
            trace_id = f"{int(at):032x}"
            yield LogLine(at, level, "gateway", HOSTILE, "r-1", trace_id, "", {"http_route": "/pay", "attempt": "2"})

    def labels(self, window: Window) -> list[str]:
        return ["__name__", "instance", "service"]

    def metrics(self, window: Window) -> Iterator[tuple[str, Sequence[Series]]]:
        labels = {"service": "risk", "instance": "one"}
        yield "queue", [Series(labels, tuple((at, self._jump(at, 10, 40)) for at in self._seconds(window)))]
        yield (
            "requests_total",
            [Series({"service": "gateway"}, ((window.start, float("nan")), (window.start + 1, 7.0)))],
        )

    def curves(self, query: str, window: Window) -> Sequence[Series]:
        services = (("risk", 8.0), ("gateway", 1.2), ("elsewhere", 1.0))
        return [
            Series(
                {"service": service}, tuple((at, self._jump(at, 1 + at % 7 / 7, by)) for at in self._seconds(window))
            )
            for service, by in services
        ]

    @staticmethod
    def _seconds(window: Window) -> list[float]:
        return [window.start + second for second in range(int(window.seconds))]

    @staticmethod
    def _broken(at: float) -> bool:
        return at >= INJECTED

    def _jump(self, at: float, healthy: float, by: float) -> float:
        return healthy * by if self._broken(at) else healthy
