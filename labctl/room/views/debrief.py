"""Debrief: the whole story of an incident, once it has ended; before, what ends it."""

from __future__ import annotations

import json
from http import HTTPStatus

from flask import Blueprint, Response

from labctl.actions import debrief, debrief_words, incident
from labctl.base.errors import LabStateError
from labctl.base.units import number
from labctl.model.verdict import EVIDENCE_POINTS, IMPACT_POINTS, ROOT_CAUSE_POINTS
from labctl.room.problems import part
from labctl.room.site import here
from labctl.room.view import View, page
from labctl.room.views.lanes import lane_of, lanes

WORDS = {
    "signed": debrief_words.signed,
    "lead": debrief_words.lead,
    "first_look": debrief_words.first_look,
    "fogged": debrief_words.fogged,
    "decoy": debrief_words.decoy,
    "draw": debrief_words.told_draw,
    "figure": number,
}
MOST = {"root_cause": ROOT_CAUSE_POINTS, "impact": IMPACT_POINTS, "evidence": EVIDENCE_POINTS}


def add(room: Blueprint) -> None:
    """Add the routes, and the words of the debrief as filters."""
    room.record_once(lambda state: state.app.jinja_env.filters.update(WORDS))

    @room.get("/debrief", endpoint="debrief")
    def show() -> Response:
        lab = here().lab
        current = part(lambda: incident.page(lab))
        if current.value is None or current.value.status == "open":
            return page("debrief_before.html", current=current)
        told = part(lambda: debrief.read(lab))
        if told.value is None:
            status = HTTPStatus.OK if isinstance(told.problem, LabStateError) else told.status
            return page("debrief_before.html", status, current=told)
        return _page(told.value)


def _page(told: debrief.Debrief) -> Response:
    return page(
        "debrief.html",
        it=told,
        most=MOST,
        difficulty=debrief_words.difficulty(told.around.difficulty, told.around.fog),
        curves=[_curve(told, at) for at in range(len(told.chain))],
        lanes=lanes(told),
        lane_of=lane_of,
    )


def _curve(told: debrief.Debrief, at: int) -> str:
    """Return what a link's graph shows, as JSON: times count from the page."""
    link, paged = told.chain[at], told.paged_at.timestamp()
    change = told.injected_at.timestamp() - paged
    return json.dumps(
        {
            "unit": link.unit,
            "change": round(change, 2),
            "shows": None if link.onset_s is None else round(change + link.onset_s, 2),
            "points": [[round(when - paged, 2), value] for when, value in link.curve],
        }
    )


VIEW = View("debrief", "Debrief", "b", add)
