"""The answer to bytes that are no HTTP request: a problem document, as for every other error."""

from __future__ import annotations

import json
from contextlib import suppress
from http import HTTPStatus
from socket import socket

from services.common import request_context
from services.common.problem import MEDIA_TYPE


def write(client: socket, status: int, reason: str, detail: str) -> None:
    """Send the problem document with `Connection: close`; replaces gunicorn.util.write_error and its HTML page."""
    request_id = request_context.accept(None)
    document = {
        "type": "about:blank",
        "title": _phrase(status, reason),
        "status": status,
        "detail": detail,
        "instance": "",
        "request_id": request_id,
    }
    body = json.dumps(document).encode()
    head = [
        f"HTTP/1.1 {status} {reason}",
        f"Content-Type: {MEDIA_TYPE}",
        f"Content-Length: {len(body)}",
        f"{request_context.HEADER}: {request_id}",
        "Connection: close",
    ]
    with suppress(OSError):
        # The client may be gone already.
        client.sendall("\r\n".join([*head, "", ""]).encode("latin-1") + body)


def _phrase(status: int, reason: str) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return reason
