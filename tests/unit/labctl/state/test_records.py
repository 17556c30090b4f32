import json
import shutil
from pathlib import Path

import pytest

from labctl.base import paths
from labctl.state.database import Database
from labctl.state.documents import Documents
from labctl.state.journal import Journal
from labctl.state.records import RECORD, Records
from labctl.state.sealing import seal


@pytest.fixture
def records(tmp_path: Path) -> Records:
    database = Database(tmp_path / "state.db")
    database.prepare()
    found = Records(database)
    Journal(database).append("operation", {})
    found.put("incident", "INC-0001", {"wrong": 0})
    return found


def execute(records: Records, statement: str, *values: object) -> None:
    with records.database.writing() as connection:
        connection.execute(statement, values)


def copy(records: Records, kept: Path) -> None:
    """Copy the whole state as somebody would."""
    execute(records, "DELETE FROM settings")
    with records.database.reading() as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(records.database.path, kept)


def test_what_labctl_wrote_raises_no_doubt(records: Records) -> None:
    records.put("incident", "INC-0001", {"wrong": 1, "share": 0.1, "text": "é"})
    Journal(records.database).append("look-up", {"command": "metrics"})
    assert records.doubts() == []
    assert Documents(records.database).get("incident", "INC-0001") == {"wrong": 1, "share": 0.1, "text": "é"}


def test_the_journal_says_nothing_of_what_is_in_the_document(records: Records) -> None:
    (entry,) = Journal(records.database).entries(kind=RECORD)
    assert set(entry.payload) == {"kind", "id", "digest"}


def test_a_document_that_is_sealed_anew_is_the_same(records: Records) -> None:
    execute(records, "UPDATE documents SET body = ?", seal(json.dumps({"wrong": 0})))
    assert records.doubts() == []


def test_a_changed_document_shows(records: Records) -> None:
    Documents(records.database).put("incident", "INC-0001", {"wrong": -1})
    assert records.doubts() == ["the incident INC-0001 was changed"]


def test_what_was_changed_goes_on_showing_when_labctl_writes_again(records: Records) -> None:
    Documents(records.database).put("incident", "INC-0001", {"wrong": -1})
    records.put("incident", "INC-0001", {"wrong": 0})
    records.put("incident", "INC-0001", {"wrong": 1})
    assert records.doubts() == ["the incident INC-0001 was changed"]


def test_an_older_document_put_back_shows(records: Records) -> None:
    with records.database.reading() as connection:
        older = connection.execute("SELECT body FROM documents").fetchone()["body"]
    records.put("incident", "INC-0001", {"wrong": 1})
    execute(records, "UPDATE documents SET body = ?", older)
    assert records.doubts() == ["the incident INC-0001 was changed"]


def test_a_removed_document_shows(records: Records) -> None:
    Documents(records.database).remove("incident", "INC-0001")
    assert records.doubts() == ["the incident INC-0001 was removed"]


def test_a_changed_entry_shows(records: Records) -> None:
    execute(records, "UPDATE journal SET at = at - 1 WHERE number = 0")
    assert "entry 0 of the journal was changed or removed" in records.doubts()


def test_an_older_copy_of_the_whole_state_shows_and_goes_on_showing(records: Records, tmp_path: Path) -> None:
    copy(records, tmp_path / "kept.db")
    records.put("incident", "INC-0001", {"wrong": 1})
    for leftover in tmp_path.glob("state.db-*"):
        leftover.unlink()
    shutil.copy(tmp_path / "kept.db", records.database.path)
    expected = ["the lab's state is an older copy that was put back"]
    assert records.doubts() == expected
    for wrong in range(5):
        records.put("incident", "INC-0001", {"wrong": wrong})
        assert records.doubts() == expected


def test_a_journal_that_was_cut_shows(records: Records) -> None:
    execute(records, "DELETE FROM journal WHERE number = 1")
    Journal(records.database).append(RECORD, {"kind": "incident", "id": "INC-0001", "digest": "forged"})
    assert "the lab's state is an older copy that was put back" in records.doubts()


def test_without_what_is_kept_outside_nobody_can_tell(records: Records) -> None:
    for each in paths.heads_dir().iterdir():
        each.unlink()
    (doubt,) = records.doubts()
    assert "is gone" in doubt


def test_the_state_of_an_older_labctl_raises_no_doubt(tmp_path: Path) -> None:
    database = Database(tmp_path / "older.db")
    database.prepare()
    Journal(database).append("page", {})
    Documents(database).put("incident", "INC-0001", {"wrong": 0})
    assert Records(database).doubts() == []
