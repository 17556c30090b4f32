"""What a statement and a request cost on this host: measured once when a lab first runs, and kept in its record.

Service levels are fixed, the speed of hosts is not. Most symptoms are made of waits, which take as long on any host.
The amount of data that a merchant brings is scaled by the host's speed. A fault that can't show at that speed says so.

The scan is timed several times, and the least counts: what the host can do, not what other work leaves it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol

from labctl.base.errors import LabStateError
from labctl.docker.postgres_server import PostgresServer
from labctl.state.store import LabStore

TRIES = 3
SCANS = 8
"""Scans per statement: together they outlast a period of the scheduler, so that a limit of the CPU shows."""
WINDOW_S = 5
REFERENCE_SCAN_MS = 9.0
"""What reading 100,000 rows took on the machine that the faults were measured on (docs/measured.md), idle."""
MOST_SPEED = 8.0
"""The largest factor by which an amount is scaled, however fast the host is."""

_SCAN = """
SET max_parallel_workers_per_gather = 0;
SET enable_indexscan = off;
SET enable_bitmapscan = off;
SET enable_indexonlyscan = off;
"""
_EXPLAIN = f"""
EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON)
SELECT sum(counted.found) FROM generate_series(1, {SCANS}) AS of(number),
       LATERAL (SELECT count(*) AS found FROM payments WHERE merchant_id = -of.number) AS counted;
"""  # noqa: S608 - a number of ours
_STATEMENT = 'sum(rate(db_client_operation_duration_seconds_{part}{{job="payments",db_operation_name="SELECT"}}[{w}s]))'
_CORES = 'sum(rate(container_cpu_usage_seconds_total{{service=~"gateway|payments|risk|postgres"}}[{w}s]))'
_REQUESTS = 'sum(rate(http_server_request_duration_seconds_count{{job="gateway"}}[{w}s]))'


class Metrics(Protocol):
    """What calibrating needs of a metrics client."""

    def scalar(self, promql: str, at: float | None = None) -> float | None:
        """Return a number, or None when there is no data."""
        ...


@dataclass(frozen=True)
class Calibration:
    """What work costs on this host, in milliseconds."""

    scan_ms: float
    """Reading 100,000 rows of payments one after the other, in the database: CPU and memory alone."""
    statement_ms: float | None
    """A reading statement of payments, round trip included, on average; None where nothing was measured."""
    request_ms: float | None
    """The CPU time that a request costs gateway, payments, risk and database together; None as above."""

    @property
    def speed(self) -> float:
        """How many times as fast as the reference this host reads."""
        return REFERENCE_SCAN_MS / self.scan_ms

    def document(self) -> dict[str, float | None]:
        """Return the figures and the speed as JSON types."""
        return {**asdict(self), "speed": round(self.speed, 3)}

    @classmethod
    def from_document(cls, document: Mapping[str, float | None]) -> Calibration:
        """Return the calibration that `document` described."""
        return cls(float(document["scan_ms"] or 0), document["statement_ms"], document["request_ms"])


def measure(postgres: PostgresServer, metrics: Metrics) -> Calibration:
    """Measure a lab that serves. Raises EngineError, LabStateError when the database has no payments to read."""
    return Calibration(_scan_ms(postgres), _statement_ms(metrics), _request_ms(metrics))


def known(store: LabStore) -> Calibration | None:
    """Return a lab's calibration from its record; None when it was not measured yet."""
    document = store.record.calibration
    return Calibration.from_document(document) if document else None


def speed(store: LabStore) -> float | None:
    """Return how many times as fast as the reference a lab's host is; None where that was not measured yet."""
    found = known(store)
    return found.speed if found else None


def calibrate(store: LabStore, postgres: PostgresServer, metrics: Metrics) -> Calibration:
    """Return the calibration of a lab that serves, measured and saved when it is not known. Raises as `measure`."""
    found = known(store)
    if found is None:
        found = measure(postgres, metrics)
        store.save(replace(store.record, calibration=found.document()))
    return found


def scaled(amount: int, speed: float) -> int:
    """Return the amount that takes this host as long as `amount` takes the reference; never less than `amount`."""
    return round(amount * min(MOST_SPEED, max(1.0, speed)))


def _scan_ms(postgres: PostgresServer) -> float:
    plans = _plans(postgres.run(_SCAN + _EXPLAIN * TRIES))
    costs = [each["Execution Time"] / rows * 100_000 for each in plans if (rows := _rows_read(each["Plan"]))]
    if not costs:
        raise LabStateError("the database has no payments to read", todo="`labctl down`, then `labctl up`")
    return round(float(min(costs)), 3)


def _plans(printed: str) -> Iterator[dict[str, Any]]:
    """Yield the plans that psql printed, an array of one after the other."""
    decoder = json.JSONDecoder()
    at = printed.find("[")
    while at >= 0:
        found, end = decoder.raw_decode(printed, at)
        yield from found
        at = printed.find("[", end)


def _rows_read(plan: Mapping[str, Any]) -> int:
    """Return how many rows the scans looked at, all of them together."""
    own = 0.0
    if plan["Node Type"] == "Seq Scan":
        own = (plan.get("Rows Removed by Filter", 0) + plan["Actual Rows"]) * plan["Actual Loops"]
    return int(own) + sum(map(_rows_read, plan.get("Plans", ())))


def _statement_ms(metrics: Metrics) -> float | None:
    return _ratio_ms(metrics, _STATEMENT.format(part="sum", w=WINDOW_S), _STATEMENT.format(part="count", w=WINDOW_S))


def _request_ms(metrics: Metrics) -> float | None:
    return _ratio_ms(metrics, _CORES.format(w=WINDOW_S), _REQUESTS.format(w=WINDOW_S))


def _ratio_ms(metrics: Metrics, seconds: str, events: str) -> float | None:
    value = metrics.scalar(f"1000 * {seconds} / {events}")
    return None if value is None or not math.isfinite(value) else round(value, 3)
