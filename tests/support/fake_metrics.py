"""A Prometheus that answers from functions of time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from labctl.model.samples import Alert, Rule, Sample, Series

Value = float | None
Signal = Callable[[float], Value]


@dataclass
class FakeMetrics:
    """Each query is a function of epoch seconds; None is a moment without data, an unknown query no data at all."""

    signals: Mapping[str, Signal]
    firing: Callable[[], list[Alert]] = field(default=list)
    asked: list[str] = field(default_factory=list)
    spans: list[tuple[str, float, float]] = field(default_factory=list)
    """What was asked over a span: the query, from when, to when."""
    alerting: list[Rule] = field(default_factory=list)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By query: the labels of its series; none where nothing is said."""
    recorded: Mapping[str, str] = field(default_factory=dict)

    def query_range(self, promql: str, start: float, end: float, step: float) -> list[Series]:
        """Answer one series, or none."""
        self.asked.append(promql)
        self.spans.append((promql, start, end))
        signal = self.signals.get(promql)
        if signal is None:
            return []
        times = [start + step * i for i in range(int((end - start) / step) + 1)]
        points = tuple((at, value) for at in times if (value := signal(at)) is not None)
        return [Series(dict(self.labels.get(promql, {})), points)] if points else []

    def query_ranges(self, queries: Sequence[str], start: float, end: float, step: float) -> list[list[Series]]:
        """Answer each query by itself."""
        return [self.query_range(each, start, end, step) for each in queries]

    def query(self, promql: str, at: float | None = None) -> list[Sample]:
        """Answer one unlabelled sample, or none."""
        value = self.scalar(promql, at)
        return [] if value is None else [Sample({}, value, at or 0.0)]

    def scalar(self, promql: str, at: float | None = None) -> Value:
        """Answer the value at one moment."""
        signal = self.signals.get(promql)
        return signal(at or 0.0) if signal else None

    def scalars(self, queries: Sequence[str], at: float | None = None) -> list[Value]:
        """Answer each query by itself."""
        return [self.scalar(each, at) for each in queries]

    def alerts(self) -> list[Alert]:
        """Answer what fires now."""
        return self.firing()

    def rules(self) -> list[Rule]:
        """Answer the alerting rules: none, unless a test says so."""
        return self.alerting

    def recordings(self) -> dict[str, str]:
        """Answer the queries of the recorded series."""
        return dict(self.recorded)


def step_at(at: float, before: Value, after: Value) -> Signal:
    """Return a signal that jumps at one moment."""
    return lambda now: after if now >= at else before


def steady(value: float) -> Signal:
    """Return a signal that never changes."""
    return lambda _now: value
