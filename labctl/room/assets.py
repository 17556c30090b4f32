"""The built files of the front end: served under an address that changes when they do."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, send_from_directory, url_for

FOLDER = Path(__file__).parent / "static"
YEAR_S = 365 * 86400


def add(room: Blueprint) -> None:
    """Serve the files; they are the same for everybody, so that a browser may keep them."""

    @room.get("/static/<path:name>")
    def static_file(name: str) -> Response:
        response = send_from_directory(FOLDER, name, etag=True, max_age=YEAR_S)
        response.headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable"
        return response


def address(name: str) -> str:
    """Return the address of a file, with what tells its contents."""
    return url_for("room.static_file", name=name, v=_digest(name))


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]
