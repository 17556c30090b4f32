from pathlib import Path

import pytest

from labctl.docker import machine
from labctl.docker.docker import Docker


@pytest.mark.usefixtures("fake_daemon")
def test_describe_says_where_figures_come_from() -> None:
    described = machine.describe()
    assert described["docker"] == "20.10.24"
    assert int(described["cores"]) >= 1
    assert {"memory_mb", "system", "kernel", "architecture", "python"} <= set(described)


def test_a_daemon_that_does_not_answer_is_unknown() -> None:
    assert machine.docker_version(Docker()) == "unknown"


def test_memory(tmp_path: Path) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemFree: 1 kB\nMemTotal:       24576000 kB\n")
    assert machine.memory_mb(meminfo) == 24000


@pytest.mark.parametrize("text", [None, ""])
def test_a_system_that_does_not_say_its_memory(tmp_path: Path, text: str | None) -> None:
    meminfo = tmp_path / "meminfo"
    if text is not None:
        meminfo.write_text(text)
    assert machine.memory_mb(meminfo) == 0


def test_system_by_its_pretty_name(tmp_path: Path) -> None:
    release = tmp_path / "os-release"
    release.write_text('ID=debian\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n')
    assert machine.system(release) == "Debian GNU/Linux 12 (bookworm)"


def test_system_without_a_release_file(tmp_path: Path) -> None:
    assert machine.system(tmp_path / "none")
