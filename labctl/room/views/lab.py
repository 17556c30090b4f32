"""Lab: a hidden incident begins, the lab heals, or is resumed; that takes a while, and goes on while nobody looks."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from labctl.actions import catalogue, errand
from labctl.base.errors import InputError
from labctl.room.problems import part
from labctl.room.site import here
from labctl.room.view import View, page

LIMITS = ("15m", "20m", "25m", "30m")
USUAL_LIMIT = "20m"
FOGS = {"clear": "complete telemetry", "hazy": "some of it sampled and late", "dense": "much of it sampled and late"}
DIFFICULTIES = range(1, 6)


def add(room: Blueprint) -> None:
    """Add the routes."""

    @room.get("/lab", endpoint="lab")
    def show() -> Response:
        lab = here().lab
        found = part(lambda: errand.following(lab))
        return page(
            "lab.html",
            found.status,
            now=found.value,
            problem=found.problem,
            tracks=_tracks(lab) if found.value and found.value.may_begin else (),
            limits=LIMITS,
            usual_limit=USUAL_LIMIT,
            fogs=FOGS,
            difficulties=DIFFICULTIES,
        )

    @room.post("/lab/heal", endpoint="lab_heal")
    def heal() -> AnyResponse:
        errand.ask_heal(here().lab)
        return redirect(url_for("room.lab"), 303)

    @room.post("/lab/resume", endpoint="lab_resume")
    def resume() -> AnyResponse:
        errand.ask_resume(here().lab)
        return redirect(url_for("room.lab"), 303)

    @room.post("/lab/begin", endpoint="lab_begin")
    def begin() -> AnyResponse:
        errand.ask_break(here().lab, _asked())
        return redirect(url_for("room.lab"), 303)


def _tracks(lab: str) -> list[tuple[str, int]]:
    """Return the tracks and the categories to choose among, with how many faults each has."""
    known = catalogue.faults(lab)
    return [(each.track, each.faults) for each in (*known.tracks, *known.categories)]


def _asked() -> errand.Asked:
    given = request.form
    difficulty = given.get("difficulty", "")
    if difficulty and (not difficulty.isdecimal() or int(difficulty) not in DIFFICULTIES):
        raise InputError(f"'{difficulty}' is no difficulty", expected="1 to 5")
    return errand.Asked(
        given.get("track", ""), int(difficulty) if difficulty else None, given.get("fog", ""), given.get("limit", "")
    )


VIEW = View("lab", "Lab", "i", add)
