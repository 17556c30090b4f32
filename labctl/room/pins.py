"""Pinning: every answer says the number of the look-up that it shows, and one key or button pins that number."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from labctl.actions import looking, pins
from labctl.base.errors import InputError
from labctl.room.problems import part
from labctl.room.site import here

HEADER = "X-Look-Up"
KEY = "e"
"""For evidence; no view has it."""


def watch(app: Flask) -> None:
    """Let every answer of an app say which look-up it shows."""
    app.before_request(_note)
    app.teardown_request(_stop)

    @app.after_request
    def say(response: Response) -> Response:
        number = present()
        if number is not None:
            response.headers[HEADER] = str(number)
        return response


def add(room: Blueprint) -> None:
    """Add the routes."""

    @room.post("/pins")
    def pin() -> AnyResponse:
        pinned = pins.pin(here().lab, _number("number"), _number("to") if request.form.get("to") else None)
        if "HX-Request" in request.headers:
            return Response(render_template("pinned.html", pinned=pinned))
        return redirect(url_for("room.notebook"), 303)

    @room.get("/pins/targets")
    def pin_targets() -> str:
        return render_template("pin_targets.html", targets=targets())


def present() -> int | None:
    """Return the number of the last look-up that this request made; None for a request that made none."""
    if g.get("look_up_asked") != len(g.get("noted", ())):
        g.look_up_asked = len(g.noted)
        g.look_up = part(lambda: pins.number_of(here().lab, g.noted[-1])).value
    number: int | None = g.get("look_up")
    return number


def targets() -> tuple[pins.Target, ...]:
    """Return what can be pinned to, the last hypothesis first."""
    return part(lambda: pins.targets(here().lab)).value or ()


def _number(name: str) -> int:
    text = request.form.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) < 7):
        raise InputError(f"'{text}' is no number", expected="such as 7")
    return int(text)


def _note() -> None:
    g.noting = looking.noting()
    g.noted = g.noting.__enter__()
    g.look_up_asked = 0


def _stop(_error: BaseException | None) -> None:
    if "noting" in g:
        g.pop("noting").__exit__(None, None, None)
