"""Live tail: new lines as they come, over a WebSocket, as Grafana's data source asks for them."""

from __future__ import annotations

import errno
import json
import logging
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from time import time_ns
from typing import Any, NoReturn

from flask import Blueprint, Response, request

from services.telemetry.gate import BusyError
from services.telemetry.loki import answer, params, search
from services.telemetry.loki.entry import Entry
from services.telemetry.loki.metric_parser import parse
from services.telemetry.loki.params import BadRequestError
from services.telemetry.loki.search import Window
from services.telemetry.loki.syntax import LogQuery
from services.telemetry.loki.websocket import WebSocket
from services.telemetry.store.reader import Reader

log = logging.getLogger(__name__)
NANO = 10**9
EVERY_SECONDS = 1.0
LATE_NS = 5 * NANO
"""How much later than its own time a line may come: each service exports on its own clock."""
MAX_TAILS = 4
"""Each has a thread of its own, beside those that answer requests."""


@dataclass
class Follower:
    """Finds what is new to one tail: each line once, also when it comes late."""

    reader: Reader
    query: LogQuery
    limit: int
    since: int
    _sent: dict[tuple[int, str, str], None] = field(default_factory=dict)

    def new(self, now: int) -> tuple[list[Entry], int]:
        """Return the newest lines that were not sent yet, in order of time, and how many more there were."""
        window = Window(max(self.since, now - LATE_NS), now + 1)
        with self.reader.open() as (connection, deadline):
            found = [
                entry
                for entry in search.entries(connection, self.query, window, deadline, backward=False)
                if self._first(entry)
            ]
        self._forget(window.start)
        return found[-self.limit :], max(0, len(found) - self.limit)

    def _first(self, entry: Entry) -> bool:
        key = (entry.time_ns, json.dumps(entry.labels(), sort_keys=True), entry.line)
        known = key in self._sent
        self._sent[key] = None
        return not known

    def _forget(self, before: int) -> None:
        self._sent = {key: None for key in self._sent if key[0] >= before}


def message(entries: Iterable[Entry], dropped: int, *, categorize: bool) -> str:
    """Return one message of a tail; `dropped` lines more were too many at once."""
    found: dict[str, list[Any]] = {}
    for entry in entries:
        labels, value = answer.placed(entry, categorize=categorize)
        found.setdefault(labels, []).append(value)
    streams = [{"stream": json.loads(labels), "values": values} for labels, values in found.items()]
    flags = {"encodingFlags": [answer.CATEGORIZE]} if categorize else {}
    return answer.compact({**flags, "streams": streams, "dropped_entries": [{}] * dropped or None})


class TakenOver(Response):
    """The connection is not the server's any more: nothing is answered, and nothing more read."""

    def __call__(self, *_: Any) -> NoReturn:  # noqa: ANN401 - a WSGI application's arguments
        """Leave the server as a client that went away does: it closes what is left without a word."""
        raise ConnectionResetError(errno.ECONNRESET, "the connection was taken over")


def add(routes: Blueprint, reader: Reader) -> None:
    """Add the route to those of the queries."""
    places = threading.BoundedSemaphore(MAX_TAILS)

    # One rule for those who ask as they should, one to tell the others how.
    @routes.get("/tail", endpoint="tail", websocket=True)
    @routes.get("/tail", endpoint="no_tail")
    def tail() -> Response:
        follower = _asked(reader)
        key = request.headers.get("Sec-WebSocket-Key", "")
        connection = request.environ.get("gunicorn.socket") or request.environ.get("werkzeug.socket")
        if request.headers.get("Upgrade", "").lower() != "websocket" or not key or connection is None:
            raise BadRequestError("a tail is a WebSocket: ask for it with 'Upgrade: websocket'; or use query_range")
        if not places.acquire(blocking=False):
            raise BusyError
        categorize = answer.CATEGORIZE in request.headers.get("X-Loki-Response-Encoding-Flags", "")
        own = socket.socket(fileno=connection.detach())
        thread = threading.Thread(
            target=_follow, args=(own, key, follower, categorize, places.release), name="tail", daemon=True
        )
        thread.start()
        return TakenOver()


def _asked(reader: Reader) -> Follower:
    query = parse(request.values.get("query", ""))
    if not isinstance(query, LogQuery):
        raise BadRequestError("a tail follows lines: the query has to be one for logs, not for a metric")
    now = time_ns()
    start = params.moment(request.values["start"], "start") if request.values.get("start") else now
    return Follower(reader, query, params.limit(request.values), start)


def _follow(
    connection: socket.socket, key: str, follower: Follower, categorize: bool, release: Callable[[], None]
) -> None:
    try:
        peer = WebSocket(connection, key)
        while peer.open:
            entries, dropped = follower.new(time_ns())
            if entries:
                peer.send(message(entries, dropped, categorize=categorize))
            peer.listen(EVERY_SECONDS)
        peer.close()
    except OSError as error:
        log.debug("a tail's client went: %s", error)
    except Exception:
        log.exception("a tail ended")
    finally:
        connection.close()
        release()
