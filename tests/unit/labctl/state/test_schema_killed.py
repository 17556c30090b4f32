"""The migration of an older state, by a process that is killed at each step."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from labctl.base import paths
from labctl.state import schema
from labctl.state.sealing import unseal
from labctl.state.store import DATABASE_NAME, LabStore
from tests.support.fake_lab import make_record
from tests.support.killed import steps_of

KEPT = Path(__file__).parent / "kept" / "version-0.sql"
LEAST_STEPS = 12
Command = Callable[[str], None]


def look(name: str) -> None:
    """Do what any look-up does first."""
    assert LabStore(paths.lab_dir(name)).get("releases")


def up(name: str) -> None:
    LabStore(paths.lab_dir(name)).prepare()


def begin_anew() -> None:
    folder = paths.lab_dir("old")
    folder.mkdir(exist_ok=True)
    for each in folder.iterdir():
        each.unlink()
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
        connection.executescript(KEPT.read_text(encoding="utf-8"))


def in_the_file() -> tuple[int, set[str]]:
    """Return the version, and whether the settings are sealed, as the next process finds them."""
    with closing(sqlite3.connect(paths.lab_dir("old") / DATABASE_NAME)) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        values = [row[0] for row in connection.execute("SELECT value FROM settings")]
    return version, {"open" if each.startswith("{") else "sealed" for each in values}


@pytest.mark.parametrize(("first", "then"), [(look, up), (up, look)])
def test_the_next_command_opens_the_state_and_nothing_is_lost(first: Command, then: Command) -> None:
    last = 0
    for last in steps_of(first, "old", begin_anew):
        assert in_the_file() in ((0, {"open"}), (schema.VERSION, {"sealed"})), last
        then("old")
        assert in_the_file() == (schema.VERSION, {"sealed"}), last
        store = LabStore(paths.lab_dir("old"))
        assert store.record == make_record("old"), last
        assert store.get("releases") == {"payments": "2.15.0"}, last
        assert store.documents.get("incident", "INC-0001") == {"status": "solved"}, last
        assert store.journal.verify() is None, last
    assert last >= LEAST_STEPS


def test_sealed_settings_are_sealed_once() -> None:
    begin_anew()
    look("old")
    look("old")
    with LabStore(paths.lab_dir("old")).database.reading() as connection:
        value = connection.execute("SELECT value FROM settings WHERE key = 'releases'").fetchone()[0]
    assert unseal(value) == '{"payments": "2.15.0"}'
