from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.base.errors import LabStateError, SickLabError, WaitTimeoutError
from labctl.health import steady_state
from labctl.health.steady_state import Reading, probes, rate_tolerance
from tests.support.alerting_rules import make_rule
from tests.support.fake_metrics import FakeMetrics, steady

HEALTHY = {
    "request rate": 20.0,
    "checkout error ratio": 0.002,
    "checkout p95": 0.12,
    "risk cache hit ratio": 0.92,
    "pool time-outs": 0.0,
    "open circuit breakers": 0.0,
    "ledger lag": 1.0,
    "firing pages": 0.0,
    "scrape targets down": 0.0,
}


def lab(rps: float = 20.0, **changed: float | None) -> FakeMetrics:
    values: dict[str, float | None] = {**HEALTHY, "request rate": rps}
    values.update({name.replace("_", " "): value for name, value in changed.items()})
    found = ((probe.query, values[probe.name]) for probe in probes(rps))
    return FakeMetrics({query: steady(value) for query, value in found if value is not None})


def test_every_probe_has_its_own_name_and_query() -> None:
    assert [probe.name for probe in probes(20)] == list(HEALTHY)
    assert len({probe.query for probe in probes(20)}) == len(HEALTHY)
    assert set(HEALTHY) > steady_state.CLIENTS_VIEW


def test_a_healthy_lab_has_nothing_sick() -> None:
    readings = steady_state.check(lab(), 20)
    assert steady_state.sick(readings) == []
    assert {each.probe.name: each.value for each in readings} == {**HEALTHY, "closest alert": 0}


SICK = [
    ("request_rate", 10.0),
    ("request_rate", 30.0),
    ("checkout_error_ratio", 0.03),
    ("checkout_p95", 0.5),
    ("risk_cache_hit_ratio", 0.5),
    ("pool_time-outs", 1.0),
    ("open_circuit_breakers", 2.0),
    ("ledger_lag", 500.0),
    ("firing_pages", 1.0),
    ("scrape_targets_down", 1.0),
    ("checkout_p95", None),
]


@pytest.mark.parametrize(("name", "value"), SICK)
def test_each_probe_alone_makes_the_lab_sick_and_so_does_missing_telemetry(name: str, value: float | None) -> None:
    changed: dict[str, Any] = {name: value}
    sick = steady_state.sick(steady_state.check(lab(**changed), 20))
    assert [each.probe.name for each in sick] == [name.replace("_", " ")]


RULE = make_rule("errors > 4")
LEVEL = "(errors{}) / (4)"


def close(level: float | None) -> FakeMetrics:
    """Return a healthy lab whose only alert is so close to paging."""
    metrics = lab()
    metrics.alerting = [RULE]
    metrics.signals = {**metrics.signals, LEVEL: lambda _now: level}
    return metrics


@pytest.mark.parametrize("level", [0.0, steady_state.CLEAN])
def test_an_alert_that_is_far_from_paging_does_not_make_a_lab_sick(level: float) -> None:
    readings = steady_state.check(close(level), 20)
    assert steady_state.sick(readings) == []
    assert readings[-1].value == level


@pytest.mark.parametrize("level", [steady_state.CLEAN + 0.01, 1.0, 7.0, None])
def test_an_alert_that_may_page_by_itself_does_and_so_does_one_that_nobody_measured(level: float | None) -> None:
    (sick,) = steady_state.sick(steady_state.check(close(level), 20))
    assert (sick.probe.name, sick.value) == ("closest alert", level)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody wait between two looks."""
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)


@pytest.mark.usefixtures("hurried")
def test_how_close_an_alert_is_is_asked_only_of_a_lab_that_is_healthy_otherwise() -> None:
    metrics = close(0.0)
    query = probes(20)[0].query
    answers = iter([2.0, 2.0, 20.0])
    metrics.signals = {**metrics.signals, query: lambda _now: next(answers)}
    readings = steady_state.wait(metrics, 20, timeout=20)
    assert metrics.asked == [LEVEL]
    assert readings[-1].value == 0


@pytest.mark.usefixtures("hurried")
def test_waiting_goes_on_until_the_closest_alert_is_far_away() -> None:
    metrics = close(0.0)
    levels = (0.9, 0.6, 0.4)
    metrics.signals = {**metrics.signals, LEVEL: lambda _now: levels[len(metrics.asked) - 1]}
    told: list[str] = []
    assert steady_state.wait(metrics, 20, timeout=20, progress=told.append)[-1].value == 0.4
    assert [line.partition(" (")[0] for line in told] == [
        "9 of 10, waiting for closest alert: 0.9",
        "9 of 10, waiting for closest alert: 0.6",
    ]


def test_waiting_ends_with_the_first_readings_that_all_hold() -> None:
    metrics = lab()
    query = probes(20)[0].query
    answers = iter([None, 2.0, 19.0])
    metrics = FakeMetrics({**metrics.signals, query: lambda _now: next(answers)})
    told: list[str] = []
    readings = steady_state.wait(metrics, 20, timeout=20, progress=told.append)
    assert readings[0].value == 19.0
    assert [line.partition(",")[0] for line in told] == ["8 of 10", "8 of 10"]
    assert "request rate: no data" in told[0]


def test_waiting_in_vain_says_what_was_sick() -> None:
    with pytest.raises(WaitTimeoutError, match="the steady state did not happen") as caught:
        steady_state.wait(lab(checkout_p95=2.4), 20, timeout=0)
    assert "checkout p95: 2.4 s (expected <= 0.3)" in caught.value.expected
    assert "request rate" not in caught.value.expected


def test_a_prometheus_that_does_not_answer_yet_is_waited_for() -> None:
    healthy = lab()
    failures = iter([True, False])

    class Starting(FakeMetrics):
        def scalar(self, promql: str, at: float | None = None) -> float | None:
            if next(failures, False):
                raise LabStateError("not answering")
            return super().scalar(promql, at)

    assert steady_state.wait(Starting(healthy.signals), 20, timeout=20)


def test_a_sick_lab_is_refused_with_what_is_sick() -> None:
    with pytest.raises(SickLabError, match=r"the lab is not healthy: .*risk cache hit ratio: 0\.4 ") as caught:
        steady_state.require(lab(risk_cache_hit_ratio=0.4), 20, patience=0)
    assert "labctl heal" in caught.value.todo
    assert len(steady_state.require(lab(), 20, patience=0)) == len(HEALTHY) + 1


@given(st.floats(1, 200))
def test_the_tolerated_rate_is_never_narrower_than_drift_and_never_takes_half_a_load_for_whole(rps: float) -> None:
    off = rate_tolerance(rps)
    assert off >= 0.2
    if rps >= 20:
        assert off < 0.3


@given(st.floats(1, 200))
def test_one_failed_checkout_alone_does_not_make_a_slow_lab_sick(rps: float) -> None:
    ratio = next(probe for probe in probes(rps) if probe.name == "checkout error ratio")
    assert ratio.tolerance.high is not None
    assert 0.02 <= ratio.tolerance.high <= 0.1
    window = int(ratio.query.rpartition("[")[2].partition("s")[0])
    if rps <= 20:
        assert ratio.tolerance.high * rps * window / 2 >= 1
    assert steady_state.WINDOW_S <= window <= 60


def test_readings_for_people_and_for_machines() -> None:
    probe = next(each for each in probes(20) if each.name == "risk cache hit ratio")
    assert str(Reading(probe, 0.91234)) == "risk cache hit ratio: 0.912 (expected >= 0.85)"
    assert steady_state.value_text(Reading(probe, None)) == "no data"
    document = steady_state.document(Reading(probe, 0.5))
    assert document == {
        "probe": "risk cache hit ratio",
        "value": 0.5,
        "unit": "ratio",
        "low": 0.85,
        "high": None,
        "holds": False,
    }


def test_silence_is_anchored_on_prometheus_itself() -> None:
    watched = {probe.name: probe.query for probe in probes(20)}
    assert "or 0 * count(up)" in watched["firing pages"]
    assert "or 0 * count(up)" in watched["scrape targets down"]
