"""python -m labctl.gameday.servers.relay LISTEN=TO …: pass connections on, byte by byte, until ended.

An address is tcp:HOST:PORT or unix:PATH. A name is looked up for each connection anew: what it stands for may move.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from labctl.base.errors import InputError

CONNECT_S = 3.0
PIECE = 65536
MOST = 256
"""Connections of one route at a time."""


@dataclass(frozen=True)
class Address:
    """Where somebody listens: a host and a port, or the path of a socket."""

    host: str = ""
    port: int = 0
    path: str = ""

    @classmethod
    def of(cls, text: str) -> Address:
        """Return what a text says. Raises InputError."""
        kind, _, rest = text.partition(":")
        host, _, port = rest.rpartition(":")
        if kind == "unix" and rest:
            return cls(path=rest)
        if kind == "tcp" and host and port.isdecimal():
            return cls(host, int(port))
        raise InputError(f"'{text}' is no address", expected="tcp:HOST:PORT or unix:PATH")


@dataclass(frozen=True)
class Route:
    """Where to listen, and where connections go; None while there is nowhere to go."""

    listen: Address
    to: Callable[[], Address | None]


async def serve(routes: list[Route]) -> None:
    """Pass connections on until cancelled."""
    servers = [await _listen(each) for each in routes]
    await asyncio.gather(*(each.serve_forever() for each in servers))


async def _listen(route: Route) -> asyncio.Server:
    open_now = asyncio.Semaphore(MOST)

    async def passed_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with open_now:
            await _passed_on(route, reader, writer)

    at = route.listen
    if not at.path:
        return await asyncio.start_server(passed_on, at.host, at.port)
    Path(at.path).unlink(missing_ok=True)
    return await asyncio.start_unix_server(passed_on, at.path)


async def _passed_on(route: Route, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        there, back = await asyncio.wait_for(_connected(route.to()), CONNECT_S)
    except (OSError, TimeoutError):
        writer.transport.abort()  # as if nobody listened: whoever asks is told at once
        return
    try:
        await asyncio.gather(_pump(reader, back), _pump(there, writer))
    finally:
        for each in (back, writer):
            each.close()


async def _connected(to: Address | None) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if to is None:
        raise ConnectionRefusedError
    if to.path:
        return await asyncio.open_unix_connection(to.path)
    return await asyncio.open_connection(to.host, to.port)


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """Pass on what comes, and then that no more will come."""
    try:
        while piece := await source.read(PIECE):
            target.write(piece)
            await target.drain()
        with suppress(OSError):
            target.write_eof()
    except OSError:
        target.transport.abort()


def main(arguments: list[str]) -> None:
    """Serve the routes that the arguments name."""
    routes: list[Route] = []
    for each in arguments:
        listen, _, to = each.partition("=")
        target = Address.of(to)
        routes.append(Route(Address.of(listen), lambda target=target: target))  # type: ignore[misc]
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(routes))


if __name__ == "__main__":
    main(sys.argv[1:])
