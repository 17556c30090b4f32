"""How a call to a peer ends: an answer, or one of these.

UpstreamError                 the peer gave no usable answer
├── UpstreamTimeoutError      it did not answer within the timeout or the request's deadline
├── UpstreamUnavailableError  it could not be reached, or broke off
├── UpstreamFailedError       it answered with a server error, or with something that isn't JSON
└── BreakerOpenError          it was not asked, since it has been failing
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Answer:
    """A peer's answer: its status below 500, its JSON body (an object) and its headers."""

    status: int
    body: dict[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether the peer did what was asked."""
        return self.status < 400


class UpstreamError(Exception):
    """The peer gave no usable answer."""

    error_type = "error"
    retriable = True

    def __init__(self, upstream: str, detail: str) -> None:
        super().__init__(f"{upstream}: {detail}")
        self.upstream = upstream
        self.detail = detail


class UpstreamTimeoutError(UpstreamError):
    """The peer did not answer within the timeout or the request's deadline."""

    error_type = "timeout"


class UpstreamUnavailableError(UpstreamError):
    """The peer could not be reached, or broke off."""

    error_type = "connection_error"


class UpstreamFailedError(UpstreamError):
    """The peer answered with a server error, or with something that isn't a JSON object."""

    def __init__(self, upstream: str, status: int, detail: str, *, answer: Answer | None = None) -> None:
        super().__init__(upstream, detail)
        self.status = status
        self.answer = answer
        self.error_type = str(status) if status >= 500 else "invalid_response"
        # A 500 is a defect, and trying again doesn't help; the causes of these three often pass quickly.
        self.retriable = status in (502, 503, 504)


class BreakerOpenError(UpstreamError):
    """The peer was not asked, since it has been failing; `retry_after` in seconds."""

    error_type = "breaker_open"
    retriable = False

    def __init__(self, upstream: str, retry_after: float) -> None:
        super().__init__(upstream, "not called: it has been failing")
        self.retry_after = retry_after
