from __future__ import annotations

import resource
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from labctl.base.errors import HostError, LabStateError
from labctl.state import database, reserve
from labctl.state.database import Database, explain


@pytest.fixture
def db(tmp_path: Path) -> Database:
    made = Database(tmp_path / "state.db")
    made.prepare()
    return made


def insert(db: Database, key: str) -> None:
    with db.writing() as connection:
        connection.execute("INSERT INTO settings VALUES (?, '{}')", (key,))


def keys(db: Database) -> list[str]:
    with db.reading() as connection:
        return [row["key"] for row in connection.execute("SELECT key FROM settings ORDER BY key")]


def test_only_the_owner_can_read_the_file_and_its_log(db: Database) -> None:
    with db.writing() as connection:
        connection.execute("INSERT INTO settings VALUES ('a', '{}')")
        files = list(db.path.parent.glob("state.db*"))
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert len(files) > 1


def test_preparing_again_keeps_what_is_there(db: Database) -> None:
    insert(db, "kept")
    db.prepare()
    assert keys(db) == ["kept"]


def test_a_transaction_that_fails_leaves_nothing(db: Database) -> None:
    def half_done() -> None:
        with db.writing() as connection:
            connection.execute("INSERT INTO settings VALUES ('half', '{}')")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        half_done()
    assert keys(db) == []


def test_threads_write_without_losing_anything(db: Database) -> None:
    threads = [threading.Thread(target=insert, args=(db, f"{number:02d}")) for number in range(20)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert keys(db) == [f"{number:02d}" for number in range(20)]


def test_readers_are_not_held_up_by_a_writer(db: Database) -> None:
    insert(db, "before")
    with db.writing() as connection:
        connection.execute("INSERT INTO settings VALUES ('during', '{}')")
        assert keys(db) == ["before"]


def test_a_second_writer_gets_a_clear_error_when_the_first_goes_on_for_ever(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 0.05)
    with db.writing(), pytest.raises(LabStateError, match="kept busy by another process"):
        insert(db, "second")


def test_where_the_disk_is_full_nobody_is_told_to_wait_for_another_process(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 0.05)
    monkeypatch.setattr(reserve, "is_short", lambda _folder: True)
    with db.writing(), pytest.raises(HostError, match="the disk is full"):
        insert(db, "second")


def test_a_file_that_is_gone_is_not_made_anew(db: Database) -> None:
    db.path.unlink()
    with pytest.raises(HostError, match="cannot use"):
        keys(db)
    assert not db.path.exists()


def test_a_damaged_file_says_how_to_go_on(tmp_path: Path) -> None:
    damaged = Database(tmp_path / "state.db")
    damaged.path.write_text("this is not SQLite " * 100)
    with pytest.raises(LabStateError, match="cannot be read") as caught:
        keys(damaged)
    assert "labctl down" in caught.value.todo


def test_sqlites_own_word_for_a_full_disk_becomes_ours(db: Database) -> None:
    connection = sqlite3.connect(db.path)
    try:
        connection.execute("PRAGMA max_page_count = 20")
        with pytest.raises(sqlite3.Error) as caught:
            connection.execute("INSERT INTO settings VALUES ('big', ?)", ("x" * 200_000,))
    finally:
        connection.close()
    problem = explain(caught.value, db.path)
    assert isinstance(problem, HostError)
    assert "the disk is full" in problem.what


def test_a_disk_that_takes_no_more_is_the_hosts_error(db: Database) -> None:
    script = (
        "import pathlib, resource, sys\n"
        "from labctl.state.database import Database\n"
        "from labctl.base.errors import HostError\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))\n"
        "try:\n"
        "    with Database(pathlib.Path(sys.argv[1])).writing() as connection:\n"
        "        connection.execute(\"INSERT INTO settings VALUES ('big', ?)\", ('x' * 500_000,))\n"
        "except HostError as error:\n"
        "    sys.exit(error.what)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(db.path)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "state.db" in done.stderr
    assert keys(db) == []
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY
