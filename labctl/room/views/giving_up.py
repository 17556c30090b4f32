"""Giving up: a last look at what it means, then the end of the incident."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from labctl.actions import debrief, incident
from labctl.room.site import here
from labctl.room.view import page


def add(room: Blueprint) -> None:
    """Add the routes, which the view Page has."""

    @room.get("/page/give-up", endpoint="page_give_up")
    def ask() -> Response:
        incident.require_open(here().lab)
        return page("give_up.html")

    @room.post("/page/give-up", endpoint="give_up")
    def give_up() -> AnyResponse:
        debrief.give_up(here().lab)
        return redirect(url_for("room.debrief"), 303)
