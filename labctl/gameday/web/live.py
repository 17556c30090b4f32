"""What is kept up to date in a page of the hub: a stream that says when there is something new."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from flask import Response, current_app

from labctl.base.errors import LabctlError
from labctl.base.waiting import pause
from labctl.gameday.matrix import Overseer
from labctl.gameday.web.site import here

EVERY_S = 1.0
SIGN_OF_LIFE_S = 5.0
STREAM_S = 600.0
"""Then a stream ends, and the page opens another: one whose page vanished must not stay for ever."""
_KEY = "gameday_overseer"


def overseer() -> Overseer:
    """Return the one that looks at all labs for this hub."""
    found: Overseer | None = current_app.extensions.get(_KEY)
    if found is None:
        found = current_app.extensions.setdefault(_KEY, Overseer(here().store, len(here().plan.incidents)))
    return found


def stream(version: Callable[[], str], still: Callable[[], bool]) -> Response:
    """Return a stream of server-sent events: one with each new version, for as long as who asked may see it."""
    response = Response(events(version, still), mimetype="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    return response


def events(version: Callable[[], str], still: Callable[[], bool]) -> Iterator[str]:
    """Yield an event with each version that differs from the one before it."""
    began = said = time.monotonic()
    seen = ""
    yield "retry: 1000\n\n"
    while time.monotonic() - began < STREAM_S and still():
        try:
            now = version()
        except LabctlError:
            now = seen  # busy: asked again in a moment
        if now != seen:
            seen, said = now, time.monotonic()
            yield f"event: new\ndata: {now}\n\n"
        elif time.monotonic() - said > SIGN_OF_LIFE_S:
            said = time.monotonic()
            yield ": still here\n\n"
        pause(EVERY_S)
