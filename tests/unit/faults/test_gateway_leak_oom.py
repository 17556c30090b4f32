from pathlib import Path

import pytest

from faults.gateway_leak_oom import FAULT
from tests.support.corpus import judged
from tests.support.fake_lab import make_lab

RIGHT = (
    "gateway code-release memory-leak",
    "gateway code-release out-of-memory-kill",
)
WRONG = (
    # the decoy: the network is flaky
    "gateway-payments infrastructure-failure packet-loss",
    "gateway infrastructure-failure packet-loss",
    "gateway traffic-change overload",
    "gateway configuration-change out-of-memory-kill",
    "gateway code-release connection-leak",
    # right mechanism, wrong place
    "payments code-release memory-leak",
    "clients code-release memory-leak",
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
    shipped = lab.version("gateway")
    FAULT.inject(lab)
    (change,) = lab.store.changes.list()
    assert (change.kind, change.component, change.new) == ("release", "gateway", "3.9.0")
    assert lab.version("gateway") == "3.9.0"
    FAULT.heal(lab)
    assert lab.version("gateway") == shipped
    assert stack.rollouts == ["gateway", "gateway"]
