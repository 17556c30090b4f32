"""The probes of how services use the database; each fault gives them its own tolerances.

Windows are 10 s where events are frequent, and 20 s where a single event would change the figure much.
"""

from __future__ import annotations

from faults.probes import RARE, SERVER
from labctl.model.probe import Probe, Tolerance
from labctl.model.promql import mean, quantile, rare_rate, rate, share

OPERATION = "db_client_operation_duration_seconds"
POOL_WAIT = "db_client_connection_wait_time_seconds"


def queries(service: str, tolerance: Tolerance) -> Probe:
    """Count a service's database queries per second."""
    query = rate(f'{OPERATION}_count{{job="{service}",db_operation_name="SELECT"}}')
    return Probe(f"{service}: database queries", query, tolerance, "1/s")


def pool_wait(service: str, q: float, tolerance: Tolerance) -> Probe:
    """Measure how long a service waits for a connection of its pool, at a quantile."""
    return Probe(f"{service}: pool wait p{q * 100:g}", quantile(q, POOL_WAIT, f'job="{service}"', RARE), tolerance, "s")


def statement(service: str, summary: str, q: float, tolerance: Tolerance) -> Probe:
    """Measure how long one of a service's statements takes, at a quantile."""
    matchers = f'job="{service}",db_query_summary="{summary}"'
    query = quantile(q, OPERATION, matchers, RARE)
    return Probe(f"{service}: {summary} p{q * 100:g}", query, tolerance, "s")


def rows_scanned(table: str, service: str, route: str, tolerance: Tolerance) -> Probe:
    """Count the rows of a table that sequential scans read, for every request to one route of a service."""
    read = rate(f'pg_stat_user_tables_seq_tup_read{{relname="{table}"}}')
    requests = rate(f'{SERVER}_count{{job="{service}",http_route="{route}"}}')
    return Probe(f"{table}: rows scanned per request", f"{read} / {requests}", tolerance, "count")


def table_rows(table: str, tolerance: Tolerance) -> Probe:
    """Count the rows of a table: rows inserted minus rows deleted.

    The count is exact. The estimate `n_live_tup` can be a third off after many rows were removed: a vacuum skips pages.
    """
    inserted, deleted = (f'pg_stat_user_tables_n_tup_{done}{{relname="{table}"}}' for done in ("ins", "del"))
    return Probe(f"{table}: rows", f"sum({inserted} - {deleted})", tolerance, "count")


def sessions(what: str, matchers: str, tolerance: Tolerance) -> Probe:
    """Count the database sessions that match: the greatest number at one time in the last 20 s."""
    return Probe(f"postgres: {what}", _peak("pg_stat_activity_count", matchers), tolerance, "count")


def open_transaction(user: str, tolerance: Tolerance) -> Probe:
    """Measure the longest time in the last 20 s for which a database user kept a transaction open and idle."""
    query = _peak("pg_stat_activity_max_tx_duration", f'usename="{user}",state="idle in transaction"')
    return Probe(f"{user}: idle in transaction", query, tolerance, "s")


def pool_size(service: str, tolerance: Tolerance) -> Probe:
    """Count the connections that a service may open to the database at most."""
    return Probe(f"{service}: pool size", f'min(db_client_connection_max{{job="{service}"}})', tolerance, "count")


def connections_kept(service: str, tolerance: Tolerance) -> Probe:
    """Count the connections in use at every moment of the last 5 s: normal work gives them back in between."""
    lent = f'db_client_connection_count{{job="{service}",state="used"}}'
    return Probe(f"{service}: connections kept", f"max(min_over_time({lent}[5s]))", tolerance, "count")


def pool_timeouts(service: str, tolerance: Tolerance) -> Probe:
    """Count the waits for a connection that a service gives up, per second."""
    job = f'{{job="{service}"}}'
    query = rare_rate(f"db_client_connection_timeouts_total{job}", f"{POOL_WAIT}_count{job}")
    return Probe(f"{service}: pool time-outs", query, tolerance, "1/s")


def query_mean(service: str, tolerance: Tolerance) -> Probe:
    """Measure how long a service's reading statements take, on average."""
    query = mean(OPERATION, f'job="{service}",db_operation_name="SELECT"', RARE)
    return Probe(f"{service}: query mean", query, tolerance, "s")


def queries_per_answer(service: str, tolerance: Tolerance) -> Probe:
    """Count the reading statements that a service runs for each of its answers."""
    read = rate(f'{OPERATION}_count{{job="{service}",db_operation_name="SELECT"}}', RARE)
    answered = rate(f'{SERVER}_count{{job="{service}"}}', RARE)
    return Probe(f"{service}: queries per answer", f"{read} / {answered}", tolerance, "count")


def cut_statements(service: str, tolerance: Tolerance) -> Probe:
    """Measure the share of a service's reading statements that run into their time-out."""
    every = f'{OPERATION}_count{{job="{service}",db_operation_name="SELECT"%s}}'
    query = share(every % ',error_type="QueryCanceled"', every % "", RARE)
    return Probe(f"{service}: statements cut short", query, tolerance, "ratio")


def _peak(gauge: str, matchers: str) -> str:
    """Return the highest sum of a gauge in the last 20 s; zero while the gauge has other series only."""
    return f"sum(max_over_time((sum({gauge}{{{matchers}}}) or 0 * sum({gauge}))[{RARE}s:1s]))"
