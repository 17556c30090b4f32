"""Coming in from a terminal: a code and a name for a token, which works where the team's room does."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, jsonify, request, url_for
from werkzeug.exceptions import NotFound

from labctl.gameday.model import TERMINAL
from labctl.gameday.sessions import INSTRUCTOR
from labctl.gameday.web.joining import member_of, team_of
from labctl.gameday.web.site import Access, caller, here, note, who


def add(hub: Blueprint) -> None:
    """Add the routes."""
    hub.post("/api/v1/login")(login)
    hub.post("/api/v1/logout")(logout)


@who(Access.OPEN)
def login() -> Response:
    """Take `{"code", "name"}`; return `{"token", "api", "user", "team"}`."""
    asked: Any = request.get_json(silent=True)
    if not isinstance(asked, dict) or not all(isinstance(asked.get(each), str) for each in ("code", "name")):
        abort(400)
    site, team = here(), _team_of(asked["code"])
    if team == INSTRUCTOR:
        abort(403)  # what the instructor does is done in the browser
    member = member_of(team, asked["name"])
    token = site.store.sessions.begin(member, TERMINAL)
    api = url_for("hub.room", team=team, rest="api/v1", _external=True)
    return jsonify(token=token, api=api, user=member.name, team=team)


def _team_of(code: str) -> str:
    try:
        return team_of(code)
    except NotFound:
        abort(401)


@who(Access.SOMEBODY)
def logout() -> tuple[str, int]:
    """End this session."""
    here().store.sessions.revoke(caller().session)
    note("left")
    return "", 204
