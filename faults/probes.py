"""The probes that faults share; each fault gives them its own tolerances.

Windows are 10 s where events are frequent, and 20 s where a single event would change the figure much.
"""

from __future__ import annotations

from labctl.images import releases
from labctl.model.probe import Probe, Tolerance
from labctl.model.promql import mean, quantile, rare_rate, rate, share

SERVER = "http_server_request_duration_seconds"
CALL = "http_client_request_duration_seconds"
CLIENTS = "client_request_duration_seconds"
RARE = 20


def rolled_out(service: str, tolerance: Tolerance) -> Probe:
    """Count how often a service's container was replaced in the last 15 s: releases and new configuration do that."""
    started = f'max(container_start_time_seconds{{service="{service}"}})'
    return Probe(f"{service}: roll-outs", f"sum(changes({started}[15s:1s]))", tolerance, "count")


def released(service: str, tolerance: Tolerance) -> Probe:
    """Measure the share of a service's answers that come from a version other than the shipped one."""
    every = f'{SERVER}_count{{job="{service}"%s}}'
    other = every % f',service_version!="{releases.versions(service)[0]}"'
    return Probe(f"{service}: answers of another version", share(other, every % ""), tolerance, "ratio")


def cache_hit_ratio(tolerance: Tolerance) -> Probe:
    """Measure the share of risk's feature look-ups that the cache answers."""
    look_ups = 'cache_requests_total{job="risk",cache_name="features"%s}'
    return Probe("risk: cache hit ratio", share(look_ups % ',cache_result="hit"', look_ups % ""), tolerance, "ratio")


def cache_errors(tolerance: Tolerance) -> Probe:
    """Count the commands that risk's cache does not answer, per second."""
    query = rare_rate('cache_errors_total{job="risk"}', 'cache_requests_total{job="risk"}')
    return Probe("risk: cache errors", query, tolerance, "1/s")


def evictions(tolerance: Tolerance) -> Probe:
    """Count the keys that Redis drops because its memory is full, per second."""
    return Probe("redis: evictions", rate("redis_evicted_keys_total", RARE), tolerance, "1/s")


def latency(service: str, route: str, q: float, tolerance: Tolerance) -> Probe:
    """Measure how long a service takes to answer on one route, at a quantile."""
    matchers = f'job="{service}",http_route="{route}"'
    return Probe(f"{service}: p{q * 100:g}", quantile(q, SERVER, matchers, RARE), tolerance, "s")


def mean_latency(service: str, route: str, tolerance: Tolerance) -> Probe:
    """Measure how long a service takes to answer on one route, on average."""
    return Probe(f"{service}: mean", mean(SERVER, f'job="{service}",http_route="{route}"', RARE), tolerance, "s")


def retries(caller: str, callee: str, tolerance: Tolerance) -> Probe:
    """Measure the share of one service's calls of another that are retries."""
    pair = f'job="{caller}",server_address="{callee}"'
    query = share(f"http_client_request_retries_total{{{pair}}}", f"{CALL}_count{{{pair}}}", RARE)
    return Probe(f"{caller}: retries of {callee}", query, tolerance, "ratio")


def cut_short(caller: str, callee: str, tolerance: Tolerance) -> Probe:
    """Measure the share of one service's calls of another that it gives up before an answer comes."""
    every = f'{CALL}_count{{job="{caller}",server_address="{callee}"%s}}'
    query = share(every % ',error_type="timeout"', every % "", RARE)
    return Probe(f"{caller}: calls of {callee} cut short", query, tolerance, "ratio")


def calls(caller: str, callee: str, tolerance: Tolerance) -> Probe:
    """Count one service's calls of another, retries included, per second."""
    query = rate(f'{CALL}_count{{job="{caller}",server_address="{callee}"}}', RARE)
    return Probe(f"{caller}: calls of {callee}", query, tolerance, "1/s")


def call_mean(caller: str, callee: str, tolerance: Tolerance) -> Probe:
    """Measure how long one service waits for another, on average: for the acquirer, nothing else can be measured."""
    matchers = f'job="{caller}",server_address="{callee}"'
    return Probe(f"{callee}: mean, as {caller} sees it", mean(CALL, matchers, RARE), tolerance, "s")


def answers(service: str, status: int | str, tolerance: Tolerance) -> Probe:
    """Measure the share of a service's answers that have the given status; "5xx" is any status from 500 to 599."""
    every = f'{SERVER}_count{{job="{service}"%s}}'
    matcher = str(status).replace("x", ".")
    query = share(every % f',http_response_status_code=~"{matcher}"', every % "", RARE)
    return Probe(f"{service}: answers {status}", query, tolerance, "ratio")


def failing(endpoints: str, tolerance: Tolerance) -> Probe:
    """Measure the share of the clients' requests that fail; `endpoints` is one or several of them, joined by |."""
    every = f'{CLIENTS}_count{{job="clients",endpoint=~"{endpoints}"%s}}'
    name = f"clients: failing {endpoints.replace('|', ', ')}"
    return Probe(name, share(every % ',outcome="error"', every % "", RARE), tolerance, "ratio")


def unserved(tolerance: Tolerance) -> Probe:
    """Measure the share of the clients' requests that fail or take over a second: a lost SYN costs that (RFC 6298)."""
    every = rate(f'{CLIENTS}_count{{job="clients"}}', RARE)
    served = rate(f'{CLIENTS}_bucket{{job="clients",outcome="ok",le="1.0"}}', RARE)
    return Probe("clients: failing or slow", f"({every} - {served}) / {every}", tolerance, "ratio")


def traffic(tolerance: Tolerance) -> Probe:
    """Count the clients' requests per second."""
    return Probe("clients: traffic", rate(f'{CLIENTS}_count{{job="clients"}}', RARE), tolerance, "1/s")


def cpu(service: str, tolerance: Tolerance) -> Probe:
    """Measure the CPU that a service uses, in cores."""
    query = rate(f'container_cpu_usage_seconds_total{{service="{service}"}}', RARE)
    return Probe(f"{service}: CPU", query, tolerance, "cores")


def memory(service: str, tolerance: Tolerance) -> Probe:
    """Measure the memory that a service uses, in bytes."""
    query = f'sum(container_memory_working_set_bytes{{service="{service}"}})'
    return Probe(f"{service}: memory", query, tolerance, "bytes")


def client_latency(endpoint: str, q: float, tolerance: Tolerance) -> Probe:
    """Measure how long the clients wait for one endpoint, at a quantile."""
    query = quantile(q, CLIENTS, f'job="clients",endpoint="{endpoint}"', RARE)
    return Probe(f"clients: {endpoint} p{q * 100:g}", query, tolerance, "s")


def events(outcome: str, tolerance: Tolerance) -> Probe:
    """Count the events that the ledger handles with the given outcome, per second."""
    every = "stream_messages_total{%s}"
    query = rare_rate(every % f'outcome="{outcome}"', every % 'job="ledger"')
    return Probe(f"ledger: events {outcome}", query, tolerance, "1/s")


def backlog(tolerance: Tolerance) -> Probe:
    """Count the events that the ledger has not booked yet."""
    return Probe("ledger: backlog", "sum(max(stream_lag) + max(stream_pending))", tolerance, "count")


def balances_late(tolerance: Tolerance) -> Probe:
    """Measure how far merchants' balances are behind: the backlog, by the rate at which clients pay and refund."""
    paid = rate(f'{CLIENTS}_count{{job="clients",endpoint=~"checkout|refund",outcome="ok"}}', RARE)
    return Probe("balances: behind", f"sum(max(stream_lag) + max(stream_pending)) / {paid}", tolerance, "s")


def throttled(service: str, tolerance: Tolerance) -> Probe:
    """Measure the share of the scheduler's periods in which a service had used up its CPU quota."""
    periods = f'container_cpu_cfs_%speriods_total{{service="{service}"}}'
    return Probe(f"{service}: throttled", share(periods % "throttled_", periods % ""), tolerance, "ratio")


def cpu_per_answer(service: str, tolerance: Tolerance) -> Probe:
    """Measure the CPU time that a service spends for each of its answers."""
    used = rate(f'container_cpu_usage_seconds_total{{service="{service}"}}', RARE)
    answered = rate(f'{SERVER}_count{{job="{service}"}}', RARE)
    return Probe(f"{service}: CPU per answer", f"{used} / {answered}", tolerance, "s")


def quota(service: str, tolerance: Tolerance) -> Probe:
    """Measure how much CPU time a service's containers may use in each of the scheduler's periods, in microseconds."""
    return Probe(f"{service}: CPU quota", f'sum(container_spec_cpu_quota{{service="{service}"}})', tolerance, "count")


def retransmits(service: str, tolerance: Tolerance) -> Probe:
    """Count the TCP segments that a service has to send again, per second."""
    query = rate(f'container_network_tcp_retransmits_total{{service="{service}"}}', RARE)
    return Probe(f"{service}: segments sent again", query, tolerance, "1/s")


def call_quantile(caller: str, callee: str, q: float, tolerance: Tolerance) -> Probe:
    """Measure how long one service waits for another, at a quantile."""
    query = quantile(q, CALL, f'job="{caller}",server_address="{callee}"', RARE)
    return Probe(f"{callee}: p{q * 100:g}, as {caller} sees it", query, tolerance, "s")


def call_answers(caller: str, callee: str, status: int, tolerance: Tolerance) -> Probe:
    """Measure the share of one service's calls to another that are answered with the given status."""
    every = f'{CALL}_count{{job="{caller}",server_address="{callee}"%s}}'
    query = share(every % f',http_response_status_code="{status}"', every % "", RARE)
    return Probe(f"{callee}: answers {status} to {caller}", query, tolerance, "ratio")


def failed_authorisations(who: str, matcher: str, tolerance: Tolerance) -> Probe:
    """Measure the share of authorisations, for the matching card schemes, that were neither approved nor declined."""
    every = f"payments_authorisations_total{{{matcher}%s}}"
    query = share(every % ',outcome="failed"', every % "", RARE)
    return Probe(f"payments: failed authorisations of {who}", query, tolerance, "ratio")


def command_time(command: str, tolerance: Tolerance) -> Probe:
    """Measure how long Redis itself takes for one kind of command, on average."""
    kind = f'{{cmd="{command}"}}'
    spent, done = rate(f"redis_commands_duration_seconds_total{kind}", RARE), rate(f"redis_commands_total{kind}", RARE)
    return Probe(f"redis: {command.upper()}", f"{spent} / {done}", tolerance, "s")


def refused_writes(tolerance: Tolerance) -> Probe:
    """Count the commands that Redis refuses because its memory is full, per second."""
    query = rare_rate('redis_errors_total{err="OOM"}', "redis_commands_processed_total")
    return Probe("redis: writes refused", query, tolerance, "1/s")


def memory_limit(tolerance: Tolerance) -> Probe:
    """Measure how much memory Redis may use, in bytes."""
    return Probe("redis: memory limit", "sum(redis_memory_max_bytes)", tolerance, "bytes")


def paging(alert: str, tolerance: Tolerance) -> Probe:
    """Count the firing alerts of one name; zero when none fires, no data when Prometheus scrapes nothing."""
    query = f'sum(count(ALERTS{{alertname="{alert}",alertstate="firing"}}) or 0 * count(up))'
    return Probe(f"alert: {alert}", query, tolerance, "count")


def memory_peak(service: str, tolerance: Tolerance) -> Probe:
    """Measure the peak of a service's memory in the last 20 s, as a share of its limit."""
    used = f'max(max_over_time(container_memory_working_set_bytes{{service="{service}"}}[20s]))'
    query = f'{used} / max(container_spec_memory_limit_bytes{{service="{service}"}})'
    return Probe(f"{service}: memory, of its limit", query, tolerance, "ratio")


def restarts(service: str, tolerance: Tolerance) -> Probe:
    """Count how often a service's container ended by itself and was started again, in the last 20 s."""
    query = f'sum(increase(container_restarts_total{{service="{service}"}}[20s]))'
    return Probe(f"{service}: restarts", query, tolerance, "count")
