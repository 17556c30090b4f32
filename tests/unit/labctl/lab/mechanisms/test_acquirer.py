from __future__ import annotations

from pathlib import Path

import pytest

from labctl.base.errors import HostError, NotFoundError
from labctl.lab import undo
from labctl.lab.lab import Lab
from labctl.state.processor import ProcessorFile
from tests.support.fake_lab import FakeStack, make_lab


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    return make_lab("lab", tmp_path, monkeypatch)


def behaviour(lab: Lab) -> dict[str, str]:
    return lab.processor_file.settings()


def test_it_changes_and_is_undone_without_a_word_in_the_feed(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.acquirer.change(DETOUR_RATIO="0.03", REFUSED_SCHEMES="amex")
    assert (behaviour(lab)["DETOUR_RATIO"], behaviour(lab)["REFUSED_SCHEMES"]) == ("0.03", "amex")
    undo.replay(lab)
    assert (behaviour(lab)["DETOUR_RATIO"], behaviour(lab)["REFUSED_SCHEMES"]) == ("0", "")
    assert stack.rollouts == []
    assert lab.configuration.settings("acquirer") == behaviour(lab)
    assert lab.store.changes.list() == []
    assert lab.store.touched_at > 0


def test_a_setting_that_it_does_not_have_gets_the_nearest(made: tuple[Lab, FakeStack]) -> None:
    with pytest.raises(NotFoundError) as caught:
        made[0].acquirer.change(DETOURS="0.03")
    assert caught.value.near == "DETOUR_RATIO"


def test_one_that_was_cut_short_is_undone(made: tuple[Lab, FakeStack], monkeypatch: pytest.MonkeyPatch) -> None:
    lab, _ = made

    def refuse(*_: object) -> None:
        raise HostError("killed in the middle")

    with monkeypatch.context() as patch:
        patch.setattr(ProcessorFile, "write", refuse)
        with pytest.raises(HostError):
            lab.acquirer.change(DETOUR_RATIO="0.03")
    undo.replay(lab)
    assert behaviour(lab)["DETOUR_RATIO"] == "0"


def test_of_several_changes_what_was_before_the_first_one_comes_back(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    lab.acquirer.change(DETOUR_RATIO="0.03")
    lab.acquirer.change(DETOUR_RATIO="0.05", ERROR_RATIO="0.2")
    lab.acquirer.change(DETOUR_RATIO="0.05")
    assert undo.replay(lab) == 3
    assert (behaviour(lab)["DETOUR_RATIO"], behaviour(lab)["ERROR_RATIO"]) == ("0", "0.001")


def test_the_folder_of_the_lab_does_not_tell(made: tuple[Lab, FakeStack]) -> None:
    lab, _ = made
    lab.processor_file.prepare()
    before = {path: (path.stat().st_size, int(path.stat().st_mtime)) for path in _files(lab)}
    lab.acquirer.change(REFUSED_SCHEMES="amex,mastercard", DETOUR_RATIO="0.035")
    assert {path: (path.stat().st_size, int(path.stat().st_mtime)) for path in _files(lab)} == before
    assert not any(b"amex,m" in path.read_bytes() for path in _files(lab))


def _files(lab: Lab) -> list[Path]:
    return [path for path in sorted(lab.folder.rglob("*")) if path.is_file() and "state.db" not in path.name]
