from __future__ import annotations

import time
from pathlib import Path

import pytest

from labctl.base.errors import LookupFailedError
from labctl.lab.lab import Lab
from labctl.model.measurement import Window
from labctl.model.signal import entry, metric
from labctl.model.signature import Outcome
from labctl.model.vocabulary import Component, Mechanism, Trigger
from labctl.verify import in_fog
from labctl.verify.evidence import Evidence
from tests.support.example_fault import QUEUE, example
from tests.support.fake_lab import make_lab
from tests.support.fake_metrics import FakeMetrics

CHANGE = entry(Component.RISK, "DB_POOL_MAX", Component.RISK, Trigger.CONFIGURATION_CHANGE)
WAITS = metric(Component.RISK, QUEUE, Mechanism.POOL_TOO_SMALL)


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    monkeypatch.setattr(in_fog, "LINGER_S", 0.0)
    monkeypatch.setattr(in_fog, "LOOK_EVERY_S", 0.01)
    return make_lab("lab", tmp_path, monkeypatch)[0]


def broken_at(lab: Lab, at: float) -> Evidence:
    lab.__dict__["metrics"] = FakeMetrics({QUEUE.query: lambda moment: 1 if moment < at else 3})
    return Evidence(lab, example(evidence=(CHANGE, WAITS)), Window(at - 30, at - 10))


def test_it_looks_until_there_is_enough(lab: Lab) -> None:
    evidence = broken_at(lab, time.time() - 5)
    lab.configuration.change("risk", "DB_POOL_MAX", "1", author="c.meyer", summary="Fewer connections")
    in_fog.watch(evidence, time.time() - 5, time.time() + 60)
    assert [each.decides for each in evidence.seen] == [True, True]
    assert in_fog.judged(evidence, 4).outcome is Outcome.PASS


def test_too_little_is_a_failure_that_says_what_is_missing(lab: Lab) -> None:
    evidence = broken_at(lab, time.time() - 5)
    in_fog.watch(evidence, time.time() - 5, time.time())
    judged = in_fog.judged(evidence, 4)
    assert (judged.outcome, judged.onsets) == (Outcome.FAIL, (None,) * 4)
    assert judged.reasons == ("no two independent signals decide: risk: queue",)


def test_telemetry_that_is_away_at_the_end_is_said(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_self: Evidence, _window: Window) -> None:
        raise LookupFailedError("away")

    monkeypatch.setattr(Evidence, "look", away)
    with pytest.raises(LookupFailedError):
        in_fog.watch(broken_at(lab, 0), 0, time.time())


def test_a_signal_gets_more_time_the_thicker_the_fog(lab: Lab) -> None:
    waits = []
    for level in ("clear", "hazy", "dense"):
        lab.fog.change(level)
        waits.append(in_fog.patience_s(lab))
    assert waits == [0, 20, 80]
