from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from labctl.lab.lab import Lab
from labctl.lookups.logs import LokiClient
from labctl.lookups.traces import Found, JaegerClient
from labctl.model.measurement import Window
from labctl.model.probe import Probe, at_least
from labctl.model.signal import Signal, entry, lines, metric, rows, spans
from labctl.model.vocabulary import Component, Mechanism, Trigger
from labctl.verify import evidence
from labctl.verify.evidence import Evidence, more
from tests.support.example_fault import QUEUE, example
from tests.support.fake_lab import make_lab
from tests.support.fake_metrics import FakeMetrics

HEALTHY, BROKEN = Window(1000, 1020), Window(1030, 1060)
WAITS = metric(Component.RISK, QUEUE, Mechanism.POOL_TOO_SMALL)
Look = Callable[[Signal], bool]


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    return make_lab("lab", tmp_path, monkeypatch)[0]


def decides(lab: Lab, signal: Signal, healthy: Window = HEALTHY, broken: Window = BROKEN) -> bool:
    found = Evidence(lab, example(evidence=(signal,)), healthy)
    found.ask_database()
    found.look(broken)
    assert found.seen[0].decides == (signal in found.deciding)
    return found.seen[0].decides


def measuring(lab: Lab, query: str, healthy: float | None, broken: float | None) -> None:
    lab.__dict__["metrics"] = FakeMetrics({query: lambda at: healthy if at < 1025 else broken})


@pytest.mark.parametrize(
    ("healthy", "broken", "expected"),
    [(1, 3, True), (1, 1, False), (1, None, False), (None, 3, False), (None, None, False)],
)
def test_a_metric_decides_when_it_moved_and_never_where_it_is_missing(
    lab: Lab, healthy: float | None, broken: float | None, expected: bool
) -> None:
    measuring(lab, QUEUE.query, healthy, broken)
    assert decides(lab, WAITS) == expected


def test_a_metric_that_held_in_the_healthy_lab_already_does_not_decide(lab: Lab) -> None:
    probe = Probe("always", "always", at_least(1))
    measuring(lab, "always", 5, 5)
    assert not decides(lab, metric(Component.RISK, probe))


@pytest.mark.parametrize(("before", "after", "expected"), [(0, 3, True), (0, 2, False), (10, 20, False), (2, 30, True)])
def test_lines_decide_when_there_are_many_more(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, before: int, after: int, expected: bool
) -> None:
    monkeypatch.setattr(
        LokiClient, "search", lambda _self, _filter, start, *_: [None] * (before if start < 1025 else after)
    )
    assert decides(lab, lines(Component.RISK, "no connection")) == expected


@pytest.mark.parametrize(("after", "expected"), [(2, True), (1, False)])
def test_two_traces_decide_where_there_was_none(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, after: int, expected: bool
) -> None:
    found: list[object] = [None] * after
    monkeypatch.setattr(
        JaegerClient,
        "search",
        lambda _self, search: Found([] if search.start < 1025 else found),  # type: ignore[arg-type]
    )
    assert decides(lab, spans(Component.RISK, "GET", failed=True)) == expected


def test_an_entry_of_the_feed_decides_by_what_it_changed(lab: Lab) -> None:
    lab.configuration.change("risk", "DB_POOL_MAX", "1", author="c.meyer", summary="Fewer connections")
    at = lab.store.changes.list()[0].at
    healthy, broken = Window(at - 60, at - 1), Window(at - 0.5, at + 1)
    tells = (Component.RISK, Trigger.CONFIGURATION_CHANGE)
    assert decides(lab, entry(Component.RISK, "DB_POOL_MAX=1", *tells), healthy, broken)
    assert decides(lab, entry(Component.RISK, "^configuration ", *tells), healthy, broken)
    assert not decides(lab, entry(Component.RISK, "^release ", *tells), healthy, broken)
    assert not decides(lab, entry(Component.PAYMENTS, "DB_POOL_MAX=1", *tells), healthy, broken)
    assert not decides(lab, entry(Component.RISK, "DB_POOL_MAX=1", *tells), broken, broken)


@pytest.mark.parametrize(
    ("answers", "expected"), [((0.0, 2.0), True), ((0.0, 0.0), False), ((2.0, 2.0), False), ((None, 2.0), False)]
)
def test_the_database_decides_when_it_answers_otherwise_than_before(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, answers: tuple[float | None, float], expected: bool
) -> None:
    waiting = list(answers)
    monkeypatch.setattr(evidence, "_number", lambda _lab, _signal: waiting.pop(0))
    assert decides(lab, rows(Component.POSTGRES, Probe("waiting", "SELECT 1", at_least(1)))) == expected


def test_what_has_decided_once_has_been_seen(lab: Lab) -> None:
    measuring(lab, QUEUE.query, 1, 3)
    found = Evidence(lab, example(evidence=(WAITS,)), HEALTHY)
    found.look(BROKEN)
    measuring(lab, QUEUE.query, 1, 1)
    found.look(BROKEN)
    assert found.deciding == (WAITS,)


def test_nothing_comes_more_often_in_no_time() -> None:
    assert not more(lines(Component.RISK, "x"), 0, 5, HEALTHY, Window(1, 1))
