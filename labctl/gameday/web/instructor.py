"""The instructor's side: every route below /instructor lets in the instructor alone."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from labctl.base.errors import InputError, LabctlError
from labctl.gameday import board, rounds
from labctl.gameday.messages import CURVEBALL, LONGEST, MESSAGE
from labctl.gameday.steering import Order, Outcome, carry_out
from labctl.gameday.web import live, reports
from labctl.gameday.web.crew import crew_of
from labctl.gameday.web.door import KEY_FIELD
from labctl.gameday.web.site import Access, caller, here, note, who

instructor = Blueprint("instructor", __name__)
ALL = ""
"""The team of an order, or of a message, that is for all."""
LONGEST_NAME = 60
reports.add(instructor)


@instructor.get("/")
@who(Access.INSTRUCTOR)
def home() -> str:
    """Show the matrix, what can be done, what was said, the links."""
    return _page(())


@instructor.get("/matrix")
@who(Access.INSTRUCTOR)
def matrix() -> str:
    """Return the matrix, and what was said and answered, as a part of the page."""
    return render_template("matrix.html", **_shown())


@instructor.get("/stream")
@who(Access.INSTRUCTOR)
def stream() -> Response:
    """Say when there is something new to see."""
    site, session = here(), caller().session
    seer, said = live.overseer(), site.store.messages

    def version() -> str:
        seen, told = seer.look(), said.all()
        people = [site.presence.version(each.team) for each in seen.rows]
        return f"{seen.version}-{len(told)}-{sum(len(each.answers) for each in told)}-{sum(people)}"

    return live.stream(version, lambda: site.store.sessions.still(session))


@instructor.post("/start")
@who(Access.INSTRUCTOR)
def start() -> AnyResponse:
    """Begin a round for all teams at one moment; for those whose incident in it has begun, nothing changes."""
    site = here()
    number = int(_number("round", 1, len(site.plan.incidents)))
    note("start", detail=str(number))
    try:
        begun = rounds.start(site.store, site.plan, number)
    except LabctlError as problem:
        return _told([Outcome("all teams", problem)])
    return _told([Outcome(each.team, LabctlError(each.problem)) for each in begun if each.problem])


@instructor.post("/order")
@who(Access.INSTRUCTOR)
def order() -> AnyResponse:
    """Pause, resume, extend, end, void or swap: for one team, or for all at one moment."""
    site = here()
    said, team = request.form.get("order", ""), request.form.get("team", ALL)
    if said not in set(Order):
        abort(400)
    by_s = _number("minutes", 1, 30) * 60 if said == Order.EXTEND else 0.0
    teams = [site.store.labs.team(team).name] if team else _teams_for(Order(said))
    note(said, team=team, detail=f"{by_s:.0f} s" if by_s else "")
    found = carry_out(site.store, site.plan, Order(said), teams, by_s)
    for each in found:
        site.presence.ring(each.team)
    return _told([each for each in found if each.problem])


@instructor.post("/say")
@who(Access.INSTRUCTOR)
def say() -> AnyResponse:
    """Send a message or a curveball to one team, or to all."""
    site = here()
    text, team = request.form.get("text", "").strip(), request.form.get("team", ALL)
    author = request.form.get("from", "").strip() or "instructor"
    if not text or len(text) > LONGEST or len(author) > LONGEST_NAME:
        raise InputError("the message is empty, or too long", expected=f"a text of at most {LONGEST} characters")
    to = site.store.labs.team(team).name if team else None
    kind = CURVEBALL if request.form.get("answer") else MESSAGE
    number = site.store.messages.send(text, team=to, kind=kind, author=author)
    note("say", team=team, detail=f"{kind} {number}")
    for each in site.store.labs.teams():
        site.presence.ring(each.name)
    return redirect(url_for("instructor.home"), 303)


@instructor.post("/board")
@who(Access.INSTRUCTOR)
def show_board() -> AnyResponse:
    """Freeze the board, or reveal it."""
    site, said = here(), request.form.get("board", "")
    if said not in ("freeze", "reveal"):
        abort(400)
    note(f"{said} the board")
    if said == "freeze":
        board.freeze(site.store, live.overseer().look(afresh=True))
    else:
        board.reveal(site.store)
    return redirect(url_for("instructor.home"), 303)


def _told(problems: Sequence[Outcome]) -> AnyResponse:
    live.overseer().look(afresh=True)
    if not problems:
        return redirect(url_for("instructor.home"), 303)
    return Response(_page(problems), 409)


def _page(problems: Sequence[Outcome]) -> str:
    site = here()
    found = _shown()
    begun = found["matrix"].last_round  # type: ignore[attr-defined]  # a matrix
    teams = [each.name for each in site.store.labs.teams()]
    return render_template(
        "instructor.html",
        **found,
        problems=problems,
        teams=teams,
        links={each: f"{site.plan.hub.address}/join/{site.store.sessions.code(each)}" for each in teams},
        board_link=f"{site.plan.hub.address}/board/{site.store.sessions.code(board.CODE)}",
        frozen=board.shown(site.store, found["matrix"]).frozen_at,  # type: ignore[arg-type]  # as above
        next_round=min(begun + 1, len(site.plan.incidents)),
        longest=LONGEST,
    )


def _shown() -> dict[str, object]:
    site = here()
    seen = live.overseer().look()
    return {
        "matrix": seen,
        "crews": {each.team: crew_of(each.team) for each in seen.rows},
        "messages": site.store.messages.all(),
        "key": site.change_key(caller()),
        "key_field": KEY_FIELD,
    }


def _teams_for(said: Order) -> list[str]:
    """Return the teams that an order for all is for: those whose clock runs, or stands, as it needs."""
    if said is Order.SWAP:
        abort(400)  # a spare is one team's
    wanted = {Order.PAUSE: ("paged",), Order.RESUME: ("paused",)}.get(said, ("paged", "paused"))
    return [each.team for each in live.overseer().look(afresh=True).rows if each.state in wanted]


def _number(name: str, least: int, most: int) -> float:
    text = request.form.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) < 4 and least <= int(text) <= most):
        raise InputError(f"'{text[:20]}' is no number of {name}", expected=f"{least} to {most}")
    return float(text)
