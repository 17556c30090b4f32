"""The door of the hub: who may ask for what. Each route says whom it lets in, and one that does not lets in nobody."""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, request

from labctl.gameday.model import BROWSER, TERMINAL, Caller
from labctl.gameday.web.site import Access, access_of, here, note
from labctl.room.door import HEADERS, READING

COOKIE = "gameday"
KEY_HEADER, KEY_FIELD = "X-Hub-Key", "hub_key"
PROXIED = "hub.room"
"""The route to the rooms: a room checks the key of its own pages by itself."""


def add(app: Flask) -> None:
    """Put the door before every route."""
    app.before_request(_check)
    app.after_request(_guarded)


def _check() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None:
        return  # there is no such address: the app says so
    access = access_of(view)
    found = _caller()
    if found and not here().quotas.reads.allows(str(found.session)):
        abort(429)
    if access is Access.OPEN:
        g.caller = found
        _require_from_here(found)
        return
    if found is None:
        abort(401)
    g.caller = found
    if not _allows(access, found):
        note("refused", detail=f"{request.method} {request.path}")
        abort(403)
    _require_from_here(found)
    if request.method not in READING and found.kind == BROWSER and request.endpoint != PROXIED:
        _require_key(found)


def _caller() -> Caller | None:
    """Return who asks: by a terminal's token, or else by the browser's cookie. Each is good for its own kind only."""
    said = request.headers.get("Authorization")
    token, kind = (request.cookies.get(COOKIE, ""), BROWSER)
    if said is not None:
        scheme, _, token = said.partition(" ")
        kind = TERMINAL
        if scheme.lower() != "bearer":
            return None
    found = here().store.sessions.caller(token.strip())
    return found if found and found.kind == kind else None


def _allows(access: Access | None, found: Caller) -> bool:
    team = (request.view_args or {}).get("team")
    mine = found.member is not None and found.member.team == team
    if access is Access.SOMEBODY:
        return True
    if access is Access.MEMBER:
        return mine
    if access is Access.TEAM:
        return mine or (found.is_instructor and request.method in READING)
    return access is Access.INSTRUCTOR and found.is_instructor


def _require_from_here(found: Caller | None) -> None:
    """Refuse what another site makes a browser ask. A terminal has no other sites: its token comes by no browser."""
    if found and found.kind == TERMINAL:
        return
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    if origin is not None and urlsplit(origin).netloc != request.host:
        abort(403)
    if request.method in READING:
        follows_link = request.headers.get("Sec-Fetch-Mode") == "navigate"
        if site not in (None, "same-origin", "none") and not follows_link:
            abort(403)
    # A form's own site says so; what is no browser, and has no session, may send JSON, as no form can.
    elif (found or request.mimetype != "application/json") and origin is None and site != "same-origin":
        abort(403)


def _require_key(found: Caller) -> None:
    said = request.headers.get(KEY_HEADER) or request.form.get(KEY_FIELD, "")
    wanted = here().change_key(found)
    if not hmac.compare_digest(said.encode("utf-8", "surrogatepass"), wanted.encode()):
        abort(403)


def _guarded(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response
