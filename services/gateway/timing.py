"""How long a request took us, told to the client that made it (Server-Timing): support reads it in the browser."""

from __future__ import annotations

import time
from collections.abc import Callable

from flask import Flask, Response, g

HEADER = "Server-Timing"


def install(app: Flask, told: Callable[[], bool]) -> None:
    """Add the header to every answer while `told` says so."""

    def begin() -> None:
        g.timing_began = time.perf_counter()

    def add(response: Response) -> Response:
        # A request that was turned away before it began has nothing to tell.
        if told() and "timing_began" in g:
            milliseconds = (time.perf_counter() - g.timing_began) * 1000
            response.headers[HEADER] = f"total;dur={milliseconds:.1f}"
        return response

    app.before_request(begin)
    app.after_request(add)
