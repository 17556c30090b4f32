from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labctl.state.database import Database
from labctl.state.journal import LOOK_UP, Journal, canonical

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
payloads = st.dictionaries(st.text(), st.recursive(scalars, lambda inner: st.lists(inner, max_size=3), max_leaves=5))
histories = st.lists(st.tuples(st.text(min_size=1), payloads), min_size=1, max_size=6)
DAMAGES = ("UPDATE journal SET payload = payload || ' '", "UPDATE journal SET at = at + 1", "DELETE FROM journal")


@contextmanager
def journal_in_a_folder() -> Iterator[Journal]:
    with tempfile.TemporaryDirectory() as folder:
        yield make(Path(folder))


def make(folder: Path) -> Journal:
    database = Database(folder / "state.db")
    database.prepare()
    return Journal(database)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return make(tmp_path)


def damage(journal: Journal, statement: str, number: int) -> None:
    with journal.database.writing() as connection:
        connection.execute(f"{statement} WHERE number = ?", (number,))


@settings(max_examples=25)
@given(histories)
def test_what_was_appended_comes_back_in_order_and_verifies(history: list[tuple[str, dict[str, Any]]]) -> None:
    with journal_in_a_folder() as journal:
        appended = [journal.append(kind, payload) for kind, payload in history]
        assert journal.entries() == appended
        assert [(each.number, each.kind, each.payload) for each in appended] == [
            (number, kind, payload) for number, (kind, payload) in enumerate(history)
        ]
        assert journal.verify() is None


@settings(max_examples=40)
@given(histories, st.data())
def test_any_damage_shows_at_the_entry_it_was_done_to(history: list[tuple[str, dict[str, Any]]], data: Any) -> None:
    with journal_in_a_folder() as journal:
        for kind, payload in [*history, ("last", {})]:
            journal.append(kind, payload)
        number = data.draw(st.integers(0, len(history) - 1))
        damage(journal, data.draw(st.sampled_from(DAMAGES)), number)
        assert journal.verify() == number


def test_swapped_entries_show(journal: Journal) -> None:
    for word in ("a", "b", "c"):
        journal.append("note", {"word": word})
    with journal.database.writing() as connection:
        connection.execute("UPDATE journal SET number = CASE number WHEN 1 THEN -2 ELSE -1 END WHERE number > 0")
        connection.execute("UPDATE journal SET number = -number")
    assert journal.verify() == 1


def test_an_entry_hashed_anew_breaks_the_chain_behind_it(journal: Journal) -> None:
    first = journal.append("note", {"word": "a"})
    journal.append("note", {"word": "b"})
    forged = Journal(journal.database)
    damage(forged, "DELETE FROM journal", first.number + 1)
    forged.append("note", {"word": "x"})
    assert forged.verify() is None
    damage(forged, "UPDATE journal SET hash = ''", first.number)
    assert forged.verify() == first.number


def test_an_empty_journal_is_whole(journal: Journal) -> None:
    assert journal.entries() == []
    assert journal.verify() is None


def test_entries_can_be_asked_for_by_kind_and_time(journal: Journal) -> None:
    journal.append("operation", {})
    looked = journal.append(LOOK_UP, {"command": "metrics"})
    later = journal.append("operation", {})
    assert journal.entries(kind=LOOK_UP) == [looked]
    assert journal.entries(since=later.at)[-1] == later
    assert journal.entries(since=later.at + 1) == []


def test_writers_at_the_same_time_make_one_unbroken_chain(journal: Journal) -> None:
    def look(number: int) -> None:
        for _ in range(5):
            journal.append(LOOK_UP, {"thread": number})

    threads = [threading.Thread(target=look, args=(number,)) for number in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [entry.number for entry in journal.entries()] == list(range(20))
    assert journal.verify() is None


def test_a_payload_has_one_text() -> None:
    assert canonical({"b": 1, "a": "é"}) == canonical({"a": "é", "b": 1}) == '{"a":"é","b":1}'


def test_appending_is_cheap_enough_for_every_look_up(journal: Journal) -> None:
    began = time.monotonic()
    for _ in range(20):
        journal.append(LOOK_UP, {"command": "metrics"})
    assert (time.monotonic() - began) / 20 < 0.1


def test_entries_are_counted_by_their_kinds(journal: Journal) -> None:
    for kind in ("note", "update", "note", LOOK_UP):
        journal.append(kind, {})
    assert (journal.count("note"), journal.count("note", "update"), journal.count("none"), journal.count()) == (
        2,
        3,
        0,
        0,
    )


def test_an_entry_is_found_by_all_that_it_holds(journal: Journal) -> None:
    entry = journal.append(LOOK_UP, {"command": "logs", "query": "é", "since": "2m"})
    asked = {"since": "2m", "command": "logs", "query": "é"}
    assert journal.holds(LOOK_UP, asked, since=entry.at - 1)
    assert not journal.holds(LOOK_UP, asked, since=entry.at + 1)
    assert not journal.holds("note", asked, since=0)
    assert not journal.holds(LOOK_UP, {**asked, "since": "5m"}, since=0)
