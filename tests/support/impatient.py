"""`labctl heal` that takes back whatever was changed, and does not wait until the lab has recovered.

`python -m tests.support.impatient NAME` runs it. What comes next in a test waits for what it needs of the lab.
"""

from __future__ import annotations

import subprocess
import sys
from typing import Any

from labctl.cli.main import main as labctl
from labctl.health import steady_state
from labctl.lab.lab import Lab

TIMEOUT_S = 120.0


def heal(lab: Lab) -> subprocess.CompletedProcess[str]:
    """Return how it ended."""
    return subprocess.run(
        [sys.executable, "-m", "tests.support.impatient", lab.name],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )


def look(metrics: steady_state.Metrics, rps: float, **_: Any) -> list[steady_state.Reading]:
    """Return what is measured now, without waiting for the steady state."""
    return steady_state.check(metrics, rps)


def _nothing(readings: list[steady_state.Reading]) -> list[steady_state.Reading]:
    del readings
    return []


def main() -> None:
    """Run it; whatever is measured passes for the steady state."""
    steady_state.wait = look
    steady_state.sick = _nothing
    sys.argv = ["labctl", "heal", "--name", sys.argv[1]]
    labctl()


if __name__ == "__main__":
    main()
