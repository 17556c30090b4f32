"""The way to a daemon that this process can't reach by itself, but the command line can: `docker system dial-stdio`.

That is the daemon of a machine that one reaches by ssh, and this machine's for who joined the group `docker` after
logging in. The command line passes what it is given on to the daemon, and the answers back.
"""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from http.client import HTTPException
from typing import Any

from docker import APIClient
from docker.constants import DEFAULT_MAX_POOL_SIZE, MINIMUM_DOCKER_API_VERSION
from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection
from urllib3.response import HTTPResponse

from labctl.docker import docker_group

ENDS_WITHIN_S = 5.0
_ANY = "unix:///dialled"
"""An address that the SDK accepts; nothing is there."""


def client(command: Sequence[str], timeout: int) -> APIClient:
    """Return a client that reaches the daemon by `command`. Raises what the SDK raises."""
    adapter = _Adapter(docker_group.command_line(command))
    asking = _mounted(adapter, MINIMUM_DOCKER_API_VERSION, timeout)
    # The SDK would find the version out before the adapter is in place.
    return _mounted(adapter, asking.version(api_version=False)["ApiVersion"], timeout)


def _mounted(adapter: HTTPAdapter, version: str, timeout: int) -> APIClient:
    made = APIClient(_ANY, version=version, timeout=timeout)
    made.mount(f"{made.base_url}/", adapter)
    return made


class _Connection(HTTPConnection):
    """A connection whose other end is a process."""

    def __init__(self, *args: Any, command: Sequence[str], **options: Any) -> None:  # noqa: ANN401 - they are urllib3's
        super().__init__(*args, **options)
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._said = ""

    def connect(self) -> None:
        """Start the process."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                end = theirs.fileno()
                self._process = subprocess.Popen(self._command, stdin=end, stdout=end, stderr=subprocess.PIPE)
        except OSError:
            ours.close()
            raise
        if isinstance(self.timeout, (int, float)):
            ours.settimeout(self.timeout)
        self.sock = ours

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as in urllib3
        """Return the daemon's answer. Raises ConnectionError with what the process said when it ended without one."""
        try:
            return super().getresponse()
        except (HTTPException, ConnectionError):
            self.close()
            if not self._said:
                raise
            raise ConnectionRefusedError(self._said) from None

    def close(self) -> None:
        """Hang up, and wait for the end of the process: it ends when its input does."""
        if self.sock:
            with suppress(OSError):  # the other end has hung up
                self.sock.shutdown(socket.SHUT_RDWR)
        super().close()
        if self._process:
            self._said = _end(self._process)
            self._process = None


def _end(process: subprocess.Popen[bytes]) -> str:
    """Return what the process said when it failed."""
    try:
        said = process.communicate(timeout=ENDS_WITHIN_S)[1]
    except subprocess.TimeoutExpired:
        process.kill()
        said = process.communicate()[1]
    return said.decode(errors="replace").strip()


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _Adapter(HTTPAdapter):
    """What the SDK sends its requests by."""

    def __init__(self, command: Sequence[str]) -> None:
        super().__init__()
        self._pool = _Pool("localhost", maxsize=DEFAULT_MAX_POOL_SIZE, command=command)

    def get_connection_with_tls_context(self, *_: object, **__: object) -> HTTPConnectionPool:
        """Return the one pool of connections that there is."""
        return self._pool

    def request_url(self, request: PreparedRequest, *_: object, **__: object) -> str:
        """Return the path: there is no host, and no proxy on the way to it."""
        return request.path_url

    def close(self) -> None:
        """End the processes."""
        self._pool.close()
