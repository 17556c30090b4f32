from __future__ import annotations

import os
from pathlib import Path

import pytest

from labctl.base.errors import HostError
from labctl.operate import host
from labctl.operate.host import GIB, Room


def test_the_room_on_this_machine(tmp_path: Path) -> None:
    found = host.room(tmp_path, tmp_path / "not" / "yet" / "there")
    assert found.disk is not None
    assert found.disk > 0


def test_available_memory_is_read_in_bytes(tmp_path: Path) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal:       24684000 kB\nMemFree: 1 kB\nMemAvailable:   2097152 kB\n")
    assert host.room(tmp_path, meminfo=meminfo).memory == 2 * GIB


@pytest.mark.parametrize("text", [None, "", "MemTotal: 1 kB\n"])
def test_a_platform_that_does_not_tell_its_memory(tmp_path: Path, text: str | None) -> None:
    meminfo = tmp_path / "meminfo"
    if text is not None:
        meminfo.write_text(text)
    assert host.room(tmp_path, meminfo=meminfo).memory is None


@pytest.mark.parametrize("found", [Room(2 * GIB, 1 * GIB), Room(None, None), Room(100 * GIB, 100 * GIB)])
def test_enough_is_enough(found: Room) -> None:
    host.require(found)


def test_a_disk_nearly_full_is_refused_with_what_to_do() -> None:
    with pytest.raises(HostError, match=r"the disk is nearly full: 1\.9 GB free") as caught:
        host.require(Room(int(1.9 * GIB), 8 * GIB))
    assert caught.value.expected == "at least 2 GB"
    assert "docker system df" in caught.value.todo


def test_short_memory_is_refused_with_what_to_do() -> None:
    with pytest.raises(HostError, match=r"memory is short: 0\.5 GB available") as caught:
        host.require(Room(8 * GIB, GIB // 2))
    assert "down --all" in caught.value.todo


def stat(path: Path, *times: int) -> None:
    path.write_text(f"cpu  {' '.join(map(str, times))}\ncpu0 1 2 3 4 5 6 7 8 0 0\n")


def test_cores_in_use_are_measured_over_a_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    path = tmp_path / "stat"
    stat(path, 100, 0, 50, 800, 50, 0, 0, 0, 0, 0)
    # Of 100 ticks 20 were work, 70 idle, 10 waiting for a disk; a guest's 15 are in the work already.
    found = host.busy_cores(path, lambda _seconds: stat(path, 115, 0, 55, 870, 60, 0, 0, 0, 15, 0))
    assert found == pytest.approx(0.8)


def test_a_system_that_does_not_tell_of_its_cpu(tmp_path: Path) -> None:
    assert host.busy_cores(tmp_path / "none", lambda _seconds: None) is None
