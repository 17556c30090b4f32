"""Reads a request's body as a JSON object, or raises a problem that says what is wrong with it."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any, NoReturn

from flask import request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import ClientDisconnected

from services.common.problem import ProblemError

MOST_BYTES = 64 * 1024
LONGEST_WAIT_S = 5.0


def json_object() -> dict[str, Any]:
    """Return the body as an object; raises ProblemError 415 or 400 (413 comes from Flask's own limit)."""
    if not request.is_json:
        raise ProblemError(415, "unsupported-media-type", "send the body as application/json")
    return parse_object(_read())


def peek() -> dict[str, Any]:
    """Return the body as `json_object` does, and leave it there for the view."""
    request.stream = BytesIO(_read())
    found = json_object()
    request.stream.seek(0)
    return found


def parse_object(raw: bytes) -> dict[str, Any]:
    """Parse strict JSON (UTF-8, no duplicate names, no NaN) whose top level is an object; raises ProblemError 400."""
    try:
        value = json.loads(raw.decode(), object_pairs_hook=_unique, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise ProblemError(400, "malformed-body", "the body is not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise ProblemError(400, "malformed-body", f"the body is not JSON: {_reason(error)}") from error
    if not isinstance(value, dict):
        raise ProblemError(400, "malformed-body", "the body must be a JSON object")
    return value


def _read() -> bytes:
    # A client that sends half a body and then nothing must not hold a thread for ever.
    if connection := request.environ.get("gunicorn.socket"):
        connection.settimeout(LONGEST_WAIT_S)
    try:
        raw = request.stream.read()
        if len(raw) >= MOST_BYTES and request.content_length is None:
            # A body without Content-Length is cut at the limit; reading one byte more turns that into an error.
            request.stream.read(1)
    except (ClientDisconnected, OSError, ParseException) as error:
        detail = "the body broke off, came too slowly, or is not framed as HTTP wants it"
        raise ProblemError(400, "malformed-body", detail) from error
    return raw


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a name appears twice in an object")
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


def _reason(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)[:200]
