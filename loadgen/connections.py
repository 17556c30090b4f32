"""The clients' connections: each address of a name gets a short try before the next one, as browsers do (RFC 8305).

One of a name's addresses may be of a container whose network is not up yet, or not any more: what is sent there is
lost, and TCP sends it again only after a second. With the short try, and as nobody tries again for a moment where
something was lost, users don't notice.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from typing import Any

from geventhttpclient.client import HTTPClient, HTTPClientPool
from geventhttpclient.connectionpool import ConnectionPool
from geventhttpclient.url import URL

HTTP_PORT = 80
ATTEMPT_S = 0.1
"""The least "Connection Attempt Delay" that RFC 8305 (8) recommends: within one host, an answer takes microseconds."""
LOST_S = 2.0
"""So long, an address at which something was lost comes after the others."""


class Lost:
    """The addresses at which something was lost a moment ago, as all clients of this process know them."""

    def __init__(self) -> None:
        self._until: dict[Any, float] = {}

    def note(self, place: Any) -> None:  # noqa: ANN401 - as getaddrinfo has it
        """Note that an address did not answer."""
        now = time.monotonic()
        self._until = {each: until for each, until in self._until.items() if until > now} | {place: now + LOST_S}

    def last(self, addresses: Iterable[Any]) -> list[Any]:
        """Return the addresses with those at the end at which something was lost."""
        now = time.monotonic()
        return sorted(addresses, key=lambda each: self._until.get(each[4], 0.0) > now)


_lost = Lost()


class Connections(ConnectionPool):
    """Connections to one host."""

    def _create_socket(self) -> socket.socket:
        *others, last = _lost.last(self._resolve())
        for address in others:
            with suppress(OSError):
                return self._tried(address)
        return self._connected(last, self.connection_timeout)

    def _tried(self, address: Any) -> socket.socket:  # noqa: ANN401 - as above
        try:
            return self._connected(address, min(ATTEMPT_S, self.connection_timeout))
        except TimeoutError:
            _lost.note(address[4])
            raise

    def _connected(self, address: Any, timeout: float) -> socket.socket:  # noqa: ANN401 - as above
        family, kind, protocol, _, place = address
        connection: socket.socket = self._create_tcp_socket(family, kind, protocol)
        with ExitStack() as unless_connected:
            unless_connected.callback(connection.close)
            connection.settimeout(timeout)
            self._connect_socket(connection, place)
            unless_connected.pop_all()
        connection.settimeout(self.network_timeout)
        return connection


class Clients(HTTPClientPool):
    """One client per host, over plain HTTP."""

    def __init__(self, *, concurrency: int, connection_timeout: float, network_timeout: float) -> None:
        self._limits: dict[str, Any] = {
            "size": concurrency,
            "connection_timeout": connection_timeout,
            "network_timeout": network_timeout,
        }
        super().__init__(concurrency=1)

    def get_client(self, url: str | URL) -> HTTPClient:
        """Return the client of the host that `url` names."""
        client = super().get_client(url)
        if not isinstance(client._connection_pool, Connections):
            # The library has no other way to choose how connections are made.
            port = client.port or HTTP_PORT
            client._connection_pool = Connections(client.host, port, client.host, port, **self._limits)
        return client
