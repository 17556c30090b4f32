"""Every metric that services share: one place for names, units and labels (OpenTelemetry's semantic conventions)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from opentelemetry import metrics

from services.common.meters import SYNTHETIC

BOUNDS_S = (
    *(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.125, 0.15, 0.2, 0.25, 0.3),
    *(0.4, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 5.0, 10.0),
)
"""Histogram bounds of requests in seconds: dense where a healthy checkout's p95 lies."""

FINE_BOUNDS_S = (0.0005, 0.001, 0.0025, *BOUNDS_S)
"""The same with more below, for what usually takes a millisecond or less: queries and waits for a connection."""

_meter = metrics.get_meter("services")

server_duration = _meter.create_histogram(
    "http.server.request.duration", "s", "Duration of HTTP requests as the server sees it"
)
synthetic_requests = _meter.create_counter(
    SYNTHETIC, "{request}", "Requests that no customer sent: no other counter and no histogram has them"
)
client_duration = _meter.create_histogram(
    "http.client.request.duration", "s", "Duration of every attempt to call a peer over HTTP"
)
client_retries = _meter.create_counter("http.client.request.retries", "{retry}", "Attempts beyond the first")
pool_wait = _meter.create_histogram(
    "db.client.connection.wait_time", "s", "Time it took to get a connection from the pool"
)
pool_timeouts = _meter.create_counter(
    "db.client.connection.timeouts", "{timeout}", "Waits for a connection that were given up"
)
query_duration = _meter.create_histogram("db.client.operation.duration", "s", "Duration of database statements")

breaker_states: dict[str, Callable[[], int]] = {}
"""By peer: how to read its breaker's state."""

pool_sizes: dict[str, Callable[[], tuple[int, int, int]]] = {}
"""By pool: how to read its idle and used connections, and the most it may open."""


def _breakers(_: metrics.CallbackOptions) -> Iterable[metrics.Observation]:
    for name, state in list(breaker_states.items()):
        yield metrics.Observation(state(), {"server.address": name})


def _connections(_: metrics.CallbackOptions) -> Iterable[metrics.Observation]:
    for name, sizes in list(pool_sizes.items()):
        idle, used, _most = sizes()
        yield metrics.Observation(idle, {"pool.name": name, "state": "idle"})
        yield metrics.Observation(used, {"pool.name": name, "state": "used"})


def _limits(_: metrics.CallbackOptions) -> Iterable[metrics.Observation]:
    for name, sizes in list(pool_sizes.items()):
        yield metrics.Observation(sizes()[2], {"pool.name": name})


_meter.create_observable_gauge("circuit_breaker.state", [_breakers], description="0 closed, 1 half-open, 2 open")
_meter.create_observable_gauge(
    "db.client.connection.count", [_connections], "{connection}", "Connections of the pool, by what they do"
)
_meter.create_observable_gauge(
    "db.client.connection.max", [_limits], "{connection}", "The most connections that the pool may open"
)
