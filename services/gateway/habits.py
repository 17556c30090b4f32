"""What callers do out of habit and should not do for ever: noted in the log, and served all the same."""

from __future__ import annotations

import logging

from flask import Flask, request

OLD_HEADER = "X-Idempotency-Key"
_log = logging.getLogger(__name__)


def note(app: Flask) -> Flask:
    """Warn of every request with a header that is to go; return the app."""

    @app.before_request
    def deprecated() -> None:
        if OLD_HEADER in request.headers:
            _log.warning("deprecated header %s: send Idempotency-Key only", OLD_HEADER, extra={"header": OLD_HEADER})

    return app
