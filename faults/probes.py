"""The measurements that faults are recognised by, each with its tolerance left open.

Windows are 10 s where events are frequent, and 20 s where a single one would swing the figure.
"""

from __future__ import annotations

from labctl.probe import Probe, Tolerance
from labctl.promql import mean, quantile, rate, share

SERVER = "http_server_request_duration_seconds"
CALL = "http_client_request_duration_seconds"
POOL_WAIT = "db_client_connection_wait_time_seconds"
CLIENTS = "client_request_duration_seconds"
RARE = 20


def rolled_out(service: str, tolerance: Tolerance) -> Probe:
    """Count how often a service's container was replaced in the last 15 s: what a release or new configuration does."""
    started = f'max(container_start_time_seconds{{service="{service}"}})'
    return Probe(f"{service}: roll-outs", f"sum(changes({started}[15s:1s]))", tolerance, "count")


def cache_hit_ratio(tolerance: Tolerance) -> Probe:
    """Measure the share of risk's feature look-ups that the cache answers."""
    look_ups = 'cache_requests_total{job="risk",cache_name="features"%s}'
    return Probe("risk: cache hit ratio", share(look_ups % ',cache_result="hit"', look_ups % ""), tolerance, "ratio")


def evictions(tolerance: Tolerance) -> Probe:
    """Count the keys that Redis drops for want of memory, per second."""
    return Probe("redis: evictions", rate("redis_evicted_keys_total"), tolerance, "1/s")


def queries(service: str, tolerance: Tolerance) -> Probe:
    """Count a service's database queries per second."""
    query = rate(f'db_client_operation_duration_seconds_count{{job="{service}",db_operation_name="SELECT"}}')
    return Probe(f"{service}: database queries", query, tolerance, "1/s")


def pool_wait(service: str, q: float, tolerance: Tolerance) -> Probe:
    """Measure how long a service waits for a connection of its pool, at a quantile."""
    return Probe(f"{service}: pool wait p{q * 100:g}", quantile(q, POOL_WAIT, f'job="{service}"', RARE), tolerance, "s")


def latency(service: str, route: str, q: float, tolerance: Tolerance) -> Probe:
    """Measure how long a service takes to answer on one route, at a quantile."""
    matchers = f'job="{service}",http_route="{route}"'
    return Probe(f"{service}: p{q * 100:g}", quantile(q, SERVER, matchers, RARE), tolerance, "s")


def mean_latency(service: str, route: str, tolerance: Tolerance) -> Probe:
    """Measure how long a service takes to answer on one route, on average."""
    return Probe(f"{service}: mean", mean(SERVER, f'job="{service}",http_route="{route}"', RARE), tolerance, "s")


def retries(caller: str, callee: str, tolerance: Tolerance) -> Probe:
    """Measure the share of one service's attempts at another that repeat an earlier one."""
    pair = f'job="{caller}",server_address="{callee}"'
    query = share(f"http_client_request_retries_total{{{pair}}}", f"{CALL}_count{{{pair}}}", RARE)
    return Probe(f"{caller}: retries of {callee}", query, tolerance, "ratio")


def call_mean(caller: str, callee: str, tolerance: Tolerance) -> Probe:
    """Measure how long one service waits for another, on average: all that is seen of what is not ours."""
    matchers = f'job="{caller}",server_address="{callee}"'
    return Probe(f"{callee}: mean, as {caller} sees it", mean(CALL, matchers, RARE), tolerance, "s")


def answers(service: str, status: int, tolerance: Tolerance) -> Probe:
    """Measure the share of a service's answers that have one status."""
    every = f'{SERVER}_count{{job="{service}"%s}}'
    query = share(every % f',http_response_status_code="{status}"', every % "", RARE)
    return Probe(f"{service}: answers {status}", query, tolerance, "ratio")


def failing(endpoints: str, tolerance: Tolerance) -> Probe:
    """Measure the share of the clients' requests that fail; `endpoints` is one or several of them, joined by |."""
    every = f'{CLIENTS}_count{{job="clients",endpoint=~"{endpoints}"%s}}'
    name = f"clients: failing {endpoints.replace('|', ', ')}"
    return Probe(name, share(every % ',outcome="error"', every % "", RARE), tolerance, "ratio")


def traffic(tolerance: Tolerance) -> Probe:
    """Count the clients' requests per second."""
    return Probe("clients: traffic", rate(f'{CLIENTS}_count{{job="clients"}}', RARE), tolerance, "1/s")


def cpu(service: str, tolerance: Tolerance) -> Probe:
    """Measure the CPU that a service uses, in cores."""
    query = rate(f'container_cpu_usage_seconds_total{{service="{service}"}}', RARE)
    return Probe(f"{service}: CPU", query, tolerance, "cores")
