from __future__ import annotations

import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from labctl.base.errors import HostError
from labctl.state import locking, reserve
from labctl.state.database import Database
from labctl.state.locking import locked


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LABCTL_STATE_DIR", str(tmp_path / "state"))
    (tmp_path / "state").mkdir()
    return tmp_path / "state"


def free(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=size))


def test_a_command_that_changes_a_lab_keeps_room_for_mending(root: Path) -> None:
    with locked("lab", "break"):
        kept = (root / reserve.NAME).stat()
    assert (kept.st_size, stat.S_IMODE(kept.st_mode)) == (reserve.SIZE, 0o600)
    assert kept.st_blocks * 512 >= reserve.SIZE


def test_a_disk_without_much_room_gets_no_reserve(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free(monkeypatch, reserve.SIZE)
    reserve.keep()
    assert not (root / reserve.NAME).exists()


def test_the_reserve_is_given_back_only_when_the_disk_is_short(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reserve.keep()
    with reserve.mending():
        assert not reserve.release_if_short()
        free(monkeypatch, reserve.SHORT - 1)
        assert reserve.release_if_short()
        assert not (root / reserve.NAME).exists()
        assert not reserve.release_if_short()


def test_writing_the_state_gives_the_reserve_back_to_whoever_mends_and_to_nobody_else(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(root / "state.db")
    database.prepare()
    reserve.keep()
    free(monkeypatch, 0)
    with database.writing():
        assert (root / reserve.NAME).exists()
    with reserve.mending(), database.writing():
        assert not (root / reserve.NAME).exists()


def test_a_lock_whose_holder_cannot_be_written_down_is_a_lock_all_the_same(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise HostError("cannot write the holder: No space left on device")

    monkeypatch.setattr(locking, "write_private", full)
    with locked("lab", "heal"):
        assert locking.holder("lab") is not None
    assert "No space left" in capsys.readouterr().err


class NoSharedIndex(sqlite3.Connection):
    """Fails as SQLite does on a full disk, until it needs no index beside the database."""

    alone = False

    def execute(self, sql: str, *rest: Any) -> sqlite3.Cursor:
        if sql == "PRAGMA locking_mode = EXCLUSIVE":
            self.alone = True
        elif not self.alone and not sql.startswith("PRAGMA"):
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
            raise error
        return super().execute(sql, *rest)


def test_a_full_disk_does_not_keep_the_state_from_being_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database(root / "state.db")
    database.prepare()
    with database.writing() as connection:
        connection.execute("INSERT INTO settings VALUES ('kept', 'x')")
    real = sqlite3.connect
    free(monkeypatch, 0)

    @contextmanager
    def full() -> Iterator[None]:
        with monkeypatch.context() as patched:
            patched.setattr(sqlite3, "connect", lambda *args, **more: real(*args, factory=NoSharedIndex, **more))
            yield

    with full(), database.reading() as connection:
        assert [row["key"] for row in connection.execute("SELECT key FROM settings")] == ["kept"]


@pytest.mark.parametrize(
    ("kept", "left", "enough"),
    [(True, reserve.SHORT, True), (True, 0, False), (False, 2 * reserve.SIZE, False), (False, 3 * reserve.SIZE, True)],
)
def test_nothing_is_broken_without_room_to_mend_it(
    root: Path, monkeypatch: pytest.MonkeyPatch, kept: bool, left: int, enough: bool
) -> None:
    if kept:
        reserve.keep()
    free(monkeypatch, left)
    if enough:
        reserve.require()
        return
    with pytest.raises(HostError, match="the disk with labctl's state is full") as caught:
        reserve.require()
    assert "nothing was broken" in caught.value.todo
    assert (root / reserve.NAME).exists() == kept
