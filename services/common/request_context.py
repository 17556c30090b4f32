"""The request id: the caller's if it is well formed, else a new one; all code that serves the request can read it."""

from __future__ import annotations

import re
import uuid
from contextvars import ContextVar, Token

HEADER = "X-Request-Id"

# Goes into logs, SQL comments and headers as it is: only characters that mean nothing in any of them.
_SANE = re.compile(r"[A-Za-z0-9._-]{1,64}")

_current: ContextVar[str] = ContextVar("request_id", default="")


def accept(value: str | None) -> str:
    """Return the caller's request id, or a new one when it is missing, too long or holds odd characters."""
    return value if value and _SANE.fullmatch(value) else uuid.uuid4().hex


def current() -> str:
    """Return the id of the request that this thread serves, or an empty string."""
    return _current.get()


def bind(request_id: str) -> Token[str]:
    """Make `request_id` current; hand the token to `release` when the work is done."""
    return _current.set(request_id)


def release(token: Token[str]) -> None:
    """Restore what was current before `bind`."""
    _current.reset(token)
