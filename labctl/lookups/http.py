"""JSON over HTTP from the lab's published ports, and the errors of such calls."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from labctl.base.errors import LabStateError, LookupFailedError, WaitTimeoutError
from labctl.base.waiting import pause, wait_until

Params = Mapping[str, str | int | float]
Document = dict[str, Any]

_SERVER_TEXT_LIMIT = 2000
_SAFE = "/?=&"
"""What paths are written with."""
_BUSY = 429
_FIRST_ERROR = 400
_BUSY_SECONDS = 30.0


@dataclass(frozen=True)
class Request:
    """One question, as HTTP spells it: what a form says is in the body."""

    method: str
    target: str
    form: str | None = None


@dataclass(frozen=True)
class Response:
    """What a server answered."""

    status: int
    body: bytes
    retry_after: str = ""

    @property
    def text(self) -> str:
        """The body as text; what is no UTF-8 is replaced."""
        return self.body.decode("utf-8", "replace")


class ApiClient:
    """One HTTP API of the lab. Connections are not kept, so there is nothing to close and threads may share it.

    It is the standard library's client, which knows no proxies: on loopback there are none. A client that can more
    takes longer to import than most look-ups take.
    """

    def __init__(self, base_url: str, server: str, *, timeout: float = 10.0) -> None:
        """`base_url` is like http://127.0.0.1:9090; `server` is the name that error messages use."""
        self.server = server
        self.base_url = base_url.rstrip("/")
        self._timeout = timeout
        address = urlsplit(self.base_url)
        self._host, self._port, self._below = address.hostname or "", address.port, address.path

    def get(self, path: str, params: Params | None = None) -> Document:
        """Return the JSON object of GET `path`. Raises LabStateError (no answer), LookupFailedError (refused)."""
        query = f"?{_encoded(params)}" if params else ""
        return self._ask(Request("GET", quote(path, safe=_SAFE) + query))

    def post(self, path: str, form: Params) -> Document:
        """Return the JSON object of POST `path` with a form body: for queries too long for a URL."""
        return self._ask(Request("POST", quote(path, safe=_SAFE), _encoded(form)))

    def _ask(self, request: Request) -> Document:
        response = self._send(request)
        if response.status == _BUSY:
            response = self._again(request, _seconds_to_wait(response))
        if response.status >= _FIRST_ERROR:
            raise LookupFailedError(f"{self.server} refused the query: {server_message(response)}")
        return self._decode(response)

    def _again(self, request: Request, interval: float) -> Response:
        """Ask until the server is not busy any more."""

        def answered() -> Response | None:
            response = self._send(request)
            return None if response.status == _BUSY else response

        try:
            pause(interval)
            return wait_until(answered, what=f"{self.server}'s answer", timeout=_BUSY_SECONDS, interval=interval)
        except WaitTimeoutError as error:
            raise LookupFailedError(
                f"{self.server} was busy with other queries for {_BUSY_SECONDS:g} s",
                todo="let the other queries end, or ask for less: a shorter time span, fewer traces",
            ) from error

    def _send(self, request: Request) -> Response:
        try:
            return self._answer(request)
        except TimeoutError as error:
            raise LookupFailedError(
                f"{self.server} did not answer within {self._timeout:g} s",
                todo="ask for less: a shorter time span, fewer series; or see `labctl status`",
            ) from error
        except (OSError, HTTPException) as error:
            raise LabStateError(
                f"{self.server} is not answering at {self.base_url} ({error})",
                expected="a running lab",
                todo="run `labctl status` to see what runs, `labctl up` to start the lab",
            ) from error

    def _answer(self, request: Request) -> Response:
        with closing(HTTPConnection(self._host, self._port, timeout=self._timeout)) as connection:
            headers = {"Accept": "application/json", "Connection": "close"}
            if request.form is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(request.method, f"{self._below}{request.target}", request.form, headers)
            answer = connection.getresponse()
            return Response(answer.status, answer.read(), answer.getheader("Retry-After") or "")

    def _decode(self, response: Response) -> Document:
        document = _json_object(response)
        if document is None:
            raise LookupFailedError(
                f"{self.server} gave an answer that is not a JSON object: {response.text[:80]!r}",
                todo="something else may listen on that port: run `labctl status`",
            )
        return document


def _encoded(values: Params) -> str:
    return urlencode(values, errors="surrogatepass")  # whatever somebody typed: it is the server's to refuse


def _seconds_to_wait(response: Response) -> float:
    """Return what the server asks for in Retry-After, within reason."""
    text = response.retry_after
    return min(max(float(text), 0.1), 5.0) if text.isdecimal() else 1.0


def _json_object(response: Response) -> Document | None:
    try:
        document = json.loads(response.body)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def server_message(response: Response) -> str:
    """Return the server's own message about a refusal: from its JSON document, or its plain text."""
    message = _message_of(_json_object(response) or {})
    return message or response.text.strip()[:_SERVER_TEXT_LIMIT] or f"HTTP {response.status}"


def _message_of(document: Document) -> str:
    errors = document.get("errors")  # Jaeger: [{"code": 404, "msg": "trace not found"}]
    if isinstance(errors, list) and errors and isinstance(errors[0], dict):
        return str(errors[0].get("msg", ""))
    said = (document.get(key) for key in ("error", "detail", "message", "title"))
    return next((text for text in said if isinstance(text, str) and text), "")
