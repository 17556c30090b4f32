"""Asks a room: one request, one connection to loopback, one answer that is handed on piece by piece.

h11 reads the answer strictly, so that nothing in it can be taken for another answer.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass

import h11

from labctl.base.errors import InputError, LookupFailedError

HOST = "127.0.0.1"
"""The only host that is ever asked: which port, the game day's own file says, and nothing that a request says."""
CONNECT_S = 3.0
SILENCE_S = 60.0
"""How long a room may think before it answers."""
TICK_S = 0.5
PIECE = 65536
MOST_HEADERS = 64 * 1024

Headers = list[tuple[str, str]]


@dataclass
class Answer:
    """A room's answer: its status and headers, and its body, to be read once."""

    status: int
    headers: Headers
    _sock: socket.socket
    _connection: h11.Connection

    def body(self) -> Iterator[bytes]:
        """Yield the body as it comes."""
        try:
            yield from self._pieces(SILENCE_S)
        finally:
            self.close()

    def live(self, longest_s: float) -> Iterator[bytes]:
        """Yield a stream as it comes; an empty piece each time nothing has come for a moment."""
        ends = time.monotonic() + longest_s
        try:
            for piece in self._pieces(TICK_S, live=True):
                yield piece
                if time.monotonic() > ends:
                    return
        finally:
            self.close()

    def close(self) -> None:
        """Hang up."""
        self._sock.close()

    def _pieces(self, wait_s: float, *, live: bool = False) -> Iterator[bytes]:
        self._sock.settimeout(wait_s)
        while True:
            try:
                event = _next(self._connection, self._sock)
            except TimeoutError:
                if not live:
                    raise _failed("it stopped answering") from None
                yield b""
                continue
            except (OSError, h11.RemoteProtocolError) as error:
                raise _failed(str(error)) from error
            if isinstance(event, h11.Data):
                yield bytes(event.data)
            elif not isinstance(event, h11.InformationalResponse):
                return


def ask(port: int, method: str, target: str, headers: Headers, body: bytes) -> Answer:
    """Ask the room that listens at a port. Raises LookupFailedError where it does not answer, InputError."""
    try:
        sock = socket.create_connection((HOST, port), timeout=CONNECT_S)
    except OSError as error:
        raise _failed(error.strerror or str(error)) from error
    try:
        return _asked(sock, method, target, headers, body)
    except (h11.LocalProtocolError, UnicodeEncodeError) as error:
        sock.close()
        raise InputError("a header of the request can't be handed on", expected="printable text") from error
    except TimeoutError as error:
        sock.close()
        raise _failed(f"it has not answered for {SILENCE_S:.0f} s") from error
    except (OSError, h11.RemoteProtocolError) as error:
        sock.close()
        raise _failed(str(error)) from error
    except BaseException:
        sock.close()
        raise


def _asked(sock: socket.socket, method: str, target: str, headers: Headers, body: bytes) -> Answer:
    connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=MOST_HEADERS)
    sent = [*headers, ("Connection", "close"), ("Content-Length", str(len(body)))]
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in sent]
    request = h11.Request(method=method, target=target, headers=raw)
    sock.settimeout(SILENCE_S)
    parts = (request, *([h11.Data(data=body)] if body else []), h11.EndOfMessage())
    sock.sendall(b"".join(connection.send(part) or b"" for part in parts))
    event = _next(connection, sock)
    while isinstance(event, h11.InformationalResponse):
        event = _next(connection, sock)
    if not isinstance(event, h11.Response):
        raise ConnectionResetError("it hung up")
    found = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in event.headers.raw_items()]
    return Answer(event.status_code, found, sock, connection)


def _next(connection: h11.Connection, sock: socket.socket) -> object:
    """Return the next event, once enough has come for one."""
    while (event := connection.next_event()) is h11.NEED_DATA:
        connection.receive_data(sock.recv(PIECE))
    return event


def _failed(why: str) -> LookupFailedError:
    return LookupFailedError(
        f"the room of this team does not answer: {why}",
        todo="wait a few seconds: a room that has stopped is started again by itself",
    )
