"""The relay on real sockets: bytes arrive whole, both ways, and nobody waits for who is not there."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from labctl.base.errors import InputError
from labctl.gameday.servers import relay
from labctl.gameday.servers.relay import Address, Route

LONG = b"x" * 300_000
WITHIN_S = 20


@pytest.mark.parametrize(
    ("text", "address"),
    [("tcp:0.0.0.0:7000", Address("0.0.0.0", 7000)), ("unix:/run/a.sock", Address(path="/run/a.sock"))],  # noqa: S104
)
def test_an_address_is_read(text: str, address: Address) -> None:
    assert Address.of(text) == address


@pytest.mark.parametrize("text", ["", "tcp:host", "tcp:host:x", "tcp::1", "unix:", "udp:host:1"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="is no address"):
        Address.of(text)


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write((await reader.read())[::-1])
    writer.close()


async def _ask(path: Path, sent: bytes) -> bytes:
    reader, writer = await asyncio.open_unix_connection(str(path))
    writer.write(sent)
    try:
        writer.write_eof()
        return await asyncio.wait_for(reader.read(), WITHIN_S)
    except OSError:
        return b""
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def _with_relay(folder: Path, to: Address | None, sent: bytes) -> bytes:
    listen = folder / "in"
    task = asyncio.create_task(relay.serve([Route(Address(path=str(listen)), lambda: to)]))
    try:
        async with asyncio.timeout(WITHIN_S):
            while not listen.exists():
                await asyncio.sleep(0.01)
        return await _ask(listen, sent)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def test_what_is_sent_arrives_and_what_is_answered_comes_back(tmp_path: Path) -> None:
    async def play() -> bytes:
        server = await asyncio.start_server(_echo, "127.0.0.1", 0)
        async with server:
            return await _with_relay(tmp_path, Address(*server.sockets[0].getsockname()[:2]), LONG + b"end")

    assert asyncio.run(play()) == b"dne" + LONG


@pytest.mark.parametrize("to", [None, Address(path="/nowhere/at.all")])
def test_without_anybody_there_it_hangs_up_at_once(tmp_path: Path, to: Address | None) -> None:
    assert asyncio.run(_with_relay(tmp_path, to, b"hello")) == b""
