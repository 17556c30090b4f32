"""Tokens for terminals: signed by the room. One ends by itself, by logging out, or with all others when it closes."""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
import time

from flask import Request

from labctl.actions import room as action
from labctl.room.identity import SESSION_S, Visitor, signed
from labctl.room.site import Site

_SCHEME = "bearer "
_KIND = "token"


def made(secret: str, name: str) -> str:
    """Return a new token for somebody of this name."""
    session, began = secrets.token_urlsafe(16), str(int(time.time()))
    said = base64.urlsafe_b64encode(name.encode()).decode().rstrip("=")
    return ".".join((session, began, said, signed(secret, _KIND, session, began, said)))


def visitor(request: Request, site: Site) -> Visitor | None:
    """Return who asks: by the token where there is one, and the room knows people by itself."""
    if not (site.identity.has_door and "Authorization" in request.headers):
        return site.identity.visitor(request)
    said = request.headers["Authorization"]
    found = _known(site.identity.secret, said[len(_SCHEME) :].strip()) if said.lower().startswith(_SCHEME) else None
    return None if found is None or action.has_left(site.lab, found.session) else found


def _known(secret: str, token: str) -> Visitor | None:
    parts = token.split(".")
    if len(parts) != 4:
        return None
    session, began, said, signature = parts
    if not hmac.compare_digest(signature.encode(), signed(secret, _KIND, session, began, said).encode()):
        return None
    return Visitor(_name(said), session, by_token=True) if 0 <= time.time() - float(began) < SESSION_S else None


def _name(said: str) -> str:
    try:
        return base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""  # not ours, though signed: nobody can make it
