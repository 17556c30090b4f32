"""A room elsewhere, asked over HTTP: what it answers is what the action would have returned here."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import labctl
from labctl.actions import served
from labctl.actions.answer import Answer
from labctl.actions.api_answers import Problem
from labctl.base import errors, progress
from labctl.base.errors import EXIT_ERROR, LabctlError, RemoteError
from labctl.state.login import Login

if TYPE_CHECKING:
    import httpx

CONNECT_S = 10.0
ANSWER_S = 150.0
"""A mitigation rolls out, and waits for what it started."""
WARNINGS, VERSION = "X-Warnings", "X-Labctl-Version"


@dataclass(frozen=True)
class RemoteRoom:
    """The room that somebody is logged in to."""

    login: Login

    def ask(self, action: Callable[..., Any], given: Mapping[str, Any]) -> Answer:
        """Return what the room answers. Raises its error as it would be raised here, RemoteError."""
        row = served.served(action)
        sent = served.flat(row, given)
        with progress.step(f"{row.name} at {self.host}") if row.slow else nullcontext():
            response = self.send("POST", row.name, sent)
        for text in _warnings(response):
            progress.warn(text)
        return self._read(row, response)

    def send(self, method: str, path: str, given: Mapping[str, Any] | None = None) -> httpx.Response:
        """Return an answer that is none of refusal. Raises RemoteError, and the errors that the room tells."""
        with self._reached():
            response = self._client.request(method, self.login.api + path, json=given)
        if response.is_success:
            return response
        raise self._refusal(response)

    def _refusal(self, response: httpx.Response) -> LabctlError:
        status, url, problem = response.status_code, self.login.url, _problem(response)
        if status == HTTPStatus.UNAUTHORIZED and self.login.token:
            return RemoteError(
                f"{self.host} does not know this login, or not any more",
                expected="a login that is valid: one ends by itself, or when the room is closed",
                todo=f"get a new code, then: labctl login {url} CODE; or work here: labctl logout",
            )
        if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN) and not self.login.token:
            return RemoteError(
                f"{self.host} does not take this code",
                expected="one that nobody has used up, or the code of your team",
                todo="ask whoever gave it to you for another",
            )
        if problem:
            return _told(problem)
        if status in (HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT):
            return self._away(f"status {status}")
        return RemoteError(
            f"{url} is no room: it answers with status {status}",
            expected="the address of a room, or of a game day",
            todo="check it, then: labctl login URL CODE",
        )

    @property
    def host(self) -> str:
        """Where the room is, for people."""
        return urlsplit(self.login.api).netloc

    @cached_property
    def _client(self) -> httpx.Client:
        import httpx  # noqa: PLC0415 - most commands ask nobody elsewhere

        headers = {"User-Agent": f"labctl/{labctl.__version__}", "Accept": "application/json"}
        if self.login.token:
            headers["Authorization"] = f"Bearer {self.login.token}"
        # No redirect is followed: it could lead the token elsewhere.
        return httpx.Client(headers=headers, timeout=httpx.Timeout(ANSWER_S, connect=CONNECT_S), verify=self._trusted())

    def _trusted(self) -> ssl.SSLContext | bool:
        if urlsplit(self.login.api).scheme != "https":
            return True
        try:
            return ssl.create_default_context(cafile=self.login.ca)
        except OSError as error:
            raise RemoteError(
                f"the certificates in {self.login.ca} can't be read: {error}", expected="a file with certificates (PEM)"
            ) from error

    @contextmanager
    def _reached(self) -> Iterator[None]:
        import httpx  # noqa: PLC0415 - as above

        try:
            yield
        except httpx.TimeoutException as error:
            raise RemoteError(
                f"{self.host} did not answer in time", todo="try again; ask whoever runs it if it stays so"
            ) from error
        except httpx.ConnectError as error:
            if "CERTIFICATE" in str(error):
                raise RemoteError(
                    f"the certificate of {self.host} is not to be trusted: {error}",
                    expected="one that this machine trusts, or that --ca names",
                    todo=f"labctl login {self.login.url} CODE --ca FILE, with the file of whoever runs it",
                ) from error
            raise self._away(error) from error
        except httpx.HTTPError as error:
            raise self._away(error) from error
        except (httpx.InvalidURL, UnicodeError) as error:
            raise RemoteError(f"'{self.login.url}' is no address: {error}", expected="such as https://…") from error

    def _away(self, why: object) -> RemoteError:
        return RemoteError(
            f"{self.host} is not answering ({why})",
            expected="the room that you are logged in to",
            todo="check the network, or ask whoever runs it; `labctl logout` leads back to this machine's labs",
        )

    def _read(self, row: served.Served, response: httpx.Response) -> Answer:
        from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415 - as above

        (kind,) = row.answers()
        said = _document(response).get("schema")
        if said != kind.schema:
            raise _other_version(f"the room answers in the form {said}, and this labctl reads {kind.schema}", response)
        try:
            found: Answer = TypeAdapter(kind).validate_json(response.content)
        except ValidationError as error:
            raise _other_version(f"the room answers what this labctl can't read as {kind.schema}", response) from error
        return found


def _other_version(how: str, response: httpx.Response) -> RemoteError:
    there = response.headers.get(VERSION, "unknown")
    return RemoteError(
        how,
        expected="the same version of labctl on both sides",
        todo=f"here is {labctl.__version__}, there {there}: install that one here",
    )


def _document(response: httpx.Response) -> dict[str, Any]:
    try:
        found = response.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _problem(response: httpx.Response) -> Problem | None:
    said = _document(response)
    front = said.get("error")
    if isinstance(front, dict) and front.get("what"):  # a front's own error, in front of the room
        what, expected, todo = (str(front.get(each) or "") for each in ("what", "expected", "todo"))
        return Problem(LabctlError.__name__, what, expected, todo, EXIT_ERROR)
    if said.pop("schema", "") != Problem.schema:
        return None
    try:
        return Problem(**said)
    except TypeError:
        return None


def _told(problem: Problem) -> LabctlError:
    """Return an error of the room as it would have been raised here."""
    kind = getattr(errors, problem.error, LabctlError)
    if not (isinstance(kind, type) and issubclass(kind, LabctlError)):
        kind = LabctlError
    found = kind.__new__(kind)
    LabctlError.__init__(found, problem.what, expected=problem.expected, todo=problem.todo)
    found.exit_code = problem.exit_code
    return found


def _warnings(response: httpx.Response) -> list[str]:
    try:
        found = json.loads(response.headers.get(WARNINGS, "[]"))
    except ValueError:
        return []
    return [str(each) for each in found] if isinstance(found, list) else []
