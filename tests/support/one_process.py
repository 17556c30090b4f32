"""Several `labctl` commands in one process, one after the other: starting Python costs more than most of them.

`python -m tests.support.one_process` reads a JSON array of command lines, and writes one of what each said, and its
exit code.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

from labctl.cli.main import main as labctl

TIMEOUT_S = 280.0


@dataclass(frozen=True)
class Said:
    """What a command said, errors included, and its exit code."""

    text: str
    code: int


def run(*commands: Sequence[str]) -> list[Said]:
    """Return how each of `labctl ARGS` ended, in their order."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.one_process"],
        input=json.dumps(commands),
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=True,
    )
    return [Said(*each) for each in json.loads(done.stdout)]


def _said(words: Sequence[str]) -> tuple[str, int]:
    sys.argv = ["labctl", *words]
    out, code = io.StringIO(), 0
    with redirect_stdout(out), redirect_stderr(out):
        try:
            labctl()
        except SystemExit as end:
            code = int(end.code or 0)
    return out.getvalue(), code


if __name__ == "__main__":
    json.dump([_said(words) for words in json.load(sys.stdin)], sys.stdout)
