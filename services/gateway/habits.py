"""What callers do out of habit, and what does no harm: noted in the log, and served all the same."""

from __future__ import annotations

import logging
import select
import socket

from flask import Flask, Response, request

OLD_HEADER = "X-Idempotency-Key"
SOCKET = "gunicorn.socket"
"""Where the server leaves the connection of the request that is being served."""
_log = logging.getLogger(__name__)


def note(app: Flask) -> Flask:
    """Warn of requests with a header that is to go, and of those whose client does not wait; return the app."""

    @app.before_request
    def deprecated() -> None:
        if OLD_HEADER in request.headers:
            _log.warning("deprecated header %s: send Idempotency-Key only", OLD_HEADER, extra={"header": OLD_HEADER})

    @app.after_request
    def hung_up(response: Response) -> Response:
        if _closed(request.environ.get(SOCKET)):
            _log.warning("the client hung up before it was answered", extra={"status": response.status_code})
        return response

    return app


def _closed(connection: socket.socket | None) -> bool:
    """Whether the other side has ended a connection; looked at without reading from it, and without waiting."""
    if connection is None:
        return False
    try:
        # A socket with a timeout would wait for it, whatever the flags of `recv` say: asked first, it never does.
        poller = select.poll()
        poller.register(connection, select.POLLIN)
        return bool(poller.poll(0)) and connection.recv(1, socket.MSG_PEEK) == b""
    except (OSError, ValueError):
        return True  # reset, or closed by ourselves: nobody can be answered
