"""What went wrong, on the hub's pages and in its JSON; never a trace of a bug."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from labctl.base import bug_report
from labctl.base.errors import LabctlError
from labctl.room.problems import status_of

WORDS = {
    HTTPStatus.BAD_REQUEST: ("the request can't be read", "go back, and try again"),
    HTTPStatus.UNAUTHORIZED: ("you are not in this game day", "open your team's link: your instructor has it"),
    HTTPStatus.FORBIDDEN: ("this is not for you", "go to your own team's room"),
    HTTPStatus.NOT_FOUND: ("there is no such page", "open your team's link: your instructor has it"),
    HTTPStatus.METHOD_NOT_ALLOWED: ("that can't be done here", "go to your team's room"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("that was too much text", "send less of it"),
    HTTPStatus.TOO_MANY_REQUESTS: ("too many requests", "wait a few seconds, then try again"),
    HTTPStatus.SERVICE_UNAVAILABLE: ("too many tabs of this room are open", "close some of them"),
}


def add(app: Flask) -> None:
    """Show every error of an app."""
    app.register_error_handler(LabctlError, lambda problem: told(problem, status_of(problem)))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _bug)


def _http(error: HTTPException) -> Response:
    status = HTTPStatus(error.code or 500)
    what, todo = WORDS.get(status, (status.phrase, ""))
    response = told(LabctlError(what, todo=todo), status)
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        response.headers["Retry-After"] = "5"
    if status is HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _bug(error: Exception) -> Response:
    bug_report.write(error)
    return told(LabctlError("this is a bug in labctl", todo="tell your instructor"), HTTPStatus.INTERNAL_SERVER_ERROR)


def told(problem: LabctlError, status: int) -> Response:
    """Return an error as a page, as a part of the room's page, or as JSON: as it was asked for."""
    if request.accept_mimetypes.best == "application/json" or request.is_json or "/api/" in request.path:
        body = {"error": {"what": problem.what, "expected": problem.expected, "todo": problem.todo}}
        return make_response(jsonify(body), status)
    partly = "HX-Request" in request.headers
    response = make_response(
        render_template("hub_problem_part.html" if partly else "hub_problem.html", problem=problem), status
    )
    if partly:
        response.headers["HX-Retarget"] = response.headers["HX-Reselect"] = "#problem"
        response.headers["HX-Reswap"] = "outerHTML"
    return response
