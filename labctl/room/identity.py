"""Who asks: known by the cookie that a one-time token became, or by the headers of a front that is trusted."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from typing import Protocol

from flask import Request, Response

SESSION_S = 7 * 86400.0
FRONT_USER = "X-Room-User"
FRONT_SECRET = "X-Room-Front"  # noqa: S105 - a header's name
FRONT_VIA = "X-Room-Via"
"""How they are there: "terminal", where the front has checked a token; anything else needs the key for changes."""
TERMINAL = "terminal"


@dataclass(frozen=True)
class Visitor:
    """Somebody who was let in. `session` is the same for as long as they stay; what they may change is bound to it."""

    name: str
    session: str
    by_token: bool = False
    """Whether they came by a token in a header, which no browser sends by itself: no other site can make them ask."""


class Identity(Protocol):
    """How a room knows who asks."""

    @property
    def secret(self) -> str:
        """The room's own secret."""
        ...

    @property
    def has_door(self) -> bool:
        """Whether one can come in by a one-time token."""
        ...

    def visitor(self, request: Request) -> Visitor | None:
        """Return who asks; None for anybody else."""
        ...

    def welcome(self, response: Response) -> None:
        """Make whoever gets this response a visitor."""
        ...

    def change_key(self, visitor: Visitor) -> str:
        """Return the key that every change which this visitor asks for has to bring along."""
        ...


def signed(secret: str, *parts: str) -> str:
    """Return what only a holder of the secret can make of these parts."""
    text = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class ByCookie:
    """For a room of one's own: a cookie that this room has signed, and that no other room takes."""

    secret: str
    path: str
    cookie: str
    has_door: bool = True

    def visitor(self, request: Request) -> Visitor | None:
        """Return the visitor whose cookie this room has signed within the last week."""
        session, _, rest = request.cookies.get(self.cookie, "").partition(".")
        began, _, signature = rest.partition(".")
        if not hmac.compare_digest(signature.encode(), signed(self.secret, "session", session, began).encode()):
            return None
        return Visitor("you", session) if 0 <= time.time() - float(began) < SESSION_S else None

    def welcome(self, response: Response) -> None:
        """Give the browser the cookie of a new session."""
        session, began = secrets.token_urlsafe(16), str(int(time.time()))
        value = f"{session}.{began}.{signed(self.secret, 'session', session, began)}"
        response.set_cookie(
            self.cookie, value, max_age=int(SESSION_S), path=self.path, httponly=True, samesite="Strict"
        )

    def change_key(self, visitor: Visitor) -> str:
        """Return the key of this session."""
        return signed(self.secret, "change", visitor.session)


@dataclass(frozen=True)
class ByFront:
    """For a room behind a front: it says who asks, and proves by a secret that it is the front who says so."""

    secret: str
    front_secret: str
    has_door: bool = False

    def visitor(self, request: Request) -> Visitor | None:
        """Return whom the front names."""
        said, name = request.headers.get(FRONT_SECRET, ""), request.headers.get(FRONT_USER, "")
        known = hmac.compare_digest(said.encode(), self.front_secret.encode())
        via = request.headers.get(FRONT_VIA)
        return Visitor(name, name, by_token=via == TERMINAL) if known and name else None

    def welcome(self, response: Response) -> None:
        """Do nothing: the front lets people in."""

    def change_key(self, visitor: Visitor) -> str:
        """Return the key of this person."""
        return signed(self.secret, "change", visitor.session)
