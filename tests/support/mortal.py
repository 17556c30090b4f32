"""`labctl`, killed in the middle of an injection: `python -m tests.support.mortal MOMENT ARGS` runs `labctl ARGS`.

Moments: "begun", when the first command that changes the lab has just been started (it goes on by itself, as it would
after a real kill), "done", when everything is injected and nothing else was done yet, and "never". An injection that
changes the lab without docker is killed when it is done, if the moment is "begun".
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from labctl.cli.main import main as labctl
from labctl.docker import redis_server
from labctl.health import baseline, steady_state
from labctl.lab.lab import Lab
from labctl.model.draw import Draw
from labctl.model.fault import Fault
from labctl.model.measurement import Window
from labctl.operate import injection
from labctl.play import starting
from tests.support.impatient import look

TIMEOUT_S = 280.0
# Looking, and making images, changes nothing of a lab.
_HARMLESS = frozenset({"build", "image", "images", "info", "inspect", "logs", "ps", "tag", "version"})

_run, _inject = subprocess.run, injection.inject
_moment = sys.argv[1] if __name__ == "__main__" else ""


def run(moment: str, *args: str) -> subprocess.CompletedProcess[str]:
    """Return how `labctl ARGS` ended, killed at this moment."""
    return subprocess.run(
        [sys.executable, "-m", "tests.support.mortal", moment, *args],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _changes(command: Sequence[str]) -> bool:
    # Compose may be run by `nice`, after its options.
    words = [Path(word).name for word in command]
    program = next((at for at, word in enumerate(words) if word.startswith("docker")), None)
    if program is None or redis_server.MEASURE in command:
        return False
    return not _HARMLESS.intersection(words[program + 1 : program + 3])


def _start_and_die(command: Sequence[str], **options: Any) -> Any:
    if not _changes(command):
        return _run(command, **options)
    kept = {name: options[name] for name in ("cwd", "env", "pass_fds") if name in options}
    with tempfile.TemporaryFile() as stdin:
        stdin.write(options.get("input") or b"")
        stdin.seek(0)
        nothing = subprocess.DEVNULL
        subprocess.Popen(command, stdin=stdin, stdout=nothing, stderr=nothing, start_new_session=True, **kept)
        return _die()


def _inject_and_die(lab: Lab, fault: Fault, draw: Draw | None = None) -> None:
    if _moment == "begun":
        subprocess.run = _start_and_die  # type: ignore[assignment]
    _inject(lab, fault, draw)
    _die()


def main() -> None:
    """Run the command line; the healthy window is not waited for, since nobody will measure against it.

    Nor, where it is killed, is the steady state of a lab that recovers, or a load at which the fault shows: nobody will
    wait for a page.
    """
    if _moment != "never":
        injection.inject = _inject_and_die
        steady_state.require = look
        starting.require_fit = lambda *_: None
    baseline.settled = lambda _lab, **_: Window(time.time() - baseline.MIN_S, time.time())
    sys.argv = ["labctl", *sys.argv[2:]]
    labctl()


if __name__ == "__main__":
    main()
