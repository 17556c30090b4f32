"""The routes of the API: a POST for each action, the way in, who asks, and the description of it all."""

from __future__ import annotations

import json
from collections.abc import Callable

from flask import Blueprint, Response, abort, g, request

import labctl
from labctl.actions import room as action
from labctl.actions.answer import Answer, to_json
from labctl.actions.api_answers import LoggedIn, Me
from labctl.actions.remote_room import VERSION, WARNINGS
from labctl.actions.served import API_PATH, SERVED, Served, call
from labctl.base.errors import InputError, LabStateError
from labctl.base.text import visible
from labctl.room.api import tokens
from labctl.room.api.errors import MIMETYPE
from labctl.room.identity import SESSION_S
from labctl.room.site import Site, here, visitor

LOGIN, DESCRIPTION = "api_login", "api_openapi"
ENDPOINT = "api_{}"
MOST_NAME = 40
MOST_WARNINGS = 4000
"""Characters of a header."""


def add(room: Blueprint) -> None:
    """Add them to the room."""
    room.add_url_rule(f"/{API_PATH}login", LOGIN, _login, methods=["POST"])
    room.add_url_rule(f"/{API_PATH}logout", "api_logout", _logout, methods=["POST"])
    room.add_url_rule(f"/{API_PATH}me", "api_me", _me)
    room.add_url_rule(f"/{API_PATH}openapi.json", DESCRIPTION, _openapi)
    for row in SERVED:
        room.add_url_rule(f"/{API_PATH}{row.name}", ENDPOINT.format(row.name), _route(row), methods=["POST"])


def _login() -> Response:
    """Let a terminal in that has a code: a one-time token of the room."""
    site = here()
    if not site.identity.has_door:
        abort(404)
    if not site.entries.allows("all"):
        abort(429)
    code, name = _read_login()
    if not action.redeem(site.lab, code):
        abort(401)
    token = tokens.made(site.identity.secret, name)
    return _answer(LoggedIn(token, site.prefix + API_PATH, name, None))


def _read_login() -> tuple[str, str]:
    from labctl.room.api import descriptions, parameters  # noqa: PLC0415 - pydantic is for rooms that are asked

    given = parameters.read_as(descriptions.Login, _body())
    name = str(given.get("name", "")).strip() or "you"
    if visible(name) != name or len(name) > MOST_NAME:
        raise InputError("the name has characters that can't be seen, or too many", expected=f"at most {MOST_NAME}")
    return str(given["code"]), name


def _logout() -> Response:
    """End the token that is brought along; where a front knows people, that is the front's to do."""
    if visitor().by_token and here().identity.has_door:
        action.leave(here().lab, visitor().session, SESSION_S)
    return Response(status=204)


def _me() -> Response:
    return _answer(Me(visitor().name, here().lab, labctl.__version__))


def _openapi() -> Response:
    from labctl.room.api import descriptions  # noqa: PLC0415 - as above

    return Response(descriptions.text(here().prefix + API_PATH), mimetype=MIMETYPE)


def _route(row: Served) -> Callable[[], Response]:
    def answer() -> Response:
        from labctl.room.api import parameters  # noqa: PLC0415 - as above

        site = here()
        _require_here(row, site)
        return _answer(call(row, site.lab, parameters.read(row, _body())))

    return answer


def _require_here(row: Served, site: Site) -> None:
    if row.alone and not site.identity.has_door:
        raise LabStateError(f"{row.name} is not answered here", expected="a room of one's own, which has no teams")


def _body() -> bytes:
    found = request.get_data()
    if found and request.mimetype != MIMETYPE:
        abort(415)
    return found


def _answer(answer: Answer) -> Response:
    response = Response(json.dumps(to_json(answer), ensure_ascii=False), mimetype=MIMETYPE)
    response.headers[VERSION] = labctl.__version__
    warnings = json.dumps(g.get("warnings", ()))
    if g.get("warnings") and len(warnings) < MOST_WARNINGS:
        response.headers[WARNINGS] = warnings
    return response
