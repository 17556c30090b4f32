"""The instructor's side: every route below /instructor lets in the instructor alone."""

from __future__ import annotations

from flask import Blueprint, render_template

from labctl.gameday.model import Team
from labctl.gameday.web.crew import crew_of
from labctl.gameday.web.site import Access, here, who

instructor = Blueprint("instructor", __name__)


@instructor.get("/")
@who(Access.INSTRUCTOR)
def home() -> str:
    """Show the teams: their links, who is there, their rooms."""
    site = here()
    links = {each.name: f"{site.plan.hub.address}/join/{site.store.sessions.code(each.name)}" for each in _teams()}
    return render_template(
        "instructor.html",
        teams=_teams(),
        links=links,
        crews={each.name: crew_of(each.name) for each in _teams()},
    )


def _teams() -> list[Team]:
    return here().store.labs.teams()
