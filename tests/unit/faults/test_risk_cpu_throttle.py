from pathlib import Path

import pytest

from faults.risk_cpu_throttle import FAULT
from labctl.model.draw import usual
from tests.support.corpus import answer_tests
from tests.support.fake_lab import CORES_IN_USE, make_lab

RIGHT = ("risk infrastructure-failure cpu-throttling",)
WRONG = (
    "risk code-release expensive-computation",
    "risk infrastructure-failure cpu-contention",
    "risk nothing cpu-throttling",
    "payments infrastructure-failure cpu-throttling",
    "risk traffic-change overload",
)


test_right, test_wrong = answer_tests(FAULT, RIGHT, WRONG)


def test_risk_gets_less_than_it_uses_and_nobody_announces_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    FAULT.break_lab(lab, usual())
    ((quota, period),) = stack.docker.seen().cpus.values()
    assert 0.5 * CORES_IN_USE < quota / period < CORES_IN_USE
    assert lab.store.changes.list() == []
    assert stack.rollouts == []


def test_work_per_answer_rules_the_regression_out() -> None:
    assert {"risk: CPU per answer", "risk: roll-outs"} <= {probe.name for probe in FAULT.must_not_move}
