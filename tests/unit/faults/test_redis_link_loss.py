from pathlib import Path

import pytest

from faults.redis_link_loss import FAULT
from labctl.model.draw import usual
from tests.support.corpus import answer_tests
from tests.support.fake_lab import make_lab

RIGHT = ("risk-redis infrastructure-failure packet-loss",)
WRONG = (
    "redis dependency-degradation slow-dependency",
    "redis infrastructure-failure packet-loss",
    "risk-redis nothing packet-loss",
    "risk-redis infrastructure-failure network-partition",
    "risk-postgres infrastructure-failure packet-loss",
)


test_right, test_wrong = answer_tests(FAULT, RIGHT, WRONG)


def test_some_packets_of_risk_are_lost_and_nobody_announces_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    FAULT.break_lab(lab, usual())
    ((_, share),) = stack.docker.seen().rules.values()
    assert set(stack.docker.seen().rules) == {"id-risk"}
    assert 0 < float(share) < 0.2
    assert lab.store.changes.list() == []


def test_redis_itself_is_cleared() -> None:
    assert {"redis: GET", "redis: CPU"} <= {probe.name for probe in FAULT.must_not_move}
