from __future__ import annotations

from pathlib import Path

import pytest

from labctl.base.errors import InputError
from labctl.lab import undo
from labctl.lab.lab import Lab
from labctl.state.traffic import Traffic
from tests.support.fake_lab import FakeStack, make_lab


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    return make_lab("lab", tmp_path, monkeypatch)


def test_a_shift_needs_no_restart_and_is_in_no_feed(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.load.shift(1.5, history=4)
    assert lab.traffic_file.read() == Traffic(1.5, {"history": 4})
    assert (stack.rollouts, lab.store.changes.list()) == ([], [])


def test_of_several_shifts_what_was_before_the_first_one_comes_back(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    lab.load.shift(2)
    lab.load.shift(history=4)
    lab.load.shift(history=4)
    assert undo.replay(lab) == 2
    assert lab.traffic_file.read() == Traffic()


def test_what_nobody_asks_for_changes_nothing(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    with pytest.raises(InputError):
        lab.load.shift(history=21)
    assert lab.store.undo_log.entries() == []


def test_only_a_shift_that_somebody_announces_is_in_the_feed(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    lab.load.shift(1.1, author="a.n", summary="Newsletter")
    (change,) = lab.store.changes.list()
    assert (change.kind, change.component, change.author, change.summary) == ("traffic", "clients", "a.n", "Newsletter")
