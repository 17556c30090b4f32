from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from labctl.base.errors import LabStateError
from labctl.state import schema
from labctl.state.store import DATABASE_NAME, LabStore
from tests.support.fake_lab import make_record

KEPT = Path(__file__).parent / "kept"


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


@pytest.fixture
def old(tmp_path: Path) -> LabStore:
    with closing(sqlite3.connect(tmp_path / DATABASE_NAME)) as connection:
        connection.executescript((KEPT / "version-0.sql").read_text(encoding="utf-8"))
        connection.execute("PRAGMA journal_mode = WAL")
    return LabStore(tmp_path)


def everything_is_there(store: LabStore) -> None:
    assert store.record == make_record("old")
    assert store.get("releases") == {"payments": "2.15.0"}
    assert [each.summary for each in store.changes.list()] == ["Cap retries"]
    assert store.documents.get("incident", "INC-0001") == {"status": "solved"}
    assert [(each.mechanism, each.before) for each in store.undo_log.entries()] == [
        ("configuration", {"text": "DB_POOL_MAX=3\n"})
    ]
    assert [(each.what, each.detail) for each in store.operations.unfinished()] == [("break", {"fault": "some-fault"})]
    assert len(store.journal.entries()) == 2
    assert store.journal.verify() is None


def test_a_state_of_before_versions_is_migrated_when_it_is_opened(old: LabStore) -> None:
    assert version(old.database.path) == 0
    everything_is_there(old)
    assert version(old.database.path) == schema.VERSION
    everything_is_there(old)


def test_up_migrates_too(old: LabStore) -> None:
    old.prepare()
    assert version(old.database.path) == schema.VERSION
    everything_is_there(old)


def test_a_migration_that_is_cut_short_changes_nothing(old: LabStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM settings")
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(schema, "_STEPS", (cut,))
        with pytest.raises(RuntimeError, match="killed"):
            old.get("releases")
    everything_is_there(old)


def test_a_new_state_has_the_present_version(tmp_path: Path) -> None:
    store = LabStore(tmp_path)
    store.prepare()
    assert version(store.database.path) == schema.VERSION


def test_the_state_of_a_newer_labctl_is_refused_with_what_to_do(old: LabStore) -> None:
    old.prepare()
    with closing(sqlite3.connect(old.database.path)) as connection:
        connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    for use in (lambda: old.record, old.prepare, lambda: old.set("a", {})):
        with pytest.raises(LabStateError, match="written by a newer labctl") as caught:
            use()
        assert "use the newer labctl" in caught.value.todo
    assert version(old.database.path) == schema.VERSION + 1


def test_settings_are_not_readable_at_a_glance(old: LabStore) -> None:
    old.prepare()
    old.set("releases", {"risk": "9.8.7"})
    with closing(sqlite3.connect(old.database.path)) as connection:
        values = " ".join(row[0] for row in connection.execute("SELECT value FROM settings"))
    assert "9.8.7" not in values
    assert "{" not in values
