"""Notebook: hypotheses with their evidence, notes, status updates; the look-ups; the mitigations and their effect."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from labctl.actions import incident, logbook, pins
from labctl.actions.logbook import Hypotheses, Notes
from labctl.base.errors import InputError
from labctl.room.problems import Part, part
from labctl.room.site import here
from labctl.room.view import View, page
from labctl.room.views import mitigations
from labctl.room.views.again import address, number_in

MOST_TEXT = 2000
STATES = {"open": "open", "supported": "supported", "ruled-out": "ruled out"}
ENOUGH = 200
"""So many look-ups are listed, unless they are narrowed."""


def add(room: Blueprint) -> None:
    """Add the routes."""
    _add_pages(room)
    _add_changes(room)
    mitigations.add(room)


def _add_pages(room: Blueprint) -> None:
    @room.get("/notebook", endpoint="notebook")
    def show() -> Response:
        lab = here().lab
        hypotheses: Part[Hypotheses] = part(lambda: logbook.hypotheses(lab))
        notes: Part[Notes] = part(lambda: logbook.notes(lab))
        looks = _looks()
        return page(
            "notebook.html",
            hypotheses=hypotheses.value.hypotheses[::-1] if hypotheses.value else (),
            notes=notes.value.notes[::-1] if notes.value else (),
            updates=part(lambda: logbook.status_updates(lab)).value,
            nothing=hypotheses.problem,
            shut=part(lambda: incident.require_open(lab)).problem,
            addresses={each.number: address(each) for each in looks},
            looks=looks,
            states=STATES,
            most_text=MOST_TEXT,
            number_in=number_in,
        )

    @room.get("/notebook/look-ups", endpoint="notebook_lookups")
    def look_ups() -> Response:
        words, command = request.args.get("words", "")[:100], request.args.get("command", "")[:40]
        looks = _looks()
        found = [each for each in looks if _matches(each, words, command)]
        return page(
            "notebook_lookups.html",
            looks=found[:ENOUGH],
            left_out=max(0, len(found) - ENOUGH),
            total=len(looks),
            commands=sorted({each.command for each in looks} | ({command} - {""})),
            asked={"words": words, "command": command},
            address=address,
        )


def _add_changes(room: Blueprint) -> None:
    @room.post("/notebook/hypotheses")
    def add_hypothesis() -> AnyResponse:
        logbook.add_hypothesis(here().lab, request.form.get("text", ""))
        return _back()

    @room.post("/notebook/hypotheses/<int:number>")
    def bear(number: int) -> AnyResponse:
        logbook.bear_out(here().lab, number, _bearing(), _evidence())
        return _back(f"h{number}")

    @room.post("/notebook/notes")
    def add_note() -> AnyResponse:
        logbook.note(here().lab, request.form.get("text", ""))
        return _back()

    @room.post("/notebook/updates")
    def add_update() -> AnyResponse:
        logbook.update(here().lab, request.form.get("text", ""))
        return _back()


def _back(part_of_it: str = "") -> AnyResponse:
    return redirect(url_for("room.notebook", _anchor=part_of_it or None), 303)


def _looks() -> tuple[pins.Seen, ...]:
    return part(lambda: pins.seen(here().lab)).value or ()


def _matches(look: pins.Seen, words: str, command: str) -> bool:
    text = look.said.lower()
    return command in ("", look.command) and all(word in text for word in words.lower().split())


def _bearing() -> str:
    said = request.form.get("bearing", "")
    if said not in STATES or said == "open":
        raise InputError(f"'{said}' says nothing of a hypothesis", expected="supported or ruled-out")
    return said


def _evidence() -> list[str]:
    """Return what was typed as evidence: numbers of look-ups, each by a word; anything else a line."""
    found: list[Any] = []
    for line in request.form.get("evidence", "").splitlines():
        words = line.replace(",", " ").split()
        numbers = all(word.removeprefix("#").isdecimal() for word in words)
        found += [f"#{word.removeprefix('#')}" for word in words] if numbers else [line.strip()]
    return [each for each in dict.fromkeys(found) if each]


VIEW = View("notebook", "Notebook", "n", add)
