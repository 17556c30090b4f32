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


def test_a_level_is_put_in_force_and_nothing_restarts(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    assert lab.fog.change("hazy")
    assert lab.store.changes.list() == [], "the feed would date an incident by it"
    assert lab.fog.level == "hazy"
    assert stack.rollouts == []


def test_the_level_before_the_first_change_comes_back(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    lab.fog.choose("hazy")
    for level in ("dense", "clear"):
        lab.fog.change(level)
    assert undo.replay(lab) == 2
    assert lab.fog.level == "hazy"


def test_what_is_chosen_for_the_lab_is_not_undone(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    lab.fog.choose("dense")
    assert (undo.replay(lab), lab.store.changes.list()) == (0, [])
    assert lab.fog.level == "dense"


def test_choosing_says_whether_it_changes_anything(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    assert lab.fog.choose("hazy")
    assert not lab.fog.choose("hazy")
    with pytest.raises(NotFoundError, match="level of fog"):
        lab.fog.choose("thick")
    assert lab.fog.level == "hazy"


def test_what_is_chosen_while_an_incident_has_its_own_fog_comes_after_it(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    for level in ("hazy", "dense"):
        lab.fog.change(level)
    assert lab.fog.choose("hazy")
    assert not lab.fog.choose("hazy")
    assert lab.fog.level == "dense"
    assert [each.before["level"] for each in lab.store.undo_log.entries()] == ["hazy", "hazy"]
    with pytest.raises(NotFoundError, match="level of fog"):
        lab.fog.choose("thick")
    undo.replay(lab)
    assert lab.fog.level == "hazy"


def test_a_level_in_force_or_nowhere_changes_nothing(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    assert not lab.fog.change("clear")
    with pytest.raises(NotFoundError, match="level of fog"):
        lab.fog.change("thick")
    assert lab.store.undo_log.entries() == []
    assert lab.store.changes.list() == []


def test_undoing_twice_does_no_harm(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    lab.fog.change("hazy")
    entries = lab.store.undo_log.entries()
    lab.fog.undo(entries)
    lab.fog.undo(entries)
    assert lab.fog.level == "clear"


def test_what_was_chosen_is_known_though_an_incident_has_another(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    assert lab.fog.chosen is None
    lab.fog.change("dense")
    assert lab.fog.chosen is None
    lab.fog.choose("clear")
    assert (lab.fog.chosen, lab.fog.level) == ("clear", "dense")
