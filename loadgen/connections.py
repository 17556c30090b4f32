"""The clients' connections: each address of a name gets a short try before the next one, as browsers do (RFC 8305).

One of a name's addresses may be of a container whose network is not up yet, or not any more: what is sent there is
lost, and TCP sends it again only after a second. With the short try, users don't notice.
"""

from __future__ import annotations

import socket
from contextlib import ExitStack, suppress
from typing import Any

from geventhttpclient.client import HTTPClient, HTTPClientPool
from geventhttpclient.connectionpool import ConnectionPool
from geventhttpclient.url import URL

HTTP_PORT = 80
ATTEMPT_S = 0.25
"""The "Connection Attempt Delay" that RFC 8305 recommends."""


class Connections(ConnectionPool):
    """Connections to one host."""

    def _create_socket(self) -> socket.socket:
        *others, last = self._resolve()
        for address in others:
            with suppress(OSError):
                return self._connected(address, min(ATTEMPT_S, self.connection_timeout))
        return self._connected(last, self.connection_timeout)

    def _connected(self, address: Any, timeout: float) -> socket.socket:  # noqa: ANN401 - as getaddrinfo has it
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
