from __future__ import annotations

from pathlib import Path

import pytest

from labctl.base import paths
from labctl.lab.lab import Lab
from labctl.operate import archive
from labctl.state.database import Database
from labctl.state.documents import Documents
from labctl.state.journal import Journal
from tests.support.fake_lab import make_lab


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    return make_lab("lab", tmp_path, monkeypatch)[0]


@pytest.mark.parametrize("kind", ["incident", "verification"])
def test_a_lab_with_results_keeps_journal_and_results(lab: Lab, kind: str) -> None:
    lab.store.journal.append("page", {"incident": "1"})
    lab.store.documents.put(kind, "1", {"status": "solved"})
    kept = archive.keep(lab)
    assert kept is not None
    assert kept.parent == paths.archive_dir()
    assert kept.name.startswith("lab-")
    database = Database(kept)
    assert Documents(database).get(kind, "1") == {"status": "solved"}
    assert len(Journal(database).entries()) == 1
    assert Journal(database).verify() is None
    assert not lab.store.exists


def test_a_lab_without_results_leaves_nothing(lab: Lab) -> None:
    lab.store.documents.put("injection", "active", {"faults": []})
    assert archive.keep(lab) is None
    assert list(paths.archive_dir().iterdir()) == []


def test_a_lab_without_state_leaves_nothing() -> None:
    assert archive.keep(Lab("nowhere")) is None


def test_damaged_state_is_set_aside_as_it_is(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    for path in lab.folder.glob("state.db-*"):
        path.unlink()
    lab.store.database.path.write_bytes(b"not SQLite at all" * 100)
    kept = archive.keep(lab)
    assert kept is not None
    assert kept.read_bytes().startswith(b"not SQLite")
    assert "cannot be read" in capsys.readouterr().err
