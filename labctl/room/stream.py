"""The stream of one tab: an event for each topic that is new since what the tab has seen.

An event's id says what has been seen up to it, so that a tab which comes back gets what it missed, and nothing twice.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping

from flask import Blueprint, Response, abort, request

from labctl.actions.answer import plain
from labctl.actions.live import TOPICS, Seen, Watch
from labctl.base.errors import LabctlError
from labctl.base.waiting import pause
from labctl.room.site import here

EVERY_S = 1.0
SIGN_OF_LIFE_S = 5.0
"""A line that means nothing: it shows the tab that the server is there, and the server that the tab is."""
STREAM_S = 600.0
"""Then the stream ends, and the tab opens another: one whose tab vanished must not stay for ever."""
_PART = re.compile(r"([a-z]{1,20})=([0-9a-f]{1,20})")


def add(room: Blueprint) -> None:
    """Add the stream."""

    @room.get("/stream")
    def stream() -> Response:
        site = here()
        seat = site.take_seat()
        if seat is None:
            abort(503)
        # A browser that connects again by itself sends the header; one that was hidden asks by the address.
        seen = parse(request.headers.get("Last-Event-ID") or request.args.get("seen", ""))
        response = Response(events(site.watch, seen), mimetype="text/event-stream")
        response.headers["X-Accel-Buffering"] = "no"
        response.call_on_close(seat.leave)
        return response


def events(watch: Watch, seen: Mapping[str, str]) -> Iterator[str]:
    """Yield what is new, as server-sent events, until the lab is gone or the stream has been open for long."""
    began = said = time.monotonic()
    known = dict(seen)
    yield "retry: 1000\n\n"
    while time.monotonic() - began < STREAM_S:
        try:
            now = watch.look()
        except LabctlError:
            yield "event: gone\ndata: {}\n\n"
            return
        for text in _new(now, known):
            said = time.monotonic()
            yield text
        if time.monotonic() - said > SIGN_OF_LIFE_S:
            said = time.monotonic()
            yield ": still here\n\n"
        pause(EVERY_S)


def _new(now: Seen, known: dict[str, str]) -> Iterator[str]:
    for topic in TOPICS:
        if known.get(topic) != now.versions[topic]:
            known[topic] = now.versions[topic]
            data = json.dumps(plain(now.away) if topic == "sources" else {})
            yield f"id: {written(known)}\nevent: {topic}\ndata: {data}\n\n"


def written(versions: Mapping[str, str]) -> str:
    """Return versions by topic as the id of an event."""
    return ",".join(f"{topic}={version}" for topic, version in versions.items())


def parse(text: str) -> dict[str, str]:
    """Return the versions that an id tells; what is no version is left out, and its topic counts as not seen."""
    parts = (_PART.fullmatch(part) for part in text[:1000].split(","))
    return {part[1]: part[2] for part in parts if part}
