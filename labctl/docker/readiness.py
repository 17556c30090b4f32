"""Whether a container serves, seen from outside: it answers by HTTP, or, where it has no port, it stays up."""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import Any

from labctl.base.errors import EngineError, LabctlError
from labctl.base.waiting import wait_until
from labctl.docker.docker import Container, Docker
from labctl.docker.refusals import refusal, tells_of_a_full_disk
from labctl.model import services

READY_TIMEOUT = 30.0
SETTLED_AFTER = 2.0
LOG_LINES = 12
ASK_FOR_S = 5.0
# One process asks again and again: a new process for each question would take CPU that the starting service needs.
_ASK = f"""
import sys, time, urllib.request
end = time.monotonic() + {ASK_FOR_S}
while True:
    try:
        urllib.request.urlopen(sys.argv[1], timeout=2)
        break
    except OSError as error:
        if time.monotonic() >= end:
            sys.exit(str(error))
        time.sleep(0.05)
"""


def wait_for(docker: Docker, container: Container, timeout: float = READY_TIMEOUT) -> None:
    """Return when the container serves.

    Raises EngineError when its process ended, HostError when it did so because the disk is full, WaitTimeoutError when
    it did not get ready; all with its last log lines.
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
    place = services.known(container.service).ready
    restarts = int(docker.inspect(container.id)[0]["RestartCount"])
    if place is None:
        settled_at = time.monotonic() + SETTLED_AFTER
        return lambda: _alive(docker, container, restarts) is not None and time.monotonic() >= settled_at
    return lambda: _answers(docker, container, restarts, *place)


def _alive(docker: Docker, container: Container, restarts: int) -> dict[str, Any] | None:
    """Return what docker knows of a container that runs, else None. Raises `_ended` when it ended or restarted."""
    known = docker.inspect(container.id)[0]
    if known["RestartCount"] > restarts or known["State"]["Status"] in {"exited", "restarting", "dead"}:
        raise _ended(container.service, known["State"]["ExitCode"], docker.logs(container.id, LOG_LINES).strip())
    return known if known["State"]["Running"] else None


def _ended(service: str, code: int, said: str) -> LabctlError:
    if tells_of_a_full_disk(said):
        return refusal(service, said)
    return EngineError(f"{service} does not stay up (exit code {code})", expected=f"its last lines:\n{said}")


def _answers(docker: Docker, container: Container, restarts: int, port: int, path: str) -> bool:
    known = _alive(docker, container, restarts)
    if known is None:
        return False
    published = known["NetworkSettings"]["Ports"].get(f"{port}/tcp")
    if published:
        return _serves(published[0]["HostIp"], int(published[0]["HostPort"]), path)
    url = f"http://127.0.0.1:{port}{path}"
    return docker.attempt("exec", container.id, "python3", "-c", _ASK, url, timeout=20).returncode == 0


def _serves(host: str, port: int, path: str) -> bool:
    """Whether a published port answers: a hundred such questions cost no more than one process in the container."""
    address = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    connection = HTTPConnection(address, port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
