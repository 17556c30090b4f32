"""Errors as the API answers them."""

from __future__ import annotations

import json
from http import HTTPStatus

from flask import Response, request

from labctl.actions.answer import to_json
from labctl.actions.api_answers import Problem
from labctl.actions.served import API_PATH
from labctl.base.errors import EXIT_BUG, LabctlError
from labctl.room.site import here

MIMETYPE = "application/json"
_LIST = "openapi.json lists the actions"
_TELL = "tell whoever runs the lab: there is a report on its host"
WORDS = {
    HTTPStatus.UNAUTHORIZED: ("you are not logged in here, or not any more", "log in again: labctl login URL CODE"),
    HTTPStatus.FORBIDDEN: ("this came from another page, or without the key of this one", "log in: POST …/login"),
    HTTPStatus.NOT_FOUND: ("there is no such action", _LIST),
    HTTPStatus.METHOD_NOT_ALLOWED: ("an action is asked for by POST", _LIST),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: ("the body is not declared as JSON", f"send it as {MIMETYPE}"),
    HTTPStatus.MISDIRECTED_REQUEST: ("the room is not at this address", "ask at the address that the login was for"),
}
"""What the API says where a page would speak of browsers and views."""


def is_api() -> bool:
    """Whether the present request is one to the API."""
    return request.path.startswith(here().prefix + API_PATH)


def told(problem: LabctlError, status: int) -> Response:
    """Return an error as JSON."""
    what, todo = WORDS.get(HTTPStatus(status), ("", "")) if type(problem) is LabctlError else ("", "")
    bug = status == HTTPStatus.INTERNAL_SERVER_ERROR and type(problem) is LabctlError
    answer = Problem(
        "Bug" if bug else type(problem).__name__,
        what or problem.what,
        problem.expected,
        _TELL if bug else todo or problem.todo,
        EXIT_BUG if bug else problem.exit_code,
    )
    return Response(json.dumps(to_json(answer)), status, mimetype=MIMETYPE)
