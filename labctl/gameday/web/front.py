"""What every request has to be before the hub's app reads it: one that each server in its way reads in the same way.

A request that comes from a trusted reverse proxy has the address, the scheme and the host that the proxy says it had;
from anybody else, such headers count for nothing.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from labctl.gameday.web import paths

MOST_BYTES = 64 * 1024
"""What a request may bring along; a room takes no more, either."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
_FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PREFIX",
    "HTTP_FORWARDED",
)
_OURS = "HTTP_X_ROOM_"
"""Headers by which the hub speaks to rooms: nobody else says them."""

Environ = dict[str, Any]
App = Callable[[Environ, Any], Iterable[bytes]]


@dataclass(frozen=True)
class Front:
    """Stands before an app; `hosts` are the only ones it answers to, `proxies` those who may speak for others."""

    app: App
    hosts: Collection[str]
    proxies: Collection[str] = ()

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:  # noqa: ANN401 - WSGI's own
        """Pass a request on, or refuse it."""
        self._resolve(environ)
        status = refusal(environ)
        if status is None and environ.get("HTTP_HOST", "").lower() not in self.hosts:
            status = HTTPStatus.MISDIRECTED_REQUEST
        if status is not None:
            text = f"{status.value} {status.phrase}\n".encode()
            headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(text))), ("Connection", "close")]
            start_response(f"{status.value} {status.phrase}", headers)
            return [text]
        return self.app(environ, start_response)

    def _resolve(self, environ: Environ) -> None:
        said = {name: environ.pop(name, "") for name in _FORWARDED}
        for name in [each for each in environ if each.startswith(_OURS)]:
            del environ[name]
        if environ.get("REMOTE_ADDR", "") not in self.proxies:
            return
        # A proxy adds its own word at the end: what stands before it is what somebody else said.
        address, scheme, host = (said[name].rpartition(",")[2].strip() for name in _FORWARDED[:3])
        if _is_address(address):
            environ["REMOTE_ADDR"] = address
        if scheme in ("http", "https"):
            environ["wsgi.url_scheme"] = scheme
        if host:
            environ["HTTP_HOST"] = host


def refusal(environ: Environ) -> HTTPStatus | None:
    """Return why a request is refused whoever asks; None for one that can be read in one way only."""
    if environ["REQUEST_METHOD"] not in METHODS:
        return HTTPStatus.METHOD_NOT_ALLOWED
    if not paths.plain(target_of(environ)):
        return HTTPStatus.BAD_REQUEST
    if environ.get("HTTP_TRANSFER_ENCODING") or environ.get("HTTP_UPGRADE") or environ.get("HTTP_TRAILER"):
        return HTTPStatus.NOT_IMPLEMENTED
    length = environ.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdecimal()):
        return HTTPStatus.BAD_REQUEST
    return HTTPStatus.REQUEST_ENTITY_TOO_LARGE if int(length) > MOST_BYTES else None


def target_of(environ: Environ) -> str:
    """Return what the request asked for, as it was sent."""
    raw: str | None = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if raw is not None:
        return raw
    path = (environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")).encode("latin-1")
    query = environ.get("QUERY_STRING", "")
    return quote(path) + (f"?{query}" if query else "")


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
