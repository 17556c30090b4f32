"""The door: what every request has to be before a view sees it, and what every answer carries."""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from labctl.actions import room as action
from labctl.actions.served import SERVED
from labctl.room.api import routes as api
from labctl.room.api import tokens
from labctl.room.api.errors import is_api
from labctl.room.site import Site, here

READING = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN = frozenset({"room.static_file", "room.enter", "room.alive", f"room.{api.LOGIN}", f"room.{api.DESCRIPTION}"})
"""What needs no visitor: files that everybody has, and the ways in."""
LOOKS = frozenset(f"room.{api.ENDPOINT.format(row.name)}" for row in SERVED if not row.changes)
"""What is asked by POST, and only looks."""
KEY_HEADER, KEY_FIELD = "X-Change-Key", "change_key"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def add(room: Blueprint) -> None:
    """Put the door before every route of the room."""
    room.before_app_request(_check)
    room.after_app_request(_guarded)

    @room.get("/enter")
    def enter() -> AnyResponse:
        """Let in whoever has a one-time token."""
        site = here()
        if not site.identity.has_door:
            abort(404)
        if not site.entries.allows("all"):
            abort(429)
        if not action.redeem(site.lab, request.args.get("token", "")):
            abort(401)
        response = redirect(url_for("room.home"), 303)
        assert isinstance(response, Response)  # noqa: S101 - for the type checker: flask makes its own kind
        site.identity.welcome(response)
        return response

    @room.get("/alive")
    def alive() -> str:
        """Say that this room is there, and nothing about it."""
        return action.proof_of(here().identity.secret)


def _check() -> None:
    """Refuse who is not at the right address, comes from elsewhere, is nobody we know, or asks too often."""
    site = here()
    # A host name of somebody else's that leads here (DNS rebinding) is no way in.
    if site.hosts and request.host not in site.hosts:
        abort(421)
    found = tokens.visitor(request, site) if is_api() else site.identity.visitor(request)
    if not (found and found.by_token) and not _from_here():
        abort(401 if found is None and _is_no_browser() else 403)
    if request.endpoint in OPEN:
        return
    if found is None:
        abort(401)
    g.visitor = found
    if not site.reads.allows(found.session):
        abort(429)
    if request.method not in READING:
        _check_change()


def _from_here() -> bool:
    """Whether the browser does not say that another site makes it ask; a change has to say that none does."""
    origin = request.headers.get("Origin")
    if origin is not None:
        return urlsplit(origin).netloc == request.host
    site = request.headers.get("Sec-Fetch-Site")
    if request.method not in READING:
        return site == "same-origin" or (request.endpoint in OPEN and _is_no_browser())
    # A link elsewhere may lead here; from another site, the cookie stays away then. Nothing else may be drawn in.
    follows_link = request.headers.get("Sec-Fetch-Mode") == "navigate"
    return site in (None, "same-origin", "none") or follows_link or request.endpoint in OPEN


def _is_no_browser() -> bool:
    """Whether the API is asked by what says nothing of a page: a browser says where a change comes from."""
    return is_api() and "Origin" not in request.headers and "Sec-Fetch-Site" not in request.headers


def _check_change() -> None:
    site = here()
    if not g.visitor.by_token:
        _check_key(site)
    if request.endpoint not in LOOKS and not site.changes.allows(g.visitor.session):
        abort(429)


def _check_key(site: Site) -> None:
    said = request.headers.get(KEY_HEADER) or request.form.get(KEY_FIELD, "")
    if not hmac.compare_digest(said.encode("utf-8", "surrogatepass"), site.identity.change_key(g.visitor).encode()):
        abort(403)


def _guarded(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response
