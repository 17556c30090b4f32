"""The way in: a link with a code, a name, and a session."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from labctl.base.errors import InputError
from labctl.gameday.model import Member
from labctl.gameday.plan import Plan
from labctl.gameday.sessions import INSTRUCTOR, SESSION_S
from labctl.gameday.web.door import COOKIE
from labctl.gameday.web.site import Access, caller, here, note, who


def add(hub: Blueprint) -> None:
    """Add the routes."""
    hub.get("/join/<code>")(ask_name)
    hub.post("/join/<code>")(join)
    hub.post("/leave")(leave)


@who(Access.OPEN)
def ask_name(code: str) -> str:
    """Ask who comes in. Nothing is used up: whatever reads links before people do changes nothing."""
    team = team_of(code)
    return render_template("join.html", team=team, names=names_of(here().plan, team), problem=None, said="")


@who(Access.OPEN)
def join(code: str) -> AnyResponse:
    """Make whoever sends a name a member of the team; the instructor's code needs none."""
    site, team = here(), team_of(code)
    if team == INSTRUCTOR:
        note("instructor came in")
        return _welcome(url_for("instructor.home"), site.store.sessions.begin(None))
    said = request.form.get("name", "")
    try:
        member = member_of(team, said)
    except InputError as problem:
        page = render_template(
            "join.html", team=team, names=names_of(site.plan, team), problem=problem, said=said[:100]
        )
        return Response(page, 422)
    return _welcome(url_for("hub.room", team=team), site.store.sessions.begin(member))


@who(Access.SOMEBODY)
def leave() -> AnyResponse:
    """End this session."""
    here().store.sessions.revoke(caller().session)
    note("left")
    response = redirect(url_for("hub.home"), 303)
    response.delete_cookie(COOKIE, path=f"{here().prefix}/", httponly=True, samesite="Strict")
    return response


def team_of(code: str) -> str:
    """Return the team that a code lets into. Any number of right ones is taken, and few wrong ones of an address."""
    site = here()
    team = site.store.sessions.whose(code)
    if team is None:
        if not site.quotas.failures.allows(request.remote_addr or ""):
            abort(429)
        note("wrong code")
        abort(404)
    return team


def member_of(team: str, name: str) -> Member:
    """Return the member who comes in. Raises InputError for a name that the plan does not have, or that is none."""
    site = here()
    wanted = names_of(site.plan, team)
    if wanted and name.strip().casefold() not in {each.casefold() for each in wanted}:
        raise InputError("that name is not in this team", expected=", ".join(wanted))
    member = site.store.people.join(team, name)
    note("came in", team=team, detail=member.name)
    site.presence.ring(team)
    return member


def names_of(plan: Plan, team: str) -> tuple[str, ...]:
    """Return the names that may join a team; none for any."""
    return next((each.members for each in plan.teams if each.name == team), ())


def _welcome(address: str, token: str) -> Response:
    response = redirect(address, 303)
    assert isinstance(response, Response)  # noqa: S101 - for the type checker: flask makes its own kind
    secure = request.scheme == "https"
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(SESSION_S),
        path=f"{here().prefix}/",
        secure=secure,
        httponly=True,
        samesite="Strict",
    )
    return response
