"""Alerting rules, and a Prometheus that knows how close each is: series by query, labels and all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from labctl.model.samples import Rule, Series
from tests.support.fake_metrics import FakeMetrics, Signal

Curve = Mapping[float, float]
"""Values by epoch second."""


def make_rule(expr: str = "x > 4", name: str = "Errors", hold_s: float = 2.0, severity: str = "page") -> Rule:
    return Rule(name, expr, hold_s, {"severity": severity})


@dataclass
class RuleMetrics(FakeMetrics):
    """Answers the points of its series that lie in the range that is asked for, at every second of it."""

    signals: Mapping[str, Signal] = field(default_factory=dict)
    series: dict[str, dict[tuple[tuple[str, str], ...], Curve]] = field(default_factory=dict)
    """Curves by query and by labels."""
    ranges: list[tuple[float, float, float]] = field(default_factory=list)

    def put(self, query: str, curve: Curve, **labels: str) -> None:
        """Add points to one series of a query's answer."""
        known = self.series.setdefault(query, {})
        series = tuple(sorted(labels.items()))
        known[series] = {**known.get(series, {}), **curve}

    def fire(self, rule: Rule, pending: float, firing: float, until: float) -> None:
        """Let an alert of the rule be pending from one second on, and firing from another one on, until a third."""
        query = f'ALERTS{{alertname="{rule.name}",alertstate=~"pending|firing"}}'
        spans = {"pending": range(int(pending), int(firing)), "firing": range(int(firing), int(until))}
        for state, span in spans.items():
            if span:
                self.put(query, {float(at): 1.0 for at in span}, alertname=rule.name, alertstate=state)

    def query_range(self, promql: str, start: float, end: float, step: float) -> list[Series]:
        self.asked.append(promql)
        self.ranges.append((start, end, step))
        return [
            Series(dict(labels), tuple((at, curve[at]) for at in sorted(curve) if start <= at <= end))
            for labels, curve in self.series.get(promql, {}).items()
        ]


def flat(value: float, start: float, end: float) -> dict[float, float]:
    """Return a curve with this value at every second from `start` to `end`, both included."""
    return {float(at): value for at in range(int(start), int(end) + 1)}
