from __future__ import annotations

from pathlib import Path

import pytest

from labctl.base import paths
from labctl.base.errors import HostError
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


def test_what_is_only_in_the_log_of_the_database_is_kept(lab: Lab) -> None:
    lab.store.documents.put("incident", "1", {"status": "open"})
    with lab.store.database.reading() as open_elsewhere:  # so that SQLite leaves the log where it is
        open_elsewhere.execute("SELECT count(*) FROM documents").fetchone()
        lab.store.documents.put("incident", "1", {"status": "solved"})
        assert lab.store.database.path.with_name("state.db-wal").stat().st_size > 0
        kept = archive.keep(lab)
    assert kept is not None
    assert Documents(Database(kept)).get("incident", "1") == {"status": "solved"}
    assert list(lab.folder.glob("state.db*")) == []


def test_a_copy_that_differs_is_not_trusted(
    lab: Lab, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.store.documents.put("incident", "1", {"status": "solved"})
    real = Database.copy_to

    def loses_a_document(self: Database, path: Path) -> None:
        real(self, path)
        Documents(Database(path)).remove("incident", "1")

    monkeypatch.setattr(Database, "copy_to", loses_a_document)
    kept = archive.keep(lab)
    assert kept is not None
    assert "is not like it: documents" in capsys.readouterr().err
    assert Documents(Database(kept)).get("incident", "1") == {"status": "solved"}
    assert {each.suffix for each in paths.archive_dir().iterdir()} <= {".db", ".db-wal", ".db-shm"}


def test_a_disk_without_room_for_a_copy_keeps_the_files_as_they_are(
    lab: Lab, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.store.documents.put("incident", "1", {"status": "solved"})

    def full(_self: Database, path: Path) -> None:
        path.write_bytes(b"half")
        raise HostError("the disk is full: cannot write the copy")

    monkeypatch.setattr(Database, "copy_to", full)
    kept = archive.keep(lab)
    assert kept is not None
    assert "the disk is full" in capsys.readouterr().err
    assert Documents(Database(kept)).get("incident", "1") == {"status": "solved"}
    assert not lab.store.exists


def test_the_original_stays_until_the_copy_is_checked(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.store.documents.put("incident", "1", {"status": "solved"})

    def killed(_self: Database, _copy: Database) -> list[str]:
        raise KeyboardInterrupt

    monkeypatch.setattr(Database, "differences", killed)
    with pytest.raises(KeyboardInterrupt):
        archive.keep(lab)
    assert lab.store.documents.get("incident", "1") == {"status": "solved"}
    assert list(paths.archive_dir().iterdir()) == []
