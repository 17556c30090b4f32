import re
from collections.abc import Callable

import pytest

from faults import probes
from labctl.probe import Probe, at_least

T = at_least(1)
ALL: dict[str, Callable[[], Probe]] = {
    "rolled_out": lambda: probes.rolled_out("risk", T),
    "cache_hit_ratio": lambda: probes.cache_hit_ratio(T),
    "evictions": lambda: probes.evictions(T),
    "queries": lambda: probes.queries("risk", T),
    "pool_wait": lambda: probes.pool_wait("risk", 0.95, T),
    "latency": lambda: probes.latency("risk", "/assessments", 0.99, T),
    "mean_latency": lambda: probes.mean_latency("risk", "/assessments", T),
    "retries": lambda: probes.retries("payments", "risk", T),
    "call_mean": lambda: probes.call_mean("payments", "acquirer", T),
    "answers": lambda: probes.answers("gateway", 502, T),
    "failing": lambda: probes.failing("lookup|history", T),
    "traffic": lambda: probes.traffic(T),
    "cpu": lambda: probes.cpu("payments", T),
}
every_probe = pytest.mark.parametrize("make", ALL.values(), ids=ALL)


@every_probe
def test_yields_a_single_number(make: Callable[[], Probe]) -> None:
    assert re.match(r"(histogram_quantile|sum|\(sum)\(", make().query)
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
    assert probe.unit in {"s", "ratio", "1/s", "count", "cores"}
    assert probe.tolerance is T


def test_every_measurement_is_tested() -> None:
    functions = {
        name for name, thing in vars(probes).items() if callable(thing) and thing.__module__ == probes.__name__
    }
    assert functions == set(ALL)


def test_names_read_well() -> None:
    names = [make().name for make in ALL.values()]
    assert len(set(names)) == len(names)
    assert probes.pool_wait("risk", 0.95, T).name == "risk: pool wait p95"
    assert probes.failing("lookup|history", T).name == "clients: failing lookup, history"
