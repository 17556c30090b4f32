"""What the handlers of one hub share, and how they know who asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeVar

from flask import current_app, g, request

from labctl.gameday.model import Caller
from labctl.gameday.plan import Plan
from labctl.gameday.store import DayStore, Secrets
from labctl.gameday.web.presence import Presence
from labctl.gameday.web.quotas import Quotas
from labctl.room.identity import signed

_KEY = "gameday"
_ACCESS = "gameday_access"
Route = TypeVar("Route", bound=Callable[..., Any])


class Access(Enum):
    """Whom a route lets in. A route that says nothing lets in nobody."""

    OPEN = "open"
    """Everybody: it shows nothing, or is the way in."""
    SOMEBODY = "somebody"
    """Whoever has a session."""
    TEAM = "team"
    """The members of the team in the address; the instructor may look."""
    MEMBER = "member"
    """The members of the team in the address."""
    INSTRUCTOR = "instructor"


@dataclass
class Site:
    """One hub."""

    store: DayStore
    plan: Plan
    secrets: Secrets
    presence: Presence = field(default_factory=Presence)
    quotas: Quotas = field(default_factory=Quotas)

    @property
    def prefix(self) -> str:
        """The path below which the hub lives, without a slash at its end."""
        return self.plan.hub.prefix

    def change_key(self, caller: Caller) -> str:
        """Return the key that every change of this session has to bring along."""
        return signed(self.secrets.hub, "change", str(caller.session))


def attach(app: Any, site: Site) -> None:  # noqa: ANN401 - a Flask app; the type would be its only use here
    """Make `site` that of an app."""
    app.extensions[_KEY] = site


def here() -> Site:
    """Return the hub that answers the present request."""
    site: Site = current_app.extensions[_KEY]
    return site


def who(access: Access) -> Callable[[Route], Route]:
    """Say whom a route lets in."""

    def mark(route: Route) -> Route:
        setattr(route, _ACCESS, access)
        return route

    return mark


def access_of(route: object) -> Access | None:
    """Return whom a route lets in; None where it says nothing."""
    found: Access | None = getattr(route, _ACCESS, None)
    return found


def caller() -> Caller:
    """Return who asks; the door has let them in."""
    found: Caller = g.caller
    return found


def note(what: str, *, team: str = "", detail: str = "") -> None:
    """Write into the audit log what whoever asks does, or tries."""
    asked: Caller | None = g.get("caller")
    name = asked.name if asked else ""
    mine = team or (asked.member.team if asked and asked.member else "")
    here().store.audit.add(what, who=name, team=mine, detail=detail, address=request.remote_addr or "")
