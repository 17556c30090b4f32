from collections.abc import Callable
from pathlib import Path

import pytest

from faults.redis_evictions import FAULT
from labctl.lab.lab import Lab
from labctl.state.changes import Change, NewChange
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
    FAULT.inject(lab)
    limit = int(lab.config("redis")["MAXMEMORY"].removesuffix("kb")) * 1024
    others = lab.redis_memory().used - lab.redis_memory().cached
    assert others < limit < others + lab.redis_memory().cached / 2
    assert stack.rollouts == ["redis"]


def test_the_feed_says_what_a_colleague_would(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab, _ = make_lab("lab", tmp_path, monkeypatch)
    FAULT.inject(lab)
    (change,) = lab.store.changes.list()
    assert (change.kind, change.component, change.old) == ("configuration", "redis", "MAXMEMORY=48mb")
    FAULT.heal(lab)
    assert lab.config("redis")["MAXMEMORY"] == "48mb"


def test_healing_brings_back_what_was_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    FAULT.inject(lab)
    FAULT.heal(lab)
    assert stack.rollouts == ["redis", "redis", "risk"]


def test_a_heal_that_was_killed_before_risk_started_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    FAULT.inject(lab)
    with monkeypatch.context() as patch:
        patch.setattr(lab, "_roll_out", _killed_at_risk(lab))
        with pytest.raises(KeyboardInterrupt):
            FAULT.heal(lab)
    FAULT.heal(lab)
    assert stack.rollouts == ["redis", "redis", "risk"]


def _killed_at_risk(lab: Lab) -> Callable[..., Change | None]:
    roll_out = lab._roll_out

    def killed(service: str, write: Callable[[], None], change: NewChange | None) -> Change | None:
        if service == "risk":
            raise KeyboardInterrupt
        return roll_out(service, write, change)

    return killed


def test_the_stream_is_not_to_suffer() -> None:
    assert {"redis: writes refused", "ledger: backlog"} <= {probe.name for probe in FAULT.must_not_move}
