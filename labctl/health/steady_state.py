"""The steady state: the probes that hold when a lab is healthy, at the clients and at the parts that saturate first.

The same list serves `up`, `status`, `break` and `verify`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from labctl.base.errors import LabStateError, LookupFailedError, SickLabError, WaitTimeoutError
from labctl.base.waiting import wait_until
from labctl.health import alert_levels
from labctl.model.probe import Probe, at_least, at_most, between
from labctl.model.promql import quantile, rare_rate, rate, share
from labctl.model.samples import Rule, Series

WINDOW_S = 7
MAX_WINDOW_S = 60
DRIFT = 0.12
"""The clients' shape drifts by this much around the target rate."""
EVENTS = 140
"""A ratio over fewer requests than this says little: at low rates its window grows."""
CLIENTS = "client_request_duration_seconds"
CHECKOUTS = 'job="clients",endpoint="checkout"'
TIMEOUT_S = 90.0
PATIENCE_S = 25.0
"""Seconds that a healthy lab may look sick: one request in a few hundred fails, and stays in a rule's window."""
CLEAN = 0.5
"""The highest level that the closest rule may have: with more, its window still has figures of an earlier trouble."""
CLIENTS_VIEW = frozenset({"request rate", "checkout error ratio", "checkout p95"})
"""The names of the probes that show what users feel."""

# Its query is never asked: alert_levels.py asks those of the rules.
CLOSEST = Probe("closest alert", "ALERTS", at_most(CLEAN))


class Metrics(Protocol):
    """What measuring the steady state needs of a metrics client."""

    def scalars(self, queries: Sequence[str], at: float | None = None) -> list[float | None]:
        """Return each query's number, or None when there is no data."""
        ...

    def rules(self) -> list[Rule]:
        """Return the alerting rules."""
        ...

    def query_ranges(self, queries: Sequence[str], start: float, end: float, step: float) -> list[list[Series]]:
        """Return the curves of each query."""
        ...


@dataclass(frozen=True)
class Reading:
    """What a probe measured; None means that there was no data."""

    probe: Probe
    value: float | None

    @property
    def holds(self) -> bool:
        """Whether the value is within the tolerance; missing telemetry is not health."""
        return self.value is not None and self.probe.tolerance.holds(self.value) is True

    def __str__(self) -> str:
        return f"{self.probe.name}: {value_text(self)} (expected {self.probe.tolerance})"


def probes(rps: float) -> tuple[Probe, ...]:
    """Return the steady state of a lab whose clients aim at `rps` requests per second."""
    return (*_clients(rps), *_saturation(rps), *_watch())


def check(metrics: Metrics, rps: float) -> list[Reading]:
    """Measure once, now: every probe, and how close the closest alert is to paging."""
    return [*_probed(metrics, rps), Reading(CLOSEST, alert_levels.closest_now(metrics, time.time()))]


def sick(readings: list[Reading]) -> list[Reading]:
    """Return the readings that do not hold."""
    return [each for each in readings if not each.holds]


def require(
    metrics: Metrics, rps: float, *, patience: float = PATIENCE_S, progress: Callable[[str], None] | None = None
) -> list[Reading]:
    """Return readings that all hold, or raise SickLabError saying what is sick after `patience` seconds."""
    try:
        return wait(metrics, rps, timeout=patience, progress=progress)
    except WaitTimeoutError as error:
        raise SickLabError(
            f"the lab is not healthy: {error.expected}",
            expected="the steady state",
            todo="see `labctl status`; `labctl heal` mends what labctl broke, `labctl up` what was stopped",
        ) from error


def wait(
    metrics: Metrics, rps: float, *, timeout: float = TIMEOUT_S, progress: Callable[[str], None] | None = None
) -> list[Reading]:
    """Return the first readings that all hold. Raises WaitTimeoutError with those that don't after `timeout` s."""
    last: list[Reading] = []

    def healthy() -> list[Reading] | None:
        last[:] = _probed(metrics, rps)
        # Asked last: it takes a query per comparison of every rule.
        level = None if sick(last) else alert_levels.closest_now(metrics, time.time())
        last.append(Reading(CLOSEST, level))
        failing = sick(last)
        if failing and progress:
            progress(f"{len(last) - len(failing)} of {len(last)}, waiting for {failing[0]}")
        return None if failing else list(last)

    return wait_until(
        healthy,
        what="the steady state",
        timeout=timeout,
        interval=0.5,
        transient=(LabStateError, LookupFailedError),
        describe=lambda: "; ".join(str(each) for each in sick(last)),
        todo="see `labctl status`",
    )


def rate_tolerance(rps: float, window: float = WINDOW_S) -> float:
    """Return how far the measured rate may be from `rps`, as a share of it: drift, and two sigma of arrivals."""
    return max(0.2, DRIFT + 2 / math.sqrt(rps * window))


def _probed(metrics: Metrics, rps: float) -> list[Reading]:
    asked = probes(rps)
    return [Reading(*each) for each in zip(asked, metrics.scalars([each.query for each in asked]), strict=True)]


def _clients(rps: float) -> tuple[Probe, ...]:
    window = min(MAX_WINDOW_S, max(WINDOW_S, math.ceil(EVENTS / rps)))
    off = rate_tolerance(rps)
    every = f'{CLIENTS}_count{{job="clients"}}'
    checkouts = f"{CLIENTS}_count{{{CHECKOUTS}}}"
    failed = f'{CLIENTS}_count{{{CHECKOUTS},outcome="error"}}'
    # One failed request must not make a slow lab look sick: half of its requests are checkouts.
    one = 1.5 / (rps * window / 2)
    return (
        Probe(
            "request rate", rate(every, WINDOW_S), between(round(rps * (1 - off), 2), round(rps * (1 + off), 2)), "1/s"
        ),
        Probe("checkout error ratio", share(failed, checkouts, window), at_most(round(max(0.02, one), 3)), "ratio"),
        Probe("checkout p95", quantile(0.95, CLIENTS, CHECKOUTS, window), at_most(0.3), "s"),
        Probe("risk cache hit ratio", _hit_ratio(window), at_least(0.85), "ratio"),
    )


def _hit_ratio(window: int) -> str:
    look_ups = 'cache_requests_total{job="risk",cache_name="features"%s}'
    return share(look_ups % ',cache_result="hit"', look_ups % "", window)


def _saturation(rps: float) -> tuple[Probe, ...]:
    waiting = rare_rate("db_client_connection_timeouts_total", "db_client_connection_wait_time_seconds_count")
    return (
        # One wait in ten seconds that was given up is bad luck with a busy account; a pool too small gives up several.
        Probe("pool time-outs", waiting, at_most(0.2), "1/s"),
        Probe("open circuit breakers", "sum(circuit_breaker_state)", at_most(0), ""),
        # Two seconds' worth of payments: more than the worker ever lags behind by.
        Probe("ledger lag", "max(stream_lag) + max(stream_pending)", at_most(max(20, 2 * rps)), "events"),
    )


def _watch() -> tuple[Probe, ...]:
    # ALERTS has no series when all is quiet; `up` shows that Prometheus itself is there.
    firing = 'count(ALERTS{alertstate="firing",severity="page"}) or 0 * count(up)'
    return (
        Probe("firing pages", firing, at_most(0), ""),
        Probe("scrape targets down", "count(up == 0) or 0 * count(up)", at_most(0), ""),
    )


def value_text(reading: Reading) -> str:
    """Return the value with its unit, for people."""
    unit = reading.probe.unit if reading.probe.unit != "ratio" else ""
    return "no data" if reading.value is None else f"{reading.value:.3g} {unit}".rstrip()


def document(reading: Reading) -> dict[str, object]:
    """Return a reading for machines."""
    probe = reading.probe
    return {
        "probe": probe.name,
        "value": reading.value,
        "unit": probe.unit,
        "low": probe.tolerance.low,
        "high": probe.tolerance.high,
        "holds": reading.holds,
    }
