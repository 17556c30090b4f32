"""When the load may begin: once the gateway is ready, or the first requests would fail, and once risk is warm.

Afterwards, the shops' status page goes on asking whether the gateway is ready.

The gateway may be ready before risk, since small checkouts go on without risk. A load that began then would find the
features' cache empty, and every look-up would be a query.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

READY = "/readyz"
ASK_EVERY_S = 0.1
ANSWER_WITHIN_S = 2.0
STATUS_EVERY_S = 5.0
WARM_WITHIN_S = 10.0
"""The load waits this long for risk, then begins without it: so do clients that are restarted later."""


def wait_until_open(
    host: str,
    *,
    given_up: Callable[[], bool],
    patience: float = math.inf,
    ask: Callable[[str], bool] | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> bool:
    """Return True once `host` (a URL) is ready, False if `given_up` says so first, or `patience` (seconds) is over."""
    asked = ask or is_open
    until = time.monotonic() + patience
    while not given_up() and time.monotonic() < until:
        if asked(host):
            return True
        sleep(ASK_EVERY_S)
    return False


def keep_asking(
    host: str,
    *,
    ended: Callable[[], bool],
    ask: Callable[[str], object] | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Ask every STATUS_EVERY_S seconds whether `host` is ready, as a status page does, until `ended` says so."""
    asked = ask or is_open
    while not ended():
        asked(host)
        sleep(STATUS_EVERY_S)


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
