"""One request to the lab's public API, as a user sends it; it is no client's, and the services say so of it."""

from __future__ import annotations

import re
import time
import uuid
from dataclasses import dataclass
from typing import Any

import httpx

from labctl import __version__

ANSWER_WITHIN_S = 10.0
"""As long as the clients wait."""
_TRACE = re.compile(r"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}", re.ASCII)


@dataclass(frozen=True)
class Request:
    """A request; `key` is the idempotency key that one with a body needs."""

    method: str
    path: str
    body: dict[str, Any] | None = None
    key: str = ""


@dataclass(frozen=True)
class Answered:
    """What came back; without an answer `status` is None and `failure` says why. `trace_id` is empty if not told."""

    status: int | None
    seconds: float
    body: Any
    request_id: str
    trace_id: str = ""
    failure: str = ""


def send(base_url: str, request: Request, *, timeout: float = ANSWER_WITHIN_S) -> Answered:
    """Send a request, once. An answer of any status is an answer, and none at all is what happened, no error."""
    request_id = uuid.uuid4().hex
    headers = {"X-Request-Id": request_id, "User-Agent": f"labctl/{__version__}", "Connection": "close"}
    if request.key:
        headers["Idempotency-Key"] = request.key
    started = time.perf_counter()
    try:
        # Loopback only: a proxy from the environment would send it away from the host.
        with httpx.Client(base_url=base_url, timeout=timeout, trust_env=False) as client:
            answer = client.request(request.method, request.path, json=request.body, headers=headers)
    except httpx.TransportError as error:
        return Answered(None, time.perf_counter() - started, None, request_id, failure=_failure(error, timeout))
    seconds = time.perf_counter() - started
    return Answered(answer.status_code, seconds, _body(answer), request_id, _trace_id(answer))


def _failure(error: httpx.TransportError, timeout: float) -> str:
    if isinstance(error, httpx.TimeoutException):
        return f"no answer within {timeout:g} s"
    return f"no answer: {error}"


def _body(answer: httpx.Response) -> Any:  # noqa: ANN401 - any JSON value, or text
    try:
        return answer.json()
    except ValueError:
        return answer.text


def _trace_id(answer: httpx.Response) -> str:
    found = _TRACE.fullmatch(answer.headers.get("traceresponse", ""))
    return found[1] if found else ""
