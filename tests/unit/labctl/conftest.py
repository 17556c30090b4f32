"""Stand-ins for command-line programs: real processes, found on PATH, that say what a test wants them to say."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from labctl.base import progress
from labctl.cli import console
from labctl.cli.terminal import Terminal
from tests.support import compiled_templates
from tests.support.fake_daemon import FakeDaemon, running
from tests.support.schemas import checked
from tests.support.world import World, make_world


@dataclass(frozen=True)
class FakeProgram:
    """A program on PATH that appends its arguments to a file and then runs `script` (POSIX shell)."""

    path: Path
    calls_file: Path

    @property
    def calls(self) -> list[str]:
        """The argument lines of every call so far."""
        return self.calls_file.read_text().splitlines() if self.calls_file.exists() else []


@pytest.fixture
def fake_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], FakeProgram]:
    """Make programs that shadow the real ones; everything else on PATH stays what it is."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")

    def make(name: str, script: str) -> FakeProgram:
        program = FakeProgram(folder / name, tmp_path / f"{name}.calls")
        program.path.write_text(f'#!/bin/sh\nprintf "%s\\n" "$*" >> "{program.calls_file}"\n{script}\n')
        program.path.chmod(0o755)
        return program

    return make


@pytest.fixture
def fake_daemon(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeDaemon]:
    """The Docker daemon that labctl asks."""
    with running() as one:
        monkeypatch.setenv("DOCKER_HOST", one.url)
        yield one


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    with compiled_templates.shared():
        yield


@pytest.fixture(autouse=True)
def _listening() -> Iterator[None]:
    """Show what actions tell of their progress, as the command line does."""
    with progress.listening(Terminal()):
        yield


@pytest.fixture(autouse=True)
def _as_documented(monkeypatch: pytest.MonkeyPatch) -> None:
    """Check every answer that is printed as JSON against its schema."""
    monkeypatch.setattr(console, "to_json", checked)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A lab without containers, in a time of its own."""
    return make_world(tmp_path, monkeypatch)
