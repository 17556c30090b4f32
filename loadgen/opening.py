"""When the load may begin: not before the shop is open, or the first requests would fail for want of a gateway."""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

READY = "/readyz"
ASK_EVERY_S = 0.1
ANSWER_WITHIN_S = 2.0


def wait_until_open(
    host: str,
    *,
    given_up: Callable[[], bool],
    ask: Callable[[str], bool] | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> bool:
    """Return True once `host` (a URL) says that it is ready, False if `given_up` says so first."""
    asked = ask or is_open
    while not given_up():
        if asked(host):
            return True
        sleep(ASK_EVERY_S)
    return False


def is_open(host: str) -> bool:
    """Ask once whether `host` is ready to serve."""
    parts = urlsplit(host)
    connection = HTTPConnection(parts.hostname or "", parts.port or 80, timeout=ANSWER_WITHIN_S)
    try:
        connection.request("GET", READY)
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
