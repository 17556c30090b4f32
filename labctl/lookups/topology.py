"""The architecture, and what its connections carry now: from the callers' own metrics and from the traces."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from labctl.lookups.prometheus import PrometheusClient
from labctl.lookups.traces import Dependency
from labctl.model import services

Ends = tuple[str, str]
"""The two ends of a connection: (caller, callee); a stream's reader counts as its caller."""

ARCHITECTURE: dict[Ends, str] = services.architecture()


@dataclass(frozen=True)
class Edge:
    """One connection. Calls per second, share of failed calls (0 to 1), p95 in seconds; None without data."""

    caller: str
    callee: str
    via: str
    rate: float | None = None
    error_ratio: float | None = None
    p95_s: float | None = None
    traced_calls: int = 0
    """Calls in the traces that were kept."""


@dataclass(frozen=True)
class _Measured:
    """A metric of the callers: `good` selects the calls that went well, `caller` and `callee` are set where fixed."""

    metric: str
    good: str
    caller: str = ""
    callee: str = ""
    histogram: bool = True

    @property
    def by(self) -> tuple[str, ...]:
        """The labels to sum by: those that name the ends which are not fixed."""
        return ("job",) if self.callee else ("job", "server_address")

    def ends(self, labels: dict[str, str]) -> Ends:
        address = labels.get("server_address", "").partition(":")[0]
        return self.caller or labels.get("job", ""), self.callee or address


_SOURCES = (
    _Measured("client_request_duration_seconds", 'outcome="ok"', callee="gateway"),
    _Measured("http_client_request_duration_seconds", 'http_response_status_code=~"[1-4].."'),
    _Measured("db_client_operation_duration_seconds", 'error_type=""', callee="postgres"),
    _Measured("cache_requests_total", "", callee="redis", histogram=False),
    _Measured("stream_messages_total", "", callee="redis", histogram=False),
)


def edges(
    metrics: PrometheusClient, dependencies: Sequence[Dependency], window: float, at: float | None = None
) -> list[Edge]:
    """Return every connection that is designed or seen, with its figures over `window` seconds until `at` (now)."""
    seconds = max(1, round(window))
    asked = (_figures(metrics, source, seconds, at) for source in _SOURCES)
    measured = {ends: figures for found in asked for ends, figures in found.items()}
    traced = {(each.caller, each.callee): each.calls for each in dependencies}
    unplanned = sorted(ends for ends in {*measured, *traced} - {*ARCHITECTURE} if all(ends))
    return [
        Edge(*ends, ARCHITECTURE.get(ends, "seen"), *measured.get(ends, _NOTHING), traced_calls=traced.get(ends, 0))
        for ends in [*ARCHITECTURE, *unplanned]
    ]


_Figures = tuple[float | None, float | None, float | None]
_NOTHING: _Figures = (None, None, None)


def _figures(metrics: PrometheusClient, source: _Measured, seconds: int, at: float | None) -> dict[Ends, _Figures]:
    count = source.metric + ("_count" if source.histogram else "")
    by = ", ".join(source.by)
    rates = _ask(metrics, source, f"sum by ({by}) (rate({count}[{seconds}s]))", at)
    good: dict[Ends, float] = {}
    slow: dict[Ends, float] = {}
    if source.histogram:
        good = _ask(metrics, source, f"sum by ({by}) (rate({count}{{{source.good}}}[{seconds}s]))", at)
        buckets = f"sum by ({by}, le) (rate({source.metric}_bucket[{seconds}s]))"
        slow = _ask(metrics, source, f"histogram_quantile(0.95, {buckets})", at)
    return {
        ends: (rate, _error_ratio(rate, good.get(ends, 0.0)) if source.histogram else None, slow.get(ends))
        for ends, rate in rates.items()
    }


def _ask(metrics: PrometheusClient, source: _Measured, query: str, at: float | None) -> dict[Ends, float]:
    samples = metrics.query(query, at)
    return {source.ends(each.labels): each.value for each in samples if math.isfinite(each.value)}


def _error_ratio(rate: float, good: float) -> float | None:
    return min(1.0, max(0.0, 1 - good / rate)) if rate > 0 else None
