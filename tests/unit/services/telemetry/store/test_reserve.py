from __future__ import annotations

from pathlib import Path

import pytest

from services.telemetry.store.reserve import Reserve


def test_the_room_is_set_aside_given_back_and_set_aside_again(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path / "store.db", 100_000)
    file = tmp_path / "store.db.reserve"
    assert file.stat().st_blocks * 512 >= 100_000
    reserve.release()
    reserve.release()
    assert not file.exists()
    assert reserve.ensure()
    assert reserve.ensure()
    assert file.exists()


def test_a_disk_with_little_room_keeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("usage", (), {"free": 199_999}))
    assert not Reserve(tmp_path / "store.db", 100_000).ensure()
    assert not list(tmp_path.iterdir())


def test_a_disk_that_refuses_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: int) -> None:
        raise OSError("no room")

    monkeypatch.setattr("os.posix_fallocate", refuse)
    assert not Reserve(tmp_path / "store.db", 100_000).ensure()
    assert not list(tmp_path.iterdir())
