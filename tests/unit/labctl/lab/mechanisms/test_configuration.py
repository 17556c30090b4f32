from __future__ import annotations

from pathlib import Path

import pytest

from labctl.base.errors import EngineError, NotFoundError
from labctl.lab import undo
from labctl.lab.lab import Lab
from labctl.lab.mechanisms.configuration import entry_of
from labctl.lab.mechanisms.mechanism import RESTORER
from tests.support.fake_lab import FakeStack, make_lab

TTL = "FEATURE_CACHE_TTL_SECONDS"


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    return make_lab("lab", tmp_path, monkeypatch)


def cut(lab: Lab, value: str = "5") -> object:
    return lab.configuration.change("risk", TTL, value, author="c.meyer", summary="Fresher features")


def test_a_change_names_only_what_changed() -> None:
    before, after = "A=1\nB=2\nC=3\n", "A=1\nB=5\nD=4\n"
    change = entry_of("risk", before, after, "c.meyer", "Fresher features")
    assert (change.old, change.new) == ("B=2 C=3", "B=5 D=4")
    assert change.detail.startswith("--- a/config/risk.env\n+++ b/config/risk.env\n")
    assert (change.kind, change.component) == ("configuration", "risk")
    assert (change.author, change.summary) == ("c.meyer", "Fresher features")


def test_it_reaches_the_file_the_feed_and_the_container(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    before = lab.configuration.settings("risk")
    change = lab.configuration.change("risk", TTL, "5", author="c.meyer", summary="Fresher features")
    assert lab.configuration.settings("risk") == {**before, TTL: "5"} != before
    assert stack.rollouts == ["risk"]
    assert lab.store.changes.list() == [change]
    assert change is not None
    assert (change.old, change.new) == (f"{TTL}=3600", f"{TTL}=5")
    assert f"-{TTL}=3600\n+{TTL}=5\n" in change.detail


def test_a_change_to_the_same_value_touches_nothing(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    assert cut(lab, "3600") is None
    assert (stack.rollouts, lab.store.changes.list(), lab.store.undo_log.entries()) == ([], [], [])


def test_unknown_services_and_settings_get_the_nearest(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    with pytest.raises(NotFoundError) as caught:
        lab.configuration.change("rsk", TTL, "5", author="a", summary="s")
    assert caught.value.near == "risk"
    with pytest.raises(NotFoundError) as caught:
        lab.configuration.change("risk", "FEATURE_TTL_SECONDS", "5", author="a", summary="s")
    assert caught.value.near == TTL
    assert (stack.rollouts, lab.store.undo_log.entries()) == ([], [])


def test_undoing_gives_back_the_text_comments_included(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    shipped = lab.files.text("risk")
    cut(lab)
    undo.replay(lab)
    assert lab.files.text("risk") == shipped
    assert shipped.startswith("#")
    assert stack.rollouts == ["risk", "risk"]
    back = lab.store.changes.list()[-1]
    assert (back.author, back.summary, back.new) == (RESTORER, "Restore configuration", f"{TTL}=3600")


def test_one_that_was_cut_short_before_the_containers_is_undone(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    stack.fails_with = EngineError("killed in the middle")
    with pytest.raises(EngineError):
        cut(lab)
    stack.fails_with = None
    undo.replay(lab)
    assert lab.configuration.settings("risk")[TTL] == "3600"
    assert stack.rollouts == ["risk", "risk"]


def test_a_way_back_that_was_cut_short_after_the_file_still_rolls_out(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    cut(lab)
    stack.fails_with = EngineError("killed in the middle")
    with pytest.raises(EngineError):
        undo.replay(lab)
    stack.fails_with = None
    undo.replay(lab)
    assert stack.rollouts == ["risk"] * 3
    assert len(lab.store.changes.list()) == 2
