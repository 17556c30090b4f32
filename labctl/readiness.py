"""Whether a container serves, asked from outside: by HTTP where it has a port, by its staying up where it has none."""

from __future__ import annotations

import time
from collections.abc import Callable

from labctl.docker import Container, Docker
from labctl.errors import EngineError
from labctl.waiting import wait_until

# Where a service says that it can do its work: its port in the container, and the path.
READY_AT = {
    "gateway": (8080, "/readyz"),
    "payments": (8080, "/readyz"),
    "risk": (8080, "/readyz"),
    "acquirer": (8080, "/readyz"),
    "ledger": (8080, "/readyz"),
    "telemetry": (4318, "/readyz"),
    "containers": (9101, "/metrics"),
}
READY_TIMEOUT = 30.0
SETTLED_AFTER = 2.0
LOG_LINES = 12
_ASK = "import sys, urllib.request as r; r.urlopen(sys.argv[1], timeout=2)"


def wait_for(docker: Docker, container: Container, timeout: float = READY_TIMEOUT) -> None:
    """Return when the container serves.

    Raises EngineError when its process ended, WaitTimeoutError when it did not get ready; both with its last log lines.
    """
    wait_until(
        _check(docker, container),
        what=f"{container.service} getting ready",
        timeout=timeout,
        interval=0.1,
        describe=lambda: f"its last lines:\n{docker.logs(container.id, LOG_LINES).strip()}",
        todo=f"see what it says: docker logs {container.name}",
    )


def _check(docker: Docker, container: Container) -> Callable[[], bool]:
    place = READY_AT.get(container.service)
    if place is None:
        settled_at = time.monotonic() + SETTLED_AFTER
        return lambda: _alive(docker, container) and time.monotonic() >= settled_at
    url = f"http://127.0.0.1:{place[0]}{place[1]}"
    return lambda: _alive(docker, container) and _answers(docker, container, url)


def _alive(docker: Docker, container: Container) -> bool:
    """Whether it runs. Raises EngineError when its process ended, be it that Docker started another one since."""
    known = docker.inspect(container.id)[0]
    if known["RestartCount"] or known["State"]["Status"] in {"exited", "restarting", "dead"}:
        raise EngineError(
            f"{container.service} does not stay up (exit code {known['State']['ExitCode']})",
            expected=f"its last lines:\n{docker.logs(container.id, LOG_LINES).strip()}",
        )
    return bool(known["State"]["Running"])


def _answers(docker: Docker, container: Container, url: str) -> bool:
    return docker.attempt("exec", container.id, "python3", "-c", _ASK, url, timeout=20).returncode == 0
