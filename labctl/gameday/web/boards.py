"""The board for everybody to see, on a projector or by its own link: it has nothing of the instructor's."""

from __future__ import annotations

from threading import BoundedSemaphore

from flask import Blueprint, Response, abort, render_template, request

from labctl.gameday import board
from labctl.gameday.web import live
from labctl.gameday.web.site import Access, here, note, who

_SEATS = BoundedSemaphore(8)
"""Open streams of the board: whoever has its link must not take up the hub's threads."""


def add(hub: Blueprint) -> None:
    """Add the routes."""
    hub.get("/board/<code>")(show)
    hub.get("/board/<code>/part")(part)
    hub.get("/board/<code>/stream")(stream)


@who(Access.OPEN)
def show(code: str) -> str:
    """Show the board."""
    _require(code)
    return render_template("board.html", code=code, board=_board(), rounds=_rounds())


@who(Access.OPEN)
def part(code: str) -> str:
    """Return the board as a part of its page."""
    _require(code)
    return render_template("board_part.html", board=_board(), rounds=_rounds())


@who(Access.OPEN)
def stream(code: str) -> Response:
    """Say when the board has changed."""
    _require(code)
    if not _SEATS.acquire(blocking=False):
        abort(503)
    site, seer = here(), live.overseer()

    def version() -> str:
        now = board.shown(site.store, seer.look())
        moving = [(each.rank, each.team, each.points, each.rounds, each.state) for each in now.standings]
        return str(hash(repr((moving, now.frozen_at))))

    response = live.stream(version, lambda: True)
    response.call_on_close(_SEATS.release)
    return response


def _require(code: str) -> None:
    site = here()
    if site.store.sessions.whose(code) != board.CODE:
        if not site.quotas.failures.allows(request.remote_addr or ""):
            abort(429)
        note("wrong code")
        abort(404)


def _board() -> board.Board:
    return board.shown(here().store, live.overseer().look())


def _rounds() -> int:
    return len(here().plan.incidents)
