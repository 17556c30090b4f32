"""Who asks: known by the cookie that a one-time token became, or by the headers of a front that is trusted."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import unquote

from flask import Request, Response

SESSION_S = 7 * 86400.0
FRONT_USER = "X-Room-User"
FRONT_SECRET = "X-Room-Front"  # noqa: S105 - a header's name
FRONT_VIA = "X-Room-Via"
"""How they are there: "browser", where the front has checked a cookie, "terminal", where it has checked a token, or
"watching", for a guest whose look-ups don't count."""
TERMINAL, WATCHING = "terminal", "watching"
FRONT_BAR = "X-Room-Bar"
"""The front's own address of a part that every page shows above its view, such as who else is in the room."""


@dataclass(frozen=True)
class Visitor:
    """Somebody who was let in. `session` is the same for as long as they stay; what they may change is bound to it."""

    name: str
    session: str
    by_token: bool = False
    """Whether they came by a token in a header, which no browser sends by itself: no other site can make them ask."""
    watching: bool = False
    """Whether they are a guest, whose look-ups don't count."""


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

    def bar(self, request: Request) -> str:
        """Return the address of a part that every page shows above its view; empty for none."""
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

    def bar(self, request: Request) -> str:
        """Return nothing: nobody else is in this room."""
        del request
        return ""


@dataclass(frozen=True)
class ByFront:
    """For a room behind a front: it says who asks, and proves by a secret that it is the front who says so."""

    secret: str
    front_secret: str
    has_door: bool = False

    def visitor(self, request: Request) -> Visitor | None:
        """Return whom the front names."""
        name = unquote(request.headers.get(FRONT_USER, ""))
        if not self._is_front(request) or not name:
            return None
        via = request.headers.get(FRONT_VIA)
        return Visitor(name, name, by_token=via == TERMINAL, watching=via == WATCHING)

    def welcome(self, response: Response) -> None:
        """Do nothing: the front lets people in."""

    def change_key(self, visitor: Visitor) -> str:
        """Return the key of this person."""
        return signed(self.secret, "change", visitor.session)

    def bar(self, request: Request) -> str:
        """Return what the front says."""
        return request.headers.get(FRONT_BAR, "") if self._is_front(request) else ""

    def _is_front(self, request: Request) -> bool:
        said = request.headers.get(FRONT_SECRET, "")
        return hmac.compare_digest(said.encode(), self.front_secret.encode())
