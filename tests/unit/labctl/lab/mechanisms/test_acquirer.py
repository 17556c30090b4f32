from __future__ import annotations

from pathlib import Path

import pytest

from labctl.base.errors import EngineError, NotFoundError
from labctl.lab import undo
from labctl.lab.lab import Lab
from tests.support.fake_lab import FakeStack, make_lab


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    return make_lab("lab", tmp_path, monkeypatch)


def behaviour(lab: Lab) -> dict[str, str]:
    return lab.configuration.settings("acquirer")


def test_it_changes_and_is_undone_without_a_word_in_the_feed(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.acquirer.change(DETOUR_RATIO="0.03", REFUSED_SCHEMES="amex")
    assert (behaviour(lab)["DETOUR_RATIO"], behaviour(lab)["REFUSED_SCHEMES"]) == ("0.03", "amex")
    undo.replay(lab)
    assert (behaviour(lab)["DETOUR_RATIO"], behaviour(lab)["REFUSED_SCHEMES"]) == ("0", "")
    assert stack.rollouts == ["acquirer", "acquirer"]
    assert lab.store.changes.list() == []
    assert lab.store.touched_at > 0


def test_a_setting_that_it_does_not_have_gets_the_nearest(made: tuple[Lab, FakeStack]) -> None:
    with pytest.raises(NotFoundError) as caught:
        made[0].acquirer.change(DETOURS="0.03")
    assert caught.value.near == "DETOUR_RATIO"


def test_one_that_was_cut_short_is_undone(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    stack.fails_with = EngineError("killed in the middle")
    with pytest.raises(EngineError):
        lab.acquirer.change(DETOUR_RATIO="0.03")
    stack.fails_with = None
    undo.replay(lab)
    assert behaviour(lab)["DETOUR_RATIO"] == "0"
    assert stack.rollouts == ["acquirer", "acquirer"]
