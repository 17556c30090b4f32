from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.state.sealing import seal
from labctl.state.store import LabStore
from labctl.state.undo_log import UndoLog

JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda part: st.lists(part, max_size=3))
BEFORE = st.dictionaries(st.text(), JSON, max_size=4)


@pytest.fixture
def log(tmp_path: Path) -> UndoLog:
    store = LabStore(tmp_path)
    store.prepare()
    return store.undo_log


def test_entries_come_the_newest_first_and_know_what_was_there(log: UndoLog) -> None:
    first = log.add("configuration", "risk", {"key": "A", "value": "1"})
    second = log.add("cpu", "risk", {"cores": 0.5})
    assert log.entries() == [second, first]
    assert log.entries("configuration") == [first]
    assert log.entries("cpu", "payments") == []
    assert log.newest("cpu", "risk") == second
    assert log.newest("cpu", "payments") is None


def test_more_can_be_written_of_a_change_that_reaches_further(log: UndoLog) -> None:
    entry = log.add("cpu", "risk", {"limits": {}})
    log.amend(entry, {"limits": {"id": 1}})
    (amended,) = log.entries()
    assert (amended.number, amended.at, amended.before) == (entry.number, entry.at, {"limits": {"id": 1}})


def test_what_is_undone_is_forgotten_and_its_number_is_not_used_again(log: UndoLog) -> None:
    one, two = log.add("cpu", "risk", {}), log.add("cpu", "gateway", {})
    log.remove([two])
    assert log.entries() == [one]
    log.remove([])
    assert log.add("cpu", "gateway", {}).number > two.number


def test_the_file_tells_neither_mechanism_nor_subject(log: UndoLog, tmp_path: Path) -> None:
    log.add("network", "some-service", {"peer": "another-one"})
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert not any(word in written for word in (b"network", b"some-service", b"another-one"))


def test_the_file_does_not_date_a_change(log: UndoLog) -> None:
    entry = log.add("load", "clients", {})
    with log.database.reading() as connection:
        (row,) = connection.execute("SELECT at FROM undo").fetchall()
    assert row["at"] == 0
    assert log.entries()[0].at == entry.at > 0


def test_an_entry_of_an_older_labctl_is_still_read(log: UndoLog) -> None:
    body = seal(json.dumps({"mechanism": "load", "subject": "clients", "before": {}}))
    with log.database.writing() as connection:
        connection.execute("INSERT INTO undo (at, body) VALUES (5.0, ?)", (body,))
    assert (log.entries()[0].at, log.entries()[0].mechanism) == (5.0, "load")


@given(before=BEFORE)
def test_whatever_was_there_comes_back(tmp_path_factory: pytest.TempPathFactory, before: dict[str, object]) -> None:
    store = LabStore(tmp_path_factory.mktemp("lab"))
    store.prepare()
    store.undo_log.add("cpu", "risk", before)
    assert store.undo_log.entries()[0].before == before
