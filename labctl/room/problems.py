"""What went wrong, on the page: what failed, what was expected, what to do; and never a trace of a bug."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Generic, TypeVar

from flask import Flask, Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from labctl.base import bug_report
from labctl.base.errors import InputError, LabctlError, LabStateError, LookupFailedError, NotFoundError
from labctl.room.api import errors

T = TypeVar("T")
WORDS = {
    HTTPStatus.BAD_REQUEST: ("the request can't be read", "go back, and try again"),
    HTTPStatus.UNAUTHORIZED: ("you are not in this room", "type `labctl room`, and open the address that it prints"),
    HTTPStatus.FORBIDDEN: ("this came from another page", "reload the page, and try again"),
    HTTPStatus.NOT_FOUND: ("there is no such page", "choose one of the views"),
    HTTPStatus.METHOD_NOT_ALLOWED: ("that can't be done here", "choose one of the views"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("that was too much text", "send less of it"),
    HTTPStatus.MISDIRECTED_REQUEST: ("the room is not at this address", "open the address that `labctl room` prints"),
    HTTPStatus.TOO_MANY_REQUESTS: ("too many requests", "wait a few seconds, then try again"),
    HTTPStatus.SERVICE_UNAVAILABLE: ("too many tabs of this room are open", "close some of them"),
}


@dataclass(frozen=True)
class Part(Generic[T]):
    """A part of a page: its value, or why there is none. A page shows what it can."""

    value: T | None
    problem: LabctlError | None = None

    @property
    def status(self) -> int:
        """The status of a page whose main part this is."""
        return status_of(self.problem) if self.problem else HTTPStatus.OK


def part(ask: Callable[[], T]) -> Part[T]:
    """Return what `ask` finds, or the problem that it meets."""
    try:
        return Part(ask())
    except LabctlError as problem:
        return Part(None, problem)


def status_of(problem: LabctlError) -> int:
    """Return the HTTP status for an error."""
    if isinstance(problem, InputError):
        return HTTPStatus.UNPROCESSABLE_ENTITY
    if isinstance(problem, NotFoundError):
        return HTTPStatus.NOT_FOUND
    if isinstance(problem, LabStateError):
        return HTTPStatus.CONFLICT
    return HTTPStatus.BAD_GATEWAY if isinstance(problem, LookupFailedError) else HTTPStatus.INTERNAL_SERVER_ERROR


def add(app: Flask) -> None:
    """Show every error of an app as a page, or as a part of one."""
    app.register_error_handler(LabctlError, lambda problem: _told(problem, status_of(problem)))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _bug)


def _http(error: HTTPException) -> Response:
    status = HTTPStatus(error.code or 500)
    what, todo = WORDS.get(status, (status.phrase, ""))
    response = _told(LabctlError(what, todo=todo), status)
    if status is HTTPStatus.TOO_MANY_REQUESTS:
        response.headers["Retry-After"] = "5"
    return response


def _bug(error: Exception) -> Response:
    found = bug_report.write(error)
    # The report names what the learner must not know; where it could not be written, the page tells that it happened.
    todo = found.todo if "\n" not in found.todo else ""
    return _told(LabctlError("this is a bug in labctl", todo=todo), HTTPStatus.INTERNAL_SERVER_ERROR)


def _told(problem: LabctlError, status: int) -> Response:
    if errors.is_api():
        return errors.told(problem, status)
    partly = "HX-Request" in request.headers
    response = make_response(render_template("problem.html", problem=problem, partly=partly), status)
    if partly:
        response.headers["HX-Retarget"] = response.headers["HX-Reselect"] = "#problem"
        response.headers["HX-Reswap"] = "outerHTML"
    return response
