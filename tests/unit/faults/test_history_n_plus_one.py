from pathlib import Path

import pytest

from faults.history_n_plus_one import FAULT
from tests.support.corpus import judged
from tests.support.fake_lab import make_lab

RIGHT = (
    "payments code-release n-plus-one-queries",
    "payments-postgres code-release n-plus-one-queries",
)
WRONG = (
    # the decoy: the database is overloaded
    "postgres traffic-change overload",
    "postgres dependency-degradation slow-dependency",
    "postgres schema-migration missing-index",
    "payments code-release connection-leak",
    # right mechanism, wrong place or change
    "gateway code-release n-plus-one-queries",
    "payments traffic-change n-plus-one-queries",
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
    assert (change.kind, change.component, change.new) == ("release", "payments", "2.15.0")
    assert lab.version("payments") == "2.15.0"
    FAULT.heal(lab)
    assert lab.version("payments") == shipped
    assert stack.rollouts == ["payments", "payments"]
