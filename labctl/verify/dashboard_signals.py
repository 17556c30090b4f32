"""The signals that the dashboards show for each component; an engineer looks for the loudest of them.

A signal belongs to the component that reports it. Where one component waits for another, it belongs to the one that is
waited for: the acquirer and Postgres's statements are seen in no other way. The clients are left out: the page comes
from them, and nobody suspects them.

`floor` is the least change that can be seen on the panel: about one event in the window, the first bucket of a
histogram or, where that is more, the noise of a healthy lab. In 17 healthy windows of a lab at 15 requests/s, four in
five medians were closer than `floor` to their common median, for every component (except the memory of Postgres, whose
cache grows).
"""

from __future__ import annotations

from dataclasses import dataclass

from labctl.model import services
from labctl.model.vocabulary import Component

WINDOW_S = 20
SERVER = "http_server_request_duration_seconds"
CALL = "http_client_request_duration_seconds"
POOL = "db_client_connection"
OURS = 'service=~"gateway|payments|risk|ledger|jobs|postgres|redis"'
"""The containers that we can look into; of the acquirer we see only its answers."""
FAILED = 'http_response_status_code=~"5.."'
PAYMENTS_DB = 'datname="payments"'
BUSY = f'pg_stat_activity_count{{{PAYMENTS_DB},state=~"active|idle in transaction.*"}}'
COMPONENTS = frozenset(each.name for each in services.SERVICES.values() if each.shown)


@dataclass(frozen=True)
class Signal:
    """A panel of the dashboard: a PromQL query with a series per component."""

    name: str
    query: str
    unit: str
    floor: float
    label: str = "service"
    """The label that names the component."""
    component: Component | None = None
    """The component of a query with a single series."""


def _rate(selector: str, by: str) -> str:
    return f"sum by ({by}) (rate({selector}[{WINDOW_S}s]))"


def _rare(part: str, anchor: str, by: str) -> str:
    """Return the rate of a series that a healthy lab may lack: zero without it, as long as `anchor` exists."""
    return f"({_rate(part, by)} or 0 * {_rate(anchor, by)})"


def _share(part: str, whole: str, by: str) -> str:
    return f"{_rare(part, whole, by)} / {_rate(whole, by)}"


def _p99(histogram: str, by: str) -> str:
    return f"histogram_quantile(0.99, {_rate(f'{histogram}_bucket', f'{by}, le')})"


def _growth(counter: str) -> str:
    return f"sum by (service) (increase({counter}{{{OURS}}}[{WINDOW_S}s]))"


OVERVIEW: tuple[Signal, ...] = (
    Signal("requests", _rate(f"{SERVER}_count", "service"), "1/s", 2.0),
    Signal("errors", _share(f"{SERVER}_count{{{FAILED}}}", f"{SERVER}_count", "service"), "ratio", 0.005),
    Signal("p99", _p99(SERVER, "service"), "s", 0.06),
    Signal("p99, as its callers see it", _p99(CALL, "server_address"), "s", 0.06, "server_address"),
    Signal(
        "failed attempts at it",
        _share(f'{CALL}_count{{error_type!=""}}', f"{CALL}_count", "server_address"),
        "ratio",
        0.005,
        "server_address",
    ),
    Signal("retries", _rare("http_client_request_retries_total", f"{CALL}_count", "service"), "1/s", 0.05),
    Signal("breaker for it", "max by (server_address) (circuit_breaker_state)", "", 1.0, "server_address"),
    Signal("CPU", _rate(f"container_cpu_usage_seconds_total{{{OURS}}}", "service"), "cores", 0.02),
    Signal("memory", f"sum by (service) (container_memory_working_set_bytes{{{OURS}}})", "bytes", 1e7),
    Signal(
        "cache hit ratio",
        _share('cache_requests_total{cache_result="hit"}', "cache_requests_total", "service"),
        "ratio",
        0.005,
    ),
    Signal("events waiting", "sum by (service) (stream_lag + stream_pending)", "count", 1.0),
)
"""Rate, errors, duration of every service, and what every service has: the dashboard that is opened first."""

_POOLS = (
    Signal(
        "pool in use",
        f'sum by (service) ({POOL}_count{{state="used"}}) / sum by (service) ({POOL}_max)',
        "ratio",
        0.1,
    ),
    Signal("waiting for a connection, p99", _p99(f"{POOL}_wait_time_seconds", "service"), "s", 0.005),
    Signal(
        "waits given up", _rare(f"{POOL}_timeouts_total", f"{POOL}_wait_time_seconds_count", "service"), "1/s", 0.05
    ),
)
_CONTAINERS = (
    Signal(
        "throttled periods",
        _share(
            f"container_cpu_cfs_throttled_periods_total{{{OURS}}}",
            f"container_cpu_cfs_periods_total{{{OURS}}}",
            "service",
        ),
        "ratio",
        0.005,
    ),
    Signal("processes", f"sum by (service) (container_processes{{{OURS}}})", "count", 1.0),
    Signal("restarts", _growth("container_restarts_total"), "count", 1.0),
    Signal("out-of-memory kills", _growth("container_oom_events_total"), "count", 1.0),
    Signal("retransmits", _rate(f"container_network_tcp_retransmits_total{{{OURS}}}", "service"), "1/s", 0.4),
)
_STORES = (
    Signal(
        "statements, p99",
        f"histogram_quantile(0.99, {_rate('db_client_operation_duration_seconds_bucket', 'le')})",
        "s",
        0.01,
        component=Component.POSTGRES,
    ),
    Signal("statements", _rate("db_client_operation_duration_seconds_count", "service"), "1/s", 5.0),
    Signal("busy connections", f"sum by (service) ({BUSY})", "count", 1.0),
    Signal("memory of the data", "sum by (service) (redis_memory_used_bytes)", "bytes", 1e6),
    Signal("evictions", _rate("redis_evicted_keys_total", "service"), "1/s", 0.05),
)
RESOURCES: tuple[Signal, ...] = (*_POOLS, *_CONTAINERS, *_STORES)
"""Use, saturation, errors of every resource: the dashboard for the second look."""
