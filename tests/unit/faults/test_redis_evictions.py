from pathlib import Path

import pytest

from faults.redis_evictions import FAULT
from labctl.lab import undo
from labctl.model.draw import usual
from tests.support.corpus import answer_tests
from tests.support.fake_lab import make_lab

RIGHT = (
    "redis configuration-change cache-eviction",
    "risk-redis configuration-change cache-eviction",
)
WRONG = (
    "risk configuration-change cache-lifetime-too-short",
    "redis traffic-change cache-eviction",
    "risk configuration-change cache-eviction",
    "redis configuration-change out-of-memory-kill",
    "redis dependency-degradation slow-dependency",
)


test_right, test_wrong = answer_tests(FAULT, RIGHT, WRONG)


def test_the_limit_leaves_room_for_a_part_of_the_features(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    FAULT.break_lab(lab, usual())
    limit = int(lab.configuration.settings("redis")["MAXMEMORY"].removesuffix("kb")) * 1024
    others = lab.cache.memory().used - lab.cache.memory().cached
    assert others < limit < others + lab.cache.memory().cached / 2
    assert stack.rollouts == ["redis"]


def test_the_feed_says_what_a_colleague_would(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab, _ = make_lab("lab", tmp_path, monkeypatch)
    FAULT.break_lab(lab, usual())
    (change,) = lab.store.changes.list()
    assert (change.kind, change.component, change.old) == ("configuration", "redis", "MAXMEMORY=48mb")
    undo.replay(lab)
    assert lab.configuration.settings("redis")["MAXMEMORY"] == "48mb"


def test_healing_brings_back_what_was_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    FAULT.break_lab(lab, usual())
    undo.replay(lab)
    assert stack.rollouts == ["redis", "redis", "risk"]


def test_a_heal_that_was_killed_before_risk_started_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    FAULT.break_lab(lab, usual())
    roll_out = stack.rollout

    def killed(service: str) -> None:
        if service == "risk":
            raise KeyboardInterrupt
        roll_out(service)

    with monkeypatch.context() as patch:
        patch.setattr(stack, "rollout", killed)
        with pytest.raises(KeyboardInterrupt):
            undo.replay(lab)
    undo.replay(lab)
    assert stack.rollouts == ["redis", "redis", "redis", "risk"]


def test_the_stream_is_not_to_suffer() -> None:
    assert {"redis: writes refused", "ledger: backlog"} <= {probe.name for probe in FAULT.must_not_move}
