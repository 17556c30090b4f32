from __future__ import annotations

import pytest

from services.common.upstream import (
    Answer,
    BreakerOpenError,
    UpstreamError,
    UpstreamFailedError,
    UpstreamTimeoutError,
    UpstreamUnavailableError,
)
from services.gateway.forward import failure, refusal


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (UpstreamTimeoutError("payments", "late"), 502, "upstream-timeout"),
        (UpstreamFailedError("payments", 504, "late"), 502, "upstream-timeout"),
        (UpstreamFailedError("payments", 503, "busy"), 502, "upstream-error"),
        (UpstreamUnavailableError("payments", "refused"), 502, "upstream-error"),
        (BreakerOpenError("payments", 1.2), 503, "upstream-unavailable"),
    ],
)
def test_what_a_failure_becomes(error: UpstreamError, status: int, kind: str) -> None:
    problem = failure(error)
    assert (problem.status, problem.kind) == (status, kind)


def test_an_open_breaker_says_when_to_come_back() -> None:
    assert failure(BreakerOpenError("payments", 1.2)).headers == {"Retry-After": "2"}


@pytest.mark.parametrize("kind", ["", "about:blank", "https://example.com/x"])
def test_a_refusal_without_a_type_of_ours(kind: str) -> None:
    assert refusal(Answer(404, {"type": kind, "detail": "no"})).kind == "request-refused"


def test_a_refusal_keeps_its_members_but_not_its_place() -> None:
    body = {"type": "urn:problem-type:x", "instance": "/inside", "request_id": "r", "status": 200, "left": 5}
    problem = refusal(Answer(409, body))
    assert (problem.status, problem.kind, problem.members) == (409, "x", {"left": 5})
