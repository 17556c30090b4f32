"""`labctl` as its users run it: a process of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

PROGRAM = (sys.executable, "-m", "labctl")
TIMEOUT_S = 280.0


def run(*args: str, timeout: float = TIMEOUT_S) -> subprocess.CompletedProcess[str]:
    """Return what `labctl ARGS` said, and its exit code; it gets `timeout` seconds."""
    return subprocess.run(
        [*PROGRAM, *args],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def answer(*args: str) -> dict[str, Any]:
    """Return the JSON answer of `labctl ARGS --json`; fails with what it said when it exits with anything but 0."""
    done = run(*args, "--json")
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


@contextmanager
def start(*args: str) -> Iterator[subprocess.Popen[str]]:
    """Start `labctl ARGS` and go on at once; it is killed, if it still runs, and waited for at the end."""
    with _popen(*args) as process:
        try:
            yield process
        finally:
            process.kill()
            process.communicate()


def _popen(*args: str) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    # A shell's background job ignores SIGINT, and so would all that it starts: nobody at a terminal would.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen([*PROGRAM, *args], stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True)
    finally:
        signal.signal(signal.SIGINT, before)


@dataclass(frozen=True)
class CommandLine:
    """Runs `labctl` on one lab."""

    lab: str

    def run(self, *args: str, timeout: float = TIMEOUT_S) -> subprocess.CompletedProcess[str]:
        """Return what `labctl ARGS` said, and its exit code; it gets `timeout` seconds."""
        return run(*args, "--name", self.lab, timeout=timeout)

    def json(self, *args: str) -> dict[str, Any]:
        """Return the JSON answer of `labctl ARGS`."""
        return answer(*args, "--name", self.lab)

    def start(self, *args: str) -> AbstractContextManager[subprocess.Popen[str]]:
        """Start `labctl ARGS` and go on at once."""
        return start(*args, "--name", self.lab)
