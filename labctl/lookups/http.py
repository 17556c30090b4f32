"""JSON over HTTP from the lab's published ports, and the errors of such calls."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from typing import Any

import httpx

from labctl.base.errors import LabStateError, LookupFailedError, WaitTimeoutError
from labctl.base.waiting import pause, wait_until

Params = Mapping[str, str | int | float]
Document = dict[str, Any]

_SERVER_TEXT_LIMIT = 2000
_BUSY = 429
_BUSY_SECONDS = 30.0


class ApiClient:
    """One HTTP API of the lab. Connections are not kept, so there is nothing to close and threads may share it."""

    def __init__(self, base_url: str, server: str, *, timeout: float = 10.0) -> None:
        """`base_url` is like http://127.0.0.1:9090; `server` is the name that error messages use."""
        self.server = server
        self.base_url = base_url.rstrip("/")
        # Loopback only: a proxy from the environment would send these requests away from the host.
        self._http = httpx.Client(
            base_url=self.base_url,
            timeout=timeout,
            trust_env=False,
            # And plain HTTP only: by default every client loads the host's certificates, which takes longer than most
            # look-ups. This context knows no authority, so that nothing else would be trusted.
            verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    def get(self, path: str, params: Params | None = None) -> Document:
        """Return the JSON object of GET `path`. Raises LabStateError (no answer), LookupFailedError (refused)."""
        return self._ask(self._http.build_request("GET", path, params=params))

    def post(self, path: str, form: Params) -> Document:
        """Return the JSON object of POST `path` with a form body: for queries too long for a URL."""
        return self._ask(self._http.build_request("POST", path, data=dict(form)))

    def _ask(self, request: httpx.Request) -> Document:
        response = self._send(request)
        if response.status_code == _BUSY:
            response = self._again(request, _seconds_to_wait(response))
        if response.is_error:
            raise LookupFailedError(f"{self.server} refused the query: {server_message(response)}")
        return self._decode(response)

    def _again(self, request: httpx.Request, interval: float) -> httpx.Response:
        """Ask until the server is not busy any more."""

        def answered() -> httpx.Response | None:
            response = self._send(request)
            return None if response.status_code == _BUSY else response

        try:
            pause(interval)
            return wait_until(answered, what=f"{self.server}'s answer", timeout=_BUSY_SECONDS, interval=interval)
        except WaitTimeoutError as error:
            raise LookupFailedError(
                f"{self.server} was busy with other queries for {_BUSY_SECONDS:g} s",
                todo="let the other queries end, or ask for less: a shorter time span, fewer traces",
            ) from error

    def _send(self, request: httpx.Request) -> httpx.Response:
        try:
            return self._http.send(request)
        except httpx.TimeoutException as error:
            raise LookupFailedError(
                f"{self.server} did not answer within {self._http.timeout.read:g} s",
                todo="ask for less: a shorter time span, fewer series; or see `labctl status`",
            ) from error
        except httpx.TransportError as error:
            raise LabStateError(
                f"{self.server} is not answering at {self.base_url} ({error})",
                expected="a running lab",
                todo="run `labctl status` to see what runs, `labctl up` to start the lab",
            ) from error

    def _decode(self, response: httpx.Response) -> Document:
        document = _json_object(response)
        if document is None:
            raise LookupFailedError(
                f"{self.server} gave an answer that is not a JSON object: {response.text[:80]!r}",
                todo="something else may listen on that port: run `labctl status`",
            )
        return document


def _seconds_to_wait(response: httpx.Response) -> float:
    """Return what the server asks for in Retry-After, within reason."""
    text = response.headers.get("Retry-After", "")
    return min(max(float(text), 0.1), 5.0) if text.isdecimal() else 1.0


def _json_object(response: httpx.Response) -> Document | None:
    try:
        document = response.json()
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def server_message(response: httpx.Response) -> str:
    """Return the server's own message about a refusal: from its JSON document, or its plain text."""
    message = _message_of(_json_object(response) or {})
    return message or response.text.strip()[:_SERVER_TEXT_LIMIT] or f"HTTP {response.status_code}"


def _message_of(document: Document) -> str:
    errors = document.get("errors")  # Jaeger: [{"code": 404, "msg": "trace not found"}]
    if isinstance(errors, list) and errors and isinstance(errors[0], dict):
        return str(errors[0].get("msg", ""))
    said = (document.get(key) for key in ("error", "detail", "message", "title"))
    return next((text for text in said if isinstance(text, str) and text), "")
