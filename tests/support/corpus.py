"""Tests that every fault has: of the answers to it, as a learner types them, and of a release and its way back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from labctl.lab import undo
from labctl.model.draw import usual
from labctl.model.fault import Fault
from labctl.model.verdict import is_root_cause, parse_answer
from tests.support.fake_lab import make_lab


def judged(fault: Fault, words: str) -> bool:
    """Whether "COMPONENT TRIGGER MECHANISM" is graded right."""
    component, trigger, mechanism = words.split()
    return is_root_cause(fault, parse_answer(component, trigger, mechanism, ["no-user-impact"]))


def answer_tests(
    fault: Fault, right: Iterable[str], wrong: Iterable[str]
) -> tuple[Callable[[str], None], Callable[[str], None]]:
    """Return `test_right` and `test_wrong`: a test per answer. Near-misses are wrong."""
    near_misses = [" ".join(vars(near.root_cause).values()) for near in fault.near_misses]

    @pytest.mark.parametrize("words", right)
    def test_right(words: str) -> None:
        assert judged(fault, words)

    @pytest.mark.parametrize("words", [*wrong, *near_misses])
    def test_wrong(words: str) -> None:
        assert not judged(fault, words)

    return test_right, test_wrong


def release_test(fault: Fault, service: str, release: str) -> Callable[[Path, pytest.MonkeyPatch], None]:
    """Return a test that the fault ships this release and nothing else, and rolls it back."""

    def test_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        lab, stack = make_lab("lab", tmp_path, monkeypatch)
        shipped = lab.releases.version(service)
        fault.break_lab(lab, usual())
        (change,) = lab.store.changes.list()
        (running,) = lab.releases.running(service)
        assert running.release == release
        assert (change.kind, change.component, change.new) == ("release", service, running.version)
        undo.replay(lab)
        assert lab.releases.version(service) == shipped
        assert stack.rollouts == [service, service]

    return test_release
