from __future__ import annotations

from pathlib import Path

import pytest

from labctl.base.errors import NotFoundError
from labctl.lab import undo
from labctl.lab.lab import Lab
from tests.support.fake_lab import FakeStack, make_lab


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    return make_lab("lab", tmp_path, monkeypatch)


def test_a_flag_is_switched_as_a_colleague_says_and_nothing_restarts(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    change = lab.flags.switch("close-look", "off", author="p.novak", summary="Spare the database")
    assert change is not None
    assert (change.kind, change.component, change.old, change.new, change.author) == (
        *("flag", "risk", "close-look=on", "close-look=off", "p.novak"),
    )
    changed = [line for line in change.detail.splitlines()[2:] if line[0] in "+-"]
    assert changed == ['-      "defaultVariant": "on",', '+      "defaultVariant": "off",']
    assert lab.flag_file.flag("close-look").variant == "off"
    assert stack.rollouts == []


def test_all_of_it_is_taken_back_with_an_entry_in_the_feed(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    before = lab.flag_file.flags()
    for flag, variant in (
        ("close-look", "off"),
        ("close-look", "on"),
        ("close-look", "off"),
        ("issuer-signals", "off"),
    ):
        lab.flags.switch(flag, variant, author="a", summary="s")
    assert undo.replay(lab) == 4
    assert lab.flag_file.flags() == before
    restored = [each for each in lab.store.changes.list() if each.author == "on-call"]
    assert sorted(each.new for each in restored) == ["close-look=on", "issuer-signals=on"]
    lab.flags.undo([])
    assert len(lab.store.changes.list()) == 6


def test_what_is_there_already_or_nowhere_touches_nothing(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    assert lab.flags.switch("close-look", "on", author="a", summary="s") is None
    with pytest.raises(NotFoundError):
        lab.flags.switch("close-look", "of", author="a", summary="s")
    assert (lab.store.changes.list(), lab.store.undo_log.entries()) == ([], [])
