from pathlib import Path

import pytest

from faults.payments_connection_leak import FAULT
from tests.support.corpus import judged
from tests.support.fake_lab import make_lab

RIGHT = (
    "payments code-release connection-leak",
    "payments-postgres code-release connection-leak",
)
WRONG = (
    # the decoy: the pool is too small
    "payments configuration-change connection-pool-too-small",
    "payments code-release connection-pool-too-small",
    "postgres dependency-degradation slow-dependency",
    "postgres scheduled-job row-lock-contention",
    # right mechanism, wrong place or change
    "payments configuration-change connection-leak",
    "risk code-release connection-leak",
    "payments code-release memory-leak",
    "none nothing nothing-wrong",
)


@pytest.mark.parametrize("words", RIGHT)
def test_right(words: str) -> None:
    assert judged(FAULT, words)


@pytest.mark.parametrize("words", [*WRONG, *(" ".join(vars(near.root_cause).values()) for near in FAULT.near_misses)])
def test_wrong(words: str) -> None:
    assert not judged(FAULT, words)


def test_it_releases_a_version_and_rolls_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    shipped = lab.version("payments")
    FAULT.inject(lab)
    (change,) = lab.store.changes.list()
    assert (change.kind, change.component, change.new) == ("release", "payments", "2.14.2")
    assert lab.version("payments") == "2.14.2"
    FAULT.heal(lab)
    assert lab.version("payments") == shipped
    assert stack.rollouts == ["payments", "payments"]
