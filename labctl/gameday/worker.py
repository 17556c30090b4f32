"""How the hub serves clients: nobody keeps a thread, or the thread that takes new clients, by being slow."""

from __future__ import annotations

import socket
import struct
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

SLOW_S = 20
"""How long a client may take to send a piece of a request, or to take a piece of an answer."""
LEAST_READ = 32
"""Requests of one address that are read at once, in a small hub as well: reading one takes milliseconds."""
CLOSERS, MOST_CLOSING = 4, 64
"""Threads that wait for clients to hang up, and how many may be waited for."""


@dataclass
class Readers:
    """How many requests of each address are being read: whoever sends them slowly must not take all threads."""

    proxies: frozenset[str]
    """Who speaks for many, and is not counted."""
    most: int = LEAST_READ
    """Requests of one address that are read at once."""
    _counts: Counter[str] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def enter(self, address: str) -> bool:
        """Begin to read one more; False when there are too many."""
        with self._lock:
            if address not in self.proxies and self._counts[address] >= self.most:
                return False
            self._counts[address] += 1
        return True

    def leave(self, address: str) -> None:
        """Note that one was read."""
        with self._lock:
            self._counts[address] -= 1
            if not self._counts[address]:
                del self._counts[address]


def most_read(threads: int) -> int:
    """Return how many of the threads may read requests of one address: a whole room can be behind one."""
    return max(LEAST_READ, threads // 3)


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Serves clients, and hangs up on those that neither send nor read for a while: they would keep a thread."""

    def init_process(self) -> None:
        """Begin to count; the app's site knows the proxies."""
        self.readers = Readers(frozenset(self.app.plan.hub.proxies), most_read(self.cfg.threads))
        self.closers = ThreadPoolExecutor(CLOSERS)
        self.closing = 0
        super().init_process()

    def handle(self, conn: Any) -> Any:  # noqa: ANN401 - gunicorn's own
        """Read a request and answer it, unless too many of its address are being read."""
        conn.read_from = conn.client[0] if isinstance(conn.client, tuple) else ""
        if not self.readers.enter(conn.read_from):
            raise ConnectionRefusedError  # hangs up at once, where an answer would be waited for to arrive
        try:
            return super().handle(conn)
        finally:
            self._was_read(conn)

    def handle_request(self, req: Any, conn: Any) -> Any:  # noqa: ANN401 - as above
        """Answer a request, which was read by now."""
        self._was_read(conn)
        return super().handle_request(req, conn)

    def _close(self, conn: Any, *, graceful: bool = False) -> None:  # noqa: ANN401 - as above
        """Hang up; what waits for the client does so in threads of its own, as long as those are not all taken."""
        if not graceful or self.closing >= MOST_CLOSING:
            TConn.close(conn)
            return
        self.closing += 1  # this and what is done in the end run in the one thread that takes new clients
        done = self.closers.submit(TConn.close, conn, graceful=True)
        done.add_done_callback(lambda _done: self.method_queue.defer(self._closed))

    def _closed(self) -> None:
        self.closing -= 1

    def _was_read(self, conn: Any) -> None:  # noqa: ANN401 - as above
        address, conn.read_from = conn.read_from, None
        if address is not None:
            self.readers.leave(address)

    def enqueue_req(self, conn: Any) -> None:  # noqa: ANN401 - gunicorn's own
        """Limit how long the system waits for a client, which holds whatever the socket's own timeout is set to.

        gunicorn waits for a client to hang up, in the thread that takes new ones: who never does would stop it.
        """
        conn.close = partial(self._close, conn)
        limit = struct.pack("ll", SLOW_S, 0)
        with suppress(OSError):  # it has hung up already: reading shows that
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
        super().enqueue_req(conn)
