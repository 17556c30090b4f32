"""Mitigations: the catalogue of steps with a form each, a last look before one is taken, its effect, its undo."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from labctl.actions import effects, mitigate, typed_steps
from labctl.actions.effects import Effect, Figure
from labctl.base.errors import InputError, NotFoundError
from labctl.model.mitigation import BLOCKABLE, SCALABLE
from labctl.room.problems import Part, part, status_of
from labctl.room.site import here
from labctl.room.view import looked, page

MOST_WORD = 200
FACTORS = {"share": 100.0, "seconds": 1000.0, "per second": 1.0}
TITLES = {"errors": ("Errors", "%"), "p95": ("p95", "ms"), "requests": ("Requests", "/s")}


def add(room: Blueprint) -> None:
    """Add the routes, which the view Notebook has."""

    @room.get("/notebook/mitigations", endpoint="notebook_mitigations")
    def show() -> Response:
        return _page()

    @room.get("/notebook/mitigations/<int:number>/effect", endpoint="effect")
    def effect_of(number: int) -> Response:
        return Response(render_template("effect.html", **_effect(number)))

    @room.post("/notebook/mitigations/review", endpoint="notebook_review")
    def review() -> Response:
        found = part(lambda: typed_steps.step_of(_verb(), _words()))
        if found.problem:
            return _page(found)
        return page("mitigation_review.html", step=found.value, verb=_known(_verb()), words=_words())

    @room.post("/notebook/mitigations", endpoint="take_step")
    def take() -> AnyResponse:
        taken = mitigate.take(here().lab, typed_steps.step_of(_verb(), _words()))
        return redirect(url_for("room.notebook_mitigations", _anchor=f"m{taken.number}"), 303)

    @room.post("/notebook/mitigations/<int:number>/undo", endpoint="undo_step")
    def undo(number: int) -> AnyResponse:
        mitigate.undo(here().lab, number)
        return redirect(url_for("room.notebook_mitigations", _anchor=f"m{number}"), 303)


def _page(refused: Part[Any] | None = None) -> Response:
    lab = here().lab
    known = part(lambda: mitigate.catalogue(lab))
    steps = part(lambda: effects.done(lab))
    done: Sequence[effects.Done] = steps.value or ()
    problem = refused.problem if refused else None
    return page(
        "mitigations.html",
        status_of(problem) if problem else 200,
        catalogue=known.value,
        problem=problem or known.problem or steps.problem,
        verb=request.form.get("verb", ""),
        words=_words(),
        steps=done,
        scalable=SCALABLE,
        blockable=BLOCKABLE,
        most_word=MOST_WORD,
        **(_effect(done[0].number) if done else {}),
    )


def _effect(number: int) -> dict[str, object]:
    found = looked(lambda: effects.effect(here().lab, number))
    effect = found.value if isinstance(found.value, Effect) else None
    drawn = (
        [(*TITLES[each.quantity.name], graph(effect, each), rows(each)) for each in effect.figures] if effect else []
    )
    return {"effect": effect, "effect_problem": found.problem, "drawn": drawn}


def graph(effect: Effect, figure: Figure) -> str:
    """Return what the browser draws of one quantity: times, a series for each endpoint, marks, its unit; as JSON."""
    series = [{"name": each.endpoint, "values": [_scaled(figure, value) for value in each.values]}
              for each in figure.curves]  # fmt: skip
    marks = [{"at": at, "text": text} for at, text in effect.marks]
    unit = TITLES[figure.quantity.name][1]
    return json.dumps({"times": effect.times, "series": series, "marks": marks, "unit": unit})


def rows(figure: Figure) -> list[tuple[str, float | None, float | None]]:
    """Return the figures by endpoint: before the step, and after it."""
    return [(each.endpoint, _scaled(figure, each.before), _scaled(figure, each.after)) for each in figure.curves]


def _scaled(figure: Figure, value: float | None) -> float | None:
    return None if value is None else round(value * FACTORS[figure.quantity.unit], 4)


def _verb() -> str:
    return request.form.get("verb", "")


def _known(verb: str) -> object:
    found = next((each for each in typed_steps.VERBS if each.verb == verb), None)
    if found is None:
        raise NotFoundError("step", verb, typed_steps.STEPS)
    return found


def _words() -> list[str]:
    """Return what was filled in; where a word has two halves, such as cpu=1, they are two fields of the form."""
    words = [each.strip() for each in request.form.getlist("word")]
    if any(len(each) > MOST_WORD for each in words):
        raise InputError("a word of the step is too long", expected=f"at most {MOST_WORD} characters")
    name, value = request.form.get("name"), request.form.get("value")
    if name is not None and value is not None:
        words.append(f"{name.strip()}={value.strip()}")
    return [each for each in words if each]
