"""One attempt to call a peer: the request as sent, its span and its metric, and the error that it ends with."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urlsplit

import requests
from opentelemetry.trace import Span, SpanKind, StatusCode
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ReadTimeoutError

from services.common import deadline, instruments, origin, request_context, tracing
from services.common.tracing import traced, tracer
from services.common.upstream import (
    Answer,
    UpstreamError,
    UpstreamFailedError,
    UpstreamTimeoutError,
    UpstreamUnavailableError,
)

CONNECTIONS = 32


@dataclass(frozen=True)
class Call:
    """One request to a peer; `template` is the path without its variable parts (for names of spans)."""

    method: str
    path: str
    template: str = ""
    body: Mapping[str, object] | None = None
    params: Mapping[str, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    idempotent: bool = False

    @property
    def name(self) -> str:
        """The call's name in spans and logs."""
        return f"{self.method} {self.template or self.path}"


class Peer:
    """A base URL and the connections to it; a peer that isn't ours gets nothing of ours but the request."""

    def __init__(self, base_url: str, *, ours: bool = True) -> None:
        parts = urlsplit(base_url)
        self.name = parts.hostname or base_url
        self._port = parts.port or 80
        self._base = base_url.rstrip("/")
        self._ours = ours
        self._session = _session()

    def close(self) -> None:
        """Close the idle connections."""
        self._session.close()

    def attempt(self, call: Call, timeout: float, made: int) -> Answer:
        """Send `call` once; `made` attempts came before it. Raises UpstreamError."""
        with tracer().start_as_current_span(
            call.name, kind=SpanKind.CLIENT, attributes=self._attributes(call, made), record_exception=False
        ) as span:
            started = time.perf_counter()
            try:
                answer = self._send(call, timeout)
            except UpstreamError as error:
                status = error.status if isinstance(error, UpstreamFailedError) else 0
                self._observe(span, call, started, status, error)
                raise
            self._observe(span, call, started, answer.status)
            return answer

    def _send(self, call: Call, timeout: float) -> Answer:
        try:
            response = self._session.request(
                call.method,
                self._base + call.path,
                json=call.body,
                params=call.params,
                headers=self._headers(call),
                timeout=timeout,
                allow_redirects=False,
            )
        except requests.Timeout as error:
            raise UpstreamTimeoutError(self.name, f"deadline exceeded: no answer within {timeout:.3f} s") from error
        except requests.RequestException as error:
            raise self._unreachable(error, timeout) from error
        return self._answer(response)

    def _unreachable(self, error: requests.RequestException, timeout: float) -> UpstreamError:
        # A timeout while the body is read comes as a ConnectionError around urllib3's own exception.
        if any(isinstance(cause, ReadTimeoutError) for cause in error.args):
            return UpstreamTimeoutError(self.name, f"deadline exceeded: answer not complete within {timeout:.3f} s")
        return UpstreamUnavailableError(self.name, type(error).__name__)

    def _answer(self, response: requests.Response) -> Answer:
        try:
            body = response.json()
        except (ValueError, RecursionError):
            body = None
        answer = Answer(response.status_code, body if isinstance(body, dict) else {}, response.headers)
        if answer.status >= 500:
            raise UpstreamFailedError(self.name, answer.status, f"answered {answer.status}", answer=answer)
        if not isinstance(body, dict):
            raise UpstreamFailedError(self.name, answer.status, "answered with something other than a JSON object")
        return answer

    def _headers(self, call: Call) -> dict[str, str]:
        headers = {"Accept": "application/json", **call.headers}
        if self._ours:
            headers[tracing.HEADER] = tracing.traceparent()
            headers[request_context.HEADER] = request_context.current()
            headers |= origin.headers()
            if left := deadline.current():
                headers[deadline.HEADER] = left.header()
        return {name: value for name, value in headers.items() if value}

    def _attributes(self, call: Call, made: int) -> dict[str, str | int]:
        attributes: dict[str, str | int] = {
            "http.request.method": call.method,
            "server.address": self.name,
            "server.port": self._port,
            "url.full": self._base + call.path,
        }
        return attributes | ({"http.request.resend_count": made} if made else {})

    def _observe(self, span: Span, call: Call, started: float, status: int, error: UpstreamError | None = None) -> None:
        attributes: dict[str, str | int] = {"server.address": self.name, "http.request.method": call.method}
        if status:
            attributes["http.response.status_code"] = status
            span.set_attribute("http.response.status_code", status)
        if error:
            attributes["error.type"] = error.error_type
            span.set_attribute("error.type", error.error_type)
            span.set_status(StatusCode.ERROR, error.detail)
        if traced():
            instruments.client_duration.record(time.perf_counter() - started, attributes)


def was_stale(error: UpstreamUnavailableError) -> bool:
    """Whether the peer closed an idle connection just as it was used."""
    cause = error.__cause__
    return isinstance(cause, requests.ConnectionError) and "Connection aborted" in str(cause)


def _session() -> requests.Session:
    session = requests.Session()
    adapter = HTTPAdapter(pool_connections=1, pool_maxsize=CONNECTIONS, max_retries=0)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    # Peers are on our own network: no proxy of the host, no .netrc, no cookies shared between threads.
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return session
