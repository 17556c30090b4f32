import re
from collections.abc import Callable

import pytest

from faults import database_probes, probes
from labctl.model.probe import Probe, at_least

T = at_least(1)
ALL: dict[str, Callable[[], Probe]] = {
    "rolled_out": lambda: probes.rolled_out("risk", T),
    "cache_hit_ratio": lambda: probes.cache_hit_ratio(T),
    "released": lambda: probes.released("risk", T),
    "cache_errors": lambda: probes.cache_errors(T),
    "cut_short": lambda: probes.cut_short("payments", "risk", T),
    "calls": lambda: probes.calls("risk", "acquirer", T),
    "memory": lambda: probes.memory("risk", T),
    "evictions": lambda: probes.evictions(T),
    "cut_statements": lambda: database_probes.cut_statements("risk", T),
    "queries": lambda: database_probes.queries("risk", T),
    "pool_wait": lambda: database_probes.pool_wait("risk", 0.95, T),
    "latency": lambda: probes.latency("risk", "/assessments", 0.99, T),
    "mean_latency": lambda: probes.mean_latency("risk", "/assessments", T),
    "retries": lambda: probes.retries("payments", "risk", T),
    "call_mean": lambda: probes.call_mean("payments", "acquirer", T),
    "answers": lambda: probes.answers("gateway", 502, T),
    "failing": lambda: probes.failing("lookup|history", T),
    "traffic": lambda: probes.traffic(T),
    "cpu": lambda: probes.cpu("payments", T),
    "client_latency": lambda: probes.client_latency("history", 0.5, T),
    "statement": lambda: database_probes.statement("payments", "INSERT payments", 0.99, T),
    "rows_scanned": lambda: database_probes.rows_scanned("payments", "payments", "/checkouts", T),
    "table_rows": lambda: database_probes.table_rows("payments", T),
    "sessions": lambda: database_probes.sessions("sessions that wait for a lock", 'wait_event_type="Lock"', T),
    "open_transaction": lambda: database_probes.open_transaction("jobs", T),
    "events": lambda: probes.events("booked", T),
    "backlog": lambda: probes.backlog(T),
    "balances_late": lambda: probes.balances_late(T),
    "throttled": lambda: probes.throttled("risk", T),
    "cpu_per_answer": lambda: probes.cpu_per_answer("risk", T),
    "quota": lambda: probes.quota("risk", T),
    "retransmits": lambda: probes.retransmits("redis", T),
    "call_quantile": lambda: probes.call_quantile("payments", "acquirer", 0.99, T),
    "call_answers": lambda: probes.call_answers("payments", "acquirer", 403, T),
    "failed_authorisations": lambda: probes.failed_authorisations("amex", 'card_scheme="amex"', T),
    "command_time": lambda: probes.command_time("get", T),
    "refused_writes": lambda: probes.refused_writes(T),
    "memory_limit": lambda: probes.memory_limit(T),
    "paging": lambda: probes.paging("LedgerRestarted", T),
    "pool_size": lambda: database_probes.pool_size("payments", T),
    "connections_kept": lambda: database_probes.connections_kept("payments", T),
    "pool_timeouts": lambda: database_probes.pool_timeouts("payments", T),
    "query_mean": lambda: database_probes.query_mean("payments", T),
    "queries_per_answer": lambda: database_probes.queries_per_answer("payments", T),
    "memory_peak": lambda: probes.memory_peak("gateway", T),
    "unserved": lambda: probes.unserved(T),
    "restarts": lambda: probes.restarts("gateway", T),
}
every_probe = pytest.mark.parametrize("make", ALL.values(), ids=ALL)


@every_probe
def test_yields_a_single_number(make: Callable[[], Probe]) -> None:
    assert re.match(r"(histogram_quantile|\(?(sum|min|max))\(", make().query)
    assert "by (" not in make().query.replace("sum by (le)", "")


@every_probe
def test_brackets_are_balanced(make: Callable[[], Probe]) -> None:
    query = make().query
    assert all(query.count(opening) == query.count(closing) for opening, closing in ("()", "[]", "{}"))
    assert query.count('"') % 2 == 0


@every_probe
def test_has_a_name_a_unit_and_the_tolerance_it_was_given(make: Callable[[], Probe]) -> None:
    probe = make()
    assert probe.name
    assert probe.unit in {"s", "ratio", "1/s", "count", "cores", "bytes"}
    assert probe.tolerance is T


def test_every_measurement_is_tested() -> None:
    functions = {
        name
        for module in (probes, database_probes)
        for name, thing in vars(module).items()
        if callable(thing) and thing.__module__ == module.__name__ and not name.startswith("_")
    }
    assert functions == set(ALL)


def test_names_read_well() -> None:
    names = [make().name for make in ALL.values()]
    assert len(set(names)) == len(names)
    assert database_probes.pool_wait("risk", 0.95, T).name == "risk: pool wait p95"
    assert probes.failing("lookup|history", T).name == "clients: failing lookup, history"
