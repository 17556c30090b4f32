"""Records of the stream that are moved to the dead letters, and back."""

from __future__ import annotations

from pathlib import Path

import pytest

from labctl.base.errors import LabStateError
from labctl.lab import undo
from labctl.lab.lab import Lab
from tests.support.fake_lab import FakeStack, make_lab


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    stack.docker.state.events.extend(("old", "new"))
    return lab, stack


@pytest.mark.parametrize(("asked", "event"), [("", "old"), ("new", "new"), ("1700000000000-1", "new")])
def test_the_record_that_waits_longest_or_the_one_that_is_named(
    made: tuple[Lab, FakeStack], asked: str, event: str
) -> None:
    lab, stack = made
    assert lab.stream.park(asked).split()[1] == event
    assert list(stack.docker.seen().parked.values()) == [event]
    assert event not in stack.docker.seen().events


def test_it_is_put_back(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.stream.park()
    undo.replay(lab)
    undo.replay(lab)
    assert sorted(stack.docker.seen().events) == ["new", "old"]
    assert stack.docker.seen().parked == {}


def test_one_that_was_added_by_the_same_hand_is_not_put_back_first(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.stream.publish({"event_id": "bad"})
    lab.stream.park("bad")
    assert undo.replay(lab) == 2
    assert stack.docker.seen().events == ["old", "new"]
    assert stack.docker.seen().parked == {}
    assert not any(command[-1] == "1700000000000-2" for command in stack.docker.commands if "XADD" in command[5])


def test_what_is_not_there_cannot_be_parked(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    with pytest.raises(LabStateError, match="no record nowhere"):
        lab.stream.park("nowhere")
    assert lab.store.undo_log.entries() == []
