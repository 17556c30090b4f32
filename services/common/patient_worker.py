"""A gunicorn worker that slow clients can't hold up: a request gets a thread when its header has come.

gunicorn's own gives a thread to every new connection: who sends half a header keeps it, and who does so as often as
there are threads keeps all others waiting. Here, a connection waits in the poller until the header is whole, not
longer than HEADER_SECONDS; one client has only so many connections, and so many requests that are worked on. The
environment may name other limits than these.
"""

from __future__ import annotations

import os
import selectors
import socket
import time
from collections import Counter, deque
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

HEADER_SECONDS = 5.0
EXCHANGE_SECONDS = 20.0
"""From the whole header to the answer's last byte: who sends a body slowly, or reads slowly, is cut off."""
MAX_HEADER_BYTES = 32_768
CONNECTIONS_A_CLIENT = 64
LOOK_AGAIN_SECONDS = 0.1
HEADER_END = b"\r\n\r\n"


def _limit(name: str, otherwise: float) -> float:
    return float(os.environ.get(name, otherwise))


class CountedConnection(TConn):  # type: ignore[misc]  # gunicorn has no types
    """A connection that counts for its client until it is closed."""

    def __init__(self, cfg: Any, sock: socket.socket, client: Any, server: Any, count: Counter[str]) -> None:  # noqa: ANN401
        super().__init__(cfg, sock, client, server)
        self.host = str(client[0])
        self._count: Counter[str] | None = count
        count[self.host] += 1

    def close(self, graceful: bool = False) -> None:
        """Close it; a second time changes nothing."""
        count, self._count = self._count, None
        if count is not None:
            count[self.host] -= 1
            if not count[self.host]:
                del count[self.host]
        # An application may have taken the socket over, as for a WebSocket: then nothing is left to say goodbye on.
        super().close(graceful and self.sock.fileno() >= 0)


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Gives threads to whole requests only, and to one client not more than its share (THREADS_A_CLIENT)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - gunicorn's own arguments
        super().__init__(*args, **kwargs)
        self._share = int(_limit("THREADS_A_CLIENT", self.cfg.threads))
        self._most_connections = int(_limit("CONNECTIONS_A_CLIENT", CONNECTIONS_A_CLIENT))
        self._header_seconds = _limit("HEADER_SECONDS", HEADER_SECONDS)
        self._exchange_seconds = _limit("EXCHANGE_SECONDS", EXCHANGE_SECONDS)
        self._arrived: dict[Any, float] = {}
        """Connections whose header is not whole yet, and until when it may come."""
        self._begun: list[Any] = []
        """Those of them that sent a part of it: the poller would report them again and again."""
        self._working: dict[Any, float] = {}
        """Connections that have a thread, and until when."""
        self._queued: deque[Any] = deque()
        self._open: Counter[str] = Counter()

    def accept(self, listener: socket.socket) -> None:
        """Take a connection, and wait for its header without a thread."""
        try:
            client, address = listener.accept()
        except OSError:
            return  # it is gone again, or another event took it
        self.nr_conns += 1
        conn = CountedConnection(self.cfg, client, address, listener.getsockname(), self._open)
        if self._open[conn.host] > self._most_connections:
            self._end(conn)
        else:
            self._wait_for_header(conn)

    def enqueue_req(self, conn: Any) -> None:  # noqa: ANN401
        """Take a connection that was kept alive and has something to read again."""
        self._wait_for_header(conn)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Wait for events, less long while a header is half there, and end what takes too long."""
        super().wait_for_and_dispatch_events(min(timeout, LOOK_AGAIN_SECONDS) if self._begun else timeout)
        begun, self._begun = self._begun, []
        for conn in begun:
            if conn in self._arrived:
                self._look(conn)
        self._end_overdue()

    def finish_request(self, conn: Any, fs: Future[Any]) -> None:  # noqa: ANN401
        """Give the thread to the next request that waits for one."""
        self._working.pop(conn, None)
        super().finish_request(conn, fs)
        for _ in range(len(self._queued)):
            self._give_thread(self._queued.popleft())

    def _wait_for_header(self, conn: Any) -> None:  # noqa: ANN401
        conn.sock.setblocking(False)
        self._arrived[conn] = time.monotonic() + self._header_seconds
        self._look(conn)

    def _look(self, conn: Any) -> None:  # noqa: ANN401
        """Pass a whole header on; otherwise wait for more of it."""
        # What the parser read ahead of the last request is no longer in the socket.
        read = conn.parser.unreader.buf.getvalue() if conn.parser else b""
        try:
            seen = conn.sock.recv(MAX_HEADER_BYTES, socket.MSG_PEEK)
        except BlockingIOError:
            seen = None
        except OSError:
            seen = b""
        known = read + (seen or b"")
        if seen == b"" and HEADER_END not in known:
            del self._arrived[conn]
            self._end(conn)
        elif HEADER_END in known or len(known) >= MAX_HEADER_BYTES:
            del self._arrived[conn]
            self._give_thread(conn)  # gunicorn refuses what is too long
        elif seen is None:
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._readable, conn))
        else:
            self._begun.append(conn)

    def _readable(self, conn: Any, _sock: object) -> None:  # noqa: ANN401
        self.poller.unregister(conn.sock)
        self._look(conn)

    def _give_thread(self, conn: Any) -> None:  # noqa: ANN401
        if sum(other.host == conn.host for other in self._working) >= self._share:
            self._queued.append(conn)
            return
        self._working[conn] = time.monotonic() + self._exchange_seconds
        conn.data_ready = True
        super().enqueue_req(conn)

    def _end_overdue(self) -> None:
        now = time.monotonic()
        for conn in [conn for conn, until in self._arrived.items() if until < now]:
            del self._arrived[conn]
            with suppress(KeyError, ValueError):
                self.poller.unregister(conn.sock)
            self._end(conn)
        for conn in [conn for conn, until in self._working.items() if until < now]:
            # Its thread, which reads or writes, wakes up with an error and ends the connection itself.
            with suppress(OSError):
                conn.sock.shutdown(socket.SHUT_RDWR)

    def _end(self, conn: Any) -> None:  # noqa: ANN401
        self.nr_conns -= 1
        conn.close()
