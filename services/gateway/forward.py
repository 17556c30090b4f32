"""Hands a checked request on to payments, and the answer of payments back to the client."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, jsonify

from services.common import deadline
from services.common.app import breaker_open
from services.common.http_client import ServiceClient
from services.common.problem import TYPE_PREFIX, ProblemError
from services.common.upstream import (
    Answer,
    BreakerOpenError,
    UpstreamError,
    UpstreamFailedError,
    UpstreamTimeoutError,
)
from services.gateway.bulkhead import Bulkhead

HANDED_BACK = ("Idempotent-Replayed", "Retry-After")

OWN_MEMBERS = frozenset({"type", "title", "status", "detail", "instance", "request_id"})


@dataclass(frozen=True)
class Forwarder:
    """The way to payments; times in seconds."""

    payments: ServiceClient
    bulkhead: Bulkhead
    write_deadline: float
    read_deadline: float

    def read(self, path: str, template: str, params: dict[str, str] | None = None) -> Response:
        """GET from payments."""
        return self._forward(self.read_deadline, lambda: self.payments.get(path, template=template, params=params))

    def write(self, path: str, template: str, key: str, body: dict[str, object]) -> Response:
        """POST to payments, under the client's idempotency key."""
        headers = {"Idempotency-Key": key}
        return self._forward(
            self.write_deadline,
            lambda: self.payments.post(path, body, template=template, headers=headers, idempotent=True),
        )

    def _forward(self, seconds: float, call: Callable[[], Answer]) -> Response:
        with self.bulkhead.enter(), deadline.limit(seconds):
            answer = call()
        if not answer.ok:
            raise refusal(answer)
        response = jsonify(answer.body)
        response.status_code = answer.status
        response.headers.update(_handed_back(answer))
        return response


def refusal(answer: Answer) -> ProblemError:
    """Return payments' problem as ours: about the request that our client made, under our own request id."""
    kind = str(answer.body.get("type", "")).removeprefix(TYPE_PREFIX)
    members = {name: value for name, value in answer.body.items() if name not in OWN_MEMBERS}
    return ProblemError(
        answer.status,
        kind if kind and ":" not in kind else "request-refused",
        str(answer.body.get("detail", "")),
        headers=_handed_back(answer),
        members=members,
    )


def failure(error: UpstreamError) -> ProblemError:
    """Return the problem for a payments service that gave no usable answer."""
    if isinstance(error, BreakerOpenError):
        return breaker_open(error)
    timed_out = isinstance(error, UpstreamTimeoutError)
    if timed_out or (isinstance(error, UpstreamFailedError) and error.status == 504):
        return ProblemError(502, "upstream-timeout", f"{error.upstream} did not answer in time")
    return ProblemError(502, "upstream-error", f"{error.upstream} did not give a usable answer")


def _handed_back(answer: Answer) -> dict[str, str]:
    return {name: answer.headers[name] for name in HANDED_BACK if name in answer.headers}
