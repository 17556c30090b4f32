from __future__ import annotations

import re
from pathlib import Path

import pytest

from labctl.base.errors import CatalogueError
from labctl.catalogue import catalogue, own_folders
from labctl.catalogue.fault_files import load_file
from labctl.catalogue.skeleton import fault_text
from labctl.images import releases
from labctl.lab.lab import Lab
from labctl.model.fault import Fault
from labctl.operate import injection
from tests.support.fake_lab import make_lab

CHANGE = 'lab.configuration.change("risk", "DB_POOL_MAX", "1", author="c.meyer", summary="Fewer connections")'
PATCH = (
    "Author: a.novak\nDate: 2026-03-04\n\nSay more\n\n"
    "--- a/services/risk/new.txt\n+++ b/services/risk/new.txt\n@@ -0,0 +1 @@\n+more\n"
).replace("--- a/services/risk/new.txt", "--- /dev/null")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    own = tmp_path / "own"
    (own / "releases" / "risk").mkdir(parents=True)
    text = fault_text("own-fault").replace('"""TODO(inject)', CHANGE + '\n    """')
    (own / "own_fault.py").write_text(text)
    (own / "releases" / "risk" / "99.0.0.patch").write_text(PATCH)
    return own


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    return make_lab("lab", tmp_path, monkeypatch)[0]


@pytest.fixture
def fault(folder: Path) -> Fault:
    return load_file(folder / "own_fault.py")


def recalled(lab: Lab) -> Fault:
    return own_folders.recall(lab.store.documents, "own-fault")


def test_it_is_found_again_healed_or_not(lab: Lab, fault: Fault) -> None:
    injection.inject(lab, fault)
    assert recalled(lab).title == fault.title
    injection.heal(lab)
    assert recalled(lab).title == fault.title


@pytest.mark.parametrize(("gone", "said"), [("own_fault.py", "its file is not in"), ("", "is gone")])
def test_without_the_folder_that_is_said_without_a_fault_s_name_and_healing_minds_nothing(
    lab: Lab, folder: Path, fault: Fault, gone: str, said: str
) -> None:
    injection.inject(lab, fault)
    (folder / gone).rename(folder.parent / "elsewhere")
    with pytest.raises(CatalogueError, match=said) as caught:
        recalled(lab)
    assert str(folder) in caught.value.what
    assert "--catalogue DIR" in caught.value.todo
    assert not re.search("own.fault", caught.value.what + caught.value.todo)
    assert injection.heal(lab) == 1


def test_it_can_be_told_where_the_folder_went(lab: Lab, folder: Path, fault: Fault) -> None:
    injection.inject(lab, fault)
    moved = folder.rename(folder.parent / "moved")
    own_folders.repoint(lab.store.documents, moved)
    assert recalled(lab).folder == moved


def test_as_long_as_the_file_is_there_no_other_one_is_taken(lab: Lab, folder: Path, fault: Fault) -> None:
    injection.inject(lab, fault)
    other = folder.parent / "other"
    other.mkdir()
    (other / "own_fault.py").write_text("raise ValueError")
    for each in (other, folder.parent / "nowhere", None):
        own_folders.repoint(lab.store.documents, each)
    assert recalled(lab).folder == folder


def test_a_file_that_was_spoiled_meanwhile_is_said_without_its_name(lab: Lab, folder: Path, fault: Fault) -> None:
    injection.inject(lab, fault)
    (folder / "own_fault.py").write_text("FAULT = nothing_like_it")
    with pytest.raises(CatalogueError, match=r"its file in .* does not load any more") as caught:
        recalled(lab)
    assert "faults check" in caught.value.todo
    assert not re.search("own.fault", caught.value.what + caught.value.todo)
    assert injection.heal(lab) == 1


def test_no_key_of_the_labs_state_names_the_fault(lab: Lab, fault: Fault) -> None:
    injection.inject(lab, fault)
    kept = b"".join(each.read_bytes() for each in lab.folder.glob("state.db*"))
    assert b"origin" in kept
    assert not re.search(b"own.fault", kept)


def test_its_releases_stay_with_the_lab(lab: Lab, folder: Path, fault: Fault) -> None:
    injection.inject(lab, fault)
    folder.rename(folder.parent / "moved")
    assert releases.versions("risk", lab.releases.own)[-1] == "99.0.0"
    assert "99.0.0" not in releases.versions("risk")
    assert "+more" in releases.diff("risk", releases.versions("risk")[0], "99.0.0", lab.releases.own)


def test_a_shipped_fault_leaves_no_trace_of_a_folder(lab: Lab) -> None:
    own_folders.remember(lab, catalogue.known()[0])
    assert not lab.releases.own.exists()
    assert own_folders.recall(lab.store.documents, catalogue.known()[0].id) is catalogue.known()[0]


def test_an_unknown_folder_is_refused_before_anything_happens(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="there is no folder"):
        catalogue.known(tmp_path / "nowhere")


def test_a_shipped_one_that_was_spoiled_meanwhile_is_said_without_its_name(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoiled(fault_id: str) -> Fault:
        raise CatalogueError(f"faults/{fault_id}.py: line 1: SyntaxError", todo=f"mend {fault_id}")

    monkeypatch.setattr(catalogue, "find", spoiled)
    with pytest.raises(CatalogueError, match="does not load any more") as caught:
        own_folders.recall(lab.store.documents, "risk-timeout-cut")
    assert "risk" not in str(caught.value) + caught.value.todo
