"""The bar above a room: who is in the team, what each does, what each looks at, and what the instructor says."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from labctl.gameday.model import Member, Role
from labctl.gameday.web.door import KEY_FIELD, KEY_HEADER
from labctl.gameday.web.presence import Cursor
from labctl.gameday.web.proxy import TITLES
from labctl.gameday.web.site import Access, caller, here, note, who

NOBODY = "none"


@dataclass(frozen=True)
class Seen:
    """A member, as the others see them."""

    member: Member
    cursor: Cursor
    view: str
    """The title of what they look at; empty where nothing is known."""
    is_you: bool


def add(hub: Blueprint) -> None:
    """Add the routes."""
    hub.get("/hub/<team>/bar")(bar)
    hub.post("/hub/<team>/role")(role)
    hub.get("/hub/<team>/answer/<int:number>")(question)
    hub.post("/hub/<team>/answer")(answer)


@who(Access.TEAM)
def bar(team: str) -> str:
    """Return the bar, as a part of the room's page."""
    site, asked = here(), caller()
    # As they are now: this may be the answer to a change.
    you = site.store.people.member(asked.member.id) if asked.member else None
    messages = site.store.messages.to(team)
    return render_template(
        "crew.html",
        team=team,
        crew=crew_of(team, you),
        roles=list(Role),
        messages=messages[-3:],
        you=you,
        key=site.change_key(asked),
        key_header=KEY_HEADER,
        key_field=KEY_FIELD,
    )


def crew_of(team: str, you: Member | None = None) -> list[Seen]:
    """Return who is in a team, those who are there first."""
    site = here()
    found = []
    for each in site.store.people.of(team):
        cursor = site.presence.cursor(each.id)
        found.append(Seen(each, cursor, TITLES.get(cursor.view, ""), you is not None and each.id == you.id))
    return sorted(found, key=lambda each: not each.cursor.here)


@who(Access.MEMBER)
def role(team: str) -> AnyResponse:
    """Take a role, or give it back."""
    site, member = here(), caller().member
    said = request.form.get("role", "")
    if member is None or (said != NOBODY and said not in set(Role)):
        abort(400)
    site.store.people.take(member, None if said == NOBODY else Role(said))
    site.presence.ring(team)
    note("role", team=team, detail=said)
    return _back(team)


@who(Access.MEMBER)
def question(team: str, number: int) -> str:
    """Show what the instructor asks, on a page of its own: the bar is made anew while somebody writes."""
    site = here()
    message = next((each for each in site.store.messages.to(team) if each.id == number), None)
    if message is None:
        abort(404)
    key = site.change_key(caller())
    return render_template("question.html", team=team, message=message, key=key, key_field=KEY_FIELD)


@who(Access.MEMBER)
def answer(team: str) -> AnyResponse:
    """Answer what the instructor said."""
    site, member = here(), caller().member
    text, number = request.form.get("text", "").strip(), request.form.get("message", "")
    if member is None or not text or not (number.isascii() and number.isdecimal()) or len(number) > 9:
        abort(400)
    site.store.messages.answer(int(number), team=team, author=member.name, text=text)
    site.presence.ring(team)
    note("answer", team=team, detail=number)
    return _back(team)


def _back(team: str) -> AnyResponse:
    if "HX-Request" in request.headers:
        return Response(bar(team))
    return redirect(url_for("hub.room", team=team), 303)
