from __future__ import annotations

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
