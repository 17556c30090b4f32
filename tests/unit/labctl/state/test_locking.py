from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from labctl.base.errors import HostError, LabStateError
from labctl.state import locking
from labctl.state.locking import BACKGROUND, choosing_ports, holder, in_background, locked

HOLD = (
    "import sys\n"
    "from labctl.state.locking import locked\n"
    "with locked('lab', 'verify'):\n"
    "    print('held', flush=True)\n"
    "    sys.stdin.read()\n"
)


@contextmanager
def another_process_holds() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process


def take(name: str) -> None:
    with locked(name, "up"):
        pass


def test_the_second_process_is_told_who_holds_the_lab_since_when() -> None:
    with another_process_holds() as process:
        with pytest.raises(LabStateError) as caught:
            take("lab")
        assert f"'labctl verify' (process {process.pid}, since " in caught.value.what
        assert f"kill {process.pid}" in caught.value.todo
        found = holder("lab")
        assert found is not None
        assert (found.pid, found.command) == (process.pid, "verify")
    take("lab")
    assert holder("lab") is None


def test_a_killed_holder_holds_no_more() -> None:
    with another_process_holds() as process:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        take("lab")
        assert holder("lab") is None


def test_other_labs_are_free() -> None:
    with another_process_holds():
        take("other")
        assert holder("other") is None


def test_it_is_freed_when_the_command_fails() -> None:
    with pytest.raises(RuntimeError), locked("lab", "up"):
        raise RuntimeError
    take("lab")


def test_within_one_process_it_holds_as_well() -> None:
    with locked("lab", "break"), pytest.raises(LabStateError, match="'labctl break'"):
        take("lab")


def test_a_holder_that_has_not_said_who_it_is_yet(state_dir: Path) -> None:
    with another_process_holds():
        (state_dir / "locks" / "lab.json").write_text("{")
        with pytest.raises(LabStateError, match="in use by another labctl command"):
            take("lab")
        assert holder("lab") is not None


def test_only_the_owner_can_read_who_holds_what(state_dir: Path) -> None:
    with locked("lab", "up"):
        modes = {stat.S_IMODE(path.stat().st_mode) for path in (state_dir / "locks").iterdir()}
    assert modes == {0o600}


def test_a_lock_that_cannot_be_made_is_the_hosts_error(state_dir: Path) -> None:
    (state_dir / "locks" / "lab.lock").mkdir(parents=True)
    with pytest.raises(HostError):
        take("lab")


def test_ports_are_chosen_by_one_process_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "PORTS_TIMEOUT_S", 0.05)
    with choosing_ports():
        with pytest.raises(LabStateError, match="choosing ports"), choosing_ports():
            pass
        take("ports")


def test_asking_who_holds_a_lab_gets_in_nobodys_way() -> None:
    asking = threading.Event()

    def ask() -> None:
        while not asking.wait(0.01):
            holder("lab")

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        for _ in range(20):
            take("lab")
    finally:
        asking.set()
        thread.join()
    assert holder("lab") is None


def test_a_command_waits_for_a_step_in_the_background_and_for_nothing_else() -> None:
    held, released = threading.Event(), threading.Event()

    def step() -> None:
        with locked("lab", BACKGROUND):
            held.set()
            released.wait(30)

    thread = threading.Thread(target=step)
    thread.start()
    try:
        assert held.wait(30)
        assert in_background("lab")
        for impatient in (lambda: locked("lab", "upkeep", patient=False), lambda: locked("lab", BACKGROUND)):
            with pytest.raises(LabStateError), impatient():
                pass
        threading.Timer(0.5, released.set).start()
        with locked("lab", "submit"):
            assert not in_background("lab")
    finally:
        released.set()
        thread.join()


def test_a_step_that_never_ends_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "BACKGROUND_S", 0.0)
    with locked("lab", BACKGROUND), pytest.raises(LabStateError, match="in use"), locked("lab", "submit"):
        pass
