"""`labctl` as its users run it: a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

PROGRAM = (sys.executable, "-m", "labctl")


@dataclass(frozen=True)
class CommandLine:
    """Runs `labctl` on one lab."""

    lab: str
    timeout: float = 240.0

    def run(self, *args: str) -> subprocess.CompletedProcess[str]:
        """Return what `labctl ARGS` said, and its exit code."""
        env = {**os.environ, "LABCTL_NAME": self.lab}
        return subprocess.run(
            [*PROGRAM, *args],
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=self.timeout,
            check=False,
        )

    def json(self, *args: str) -> dict[str, Any]:
        """Return the JSON answer of `labctl ARGS --json`; fails with what it said when it exits with another code."""
        done = self.run(*args, "--json")
        assert done.returncode == 0, done.stderr
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def start(self, *args: str) -> subprocess.Popen[str]:
        """Start `labctl ARGS` and return at once."""
        env = {**os.environ, "LABCTL_NAME": self.lab}
        return subprocess.Popen(
            [*PROGRAM, *args],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
