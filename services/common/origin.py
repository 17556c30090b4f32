"""Whose request is served: a customer's, whose client carries the live key, or one that somebody sends to try the API.

Both are served alike. Every span and log line of the second says so, by OpenTelemetry's attribute for traffic that no
customer makes; those of the first, and of what a service does by itself, have no such attribute.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar, Token

from opentelemetry.context import Context
from opentelemetry.sdk.trace import Span, SpanProcessor

HEADER = "X-Api-Key"
SETTING = "LIVE_API_KEY"
ATTRIBUTE = "user_agent.synthetic.type"
TEST = "test"

_live_key = ""
_current: ContextVar[str] = ContextVar("origin", default="")


def configure(env: Mapping[str, str]) -> None:
    """Take the live key from the environment; without one, nobody's requests are told apart."""
    global _live_key  # noqa: PLW0603 - one per process, as its telemetry is
    _live_key = env.get(SETTING, "").strip()


def accept(key: str | None) -> str:
    """Return TEST for a caller without the live key, or an empty string."""
    if not _live_key:
        return ""
    return "" if hmac.compare_digest((key or "").encode(), _live_key.encode()) else TEST


def current() -> str:
    """Return TEST while somebody's own request is served, or an empty string."""
    return _current.get()


def bind(origin: str) -> Token[str]:
    """Make `origin` current; hand the token to `release` when the work is done."""
    return _current.set(origin)


def release(token: Token[str]) -> None:
    """Restore what was current before `bind`."""
    _current.reset(token)


@contextmanager
def of_message(fields: Mapping[str, str]) -> Iterator[None]:
    """Work on a message for whoever's request it came from."""
    token = bind(fields.get(ATTRIBUTE, ""))
    try:
        yield
    finally:
        release(token)


def attributes() -> dict[str, str]:
    """Return what spans, log lines and messages of the current work say of it."""
    return {ATTRIBUTE: origin} if (origin := current()) else {}


def headers() -> dict[str, str]:
    """Return what our own peers are told: the live key, except while somebody's own request is served."""
    return {} if current() else {HEADER: _live_key}


class MarkedSpans(SpanProcessor):
    """Puts the mark on every span as it begins: also the only span that is left of a trace tells."""

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Mark a span of somebody's own request."""
        del parent_context
        if origin := current():
            span.set_attribute(ATTRIBUTE, origin)
