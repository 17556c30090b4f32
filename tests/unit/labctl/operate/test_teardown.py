from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from labctl.base import paths
from labctl.base.errors import EngineError, HostError, LabStateError
from labctl.base.private_files import make_private_dir
from labctl.lab import lab as lab_module
from labctl.lab.lab import Lab
from labctl.lab.mechanisms.release import MADE
from labctl.operate import teardown
from labctl.operate.teardown import tear_down
from labctl.state.locking import locked
from tests.support.fake_lab import FakeStack, make_container, make_lab


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> FakeStack:
    made = FakeStack(containers=[make_container("gateway"), make_container("risk")])
    monkeypatch.setattr(lab_module, "Stack", lambda _project, _folder: made)
    return made


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stack: FakeStack) -> Lab:
    return make_lab("lab", tmp_path, monkeypatch)[0]


def test_a_lab_leaves_nothing_behind(lab: Lab, stack: FakeStack) -> None:
    removal = tear_down("lab")
    assert (removal.containers, removal.state, removal.archived, removal.nothing) == (2, True, None, False)
    assert stack.calls == ["down"]
    assert not lab.folder.exists()
    assert paths.lab_names() == []


@pytest.mark.parametrize("refused", [False, True])
def test_the_images_of_its_releases_go_with_it(lab: Lab, stack: FakeStack, refused: bool) -> None:
    lab.store.set(MADE, {"made": ["labctl/risk:0123456789ab"]})
    stack.docker.refuses.update({"rmi"} if refused else set())
    tear_down("lab")
    assert ("rmi", "labctl/risk:0123456789ab") in stack.docker.commands
    assert not lab.folder.exists()


def test_taking_it_down_again_is_harmless(lab: Lab) -> None:
    tear_down("lab")
    again = tear_down("lab")
    assert again.nothing
    assert not lab.folder.exists()


def test_results_are_kept(lab: Lab) -> None:
    lab.store.documents.put("incident", "INC-0001", {"status": "solved"})
    removal = tear_down("lab")
    assert removal.archived is not None
    assert removal.archived.is_file()


def test_containers_whose_state_is_gone_are_removed(stack: FakeStack) -> None:
    removal = tear_down("lab")
    assert (removal.containers, removal.state, removal.nothing) == (2, False, False)
    assert stack.calls == ["down"]


def test_a_half_made_lab_is_removed(stack: FakeStack) -> None:
    stack.containers = []
    make_private_dir(paths.lab_dir("lab") / "config")
    assert tear_down("lab").state
    lab = Lab("lab")
    make_private_dir(lab.folder)
    lab.store.prepare()
    assert tear_down("lab").state
    assert not lab.folder.exists()


def test_damaged_state_does_not_keep_a_lab_from_going(lab: Lab) -> None:
    for path in lab.folder.glob("state.db-*"):
        path.unlink()
    lab.store.database.path.write_text("not SQLite" * 100)
    removal = tear_down("lab")
    assert removal.archived is not None
    assert not lab.folder.exists()


def test_docker_gone_in_the_middle_keeps_the_state_and_the_next_down_goes_on(lab: Lab, stack: FakeStack) -> None:
    stack.fails_with = EngineError("the Docker daemon does not answer")
    with pytest.raises(EngineError):
        tear_down("lab")
    assert lab.record.status == "stopping"
    assert [each.what for each in lab.store.operations.unfinished()] == ["down"]
    stack.fails_with = None
    assert tear_down("lab").containers == 2
    assert not lab.folder.exists()


def test_a_lab_in_use_is_not_taken_away(lab: Lab, stack: FakeStack) -> None:
    with locked("lab", "verify"), pytest.raises(LabStateError):
        tear_down("lab")
    assert stack.calls == []


def test_what_cannot_be_removed_is_the_hosts_error(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_folder: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(shutil, "rmtree", refuse)
    with pytest.raises(HostError, match="Permission denied"):
        tear_down("lab")


def test_all_labs_are_those_with_a_folder(lab: Lab) -> None:
    make_private_dir(paths.lab_dir("half"))
    assert teardown.all_names() == ["half", "lab"]
